"""What a decision is: an outcome, the rule behind it, or the facts that are still open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coding.decision.added_lines import Line
from coding.decision.table import OutcomeKind, Rule


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule yields; a code comes with its modifiers in the order in which they are reported.

    ``lines`` are further codes with their units; ``see`` are rule sets with which the form goes on.
    """

    kind: OutcomeKind
    code: str
    modifiers: tuple[str, ...]
    message: str
    lines: tuple[Line, ...] = ()
    see: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, rule: Rule, modifiers: tuple[str, ...] = (), lines: tuple[Line, ...] = ()
    ) -> "Outcome":
        return cls(rule.outcome, rule.code, modifiers, rule.message, lines, rule.see)

    @property
    def name(self) -> str:
        """The outcome in short: a code with its modifiers, or the way in which it ends without one."""
        return "-".join((self.code, *self.modifiers)) if self.code else self.kind.words

    @property
    def short_name(self) -> str:
        """The same without the modifiers."""
        return self.code or self.kind.words


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome with its rule, or None for both while answers are missing that still decide (``open_facts``)."""

    outcome: Outcome | None
    rule_id: str | None
    open_facts: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        outcome = self.outcome
        return {
            "outcome": outcome
            and {
                "kind": outcome.kind.value,
                "code": outcome.code,
                "modifiers": list(outcome.modifiers),
                "message": outcome.message,
                **({"lines": [list(line) for line in outcome.lines]} if outcome.lines else {}),
                **({"see": list(outcome.see)} if outcome.see else {}),
            },
            "rule": self.rule_id,
            "open_facts": list(self.open_facts),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Decision":
        """The decision that ``to_data`` wrote."""
        outcome = data["outcome"]
        return cls(
            outcome=outcome
            and Outcome(
                kind=OutcomeKind(outcome["kind"]),
                code=outcome["code"],
                modifiers=tuple(outcome["modifiers"]),
                message=outcome["message"],
                lines=tuple(Line(code, units) for code, units in outcome.get("lines", ())),
                see=tuple(outcome.get("see", ())),
            ),
            rule_id=data["rule"],
            open_facts=tuple(data["open_facts"]),
        )

"""What a decision is: an outcome, the rule behind it, or the facts that are still open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coding.decision.added_lines import Line
from coding.decision.modifiers import in_order
from coding.decision.table import OutcomeKind, Rule


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule yields; a code comes with its modifiers, in the order of the table.

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
        """The outcome in short: a code with its modifiers in the order of the claim, or how it ends without one."""
        if not self.code:
            return self.kind.words
        return "-".join((self.code, *in_order(self.modifiers)))

    @property
    def short_name(self) -> str:
        """The same without the modifiers."""
        return self.code or self.kind.words

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "kind": self.kind.value,
            "code": self.code,
            "modifiers": list(self.modifiers),
            "message": self.message,
        }
        # Lines and other rule sets came later: stored decisions without them stay as they were written.
        if self.lines:
            data["lines"] = [list(line) for line in self.lines]
        if self.see:
            data["see"] = list(self.see)
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Outcome":
        """The outcome that ``to_data`` wrote."""
        lines = [Line(code, units) for code, units in data.get("lines", ())]
        return cls(
            kind=OutcomeKind(data["kind"]),
            code=data["code"],
            modifiers=tuple(data["modifiers"]),
            message=data["message"],
            lines=tuple(lines),
            see=tuple(data.get("see", ())),
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome with its rule, or None for both while answers are missing that still decide (``open_facts``)."""

    outcome: Outcome | None
    rule_id: str | None
    open_facts: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        return {
            "outcome": None if self.outcome is None else self.outcome.to_data(),
            "rule": self.rule_id,
            "open_facts": list(self.open_facts),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Decision":
        """The decision that ``to_data`` wrote."""
        outcome = data["outcome"]
        return cls(
            outcome=None if outcome is None else Outcome.from_data(outcome),
            rule_id=data["rule"],
            open_facts=tuple(data["open_facts"]),
        )

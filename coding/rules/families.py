"""Which rule set claims a submitted code on a day, and which services a visit's lines therefore open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Self

from coding.intake.records import ServiceLineRecord
from coding.models import RuleSetVersion, ServiceOrigin


class Claim(NamedTuple):
    """From a day on, a rule set codes these codes, until its next version does otherwise."""

    since: date
    codes: frozenset[str]


class ServiceDraft(NamedTuple):
    """A service to be opened, with the places (from 0) of the lines it answers for."""

    rule_set: int | None
    origin: ServiceOrigin
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Families:
    """The published versions' codes, held in memory: asking makes no query."""

    # By rule set, newest first.
    claims: dict[int, tuple[Claim, ...]]

    @classmethod
    def published(cls) -> Self:
        """Read them, in one query."""
        claims: dict[int, list[Claim]] = {}
        versions = RuleSetVersion.objects.published().order_by("rule_set", "-effective_from")
        for rule_set, since, family in versions.values_list("rule_set", "effective_from", "family"):
            if since is not None:
                claims.setdefault(rule_set, []).append(Claim(since, frozenset(family.split())))
        return cls({rule_set: tuple(own) for rule_set, own in claims.items()})

    def only(self, rule_set: int | None) -> "Families":
        """The codes of this rule set alone; of all where none is given."""
        return self if rule_set is None else Families({rule_set: self.claims.get(rule_set, ())})

    def claiming(self, code: str, day: date) -> int | None:
        """The rule set that codes a submitted code on a day; of several the one that was made first."""
        for rule_set in sorted(self.claims):
            in_force = next((claim for claim in self.claims[rule_set] if claim.since <= day), None)
            if in_force and code in in_force.codes:
                return rule_set
        return None

    def has(self, code: str) -> bool:
        """Whether some rule set codes it, on whatever day."""
        return any(code in claim.codes for claims in self.claims.values() for claim in claims)

    def services_for(
        self, lines: Sequence[ServiceLineRecord], day: date, only: int | None = None
    ) -> list[ServiceDraft]:
        """One service for the lines of each rule set, and one for each line that no rule set claims.

        With ``only`` no other rule set opens, and it has its service whatever the lines are. The lines that it codes
        are its own, whoever else would code them.
        """
        asked = self.only(only)
        by_rule_set: dict[int, list[int]] = {only: []} if only else {}
        unclaimed: list[int] = []
        for place, line in enumerate(lines):
            rule_set = asked.claiming(line.code, day)
            if rule_set is None:
                unclaimed.append(place)
            else:
                by_rule_set.setdefault(rule_set, []).append(place)
        claimed = [
            ServiceDraft(rule_set, ServiceOrigin.LINE if places else ServiceOrigin.FAMILY, tuple(places))
            for rule_set, places in by_rule_set.items()
        ]
        return [*claimed, *(ServiceDraft(None, ServiceOrigin.LINE, (place,)) for place in unclaimed)]

"""Which rule set claims a submitted code on a day, and which services a visit's lines therefore open."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Self

from coding.decision import Opening, codes_of
from coding.decision.modifiers import ANOTHER_TIME_OR_PLACE, FINGERS_AND_TOES, LEFT, RIGHT
from coding.intake.records import ServiceLineRecord
from coding.models import RuleSetVersion, ServiceOrigin
from coding.models.layers import GENERAL, Layer, Where

ANYWHERE = Where()
SIDES = frozenset({LEFT, RIGHT})
SITES = SIDES | FINGERS_AND_TOES


class Claim(NamedTuple):
    """From a day on, a rule set codes these codes, until its next version does otherwise.

    ``further`` are codes that it claims although it never yields them; ``opening`` says which lines are one service.
    ``brings`` are codes of further lines, which belong to a service that is there and open none.
    """

    since: date
    codes: frozenset[str]
    layer: Layer = GENERAL
    further: frozenset[str] = frozenset()
    opening: Opening = Opening()
    brings: frozenset[str] = frozenset()

    def contests(self, other: "Claim") -> frozenset[str]:
        """The codes that one of two claims yields and both claim. Ranges may overlap: they hold numbers of no code."""
        return (self.codes & (other.codes | other.further)) | (self.further & other.codes)


class ServiceDraft(NamedTuple):
    """A service to be opened, with the places (from 0) of the lines it answers for."""

    rule_set: int | None
    origin: ServiceOrigin
    lines: tuple[int, ...]


def _end(claim: Claim, claims: Iterable[Claim]) -> date:
    """The day on which the next claim of the same layer takes its place."""
    of_layer = [other for other in claims if other.layer == claim.layer]
    later = [other.since for other in of_layer if other.since > claim.since]
    return min(later, default=date.max)


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
        columns = (
            "rule_set",
            "effective_from",
            "family",
            "opening",
            "further",
            "for_payer",
            "for_place",
        )
        for rule_set, since, family, data, further, *layer in versions.values_list(*columns):
            if since is None:
                continue
            opening = Opening.from_document(data)
            claim = Claim(
                since=since,
                codes=frozenset(family.split()),
                layer=Layer(*layer),
                further=codes_of(opening.claims),
                opening=opening,
                brings=frozenset(line["code"] for line in further.get("lines", ())),
            )
            claims.setdefault(rule_set, []).append(claim)
        return cls({rule_set: tuple(own) for rule_set, own in claims.items()})

    def only(self, rule_set: int | None) -> "Families":
        """The codes of this rule set alone; of all where none is given."""
        if rule_set is None:
            return self
        return Families({rule_set: self.claims.get(rule_set, ())})

    def _all(self) -> Iterator[Claim]:
        for claims in self.claims.values():
            yield from claims

    @property
    def are_layered(self) -> bool:
        """Whether it matters where a service was done and who pays for it."""
        return any(claim.layer != GENERAL for claim in self._all())

    def claiming(self, code: str, day: date, where: Where = ANYWHERE) -> int | None:
        """The rule set that codes a submitted code on a day; of several the one that was made first."""
        for rule_set in sorted(self.claims):
            in_force = self.in_force(rule_set, day, where)
            if in_force and (code in in_force.codes or code in in_force.further):
                return rule_set
        return None

    def brings(self, rule_set: int | None, code: str, day: date, where: Where = ANYWHERE) -> bool:
        """Whether a code is a further line of a rule set: it belongs to a service of it that is there."""
        in_force = self.in_force(rule_set, day, where) if rule_set else None
        return in_force is not None and code in in_force.brings

    def in_force(self, rule_set: int, day: date, where: Where = ANYWHERE) -> Claim | None:
        """What a rule set claims on a day: the newest claim of the most specific layer."""
        begun = []
        for claim in self.claims.get(rule_set, ()):
            if claim.since <= day and where.is_of(claim.layer):
                begun.append(claim)
        # They stand newest first, and of equals the first is the greatest.
        return max(begun, key=lambda claim: claim.layer.rank, default=None)

    def owner(self, code: str, day: date, where: Where = ANYWHERE) -> tuple[int | None, int | None]:
        """The rule set that codes a submitted code, and its group of codes: what one service answers for."""
        rule_set = self.claiming(code, day, where)
        if rule_set is None:
            return None, None
        return rule_set, self.group_of(rule_set, code, day, where)

    def group_of(self, rule_set: int, code: str, day: date, where: Where = ANYWHERE) -> int | None:
        """The group of codes that stands for services of its own, or None: see ``OneService``."""
        in_force = self.in_force(rule_set, day, where)
        if in_force is None:
            return None
        return in_force.opening.one_service.group_of(code)

    def knows_sides(self, rule_set: int, day: date, where: Where = ANYWHERE) -> bool:
        """Whether a service of the rule set is of a side, or of both."""
        in_force = self.in_force(rule_set, day, where)
        return in_force is not None and in_force.opening.one_service.sides is not None

    def claimed_beside(self, rule_set: int, claim: Claim) -> dict[int, frozenset[str]]:
        """The codes of a claim of a rule set that others contest for some service, by rule set."""
        until = _end(claim, self.claims.get(rule_set, ()))
        beside: dict[int, frozenset[str]] = {}
        for other, claims in self.claims.items():
            if other == rule_set:
                continue
            codes: set[str] = set()
            for own in claims:
                are_at_one_time = own.since < until and _end(own, claims) > claim.since
                if are_at_one_time and own.layer.meets(claim.layer):
                    codes |= own.contests(claim)
            if codes:
                beside[other] = frozenset(codes)
        return beside

    def has(self, code: str) -> bool:
        """Whether some rule set codes it, on whatever day. What one merely claims need not be a code."""
        return any(code in claim.codes for claim in self._all())

    def services_for(
        self,
        lines: Sequence[ServiceLineRecord],
        day: date,
        only: int | None = None,
        where: Where = ANYWHERE,
    ) -> list[ServiceDraft]:
        """One service for the lines of each rule set, and one for each line that no rule set claims.

        A rule set may tell groups of codes apart: each of them has its own service. Where it knows sides, lines may
        name several services by their modifiers: see ``apart_by_site``. A line that is a further line of a service that
        opens is one of its lines.

        With ``only`` no other rule set opens, and it has its service whatever the lines are. The lines that it codes
        are its own, whoever else would code them.
        """
        asked = self.only(only)
        by_owner, unclaimed = asked._by_owner(lines, day, where)

        opened: list[tuple[int, list[int]]] = []
        for (rule_set, _), places in by_owner.items():
            parts = [places]
            if asked.knows_sides(rule_set, day, where):
                parts = apart_by_site(lines, places)
            opened += [(rule_set, own) for own in parts]

        # Only now: a line may belong to a service that a line behind it opens.
        alone: list[int] = []
        for place in unclaimed:
            bringing = asked._bringing(opened, lines[place].code, day, where)
            if bringing is None:
                alone.append(place)
            else:
                bringing.append(place)

        drafts = []
        for rule_set, own in opened:
            drafts.append(ServiceDraft(rule_set, ServiceOrigin.LINE, tuple(own)))
        if only and not drafts:
            drafts.append(ServiceDraft(only, ServiceOrigin.FAMILY, ()))
        for place in alone:
            drafts.append(ServiceDraft(None, ServiceOrigin.LINE, (place,)))
        return drafts

    def _by_owner(
        self, lines: Sequence[ServiceLineRecord], day: date, where: Where
    ) -> tuple[dict[tuple[int, int | None], list[int]], list[int]]:
        """The places of lines by the rule set that codes them and its group of codes; and those that none codes."""
        by_owner: dict[tuple[int, int | None], list[int]] = {}
        unclaimed: list[int] = []
        for place, line in enumerate(lines):
            rule_set, group = self.owner(line.code, day, where)
            if rule_set is None:
                unclaimed.append(place)
            else:
                by_owner.setdefault((rule_set, group), []).append(place)
        return by_owner, unclaimed

    def _bringing(
        self, opened: Iterable[tuple[int, list[int]]], code: str, day: date, where: Where = ANYWHERE
    ) -> list[int] | None:
        """The lines of the first of some services that has a code among its further lines; each with its rule set."""
        for rule_set, places in opened:
            if self.brings(rule_set, code, day, where):
                return places
        return None


def apart_by_site(lines: Sequence[ServiceLineRecord], places: list[int]) -> list[list[int]]:
    """The places of lines of a rule set that knows sides, those of each service for themselves.

    Each finger or toe is one, a side where its codes differ from the other's, and a line that says by a modifier that
    it is not what another line with its code reports at the same site.
    """
    services: list[list[int]] = []
    for of_digit in apart_by_digit(lines, places):
        for of_side in apart_by_side(lines, of_digit):
            services += apart_by_repetition(lines, of_side)
    return services


def apart_by_digit(lines: Sequence[ServiceLineRecord], places: list[int]) -> list[list[int]]:
    """The places of lines, those of each finger or toe for themselves where each line names one."""
    of_digits: dict[str, list[int]] = {}
    for place in places:
        of_digits.setdefault(own_site(lines[place], FINGERS_AND_TOES), []).append(place)
    some_name_none = "" in of_digits
    return [places] if some_name_none else list(of_digits.values())


def apart_by_repetition(lines: Sequence[ServiceLineRecord], places: list[int]) -> list[list[int]]:
    """The places of lines, those for themselves that report the same code at the same site once more."""
    together: list[int] = []
    repeated: list[list[int]] = []
    seen: set[tuple[str, str]] = set()
    for place in places:
        line = lines[place]
        site = own_site(line, SITES)
        tells_itself_apart = not ANOTHER_TIME_OR_PLACE.isdisjoint(line.modifiers)
        if site and tells_itself_apart and (line.code, site) in seen:
            repeated.append([place])
        else:
            together.append(place)
        seen.add((line.code, site))
    return [together, *repeated]


def apart_by_side(lines: Sequence[ServiceLineRecord], places: list[int]) -> list[list[int]]:
    """The places of lines, those of each side for themselves where each line names one and the codes differ.

    Equal codes of both sides are one service, which is reported once for both.
    """
    on_left = [place for place in places if own_site(lines[place], SIDES) == LEFT]
    on_right = [place for place in places if own_site(lines[place], SIDES) == RIGHT]
    each_names_one = len(on_left) + len(on_right) == len(places)
    if not on_left or not on_right or not each_names_one:
        return [places]

    codes_left = {lines[place].code for place in on_left}
    codes_right = {lines[place].code for place in on_right}
    if codes_left == codes_right:
        return [places]
    return sorted([on_left, on_right])


def own_site(line: ServiceLineRecord, sites: frozenset[str]) -> str:
    """The modifier of the only one of these sites that a line names; empty where it names none, or several."""
    named = sites.intersection(line.modifiers)
    if len(named) != 1:
        return ""
    [site] = named
    return site

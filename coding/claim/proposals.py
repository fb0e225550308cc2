"""What a claim proposes of its lines: modifiers and the order. A proposal sets nothing; a coder takes it over.

Which modifier is proposed for what, and which fact of the answers it rests on, is data of the checks' document.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from coding.claim import fees, visits
from coding.claim.checking import Checking
from coding.claim.claim import EarlierLine, Line
from coding.claim.findings import Hit, on_line
from coding.claim.pairs import pair_row
from coding.claim.sides import BOTH, PAID_FOR_BOTH


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for the first of some lines: a modifier; or, without one, all of them in the order to be.

    In words, with its row.
    """

    id: str
    modifier: str
    message: str
    lines: tuple[int, ...]
    rests_on: str = ""
    # Whether the first line then stands for all of them, with one unit.
    joins: bool = False


@dataclass(frozen=True, slots=True)
class ProposalRule:
    """A rule of the document: its kind, the words, and the options of the kind."""

    id: str
    kind: str
    message: str
    modifier: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    joins: bool = False

    def proposals(self, check: Checking) -> Iterator[Proposal]:
        """What the rule proposes. Nothing that the line has already, nor against the options of its payer."""
        needs, unless = self.options.get("option"), self.options.get("unless")
        if needs and not check.claim.has_option(needs):
            return
        if unless and check.claim.has_option(unless):
            return

        by_number = {line.number: line for line in check.claim.lines}
        for hit in KINDS[self.kind](check):
            first = by_number[hit.lines[0]]
            if self.modifier in first.modifiers:
                continue
            message = self.message.format_map(hit.values)
            yield Proposal(self.id, self.modifier, message, hit.lines, hit.rests_on, self.joins)


def beside_procedure(check: Checking) -> Iterator[Hit]:
    """A visit whose answers say that it holds work, or a decision, of its own, beside a procedure of some days."""
    days = frozenset(check.options["days"])
    for visit, procedures in visits.visits_with_others(check):
        beside = visits.of_days(check, procedures, days)
        if beside and visit.answers.get(check.options["fact"]) is True:
            yield visits.beside_hit(check, visit, beside[0])


def another_matter(check: Checking) -> Iterator[Hit]:
    """A visit within the days of an earlier procedure, whose answers say that it is for something else."""
    fact, value = check.options["fact"], check.options["value"]
    for line in check.lines_of("visits"):
        for earlier in visits.within_days(check):
            if earlier.same_group and line.answers.get(fact) == value:
                yield visits.earlier_hit(check, line, earlier)


def in_the_course(check: Checking) -> Iterator[Hit]:
    """A procedure within the days of an earlier one, as the relation between the two asks."""
    is_related = RELATIONS[check.options["relation"]]
    telling = check.modifiers("told")
    for line in visits.procedures(check):
        if line.has(telling):
            continue
        for earlier in visits.within_days(check):
            if is_related(check, line, earlier):
                yield visits.earlier_hit(check, line, earlier)


def at_another_site(check: Checking) -> Iterator[Hit]:
    """Column 2 of a pair that can be opened, where the diagnoses of the two lines are of different sites."""
    telling = check.modifiers("told")
    for first, second in check.claim.pairs():
        pair = check.tables.pair(first.code, second.code)
        if pair is None or not pair.may_be_opened:
            continue
        if first.has(telling) or second.has(telling):
            continue
        # A visit is told apart by a modifier of its own.
        if second.code in check.codes("visits"):
            continue

        sites = _different_sites(check, first, second)
        if sites:
            values = {"column1": first.code, "column2": second.code, "sites": sites}
            yield Hit((second.number, first.number), pair_row(check, pair), values)


def on_both_sides(check: Checking) -> Iterator[Hit]:
    """One code on the left and on the right, or twice for a diagnosis of both sides, where it is paid for both."""
    left, right = check.modifiers("left"), check.modifiers("right")
    for line, fee in check.with_fee():
        is_procedure = fee.days is not None
        if not is_procedure or fee.bilateral != PAID_FOR_BOTH:
            continue

        others = []
        for other in check.claim.lines:
            is_same = (other.code, other.provider) == (line.code, line.provider)
            if is_same and _are_two_sides(line, other, left, right):
                others.append(other)
        is_twice = line.units == 2 and _is_for_both_sides(check, line)

        if len(others) == 1 or is_twice:
            numbers = [own.number for own in (line, *others)]
            row = check.fee_row(line.code, f"bilateral indicator {fee.bilateral}")
            yield Hit(tuple(numbers), row, {"code": line.code})


def _are_two_sides(line: Line, other: Line, left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether two lines of one unit say the same of the left and of the right."""
    here, there = frozenset(line.modifiers), frozenset(other.modifiers)
    if not (here & left and there & right):
        return False
    is_one_each = line.units == other.units == 1
    return is_one_each and here - left == there - right


def further_procedures(check: Checking) -> Iterator[Hit]:
    """The procedures after the one of the highest value."""
    for lines in check.claim.by_provider():
        for line in fees.ranked(check, lines)[1:]:
            row = check.fee_row(line.code, "multiple-procedure indicator")
            yield on_line(line, row)


def is_repeated(check: Checking, line: Line, earlier: EarlierLine) -> bool:
    """The same code again by the same group, and not on the other side."""
    is_same = earlier.same_group and line.code == earlier.code
    return is_same and not _on_other_side(check, line, earlier)


def is_repeated_by_another(_: Checking, line: Line, earlier: EarlierLine) -> bool:
    """The same code again by another group."""
    return not earlier.same_group and line.code == earlier.code


def is_more_extensive(check: Checking, line: Line, earlier: EarlierLine) -> bool:
    """A code of which the earlier one is part, by the same group, and not on the other side."""
    is_more = check.tables.pair(line.code, earlier.code) is not None
    return earlier.same_group and is_more and not _on_other_side(check, line, earlier)


def is_elsewhere(check: Checking, line: Line, earlier: EarlierLine) -> bool:
    """On the other side, or of a code that makes no pair with the earlier one."""
    if not earlier.same_group:
        return False
    if _on_other_side(check, line, earlier):
        return True
    is_other = line.code != earlier.code
    return is_other and not check.tables.are_a_pair(line.code, earlier.code)


def _is_for_both_sides(check: Checking, line: Line) -> bool:
    """Whether a diagnosis of a line is of both sides."""
    for code in check.claim.diagnoses_of(line):
        diagnosis = check.tables.diagnosis(code)
        if diagnosis and diagnosis.side == BOTH:
            return True
    return False


RELATIONS: Mapping[str, Callable[[Checking, Line, EarlierLine], bool]] = {
    "repeated": is_repeated,
    "repeated by another": is_repeated_by_another,
    "more extensive": is_more_extensive,
    "elsewhere": is_elsewhere,
}
KINDS: Mapping[str, Callable[[Checking], Iterator[Hit]]] = {
    "beside_procedure": beside_procedure,
    "another_matter": another_matter,
    "in_the_course": in_the_course,
    "at_another_site": at_another_site,
    "on_both_sides": on_both_sides,
    "further_procedures": further_procedures,
    "order_of_lines": fees.order,
}


def _on_other_side(check: Checking, line: Line, earlier: EarlierLine) -> bool:
    left, right = check.modifiers("left"), check.modifiers("right")
    now, then = frozenset(line.modifiers), frozenset(earlier.modifiers)
    left_then_right = then & left and now & right
    right_then_left = then & right and now & left
    return bool(left_then_right or right_then_left)


def _different_sites(check: Checking, first: Line, second: Line) -> str:
    """The sites of two lines in words, where both are known and have nothing in common; else empty."""
    here, there = _sites(check, first), _sites(check, second)
    are_apart = here and there and here.isdisjoint(there)
    if not are_apart:
        return ""
    return f"{', '.join(sorted(there))} and {', '.join(sorted(here))}"


def _sites(check: Checking, line: Line) -> set[str]:
    """The regions of the body of a line's injuries, by the blocks of ICD-10-CM that the document names."""
    regions: Mapping[str, str] = check.options["regions"]
    sites: set[str] = set()
    for code in check.claim.diagnoses_of(line):
        for block, name in regions.items():
            if code.startswith(block):
                sites.add(name)
    return sites

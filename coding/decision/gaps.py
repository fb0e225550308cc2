"""Gaps as regions: the answers that no rule covers, each region as the row of a rule that would take them.

A case without a rule is widened fact by fact, as far as no rule accepts any case of the box; so every case of a region
is one that no rule covers. A region is then taken for a rule, and the next case is looked for beside it.

Cost: one search of ``cover.py`` for each region, and one pass over the rows for each answer class.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from coding.decision.cells import AnyOf, Between, Cell, In, Not, Row, Test
from coding.decision.compiled import compiled
from coding.decision.compiled_facts import AnswerClass, CompiledFact, answers_of
from coding.decision.cover import Allowed, Box, Cover, Undecided, with_allowed
from coding.decision.errors import Entangled
from coding.decision.facts import Band, Facts, FactValue, Kind, Known, Silence
from coding.decision.table import OutcomeKind, Rule, RuleTable

MOST_REGIONS = 6


@dataclass(frozen=True, slots=True)
class GapRegion:
    """Answers that no rule covers: the cells of a row that takes them, and one case among them."""

    row: Row
    witness: Facts


def gap_regions(table: RuleTable, most: int = MOST_REGIONS) -> tuple[GapRegion, ...]:
    """The first regions without a rule; none for a complete table, and no further one where the search gave up.

    It does for what one cell cannot say: codes of which one list is met, and another is not.
    """
    regions: list[GapRegion] = []
    try:
        while len(regions) < most:
            region = _first_region(_filled(table, regions))
            if region is None:
                break
            regions.append(region)
    except (Undecided, Entangled):
        # What was seen until then stands; a region is never guessed.
        pass
    return tuple(regions)


def _filled(table: RuleTable, regions: Iterable[GapRegion]) -> RuleTable:
    """The table with a rule more for each region."""
    fillers = [
        Rule(f"region {number}", "", (region.row,), OutcomeKind.SUPERVISOR_REVIEW, "", "", "")
        for number, region in enumerate(regions)
    ]
    return replace(table, rules=(*table.rules, *fillers))


def _first_region(table: RuleTable) -> GapRegion | None:
    rows = compiled(table)
    cover = Cover(rows.facts)
    case = cover.uncovered(cover.everything, rows.rule_rows | rows.contradictions)
    if case is None:
        return None
    box = _widened(cover, case, rows.rule_rows)
    row = tuple(_cells(cover, case, box))
    return GapRegion(row, cover.given(case))


def _widened(cover: Cover, case: Sequence[int], rows: int) -> Box:
    """The box around a case, as wide as none of the rows accepts any case of it."""
    box = [cover.allowed(fact, (place,)) for fact, place in enumerate(case)]
    # Whole facts first: a region that leaves a fact open is a shorter row than one that lists most of its answers.
    for fact, whole in enumerate(cover.everything):
        box = _if_untaken(cover, box, fact, whole, rows)

    for fact, whole in enumerate(cover.everything):
        for place in whole.places:
            one_more = cover.allowed(fact, sorted({*box[fact].places, place}))
            box = _if_untaken(cover, box, fact, one_more, rows)
    return box


def _if_untaken(cover: Cover, box: Box, fact: int, allowed: Allowed, rows: int) -> Box:
    """The box with these answers to a fact if none of the rows accepts any case of it; else as it is."""
    wider = with_allowed(box, fact, allowed)
    if cover.touching(wider) & rows:
        return box
    return wider


def _cells(cover: Cover, case: Sequence[int], box: Box) -> Iterator[Cell]:
    for fact, place, allowed in zip(cover.facts, case, box, strict=True):
        if len(allowed.places) == len(fact.classes):
            continue
        classes = [fact.classes[own] for own in allowed.places]
        shown = fact.classes[place].answers[0]
        yield Cell(fact.key, _test(fact, shown, classes))


def _test(fact: CompiledFact, shown: FactValue, classes: Sequence[AnswerClass]) -> Test:
    """The widest test that accepts the answer that is shown and none outside of the classes."""
    answers = answers_of(classes)
    silences = frozenset(answer for answer in answers if isinstance(answer, Silence))
    if fact.definition.is_listed:
        return _listed(fact, answers, silences)
    if isinstance(shown, Silence):
        return In(frozenset(), silences)
    if fact.definition.kind is Kind.WHOLE_NUMBER:
        return _range(fact, shown, answers)
    return _code_test(fact, shown, classes)


def _listed(fact: CompiledFact, answers: Sequence[FactValue], silences: frozenset[Silence]) -> Test:
    values = frozenset(answer.value for answer in answers if isinstance(answer, Known))
    others = frozenset(fact.definition.values()) - values
    # “None of these” is the shorter way to say it, but it takes no silence.
    if others and len(others) < len(values) and not silences:
        return Not(others)
    return In(values, silences)  # type: ignore[arg-type]  # a choice and a yes/no fact hold texts and truths


def _range(fact: CompiledFact, shown: FactValue, answers: Sequence[FactValue]) -> Between:
    """The numbers around the one that is shown, without a hole."""
    bands = [
        answer.value
        for answer in answers
        if isinstance(answer, Known) and isinstance(answer.value, Band)
    ]
    by_low = {band.low: band for band in bands}
    by_high = {band.high: band for band in bands}

    own = next(band for band in bands if shown == Known(band))
    low, high = own.low, own.high
    while low is not None and low - 1 in by_high:
        low = by_high[low - 1].low
    while high is not None and high + 1 in by_low:
        high = by_low[high + 1].high

    # An end of the fact's own range is left open, as authors write it.
    ends = fact.definition.range
    if low == ends.low:
        low = None
    if high == ends.high:
        high = None
    return Between(low, high)


def _code_test(fact: CompiledFact, shown: FactValue, classes: Sequence[AnswerClass]) -> Test:
    """A test that some rule holds, or its opposite, where it accepts no more than the classes."""
    outside = answers_of(group for group in fact.classes if group not in classes)
    of_codes = [test for test in fact.tests if isinstance(test, AnyOf)]
    opposites = [replace(test, negated=not test.negated) for test in of_codes]
    all_codes = frozenset[str]().union(*(test.codes for test in of_codes))
    none_of_them = AnyOf(all_codes, negated=True)

    for test in (*fact.tests, *opposites, none_of_them):
        takes_more = any(test.accepts(answer) for answer in outside)
        if test.accepts(shown) and not takes_more:
            return test
    raise Undecided

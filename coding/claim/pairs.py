"""Kinds of checks on pairs of codes (NCCI procedure-to-procedure edits).

Semantics: NCCI Policy Manual for Medicare Services, chapter I. Indicator 0 is never opened; 1 is by a modifier that
tells the two apart, or by two different places of the body. For a visit the modifier stands on the visit.
"""

from collections.abc import Iterator

from coding.claim.checking import Checking, row_of
from coding.claim.claim import Line
from coding.claim.findings import Hit, on_line
from coding.claim.tables import Pair


def never_together(check: Checking) -> Iterator[Hit]:
    """Pairs that no modifier opens."""
    for first, second, pair in _pairs(check):
        if not pair.may_be_opened:
            yield _hit(check, first, second, pair)


def not_told_apart(check: Checking) -> Iterator[Hit]:
    """Pairs that a modifier opens, without any."""
    for first, second, pair in _pairs(check):
        if pair.may_be_opened and not _is_opened(check, first, second):
            yield _hit(check, first, second, pair)


def told_apart_at_one_place(check: Checking) -> Iterator[Hit]:
    """Pairs that were opened as distinct while both lines name the same side."""
    distinct = check.modifiers("distinct")
    for first, second, pair in _pairs(check):
        is_opened = first.has(distinct) or second.has(distinct)
        at_one_place = bool(_places(check, first) & _places(check, second))
        if pair.may_be_opened and is_opened and at_one_place:
            yield _hit(check, first, second, pair)


def told_apart_without_need(check: Checking) -> Iterator[Hit]:
    """Lines called distinct though no pair asks for it; not where they are of different classes of one kind of work."""
    distinct = check.modifiers("distinct")
    for lines in check.claim.by_provider():
        for line in lines:
            if not line.has(distinct):
                continue
            others = [other for other in lines if other is not line]
            if not any(_may_be_told_apart(check, line, other) for other in others):
                yield on_line(line)


def _pairs(check: Checking) -> Iterator[tuple[Line, Line, Pair]]:
    for first, second in check.claim.pairs():
        pair = check.tables.pair(first.code, second.code)
        if pair is not None:
            yield first, second, pair


def _is_opened(check: Checking, first: Line, second: Line) -> bool:
    opening = check.modifiers("opening")
    if second.code in check.codes("visits"):
        return second.has(opening)
    if first.has(opening) or second.has(opening):
        return True

    here, there = _places(check, first), _places(check, second)
    both_name_one = bool(here and there)
    return both_name_one and here.isdisjoint(there)


def _places(check: Checking, line: Line) -> frozenset[str]:
    """The modifiers by which a line names a place of the body."""
    return check.modifiers("places").intersection(line.modifiers)


def _may_be_told_apart(check: Checking, line: Line, other: Line) -> bool:
    """Whether two lines make a pair, one way or the other, or are of different classes."""
    if check.tables.are_a_pair(line.code, other.code):
        return True

    classes = check.several("classes")
    of_line = [listed for listed in classes if line.code in listed]
    of_other = [listed for listed in classes if other.code in listed]
    return bool(of_line and of_other) and of_line != of_other


def _hit(check: Checking, first: Line, second: Line, pair: Pair) -> Hit:
    values = {"column1": first.code, "column2": second.code, "rationale": pair.rationale}
    return Hit((second.number, first.number), pair_row(check, pair), values)


def pair_row(check: Checking, pair: Pair) -> str:
    """A pair as a finding names it."""
    indicator = 1 if pair.may_be_opened else 0
    text = f"{pair.column1} with {pair.column2}: indicator {indicator}"
    return row_of(check.tables.pairs, text)

"""Kinds of checks on sides: of a line, of its diagnoses, and of what a code allows."""

from collections.abc import Iterator

from coding.claim.checking import Checking
from coding.claim.claim import Line
from coding.claim.findings import Hit, Severity, on_line

LEFT, RIGHT, BOTH = "left", "right", "both"
# Bilateral indicators of the fee schedule: 150 % for both sides, and those that take no modifier for both.
PAID_FOR_BOTH = "1"
NEVER_BOTH = frozenset({"0", "2", "9"})


def both_refused(check: Checking) -> Iterator[Hit]:
    """The modifier for both sides on a code that does not take it."""
    both = check.modifiers("both")
    for line, fee in check.with_fee():
        if line.has(both) and fee.bilateral in NEVER_BOTH:
            row = check.fee_row(line.code, f"bilateral indicator {fee.bilateral}")
            yield on_line(line, row)


def both_with_units(check: Checking) -> Iterator[Hit]:
    """The modifier for both sides with more than one unit."""
    both = check.modifiers("both")
    for line, fee in check.with_fee():
        if line.has(both) and line.units > 1 and fee.bilateral == PAID_FOR_BOTH:
            yield on_line(line, units=line.units)


def missing(check: Checking) -> Iterator[Hit]:
    """A procedure that has sides, without one."""
    sided = check.modifiers("sided")
    for line, fee in check.with_fee():
        is_procedure = fee.days is not None
        if is_procedure and fee.bilateral == PAID_FOR_BOTH and not line.has(sided):
            row = check.fee_row(line.code, f"bilateral indicator {fee.bilateral}")
            yield on_line(line, row)


def against_diagnosis(check: Checking) -> Iterator[Hit]:
    """A line's side that none of its sided diagnoses has; both sides with diagnoses of one are doubtful."""
    rests_on = check.tables.diagnoses.name if check.tables.diagnoses else ""
    for line in check.claim.lines:
        sides = _sides_of(check, line)
        side_by_diagnosis = _sides_of_diagnoses(check, line)
        named = set(side_by_diagnosis.values())
        if not sides or not named or BOTH in named:
            continue

        values = {
            "code": line.code,
            "side": " and ".join(sorted(sides)),
            "diagnoses": ", ".join(side_by_diagnosis),
        }
        if sides.isdisjoint(named):
            yield Hit((line.number,), rests_on, values)
        elif not sides <= named:
            yield Hit((line.number,), rests_on, values, Severity.WARNING)


def _sides_of(check: Checking, line: Line) -> set[str]:
    if line.has(check.modifiers("both")):
        return {LEFT, RIGHT}
    sides = set()
    if line.has(check.modifiers("left")):
        sides.add(LEFT)
    if line.has(check.modifiers("right")):
        sides.add(RIGHT)
    return sides


def _sides_of_diagnoses(check: Checking, line: Line) -> dict[str, str]:
    """The diagnoses of a line that are of a side, each with its side."""
    sides = {}
    for code in check.claim.diagnoses_of(line):
        diagnosis = check.tables.diagnosis(code)
        if diagnosis and diagnosis.side:
            sides[code] = diagnosis.side
    return sides

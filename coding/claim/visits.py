"""Kinds of checks on visits beside procedures, and on what a patient's history says of them.

Global days: CMS, Medicare Claims Processing Manual, chapter 12, section 40. A visit beside a procedure of 0 or 10 days
takes the modifier for separate work, beside one of 90 days the one for the decision.
"""

from collections.abc import Iterator
from datetime import timedelta

from coding.claim.checking import Checking
from coding.claim.claim import EarlierLine, Line
from coding.claim.findings import Hit, Severity

MINOR, MAJOR = frozenset({0, 10}), frozenset({90})


def beside_minor(check: Checking) -> Iterator[Hit]:
    """A visit without the modifier for separate work beside a minor procedure."""
    separate, decision = check.modifiers("separate"), check.modifiers("decision")
    for visit, procedures in visits_with_others(check):
        minor, major = of_days(check, procedures, MINOR), of_days(check, procedures, MAJOR)
        is_marked = visit.has(separate) or (visit.has(decision) and major)
        if minor and not is_marked:
            yield _hit(check, visit, minor[0])


def beside_major(check: Checking) -> Iterator[Hit]:
    """A visit without any modifier beside a major procedure."""
    marks = check.modifiers("separate") | check.modifiers("decision")
    for visit, procedures in visits_with_others(check):
        major = of_days(check, procedures, MAJOR)
        if major and not visit.has(marks):
            yield _hit(check, visit, major[0])


def visit_the_day_before(check: Checking) -> Iterator[Hit]:
    """A visit of the group on the day before a major procedure, without the modifier for the decision."""
    visits, marks = check.codes("visits"), check.modifiers("separate") | check.modifiers("decision")
    before = check.claim.day - timedelta(days=1)
    for earlier in check.claim.history or ():
        untold = (
            earlier.code in visits and earlier.same_group and marks.isdisjoint(earlier.modifiers)
        )
        if earlier.day != before or not untold:
            continue
        for line in of_days(check, list(check.claim.lines), MAJOR):
            row = check.fee_row(line.code, "90 global days")
            yield Hit(
                (line.number,), row, {"visit": earlier.code, "code": line.code, "date": earlier.day}
            )


def exchanged(check: Checking) -> Iterator[Hit]:
    """A visit with the modifier of the other kind of procedure."""
    separate, decision = check.modifiers("separate"), check.modifiers("decision")
    for visit, procedures in visits_with_others(check):
        minor, major = of_days(check, procedures, MINOR), of_days(check, procedures, MAJOR)
        as_separate = visit.has(separate) and not visit.has(decision)
        as_decision = visit.has(decision) and not visit.has(separate)
        if as_separate and major and not minor:
            yield _hit(check, visit, major[0])
        if as_decision and minor and not major:
            yield _hit(check, visit, minor[0])


def elsewhere(check: Checking) -> Iterator[Hit]:
    """A visit's modifier on a code that is no visit."""
    visits, own = check.codes("visits"), check.modifiers("own")
    for line in check.claim.lines:
        wrong = own.intersection(line.modifiers)
        if wrong and line.code not in visits:
            yield Hit(
                (line.number,), values={"code": line.code, "modifier": ", ".join(sorted(wrong))}
            )


def two_visits(check: Checking) -> Iterator[Hit]:
    """Visits of one provider of which more than one lacks the modifier for separate work."""
    visits, separate = check.codes("visits"), check.modifiers("separate")
    for lines in check.claim.by_provider():
        of_day = [line for line in lines if line.code in visits]
        alone = [line for line in of_day if not line.has(separate)]
        if len(alone) > 1:
            yield Hit(
                tuple(line.number for line in alone),
                values={"codes": ", ".join(line.code for line in of_day)},
            )


def visit_within_days(check: Checking) -> Iterator[Hit]:
    """A visit inside the global days of an earlier procedure of the group, without the modifier for another matter."""
    unrelated = check.modifiers("unrelated")
    for line in check.lines_of("visits"):
        for earlier in within_days(check):
            if earlier.same_group and not line.has(unrelated):
                yield _earlier_hit(check, line, earlier)


def procedure_within_days(check: Checking) -> Iterator[Hit]:
    """A procedure inside the global days of an earlier one, without a modifier that tells how they belong together."""
    by_same, by_other = check.modifiers("by_same"), check.modifiers("by_other")
    procedures = [
        line for line in check.claim.lines if check.tables.global_days(line.code) is not None
    ]
    for line in procedures:
        for earlier in (*within_days(check), *_same_day(check, line)):
            again_by_other = not earlier.same_group and earlier.code == line.code
            untold_same = earlier.same_group and not line.has(by_same)
            untold_other = again_by_other and not line.has(by_other)
            if untold_same or untold_other:
                yield _earlier_hit(check, line, earlier)


def new_but_seen(check: Checking) -> Iterator[Hit]:
    """A new patient's code for a patient whom the group saw within some years."""
    for line in check.lines_of("new"):
        if seen := _last_seen(check):
            yield Hit((line.number,), "History", {"code": line.code, "date": seen.day})


def established_but_unseen(check: Checking) -> Iterator[Hit]:
    """An established patient's code though no service within some years is known."""
    if check.claim.history is None:
        return
    for line in check.lines_of("established"):
        if not _last_seen(check):
            yield Hit((line.number,), "History", {"code": line.code})


def place(check: Checking) -> Iterator[Hit]:
    """A visit at a place where its kind is not reported."""
    for row in check.options["places"]:
        codes = check.lists.codes[row["codes"]]
        fits = (
            check.claim.place in row["only"]
            if "only" in row
            else check.claim.place not in row["never"]
        )
        needs = row.get("option")
        applies = needs is None or check.claim.has_option(needs)
        for line in check.claim.lines:
            if line.code in codes and check.claim.place and applies and not fits:
                values = {"code": line.code, "place": check.claim.place}
                yield Hit(
                    (line.number,), values=values, severity=Severity(row.get("severity", "warning"))
                )


def cast_without_treatment(check: Checking) -> Iterator[Hit]:
    """A decision visit, a cast and a diagnosis of an injury to bone, without a code that treats it."""
    decision, casts = check.modifiers("decision"), list(check.lines_of("casts"))
    injured = [code for code in check.claim.diagnoses if code in check.codes("injuries")]
    treated = any(check.lines_of("treatments"))
    for visit in check.lines_of("visits"):
        if casts and injured and not treated and visit.has(decision):
            yield Hit(
                (visit.number, *(line.number for line in casts)), values={"diagnosis": injured[0]}
            )


def visits_with_others(check: Checking) -> Iterator[tuple[Line, list[Line]]]:
    """Each visit, with the other lines of its provider."""
    visits = check.codes("visits")
    for lines in check.claim.by_provider():
        others = [line for line in lines if line.code not in visits]
        yield from ((line, others) for line in lines if line.code in visits)


def of_days(check: Checking, lines: list[Line], days: frozenset[int]) -> list[Line]:
    """The lines whose codes have these global days."""
    return [line for line in lines if check.tables.global_days(line.code) in days]


def within_days(check: Checking) -> Iterator[EarlierLine]:
    """Earlier procedures in whose global days the claim lies, and which hold the care after them."""
    without_care = check.modifiers("without_care")
    for earlier in check.claim.history or ():
        days = check.tables.global_days(earlier.code) or 0
        after = check.claim.day - earlier.day
        if timedelta(0) < after <= timedelta(days=days) and without_care.isdisjoint(
            earlier.modifiers
        ):
            yield earlier


def _same_day(check: Checking, line: Line) -> Iterator[EarlierLine]:
    """The same code earlier on the claim's own day."""
    without_care = check.modifiers("without_care")
    for earlier in check.claim.history or ():
        is_same = earlier.day == check.claim.day and earlier.code == line.code
        if is_same and without_care.isdisjoint(earlier.modifiers):
            yield earlier


def _last_seen(check: Checking) -> EarlierLine | None:
    years = timedelta(days=365.25 * check.options["years"])
    without = check.codes("without_the_patient")
    seen = [
        line
        for line in check.claim.history or ()
        if line.same_group
        and line.code not in without
        and line.day < check.claim.day <= line.day + years
    ]
    return max(seen, key=lambda line: line.day, default=None)


def _hit(check: Checking, visit: Line, procedure: Line) -> Hit:
    days = check.tables.global_days(procedure.code)
    row = check.fee_row(procedure.code, f"{days} global days")
    values = {"visit": visit.code, "code": procedure.code, "days": days}
    return Hit((visit.number, procedure.number), row, values)


def _earlier_hit(check: Checking, line: Line, earlier: EarlierLine) -> Hit:
    days = check.tables.global_days(earlier.code)
    row = check.fee_row(earlier.code, f"{days} global days")
    return Hit(
        (line.number,),
        row,
        {"days": days, "code": earlier.code, "date": earlier.day, "line": line.code},
    )

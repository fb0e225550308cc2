"""Kinds of checks on visits beside procedures, and on what a patient's history says of them.

Global days: CMS, Medicare Claims Processing Manual, chapter 12, section 40. A visit beside a procedure of 0 or 10 days
takes the modifier for separate work, beside one of 90 days the one for the decision.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from coding.claim.checking import Checking
from coding.claim.claim import EarlierLine, Line
from coding.claim.days import years_before
from coding.claim.findings import Hit, Severity, on_line

MINOR, MAJOR = frozenset({0, 10}), frozenset({90})


def beside_minor(check: Checking) -> Iterator[Hit]:
    """A visit without the modifier for separate work beside a minor procedure."""
    separate, decision = check.modifiers("separate"), check.modifiers("decision")
    for visit, procedures in visits_with_others(check):
        minor = of_days(check, procedures, MINOR)
        major = of_days(check, procedures, MAJOR)
        is_marked = visit.has(separate) or (visit.has(decision) and major)
        if minor and not is_marked:
            yield beside_hit(check, visit, minor[0])


def beside_major(check: Checking) -> Iterator[Hit]:
    """A visit without any modifier beside a major procedure."""
    marks = check.modifiers("separate") | check.modifiers("decision")
    for visit, procedures in visits_with_others(check):
        major = of_days(check, procedures, MAJOR)
        if major and not visit.has(marks):
            yield beside_hit(check, visit, major[0])


def visit_the_day_before(check: Checking) -> Iterator[Hit]:
    """A visit of the group on the day before a major procedure, without the modifier for the decision."""
    visits = check.codes("visits")
    marks = check.modifiers("separate") | check.modifiers("decision")
    day_before = check.claim.day - timedelta(days=1)
    major = of_days(check, check.claim.lines, MAJOR)

    for earlier in check.claim.history or ():
        if earlier.day != day_before or not earlier.same_group or earlier.code not in visits:
            continue
        if not marks.isdisjoint(earlier.modifiers):
            continue
        for line in major:
            row = check.fee_row(line.code, "90 global days")
            yield on_line(line, row, visit=earlier.code, date=earlier.day)


def exchanged(check: Checking) -> Iterator[Hit]:
    """A visit with the modifier of the other kind of procedure."""
    separate, decision = check.modifiers("separate"), check.modifiers("decision")
    for visit, procedures in visits_with_others(check):
        minor = of_days(check, procedures, MINOR)
        major = of_days(check, procedures, MAJOR)
        as_separate = visit.has(separate) and not visit.has(decision)
        as_decision = visit.has(decision) and not visit.has(separate)
        if as_separate and major and not minor:
            yield beside_hit(check, visit, major[0])
        if as_decision and minor and not major:
            yield beside_hit(check, visit, minor[0])


def elsewhere(check: Checking) -> Iterator[Hit]:
    """A visit's modifier on a code that is no visit."""
    visits, own = check.codes("visits"), check.modifiers("own")
    for line in check.claim.lines:
        wrong = own.intersection(line.modifiers)
        if wrong and line.code not in visits:
            yield on_line(line, modifier=", ".join(sorted(wrong)))


def two_visits(check: Checking) -> Iterator[Hit]:
    """Visits of one provider of which more than one lacks the modifier for separate work."""
    visits, separate = check.codes("visits"), check.modifiers("separate")
    for lines in check.claim.by_provider():
        of_day = [line for line in lines if line.code in visits]
        alone = [line for line in of_day if not line.has(separate)]
        if len(alone) > 1:
            codes = ", ".join(line.code for line in of_day)
            yield Hit(tuple(line.number for line in alone), values={"codes": codes})


def visit_within_days(check: Checking) -> Iterator[Hit]:
    """A visit inside the global days of an earlier procedure of the group, without the modifier for another matter."""
    unrelated = check.modifiers("unrelated")
    for line in check.lines_of("visits"):
        for earlier in within_days(check):
            if earlier.same_group and not line.has(unrelated):
                yield earlier_hit(check, line, earlier)


def procedure_within_days(check: Checking) -> Iterator[Hit]:
    """A procedure inside the global days of an earlier one, without a modifier that tells how they belong together."""
    by_same, by_other = check.modifiers("by_same"), check.modifiers("by_other")
    for line in procedures(check):
        for earlier in (*within_days(check), *_same_day(check, line)):
            again_by_other = not earlier.same_group and earlier.code == line.code
            untold_same = earlier.same_group and not line.has(by_same)
            untold_other = again_by_other and not line.has(by_other)
            if untold_same or untold_other:
                yield earlier_hit(check, line, earlier)


def new_but_seen(check: Checking) -> Iterator[Hit]:
    """A new patient's code for a patient whom the group saw within some years."""
    last_seen = _last_seen(check)
    if last_seen is None:
        return
    for line in check.lines_of("new"):
        yield on_line(line, "History", date=last_seen.day)


def established_but_unseen(check: Checking) -> Iterator[Hit]:
    """An established patient's code though no service within some years is known."""
    # Without any history nothing says that the patient is new.
    if check.claim.history is None or _last_seen(check) is not None:
        return
    for line in check.lines_of("established"):
        yield on_line(line, "History")


def place(check: Checking) -> Iterator[Hit]:
    """A visit at a place where its kind is not reported."""
    own_place = check.claim.place
    if not own_place:
        return
    for row in check.options["places"]:
        needs = row.get("option")
        if needs is not None and not check.claim.has_option(needs):
            continue
        if _fits(own_place, row):
            continue

        codes = check.lists.codes[row["codes"]]
        severity = Severity(row.get("severity", "warning"))
        for line in check.claim.lines:
            if line.code in codes:
                values = {"code": line.code, "place": own_place}
                yield Hit((line.number,), values=values, severity=severity)


def _fits(place: str, row: Mapping[str, Any]) -> bool:
    """Whether a place is one of those alone that a row names, or none of those that it rules out."""
    if "only" in row:
        return place in row["only"]
    return place not in row["never"]


def cast_without_treatment(check: Checking) -> Iterator[Hit]:
    """A decision visit, a cast and a diagnosis of an injury to bone, without a code that treats it."""
    casts = [line.number for line in check.lines_of("casts")]
    injuries = [code for code in check.claim.diagnoses if code in check.codes("injuries")]
    is_treated = any(check.lines_of("treatments"))
    if not casts or not injuries or is_treated:
        return
    decision = check.modifiers("decision")
    for visit in check.lines_of("visits"):
        if visit.has(decision):
            yield Hit((visit.number, *casts), values={"diagnosis": injuries[0]})


def visits_with_others(check: Checking) -> Iterator[tuple[Line, list[Line]]]:
    """Each visit, with the other lines of its provider."""
    visits = check.codes("visits")
    for lines in check.claim.by_provider():
        others = [line for line in lines if line.code not in visits]
        for line in lines:
            if line.code in visits:
                yield line, others


def of_days(check: Checking, lines: Iterable[Line], days: frozenset[int]) -> list[Line]:
    """The lines whose codes have these global days."""
    return [line for line in lines if check.tables.global_days(line.code) in days]


def procedures(check: Checking) -> list[Line]:
    """The lines whose codes have global days, be they 0."""
    lines = check.claim.lines
    return [line for line in lines if check.tables.global_days(line.code) is not None]


def within_days(check: Checking) -> Iterator[EarlierLine]:
    """Earlier procedures in whose global days the claim lies, and which hold the care after them."""
    without_care = check.modifiers("without_care")
    for earlier in check.claim.history or ():
        days = check.tables.global_days(earlier.code) or 0
        days_after = (check.claim.day - earlier.day).days
        holds_care = without_care.isdisjoint(earlier.modifiers)
        if holds_care and 0 < days_after <= days:
            yield earlier


def _same_day(check: Checking, line: Line) -> Iterator[EarlierLine]:
    """The same code earlier on the claim's own day."""
    without_care = check.modifiers("without_care")
    for earlier in check.claim.history or ():
        is_of_day = earlier.day == check.claim.day
        holds_care = without_care.isdisjoint(earlier.modifiers)
        if is_of_day and earlier.code == line.code and holds_care:
            yield earlier


def _last_seen(check: Checking) -> EarlierLine | None:
    """The latest service with the patient present of the group within the years that the check asks for.

    The day so many years before belongs to them, as it does to the history that the form is filled from.
    """
    first_day = years_before(check.claim.day, check.options["years"])
    without_the_patient = check.codes("without_the_patient")
    seen = []
    for earlier in check.claim.history or ():
        is_within = first_day <= earlier.day < check.claim.day
        if is_within and earlier.same_group and earlier.code not in without_the_patient:
            seen.append(earlier)
    return max(seen, key=lambda earlier: earlier.day, default=None)


def beside_hit(check: Checking, visit: Line, procedure: Line) -> Hit:
    """A visit beside a procedure, which rests on the procedure's global days."""
    days = check.tables.global_days(procedure.code)
    row = check.fee_row(procedure.code, f"{days} global days")
    values = {"visit": visit.code, "code": procedure.code, "days": days}
    return Hit((visit.number, procedure.number), row, values)


def earlier_hit(check: Checking, line: Line, earlier: EarlierLine) -> Hit:
    """A line within the days of an earlier procedure, which rests on the global days of that."""
    days = check.tables.global_days(earlier.code)
    row = check.fee_row(earlier.code, f"{days} global days")
    values = {"days": days, "code": earlier.code, "date": earlier.day, "line": line.code}
    return Hit((line.number,), row, values)

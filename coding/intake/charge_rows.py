"""Rows that are one charge each, joined: those of one account, patient and day, which are read one after the other.

Where modifiers or units stand beside the one code of a row, or no column holds notes, all rows are charges. Else a row
is a further charge if it differs from the one before in its code alone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import TypeVar

from coding.intake.check import LABELS
from coding.intake.drafts import (
    Cursor,
    Draft,
    EncounterTexts,
    Layout,
    LineDraft,
    Problem,
    Remark,
)
from coding.intake.texts import distinct, left_out, problem
from coding.intake.whose import Whose, is_of_another_patient
from coding.tables.errors import FileError

Row = TypeVar("Row")
Joins = Callable[[Draft, Draft], bool]
# Of which an encounter has one, however many rows tell it.
SINGLE = ("birth_date", "sex", "place_of_service", "provider", "payer")
BESIDE = ("note", "diagnoses")
# No visit has more, and to join rows to ever more of them takes ever longer: the square of their number in all.
MOST_ROWS = 1_000
TOO_MANY = Problem(
    "service_lines",
    f"Service lines: more than {MOST_ROWS:,} rows name this account, patient and day. Give each visit its own account.",
)
BEGUN_OTHERWISE = (
    "An earlier version of Concord checked this file in the order of its rows. Upload it again."
)


def are_joined(layout: Layout) -> bool:
    """Whether rows of one visit are joined where columns are matched so; in the template each row is an encounter."""
    return bool(layout.columns.get("service_lines"))


def visit_digest(visit: Sequence[str]) -> bytes:
    """The account, the patient and the day of a visit, as short as an index of all rows keeps them."""
    return blake2b("\0".join(visit).encode(), digest_size=16).digest()


def items(
    rows: Iterable[tuple[Draft, Row]], joins: Joins | None, number: int = 0
) -> Iterator[tuple[Draft, list[Row]]]:
    """The items of a table, each with its rows that belong together; ``number`` items stand before the first row.

    Where the table can be read no further, what was read is handed out before FileError is raised.
    """
    groups = _joined_rows(rows, joins) if joins else ((draft, [row]) for draft, row in rows)
    for draft, own in groups:
        number += 1
        yield replace(draft, number=number, after=Cursor(number, draft.after.offset)), own


def _joined_rows(
    rows: Iterable[tuple[Draft, Row]], joins: Joins
) -> Iterator[tuple[Draft, list[Row]]]:
    waiting: Draft | None = None
    own: list[Row] = []
    unread: FileError | None = None
    try:
        for draft, row in rows:
            if waiting is not None and joins(waiting, draft):
                own.append(row)
                is_read = len(own) <= MOST_ROWS
                waiting = _joined(waiting, draft) if is_read else _beyond(waiting, draft)
                continue
            if waiting is not None:
                yield waiting, own
            waiting, own = draft, [row]
    except FileError as error:
        unread = error
    if waiting is not None:
        yield waiting, own
    if unread is not None:
        raise unread


def is_of_same_visit(first: Draft, second: Draft) -> bool:
    """Whether two rows name the same account, patient and day."""
    before, now = _visit_of(first.texts), _visit_of(second.texts)
    return before == now and all(now)


def _visit_of(texts: EncounterTexts) -> tuple[str, ...]:
    return texts.external_id, texts.patient_reference, texts.date_of_service


def is_further_charge(first: Draft, second: Draft) -> bool:
    """Whether the second row says nothing new of the visit but one more code."""
    before, now = first.texts, second.texts
    if not is_of_same_visit(first, second):
        return False
    if len(now.service_lines) != 1 or not before.service_lines:
        return False
    for name in (*SINGLE, *BESIDE):
        said_now = getattr(now, name)
        if said_now and said_now != getattr(before, name):
            return False
    return now.service_lines[0] not in before.service_lines


def _joined(first: Draft, second: Draft) -> Draft:
    """The encounter of both rows. Where the second contradicts the first, a remark says so."""
    before, now = first.texts, second.texts
    diagnoses = distinct([*before.diagnoses, *now.diagnoses])
    lines = [_pointing(line, now.diagnoses, diagnoses) for line in now.service_lines]
    single = {name: getattr(before, name) or getattr(now, name) for name in SINGLE}
    texts = replace(
        before,
        diagnoses=diagnoses,
        service_lines=(*before.service_lines, *lines),
        note=_both_notes(before.note, now.note),
        **single,
    )

    problems = dict.fromkeys((*first.problems, *second.problems, *_another_patient(first, second)))
    # That a row lacks a note says nothing where another row of the visit has it.
    has_note = bool(texts.note.strip())
    kept = tuple(problem for problem in problems if problem.field != "note" or not has_note)
    of_both = [*_otherwise(first, second), *_again(first, second)]
    return replace(
        first,
        place=f"{first.place}, {second.place}",
        texts=texts,
        after=second.after,
        problems=kept,
        remarks=(*first.remarks, *second.remarks, *of_both),
    )


def _both_notes(before: str, now: str) -> str:
    # Many systems write the visit's note into each of its rows.
    if now.strip() in before:
        return before
    return "\n\n".join(filter(None, (before, now)))


def _beyond(first: Draft, second: Draft) -> Draft:
    """A visit of which no more rows are read: it is rejected, and comes back with all of them."""
    if TOO_MANY in first.problems[:1]:
        return replace(first, after=second.after)
    return replace(first, after=second.after, problems=(TOO_MANY, *first.problems))


def _another_patient(first: Draft, second: Draft) -> Iterator[Problem]:
    """That the rows name two patients by one number."""
    before, now = Whose.of(first.texts), Whose.of(second.texts)
    if is_of_another_patient(before, now):
        text = (
            f"The rows of this account are of different patients: {before.shown_beside(now)}, and"
            f" {now.shown_beside(before)}. Correct the account or the patient."
        )
        yield problem("patient_reference", text, first.texts.external_id, second.place)


def _otherwise(first: Draft, second: Draft) -> Iterator[Remark]:
    for name in SINGLE:
        before, now = getattr(first.texts, name), getattr(second.texts, name)
        if before and now and before != now:
            yield left_out(f"{LABELS[name].lower()} {now}", second.place)


def _again(first: Draft, second: Draft) -> Iterator[Remark]:
    """The charges that say what one before them says: they may be two, or one that was exported twice."""
    before = [_charge(line) for line in first.texts.service_lines]
    for line in second.texts.service_lines:
        if _charge(line) in before:
            named = "-".join((line.code, *line.modifiers))
            yield Remark(f"{named} is charged by a row before too. Both were taken.", second.place)


def _charge(line: LineDraft) -> tuple[object, ...]:
    """What a line charges, whatever for."""
    return line.code, line.modifiers, line.units


def _pointing(line: LineDraft, of_row: Sequence[str], of_encounter: Sequence[str]) -> LineDraft:
    """A line whose pointers into its row's diagnoses point into those of the encounter."""
    pointers = []
    for pointer in line.diagnosis_pointers:
        if pointer.isdigit() and 1 <= int(pointer) <= len(of_row):
            diagnosis = of_row[int(pointer) - 1]
            pointer = str(of_encounter.index(diagnosis) + 1)
        pointers.append(pointer)
    return replace(line, diagnosis_pointers=tuple(pointers))

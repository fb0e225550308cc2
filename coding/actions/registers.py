"""Verbs on the registers: complete a row, merge rows into one, take a merged row apart again.

What a patient's row said is not told to the trail, for nothing there speaks of patients: the names of the fields are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Count, Model

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.locks import locked
from coding.actions.require import require
from coding.actions.transitions import REGISTER, of
from coding.models import (
    Patient,
    Payer,
    Provider,
    RegisterRow,
    RegisterState,
    Sex,
    User,
)

AnyRow = TypeVar("AnyRow", bound=RegisterRow)

PERMISSIONS: dict[type[RegisterRow], str] = {
    Patient: "coding.change_patient",
    Provider: "coding.change_provider",
    Payer: "coding.change_payer",
}
COMPLETE = of(REGISTER, "complete")
MERGE = of(REGISTER, "merge")
TAKE_APART = of(REGISTER, "take apart")
CHANGED = (
    "{} was changed meanwhile. Nothing of yours is saved: open it again and take over your changes."
)


@dataclass(frozen=True, slots=True)
class Affiliation:
    """A provider's group and specialty from a day on."""

    valid_from: date
    group: str
    specialty: str


@dataclass(frozen=True, slots=True)
class Terms:
    """A payer's kind and options from a day on."""

    valid_from: date
    kind: str
    options: dict[str, str]


def complete_patient(
    actor: User, patient: Patient, edition: int, birth_date: date | None, sex: str
) -> None:
    """Say what is known of a patient. ``edition`` is the one that the person saw, here and below."""
    with transaction.atomic():
        row = _lock_to_complete(actor, patient, edition)
        changed = []
        if row.birth_date != birth_date:
            changed.append("birth_date")
        if row.sex != sex:
            changed.append("sex")
        row.birth_date, row.sex = birth_date, sex
        _completed(actor, row, {}, {"changed": changed})


def complete_provider(
    actor: User,
    provider: Provider,
    edition: int,
    email: str,
    affiliation: Affiliation | None = None,
) -> None:
    """Say how a provider is reached, and to which group and specialty they belong from a day on."""
    with transaction.atomic():
        row = _lock_to_complete(actor, provider, edition)
        before: dict[str, Any] = {"e-mail": row.email}
        after: dict[str, Any] = {"e-mail": email}
        dated: list[Model] = []
        row.email = email
        if affiliation:
            values = {"group": affiliation.group, "specialty": affiliation.specialty}
            before |= _said_from(affiliation.valid_from, row.affiliations, values)
            after |= {**values, "from": str(affiliation.valid_from)}
            dated = [_say_from(affiliation.valid_from, row.affiliations, values)]
        _completed(actor, row, before, after, dated)


def complete_payer(actor: User, payer: Payer, edition: int, terms: Terms | None = None) -> None:
    """Say of which kind a payer is and which options it has from a day on."""
    with transaction.atomic():
        row = _lock_to_complete(actor, payer, edition)
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        dated: list[Model] = []
        if terms:
            values = {"kind": terms.kind, "options": terms.options}
            before = _said_from(terms.valid_from, row.terms, values)
            after = {**values, "from": str(terms.valid_from)}
            dated = [_say_from(terms.valid_from, row.terms, values)]
        _completed(actor, row, before, after, dated)


def accept(actor: User, rows: Iterable[RegisterRow]) -> None:
    """Say of several rows that nothing is missing: complete as they are, all or none."""
    with transaction.atomic():
        # In the order in which everybody locks them.
        for row in sorted(rows, key=attrgetter("pk")):
            locked_row = _lock_to_complete(actor, row, row.edition)
            _completed(actor, locked_row, {}, {})


def _said_from(day: date, dated: Any, names: Iterable[str]) -> dict[str, Any]:
    """What is said from a day on among the dated rows of a row; nothing where that day begins nothing."""
    return dated.filter(valid_from=day).values(*names).first() or {}


def _say_from(day: date, dated: Any, values: dict[str, Any]) -> Model:
    """Write what holds of a row from a day on, among its dated rows."""
    written: Model
    written, _ = dated.update_or_create(valid_from=day, defaults=values)
    return written


def _lock_to_complete(actor: User, row: AnyRow, edition: int) -> AnyRow:
    require(actor, PERMISSIONS[type(row)], "complete rows of this register")
    [now] = locked(type(row)._default_manager.filter(pk=row.pk))
    if now.state not in COMPLETE.start:
        raise Conflict(
            f"{now} is merged into another row. Complete that one, or take this one apart first."
        )
    if now.edition != edition:
        raise Conflict(CHANGED.format(now))
    return now


def _completed(
    actor: User,
    row: RegisterRow,
    before: dict[str, Any],
    after: dict[str, Any],
    dated: Sequence[Model] = (),
) -> None:
    [state] = COMPLETE.end
    before = {"state": RegisterState(row.state).label, **before}
    after = {"state": state.label, **after}
    _save(row, state, *row.completed_fields)
    trail.record(actor, COMPLETE.event, row, before=before, after=after, rows=[row, *dated])


def _save(row: RegisterRow, state: RegisterState, *fields: str) -> None:
    row.state = state
    row.edition += 1
    row.save(update_fields=["state", "survivor", "edition", *fields])


def merge(actor: User, rows: Sequence[AnyRow], survivor: AnyRow, reason: str) -> None:
    """Let one row count for others, which were the same all along: all of them, or none.

    Raises Conflict for a row that is merged already, or into which others are: one step leads to the survivor.
    """
    require(actor, PERMISSIONS[type(survivor)], "merge rows of this register")
    if any(row.pk == survivor.pk for row in rows):
        raise Conflict("A row is not merged into itself. Choose the others without it.")
    with transaction.atomic():
        keys = [survivor.pk, *(row.pk for row in rows)]
        all_rows = type(survivor)._default_manager.filter(pk__in=keys)
        now = {row.pk: row for row in locked(all_rows)}
        kept = now.pop(survivor.pk)
        _refuse_merged(kept)
        entries = []
        for row in now.values():
            _refuse_merged(row)
            _refuse_survivor(row)
            if isinstance(row, Patient):
                _refuse_another_person(row, kept)
            entries.append(_merged(row, kept, reason))
        trail.record_all(actor, entries)


def _merged(row: RegisterRow, survivor: RegisterRow, reason: str) -> trail.Entry:
    [state] = MERGE.end
    before = {"state": RegisterState(row.state).label}
    row.survivor = survivor
    _save(row, state)
    after = {"state": state.label, "into": str(survivor), "row": survivor.pk}
    return trail.Entry(MERGE.event, row, before=before, after=after, reason=reason, rows=[row])


def _refuse_merged(row: RegisterRow) -> None:
    if row.state not in MERGE.start:
        raise Conflict(
            f"{row} is merged into another row already. Choose that one, or take this one apart first."
        )


def _refuse_survivor(row: RegisterRow) -> None:
    merged = row.merged_rows.aggregate(count=Count("pk"))["count"]  # type: ignore[attr-defined]
    if not merged:
        return
    rows, them = ("row", "it") if merged == 1 else ("rows", "them")
    raise Conflict(
        f"{row} counts for {merged} merged {rows}. Merge the other way round, or take {them} apart first."
    )


def _refuse_another_person(row: Patient, survivor: Any) -> None:
    """Two who were born on different days are not one: whoever knows better corrects one of them first."""
    are_dated = row.birth_date is not None and survivor.birth_date is not None
    are_known = Sex.UNKNOWN not in (row.sex, survivor.sex)
    if are_dated and row.birth_date != survivor.birth_date:
        what = "birth date"
    elif are_known and row.sex != survivor.sex:
        what = "sex"
    else:
        return
    raise Conflict(
        f"{row} and {survivor} differ in {what}. If they are one, correct the wrong {what} first."
    )


def take_apart(actor: User, rows: Sequence[RegisterRow], reason: str) -> None:
    """Undo merges, all or none: each row counts for itself again, and an administrator looks at it anew."""
    if not rows:
        return
    model = type(rows[0])
    require(actor, PERMISSIONS[model], "take rows of this register apart")
    with transaction.atomic():
        now = locked(model._default_manager.filter(pk__in=[row.pk for row in rows]), "survivor")
        trail.record_all(actor, [_taken_apart(row, reason) for row in now])


def _taken_apart(row: RegisterRow, reason: str) -> trail.Entry:
    if row.state not in TAKE_APART.start:
        raise Conflict(
            f"{row} is not merged into another row. Reload the list to see where it stands."
        )
    [state] = TAKE_APART.end
    before = {
        "state": RegisterState(row.state).label,
        "into": str(row.survivor),
        "row": row.survivor_id,
    }
    row.survivor = None
    _save(row, state)
    after = {"state": state.label}
    return trail.Entry(TAKE_APART.event, row, before=before, after=after, reason=reason, rows=[row])


def view(actor: User, patient: Patient) -> None:
    """Note that a person opened a patient's row."""
    with transaction.atomic():
        trail.record(actor, "patient.viewed", patient)


def view_list(actor: User, patients: Sequence[Patient]) -> None:
    """Note which patients' rows a person was shown in a list; the number of a row names no patient outside."""
    with transaction.atomic():
        trail.record(
            actor, "patients.listed", actor, after={"rows": [patient.pk for patient in patients]}
        )

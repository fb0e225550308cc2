"""The verb on ids that stand in a file more than once: a person chooses which item counts, until the import begins."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.locks import locked
from coding.actions.require import require
from coding.importing.compare_with_stored import Stored
from coding.importing.counts import counts_kept
from coding.importing.doubled_rows import of_two_patients
from coding.importing.verdicts import as_data, compare_with_registers, completed, refusal
from coding.intake.drafts import Problem
from coding.intake.records import EncounterRecord, record_from_data
from coding.models import JobState, RowState, Upload, UploadRow, User

OTHER_CHOSEN = "Another item with the same id was chosen, at {place}."
NONE_CHOSEN = "None of the items with this id was chosen. Correct the file, and send this id again."
NOBODY_CHOSE = "The same id stands in the file with other content, and nobody chose before the import. Send it again."
CHANGED_SINCE = "The encounter was changed after the file was checked. Upload the file again."
WHICH_PATIENT = (
    "The items name different patients. Say how you know which one is right, or reject them all."
)


def choose(
    actor: User, upload: Upload, external_id: str, keep: int | None, reason: str = ""
) -> None:
    """Let one item of an id count and reject the others with it; with ``keep`` None reject them all.

    It may be chosen again until the import begins. Raises ValidationError, by field, where the items name different
    patients and no reason is given for one of them.
    """
    require(actor, "coding.add_encounter", "choose between items of an upload")
    reason = reason.strip()
    with transaction.atomic():
        [now] = locked(Upload.objects.filter(pk=upload.pk), "check_job")
        _check_open(now)
        rows = now.rows.filter(doubled=True, external_id=external_id)
        kept = rows.filter(number=keep).first() if keep is not None else None
        if keep is not None and kept is None:
            raise Conflict("This item is not there to be chosen. Reload the page.")
        if kept is not None and not reason and of_two_patients(now, [external_id]):
            raise ValidationError({"reason": WHICH_PATIENT})

        with counts_kept(now, now.rows.filter(external_id=external_id)):
            count = _choose(now, external_id, kept)
        after = {"chosen": kept.place if kept else "none", "rejected": count}
        trail.record(actor, "upload.double_settled", now, after=after, reason=reason)


def _choose(upload: Upload, external_id: str, kept: UploadRow | None) -> int:
    """Let one item count, or none; how many of its id are rejected."""
    rows = upload.rows.filter(doubled=True, external_id=external_id)
    text = OTHER_CHOSEN.format(place=kept.place) if kept else NONE_CHOSEN
    errors = [as_data(Problem("external_id", text, external_id))]
    rejected = rows.exclude(number=kept.number) if kept else rows
    count = rejected.update(state=RowState.REJECTED, errors=errors)

    repeats = _repeats(upload, external_id)
    # They say what the first item says.
    if kept is not None and not rows.filter(number__lt=kept.number).exists():
        repeats.update(state=RowState.UNCHANGED, errors=[])
    else:
        count += repeats.update(state=RowState.REJECTED, errors=errors)
    if kept is not None:
        _let_count(upload, kept)
    return count


def reject_unchosen(upload: Upload) -> None:
    """The import begins: what nobody chose from is rejected, and what is rejected keeps nothing of patients."""
    errors = [as_data(Problem("external_id", NOBODY_CHOSE))]
    doubled = upload.rows.filter(doubled=True)
    chosen = doubled.exclude(state__in=(RowState.DOUBLED, RowState.REJECTED)).values("external_id")
    repeats = upload.rows.filter(doubled=False, state=RowState.UNCHANGED)
    repeats = repeats.filter(external_id__in=doubled.values("external_id")).exclude(
        external_id__in=chosen
    )
    repeats.update(state=RowState.REJECTED, errors=errors)
    doubled.filter(state=RowState.DOUBLED).update(state=RowState.REJECTED, errors=errors)
    doubled.filter(state=RowState.REJECTED).update(record=None)


def _repeats(upload: Upload, external_id: str) -> QuerySet[UploadRow]:
    """The items that say what the first one of their id says: they are chosen and rejected with it."""
    # An item that was rejected for a fault of its own has no content.
    return upload.rows.filter(doubled=False, external_id=external_id).exclude(content_hash="")


def _check_open(upload: Upload) -> None:
    if upload.import_job_id:
        raise Conflict("The import of this upload was started: what was chosen then counts.")
    if upload.check_job is None or upload.check_job.state != JobState.DONE:
        raise Conflict("The file is not checked to its end. Choose when that is done.")


def _let_count(upload: Upload, row: UploadRow) -> None:
    """The item does what it would do if its id stood there once, and the file were checked now."""
    stored = Stored(upload, {row.external_id})
    if row.record is None:
        _check_changes_nothing(row, stored)
        row.state, row.based_on, row.changes = RowState.UNCHANGED, "", []
    else:
        _judge_anew(upload, row, record_from_data(row.record), stored)
    row.errors = []
    row.save()


def _check_changes_nothing(row: UploadRow, stored: Stored) -> None:
    """An item that changed nothing kept no record: once the encounter says something else, it is not known any more."""
    if row.content_hash not in stored.contents(row.external_id):
        raise Conflict(CHANGED_SINCE)


def _judge_anew(upload: Upload, row: UploadRow, record: EncounterRecord, stored: Stored) -> None:
    refused = refusal(record, stored)
    if refused:
        raise Conflict(refused.text)

    record = completed(record, stored)
    row.record = record.to_data()
    row.content_hash = record.content_hash
    standing = stored.standing_of(record, row.content_hash)
    row.state = standing.state
    row.based_on = standing.based_on
    row.changes = list(standing.changes)
    if row.state != RowState.UNCHANGED:
        compare_with_registers(upload, [(row, record)], stored)

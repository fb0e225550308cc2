"""What each item of a file would do if it were imported, and what is wrong with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils import timezone

from coding.importing.compare_with_stored import Stored, of_another_patient
from coding.intake.check import check
from coding.intake.drafts import Draft, EncounterTexts, Item, Problem, Skipped
from coding.intake.records import EncounterRecord, changed_fields
from coding.intake.values import fit
from coding.models import RowState, Upload
from coding.reference.code_sets import LoadedDiagnoses

# Longer ids are rejected; only their beginning is kept for the search for doubles.
LONGEST_ID = LONGEST_PLACE = 200

Checked = EncounterRecord | tuple[Problem, ...]


@dataclass(slots=True)
class Verdict:
    """The values of an ``UploadRow``. There are many of them, and making a model of each would take as long again."""

    upload_id: int
    number: int
    place: str
    external_id: str = ""
    state: RowState = RowState.REJECTED
    record: dict[str, Any] | None = None
    content_hash: str = ""
    based_on: str = ""
    changes: list[str] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)

    def reject(self, problems: Iterable[Problem]) -> None:
        """Say what is wrong."""
        self.state = RowState.REJECTED
        self.errors = [as_data(problem) for problem in problems]


def verdicts(upload: Upload, items: Sequence[Item]) -> list[Verdict]:
    """The verdicts on some items, compared with what is stored and with what stands before them in the file."""
    stored = Stored.of(upload, [item.texts for item in items if isinstance(item, Draft)])
    completed = [stored.completed(item) if isinstance(item, Draft) else item for item in items]
    codes = {code for item in completed if isinstance(item, Draft) for code in item.texts.diagnoses}
    diagnoses, today = LoadedDiagnoses(codes), timezone.localdate()
    judged = []
    for item in completed:
        verdict = _verdict(upload, item)
        if isinstance(item, Skipped):
            verdict.state, verdict.errors = RowState.SKIPPED, [as_data(Problem("", item.reason))]
        else:
            _judge(verdict, item, stored, diagnoses, today)
        judged.append(verdict)
    return judged


def refused(upload: Upload, items: Iterable[Item], reason: str) -> list[Verdict]:
    """Items that are not looked at."""
    rejected = [_verdict(upload, item) for item in items]
    for verdict in rejected:
        verdict.reject([Problem("", reason)])
    return rejected


def _verdict(upload: Upload, item: Item) -> Verdict:
    external_id = item.texts.external_id.strip() if isinstance(item, Draft) else ""
    return Verdict(upload.pk, item.number, fit(item.place[:LONGEST_PLACE]), fit(external_id[:LONGEST_ID]))


def _judge(verdict: Verdict, draft: Draft, stored: Stored, diagnoses: LoadedDiagnoses, today: date) -> None:
    record = check(draft.texts, diagnoses, today)
    if draft.problems or not isinstance(record, EncounterRecord):
        verdict.reject([*draft.problems, *_others(draft, record)])
        return
    before = stored.records.get(record.external_id)
    if before is not None and before.patient_reference != record.patient_reference:
        verdict.reject([of_another_patient(before, record.patient_reference)])
        return
    if before is not None and not record.note:
        record = replace(record, note=before.note)
    verdict.content_hash = record.content_hash
    earlier = stored.earlier_in_file(record.external_id)
    if earlier and earlier.content_hash != verdict.content_hash:
        text = f"The same id stands at {earlier.place} with other content. Keep one of them."
        verdict.reject([Problem("external_id", text, record.external_id)])
        return
    if earlier is None:
        stored.take_down(record.external_id, verdict.place, verdict.content_hash)
    if earlier or verdict.content_hash in stored.contents(record.external_id):
        verdict.state = RowState.UNCHANGED
    else:
        verdict.state, verdict.record = RowState.NEW, record.to_data()
        if before is not None:
            verdict.state, verdict.based_on = RowState.CHANGED, stored.hashes[record.external_id]
            verdict.changes = changed_fields(before, record)


def _others(draft: Draft, checked: Checked) -> list[Problem]:
    """What the check found in the fields that a reader said nothing of; nothing where it could read no field."""
    texts = draft.texts
    if isinstance(checked, EncounterRecord) or texts == EncounterTexts(external_id=texts.external_id):
        return []
    fields = {problem.field for problem in draft.problems}
    return [problem for problem in checked if problem.field not in fields]


def as_data(problem: Problem) -> dict[str, str]:
    """A problem as a row of an upload keeps it."""
    texts = {"field": problem.field, "place": problem.place, "value": problem.value, "problem": problem.text}
    return {name: fit(text) for name, text in texts.items()}

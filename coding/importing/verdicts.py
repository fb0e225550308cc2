"""What each item of a file would do if it were imported, and what is wrong with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone

from coding.importing.compare_with_stored import (
    Contest,
    Earlier,
    Stored,
    of_another,
    under_one_name,
)
from coding.intake.check import Stands, check, faults_of, same_id
from coding.intake.drafts import Draft, Item, Problem, Skipped
from coding.intake.note_documents import keeping_unsigned, note_of
from coding.intake.records import EncounterRecord, keeping_documents
from coding.intake.values import fit
from coding.intake.whose import is_of_another_patient
from coding.models import RowState, Upload, UploadRow
from coding.reference.code_sets import LoadedDiagnoses
from coding.registers.patients import KnownPatients

# Longer ids are rejected; only their beginning is kept for the search for doubles.
LONGEST_ID = LONGEST_PLACE = 200
MOST_REMARKS = 50


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
    remarks: list[dict[str, str]] = field(default_factory=list)
    has_remarks: bool = False
    doubled: bool = False

    def contest(self, contest: Contest) -> None:
        """Say that another item has its id; what was read of it stays, to be chosen from."""
        if self.state is RowState.REJECTED:
            return
        self.state = contest.state
        self.doubled = True
        self.errors = [as_data(contest.problem)]

    def reject(self, problems: Iterable[Problem]) -> None:
        """Say what is wrong."""
        self.state = RowState.REJECTED
        self.record = None
        self.errors = [as_data(problem) for problem in problems]


class Judged(NamedTuple):
    """Verdicts on some items, and by number the items before them with whose id one of them came again."""

    verdicts: list[Verdict]
    contested: dict[int, Contest]


def verdicts(upload: Upload, items: Sequence[Item]) -> Judged:
    """The verdicts on some items, compared with what is stored and with what stands before them in the file."""
    stored = Stored.of(upload, [item.texts for item in items if isinstance(item, Draft)])
    whole = [_completed_item(item, stored) for item in items]
    codes: set[str] = set()
    for item in whole:
        if isinstance(item, Draft):
            codes.update(item.texts.diagnoses)

    # Looked up once for all items.
    diagnoses, today = LoadedDiagnoses(codes), timezone.localdate()
    judged: list[Verdict] = []
    importable: list[tuple[Verdict, EncounterRecord]] = []
    for item in whole:
        verdict = _verdict(upload, item)
        judged.append(verdict)
        if isinstance(item, Skipped):
            verdict.state = RowState.SKIPPED
            verdict.errors = [as_data(Problem("", item.reason))]
            continue
        record = _judge(verdict, item, stored, diagnoses, today)
        if record is not None:
            importable.append((verdict, record))

    compare_with_registers(upload, importable, stored)
    here = {verdict.number: verdict for verdict in judged}
    for number in here.keys() & stored.contested.keys():
        here[number].contest(stored.contested.pop(number))
    return Judged(judged, stored.contested)


def _completed_item(item: Item, stored: Stored) -> Item:
    """An item whose authorities have one name each, with what is stored of an encounter that it tells in part."""
    if isinstance(item, Skipped):
        return item
    return stored.completed(replace(item, texts=under_one_name(item.texts, stored.aliases)))


def refused(upload: Upload, items: Iterable[Item], reason: str) -> list[Verdict]:
    """Items that are not looked at."""
    rejected = [_verdict(upload, item) for item in items]
    for verdict in rejected:
        verdict.reject([Problem("", reason)])
    return rejected


def _verdict(upload: Upload, item: Item) -> Verdict:
    external_id = item.texts.external_id.strip() if isinstance(item, Draft) else ""
    verdict = Verdict(
        upload_id=upload.pk,
        number=item.number,
        place=fit(item.place[:LONGEST_PLACE]),
        external_id=fit(external_id[:LONGEST_ID]),
    )
    for remark in item.remarks[:MOST_REMARKS]:
        verdict.remarks.append({"place": fit(remark.place), "text": fit(remark.text)})
    more = len(item.remarks) - MOST_REMARKS
    if more > 0:
        verdict.remarks.append({"place": "", "text": f"And {more} more."})
    verdict.has_remarks = bool(item.remarks)
    return verdict


def _judge(
    verdict: Verdict, draft: Draft, stored: Stored, diagnoses: LoadedDiagnoses, today: date
) -> EncounterRecord | None:
    """Fill in the verdict on an item; the record, if it is to be imported."""
    record = check(draft.texts, diagnoses, today)
    if draft.problems or not isinstance(record, EncounterRecord):
        verdict.reject(faults_of(draft, record))
        return None
    problem = refusal(record, stored)
    if problem is not None:
        verdict.reject([problem])
        return None

    here = Stands.of(verdict.place, record)
    record = completed(record, stored)
    verdict.content_hash = record.content_hash
    verdict.state, verdict.based_on, changes = stored.standing_of(record, verdict.content_hash)
    verdict.changes = list(changes)
    earlier = stored.earlier_in_file(record.external_id)
    if earlier is None:
        stored.take_down(record.external_id, Earlier(verdict.number, verdict.content_hash, here))
    elif earlier.content_hash == verdict.content_hash and earlier.stands.may_be(here):
        # The same once more: whichever of the two is imported, the other changes nothing.
        verdict.state, verdict.based_on, verdict.changes = RowState.UNCHANGED, "", []
    else:
        _contest(verdict, here, earlier, stored)

    if verdict.state is RowState.UNCHANGED:
        return None
    verdict.record = record.to_data()
    if verdict.doubled:
        return None
    return record


def refusal(record: EncounterRecord, stored: Stored) -> Problem | None:
    """Why an item may not touch the encounter that is stored under its id, if it may not."""
    before = stored.records.get(record.external_id)
    if before is not None:
        other = of_another(before, record)
        if other is not None:
            return other
    return stored.refusal_if_void(record.external_id)


def completed(record: EncounterRecord, stored: Stored) -> EncounterRecord:
    """A later state of an encounter: it keeps its note where none is sent, and its patient, however told now.

    A reference that its file shares among several is not taken for one patient's own.
    """
    before = stored.records.get(record.external_id)
    if before is None:
        return record
    if not (before.shared_reference or record.shared_reference):
        record = replace(
            record,
            patient_authority=before.patient_authority,
            shared_reference=False,
            insured_number=before.insured_number or record.insured_number,
            name_sum=record.name_sum or before.name_sum,
        )
    if not record.note:
        return replace(record, note=before.note, documents=before.documents)
    documents = keeping_unsigned(record.documents, before.documents)
    if documents != record.documents:
        record = replace(record, note=note_of(documents), documents=documents)
    return keeping_documents(record, before)


def _contest(verdict: Verdict, here: Stands, earlier: Earlier, stored: Stored) -> None:
    """Both items of one id are left to a person; those of two patients are rejected unless a person says otherwise."""
    is_of_one = not is_of_another_patient(earlier.stands.whose, here.whose)
    state = RowState.DOUBLED if is_of_one else RowState.REJECTED
    verdict.contest(Contest(state, same_id(earlier.stands, here, verdict.external_id)))
    contest = Contest(state, same_id(here, earlier.stands, verdict.external_id))
    if earlier.number not in stored.contested or not is_of_one:
        stored.contested[earlier.number] = contest


def compare_with_registers(
    upload: Upload,
    importable: Sequence[tuple[Verdict | UploadRow, EncounterRecord]],
    stored: Stored,
) -> None:
    """Remark what the items say otherwise of a patient than the register, or than the items before them."""
    known = KnownPatients([record for _, record in importable], upload.source, stored.encounters)
    for verdict, record in importable:
        words = known.remarks(record)
        if words:
            add_remarks(verdict, words)


def add_remarks(row: Verdict | UploadRow, texts: Iterable[str]) -> None:
    """Remark on an item what is not remarked on it already."""
    earlier = {remark["text"] for remark in row.remarks}
    row.remarks += [{"place": "", "text": text} for text in texts if text not in earlier]
    row.has_remarks = True


def as_data(problem: Problem) -> dict[str, str]:
    """A problem as a row of an upload keeps it."""
    return {
        "field": fit(problem.field),
        "place": fit(problem.place),
        "value": fit(problem.value),
        "problem": fit(problem.text),
    }

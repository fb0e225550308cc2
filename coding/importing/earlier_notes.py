"""Which earlier states of an encounter still hold in it: those to which nothing but notes and signatures were added."""

from collections.abc import Iterator, Sequence

from coding.models import Encounter, EncounterRevision

ADDING = {"note", "documents"}


def continued(encounter: Encounter) -> Iterator[EncounterRevision]:
    """The revisions, the latest first, of which the note still stands, up to the first that said something else."""
    note, documents = encounter.note, encounter.documents
    for revision in encounter.revisions.all():
        before = revision.record["note"]
        # Revisions of the time before documents were kept have none.
        documents_before = revision.record.get("documents", [])
        if not set(revision.changes) <= ADDING:
            return
        if not _begins(note, before) and not _same_texts(documents, documents_before):
            return
        yield revision
        note, documents = before, documents_before


def note_parts(encounter: Encounter) -> Iterator[str]:
    """The notes that were put behind one another, the last first."""
    note = encounter.note
    for revision in continued(encounter):
        before = revision.record["note"]
        if not _begins(note, before):
            return
        yield note[len(before) :]
        note = before
    yield note


def _begins(note: str, before: str) -> bool:
    if not before:
        return True
    return note.startswith(f"{before}\n\n")


def _same_texts(documents: Sequence[dict[str, str]], before: Sequence[dict[str, str]]) -> bool:
    """Whether the earlier documents are the first of those that stand now, signed or not."""
    digests = [document["digest"] for document in documents[: len(before)]]
    return bool(before) and digests == [document["digest"] for document in before]

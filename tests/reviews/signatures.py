"""A note that is signed, the same as it was dictated, and how the tests tell them."""

from coding.intake.note_documents import NoteDocument, note_of

TEXT = "Left hip dislocated; Pavlik harness fitted."
SIGNED = NoteDocument.written("Progress note", TEXT, "2026-03-01", "Ann Doe")
DICTATED = NoteDocument.written("Progress note", TEXT, "2026-03-01", "Ann Doe", "dictated")
WORDS = "Only an unsigned note of 2026-03-01 by Ann Doe: wait for the signed document."


def told(*documents):
    """The note and the documents of an encounter, as a file tells them."""
    return {"note": note_of(documents), "documents": documents}

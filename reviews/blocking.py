"""What keeps an encounter from being final though all its services are settled: listed here alone."""

from coding.intake.note_documents import NoteDocument, documents_from_data, only_unsigned
from coding.models import Encounter

MOST_NAMED = 3


def what_blocks(encounter: Encounter) -> tuple[str, ...]:
    """Each thing that blocks an encounter, in words that say what to wait for; empty where nothing does.

    It reads the encounter's own row only.
    """
    return _unsigned(encounter)


def _unsigned(encounter: Encounter) -> tuple[str, ...]:
    documents = documents_from_data(encounter.documents)
    if not only_unsigned(documents):
        return ()
    named = [_in_words(document) for document in documents[:MOST_NAMED]]
    if len(documents) == 1:
        return (f"Only an unsigned note{named[0]}: wait for the signed document.",)

    words = ",".join(named)
    unnamed = len(documents) - len(named)
    if unnamed:
        words += f" and {unnamed} more"
    return (f"Only unsigned notes:{words}. Wait for a signed document.",)


def _in_words(document: NoteDocument) -> str:
    """Of which day and by whom a note is, as far as its source tells."""
    day = f" of {document.day}" if document.day else ""
    author = f" by {document.author}" if document.author else ""
    return f"{day}{author}"

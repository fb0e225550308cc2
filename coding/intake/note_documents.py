"""The documents of which a note consists: which of them are signed, and the texts that they superseded. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from coding.intake.values import UNFIT_IN_NOTE, fit

LONGEST_WORDS = 120
LONGEST_KEPT = 100_000
# What a note is called whose source told nothing of its documents.
UNNAMED = "Note"


@dataclass(frozen=True, slots=True)
class NoteDocument:
    """A document of a note that is in force.

    ``day`` is ISO or empty. ``unsigned`` says how far an unsigned one is (dictated); it is empty of a signed one.
    ``number`` is that of its source, by which a message without its text signs it. ``digest`` tells its text, apart
    from blanks around it; the ``text`` itself is known while a file is read.
    """

    kind: str
    day: str = ""
    author: str = ""
    unsigned: str = ""
    digest: str = ""
    text: str = field(default="", compare=False)
    number: str = field(default="", compare=False)

    @classmethod
    def written(
        cls,
        kind: str,
        text: str,
        day: str = "",
        author: str = "",
        unsigned: str = "",
        number: str = "",
    ) -> Self:
        """The document of a text."""
        return cls(kind, day, author, unsigned, digest_of(text), text, number)

    def with_text(self, text: str) -> Self:
        """The document with its text."""
        return replace(self, text=text, digest=digest_of(text))

    @property
    def heading(self) -> str:
        """What it is and of which day."""
        return f"{self.kind}, {self.day}" if self.day else self.kind

    @property
    def shown(self) -> str:
        """The heading; of one that is not signed it says so."""
        return f"{self.heading} (not signed: {self.unsigned})" if self.unsigned else self.heading

    def to_data(self) -> dict[str, str]:
        """As JSON data, without its text."""
        names = ("kind", "day", "author", "unsigned")
        data = {name: fit(getattr(self, name)[:LONGEST_WORDS]) for name in names} | {
            "digest": self.digest
        }
        return data | ({"number": fit(self.number[:LONGEST_WORDS])} if self.number else {})


@dataclass(frozen=True, slots=True)
class SupersededText:
    """A document that another one took the place of, and which one: kept to be read, never a part of the note."""

    kind: str
    day: str
    text: str
    superseded_by: str = ""
    superseded_on: str = ""

    @classmethod
    def of(cls, document: NoteDocument, by: NoteDocument | None) -> Self:
        """A document, superseded by another one; without one its source only said so."""
        return cls(
            document.kind, document.day, document.text, by.kind if by else "", by.day if by else ""
        )

    def to_data(self) -> dict[str, str]:
        """As JSON data: words and texts as a database can hold them."""
        names = ("kind", "day", "superseded_by", "superseded_on")
        words = {name: fit(getattr(self, name)[:LONGEST_WORDS]) for name in names}
        return words | {
            "text": UNFIT_IN_NOTE.sub("\N{REPLACEMENT CHARACTER}", self.text[:LONGEST_KEPT])
        }


def digest_of(text: str) -> str:
    """Equal for texts that differ in nothing but blanks around them."""
    return hashlib.sha256(text.strip().encode("utf-8", "replace")).hexdigest()[:32]


def documents_from_data(data: Iterable[Mapping[str, str]]) -> tuple[NoteDocument, ...]:
    """The documents that ``to_data`` told."""
    return tuple(NoteDocument(**document) for document in data)


def superseded_from_data(data: Iterable[Mapping[str, Any]]) -> tuple[SupersededText, ...]:
    """The texts that ``to_data`` told."""
    return tuple(SupersededText(**text) for text in data)


def only_unsigned(documents: Sequence[NoteDocument]) -> bool:
    """Whether there are documents, and nobody has signed any of them."""
    return bool(documents) and all(document.unsigned for document in documents)


def note_of(documents: Iterable[NoteDocument]) -> str:
    """The documents as one text; of several, each stands below its heading, and one that is not signed always does."""
    with_text = [document for document in documents if document.text.strip()]
    if len(with_text) == 1 and not with_text[0].unsigned:
        return with_text[0].text
    return "\n\n".join(f"{document.shown}\n{document.text}" for document in with_text)


def with_documents(
    note: str,
    documents: Sequence[NoteDocument],
    arriving: Sequence[NoteDocument],
    known: Iterable[str] = (),
) -> tuple[str, tuple[NoteDocument, ...]]:
    """A note and its documents once others have come by themselves.

    One that says the same as a document of the note signs it, or changes nothing; so does one with a ``known`` digest,
    and one without a text that has its number. A late copy from before the signature does not take the signature away.
    All others stand behind.
    """
    kept = list(documents)
    if note.strip() and not kept:
        kept = [NoteDocument.written(UNNAMED, note)]
    fresh: list[NoteDocument] = []
    for document in arriving:
        same = next((place for place, own in enumerate(kept) if _is_same(own, document)), None)
        if same is None:
            if document.digest not in known and document.text.strip():
                fresh.append(document)
        elif kept[same].unsigned and not document.unsigned:
            note = _signed(note, kept, same)
            kept[same] = replace(document, digest=kept[same].digest)
    behind = note_of(fresh)
    whole = f"{note}\n\n{behind}" if note.strip() and behind else note or behind
    return whole, (*kept, *fresh)


def _is_same(own: NoteDocument, arriving: NoteDocument) -> bool:
    """Whether a document that arrives is one of the note: by its text, or without one by its number."""
    if arriving.text.strip():
        return own.digest == arriving.digest
    return bool(arriving.number) and own.number == arriving.number


def _signed(note: str, documents: Sequence[NoteDocument], signed: int) -> str:
    """The note without the words that one of its documents is not signed."""
    document = documents[signed]
    heading = f"{document.shown}\n"
    parts = note.split(heading)
    if len(documents) == 1 and len(parts) == 2 and not parts[0]:
        return parts[1]
    # Documents of one kind, day and state have the same heading: they stand in the note in their order.
    before = sum(1 for other in documents[:signed] if other.shown == document.shown)
    if before + 1 >= len(parts):
        return note
    return (
        heading.join(parts[: before + 1])
        + f"{document.heading}\n"
        + heading.join(parts[before + 1 :])
    )

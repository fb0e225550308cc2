"""The documents of which a note consists: which of them are signed, and the texts that they superseded. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from coding.intake.values import UNFIT_IN_NOTE, fit

# As long as the columns of a superseded text are.
LONGEST_WORDS = 120
LONGEST_KEPT = 100_000
# What a note is called whose source told nothing of its documents.
UNNAMED = "Note"
NOT_STATED = "signing not stated"


@dataclass(frozen=True, slots=True)
class NoteDocument:
    """A document of a note that is in force.

    ``day`` is ISO or empty. ``unsigned`` says how far an unsigned one is (dictated); it is empty of a signed one, and
    of one whose source does not state whether it is signed (``not_stated``).
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
    not_stated: bool = field(default=False, compare=False)

    @classmethod
    def written(
        cls,
        kind: str,
        text: str,
        day: str = "",
        author: str = "",
        unsigned: str = "",
        number: str = "",
        *,
        not_stated: bool = False,
    ) -> Self:
        """The document of a text."""
        return cls(kind, day, author, unsigned, digest_of(text), text, number, not_stated)

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

    @property
    def state(self) -> str:
        """How far from signed it is, or that nobody says; empty of a signed one."""
        return self.unsigned or (NOT_STATED if self.not_stated else "")

    def says_more_than(self, other: Self) -> bool:
        """Whether it states of one text that it is signed, or that it is not where the other one is silent."""
        return self._statement > other._statement

    @property
    def _statement(self) -> tuple[bool, bool]:
        """In the order of what counts more: that it is signed, that it is not, silence."""
        is_signed = not self.state
        return is_signed, bool(self.unsigned)

    def to_data(self) -> dict[str, Any]:
        """As JSON data, without its text."""
        data: dict[str, Any] = {
            "kind": _briefly(self.kind),
            "day": _briefly(self.day),
            "author": _briefly(self.author),
            "unsigned": _briefly(self.unsigned),
            "digest": self.digest,
        }
        if self.number:
            data["number"] = _briefly(self.number)
        if self.not_stated:
            data["not_stated"] = True
        return data


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
        text = cls(document.kind, document.day, document.text)
        return replace(text, superseded_by=by.kind, superseded_on=by.day) if by else text

    def to_data(self) -> dict[str, str]:
        """As JSON data: words and texts as a database can hold them."""
        return {
            "kind": _briefly(self.kind),
            "day": _briefly(self.day),
            "superseded_by": _briefly(self.superseded_by),
            "superseded_on": _briefly(self.superseded_on),
            "text": UNFIT_IN_NOTE.sub("\N{REPLACEMENT CHARACTER}", self.text[:LONGEST_KEPT]),
        }


def _briefly(words: str) -> str:
    """Words of a document as they are kept."""
    return fit(words[:LONGEST_WORDS])


def digest_of(text: str) -> str:
    """Equal for texts that differ in nothing but blanks around them."""
    return hashlib.sha256(text.strip().encode("utf-8", "replace")).hexdigest()[:32]


def documents_from_data(data: Iterable[Mapping[str, Any]]) -> tuple[NoteDocument, ...]:
    """The documents that ``to_data`` told."""
    return tuple(NoteDocument(**document) for document in data)


def superseded_from_data(data: Iterable[Mapping[str, Any]]) -> tuple[SupersededText, ...]:
    """The texts that ``to_data`` told."""
    return tuple(SupersededText(**text) for text in data)


def only_unsigned(documents: Sequence[NoteDocument]) -> bool:
    """Whether there are documents, and nobody has signed any of them."""
    return bool(documents) and all(document.unsigned for document in documents)


def keeping_unsigned(
    documents: Sequence[NoteDocument], before: Iterable[NoteDocument]
) -> tuple[NoteDocument, ...]:
    """Documents that come again: one that was not signed stays so until its source states that it is."""
    unsigned = {document.digest: document.unsigned for document in before if document.unsigned}
    kept = []
    for document in documents:
        if document.not_stated and document.digest in unsigned:
            document = replace(document, unsigned=unsigned[document.digest], not_stated=False)
        kept.append(document)
    return tuple(kept)


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
        same = [place for place, own in enumerate(kept) if _is_same(own, document)]
        if not same:
            if document.digest not in known and document.text.strip():
                fresh.append(document)
            continue
        place = same[0]
        if kept[place].state and not document.state:
            note = _signed(note, kept, place)
            kept[place] = replace(document, digest=kept[place].digest)
    if behind := note_of(fresh):
        note = f"{note}\n\n{behind}" if note.strip() else behind
    return note, (*kept, *fresh)


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
    until, behind = parts[: before + 1], parts[before + 1 :]
    return f"{heading.join(until)}{document.heading}\n{heading.join(behind)}"

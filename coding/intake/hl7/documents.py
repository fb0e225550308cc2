"""Documents of an HL7 v2 visit: the notes that MDM messages bring, edit, replace and cancel."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from coding.intake.attachments import as_text, text_of
from coding.intake.drafts import Problem, Remark
from coding.intake.hl7.segments import Message, Segment
from coding.intake.texts import Unreadable, iso_day, joined, left_out, name_of, problem

NEW, EDIT, REPLACEMENT, CANCEL = ("T02", "T04", "T06"), ("T08",), ("T10",), ("T11",)
TEXTS = ("T01", "T03", "T05", "T07", "T09")
CANCELLED_COMPLETION, CANCELLED_AVAILABILITY = ("CA",), ("CA", "OB")
WITHDRAWN = ("D", "W")
MEDIA = {"": "plain", "TEXT": "plain"}
TEXT_KINDS = ("", "TX", "FT", "ST")
CODED_KINDS = ("CE", "CWE", "CNE", "CF", "IS", "ID")
VALUE_KINDS = ("NM", "SN", "DT", "TM", "TS", "DTM", "CX", "XPN", "XCN", "SI")
# TXA-17 (table 0271): the author has not signed yet.
UNSIGNED = {
    "DI": "dictated",
    "DO": "not authenticated",
    "IP": "in progress",
    "IN": "incomplete",
    "PA": "not authenticated",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A note with its heading, day and text; ``unsigned`` says how far it is, or is empty."""

    heading: str
    day: str
    text: str
    unsigned: str = ""


@dataclass(slots=True)
class Documents:
    """The documents of a visit, message by message. A cancelled one stays away, whichever message came first."""

    documents: dict[str, Document] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def take(self, message: Message, trigger: str, place: str) -> None:
        """Add, replace or cancel the document of one MDM message."""
        header = next(iter(message.all("TXA")), None)
        number = header.component(12) if header else ""
        number = number or place
        if trigger in CANCEL or (header and _is_cancelled(header)):
            self.cancelled.add(number)
            self.remarks.append(left_out(f"{_heading(header)}: it was cancelled", place))
            return
        if header and trigger in REPLACEMENT and header.component(13):
            self.cancelled.add(header.component(13))
        problems = len(self.problems)
        text = self._text(message, place)
        if not text.strip() and len(self.problems) == problems:
            self.problems.append(
                problem("note", "The message holds no text. Send it with its text in OBX-5.", "", place)
            )
        day = iso_day(header.component(4)) if header else ""
        unsigned = UNSIGNED.get(header.component(17).upper(), "") if header else ""
        self.documents[number] = Document(_heading(header), day, text, unsigned)

    def _text(self, message: Message, place: str) -> str:
        """The observations and comments of a message as one text; what comes as RTF or HTML as what it shows."""
        lines: list[str] = []
        for segment in message.segments:
            where = f"{place}, {segment.place}"
            if segment.id == "NTE" and (comment := segment.text(3)):
                lines.append(comment)
            elif segment.id == "OBX":
                lines += self._observed(segment, where)
        try:
            return as_text("\n".join(lines))
        except Unreadable as error:
            self.problems.append(problem("note", str(error), "", place))
            return ""

    def _observed(self, segment: Segment, place: str) -> Iterator[str]:
        kind = segment.component(2).upper()
        name = segment.component(3, 2) or segment.component(3)
        if segment.component(11).upper() in WITHDRAWN:
            self.remarks.append(left_out(f"{name or 'an observation'}: its source withdrew it", place))
        elif kind in TEXT_KINDS:
            yield segment.text(5)
        elif kind in CODED_KINDS:
            yield _named(name, [words for parts in segment.repetitions(5) if (words := _words(parts))])
        elif kind in VALUE_KINDS:
            values = [name_of(*parts) for parts in segment.repetitions(5)]
            yield name_of(_named(name, values), segment.component(6))
        elif kind == "ED":
            yield from self._attached(segment, place)
        elif kind == "RP":
            text = "The note is stored elsewhere. Export it with its text in OBX-5."
            self.problems.append(problem("note", text, segment.component(5), place))
        else:
            self.remarks.append(left_out(f"{name or 'an observation'}, of the kind {kind[:10]}", place))

    def _attached(self, segment: Segment, place: str) -> Iterator[str]:
        _, kind, subtype, encoding, data, *_ = (*next(iter(segment.repetitions(5)), [""]), "", "", "", "", "")
        if kind.upper() in ("", "TEXT"):
            name = f"text/{MEDIA.get(subtype.upper(), subtype.lower())}"
        else:
            name = f"{kind}/{subtype}".lower().strip("/")
        try:
            yield text_of(data, name, is_base64=True if encoding.upper() == "BASE64" else None)
        except Unreadable as error:
            self.problems.append(problem("note", str(error), name, place))

    @property
    def kept(self) -> list[Document]:
        """The documents that hold, in order; of those with the same text, the first."""
        texts: set[str] = set()
        kept = []
        for number, document in self.documents.items():
            text = document.text.strip()
            if number not in self.cancelled and (not text or text not in texts):
                texts.add(text)
                kept.append(document)
        return kept

    @property
    def replaced(self) -> list[Remark]:
        """The documents that were taken out again by a later message."""
        out = [document for number, document in self.documents.items() if number in self.cancelled]
        return [left_out(f"{document.heading}: a later message cancels or replaces it") for document in out]

    @property
    def unsigned(self) -> list[Document]:
        """The documents whose author has not signed."""
        return [document for document in self.kept if document.unsigned]

    @property
    def note(self) -> str:
        """All documents as one text. One that is not signed says so, also where it stands alone."""
        texts = [(_shown(document), document.text) for document in self.kept if document.text.strip()]
        if len(texts) == 1 and self.unsigned:
            return "\n".join(texts[0])
        return joined(texts)


def _named(name: str, values: list[str]) -> str:
    return f"{name}: {', '.join(values)}" if name else ", ".join(values)


def _words(parts: list[str]) -> str:
    """What a person reads of a coded value: its words, or else its code."""
    code, words, _, other, other_words, *_ = (*parts, "", "", "", "", "")
    return words or other_words or code or other


def _is_cancelled(header: Segment) -> bool:
    completion, availability = header.component(17).upper(), header.component(19).upper()
    return completion in CANCELLED_COMPLETION or availability in CANCELLED_AVAILABILITY


def _shown(document: Document) -> str:
    return f"{document.heading} (not signed: {document.unsigned})" if document.unsigned else document.heading


def _heading(header: Segment | None) -> str:
    if header is None:
        return "Document"
    name = header.component(2, 2) or header.component(2) or "Document"
    day = iso_day(header.component(4))
    return f"{name}, {day}" if day else name

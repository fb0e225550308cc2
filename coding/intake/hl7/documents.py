"""Documents of an HL7 v2 visit: the notes that MDM messages bring, edit, replace and cancel."""

from dataclasses import dataclass, field

from coding.intake.attachments import Unreadable, text_of
from coding.intake.drafts import Problem
from coding.intake.hl7.segments import Message, Segment, plain
from coding.intake.texts import iso_day, joined, problem

NEW, EDIT, REPLACEMENT, CANCEL = ("T02", "T04", "T06"), ("T08",), ("T10",), ("T11",)
TEXTS = ("T01", "T03", "T05", "T07", "T09")
CANCELLED_COMPLETION, CANCELLED_AVAILABILITY = ("CA",), ("CA", "OB")
WITHDRAWN = ("D", "W")
MEDIA = {"": "plain", "TEXT": "plain"}


@dataclass(frozen=True, slots=True)
class Document:
    """A note with its heading and day."""

    heading: str
    day: str
    text: str


@dataclass(slots=True)
class Documents:
    """The documents of a visit, message by message. A cancelled one stays away, whichever message came first."""

    documents: dict[str, Document] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def take(self, message: Message, trigger: str, place: str) -> None:
        """Add, replace or cancel the document of one MDM message."""
        header = next(iter(message.all("TXA")), None)
        number = header.component(12) if header else ""
        number = number or place
        if trigger in CANCEL or (header and _is_cancelled(header)):
            self.cancelled.add(number)
            return
        if header and trigger in REPLACEMENT and header.component(13):
            self.cancelled.add(header.component(13))
        text = "\n".join(self._lines(message, place))
        if not text.strip():
            self.problems.append(
                problem("note", "The message holds no text. Send it with its text in OBX-5.", "", place)
            )
        self.documents[number] = Document(_heading(header), iso_day(header.component(4)) if header else "", text)

    def _lines(self, message: Message, place: str) -> list[str]:
        lines: list[str] = []
        for segment in message.all("OBX"):
            if segment.component(11) in WITHDRAWN:
                continue
            kind = segment.component(2).upper()
            if kind in ("", "TX", "FT", "ST"):
                lines += (plain(text, segment.signs) for text in segment.field(5).split(segment.signs.repetition))
            elif kind == "ED":
                lines += self._attached(segment, place)
            elif kind == "RP":
                text = "The note is stored elsewhere. Export it with its text in OBX-5."
                self.problems.append(problem("note", text, segment.component(5), f"{place}, {segment.place}"))
        return lines

    def _attached(self, segment: Segment, place: str) -> list[str]:
        _, kind, subtype, encoding, data, *_ = (*next(iter(segment.repetitions(5)), [""]), "", "", "", "", "")
        name = f"text/{MEDIA.get(subtype.upper(), subtype.lower())}" if kind.upper() in ("", "TEXT") else kind.lower()
        try:
            return [text_of(data, name, is_base64=encoding.upper() == "BASE64")]
        except Unreadable as error:
            self.problems.append(problem("note", str(error), name, f"{place}, {segment.place}"))
            return []

    @property
    def kept(self) -> list[Document]:
        """The documents that hold, in order."""
        return [document for number, document in self.documents.items() if number not in self.cancelled]

    @property
    def note(self) -> str:
        """All documents as one text."""
        return joined([(document.heading, document.text) for document in self.kept if document.text.strip()])


def _is_cancelled(header: Segment) -> bool:
    completion, availability = header.component(17).upper(), header.component(19).upper()
    return completion in CANCELLED_COMPLETION or availability in CANCELLED_AVAILABILITY


def _heading(header: Segment | None) -> str:
    if header is None:
        return "Document"
    name = header.component(2, 2) or header.component(2) or "Document"
    day = iso_day(header.component(4))
    return f"{name}, {day}" if day else name

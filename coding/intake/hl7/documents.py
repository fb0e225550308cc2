"""Documents of an HL7 v2 visit: the notes that MDM messages bring, edit, replace and cancel, and reports (ORU)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, NamedTuple

from coding.intake.attachments import shown_data, shown_hexadecimal, shown_text
from coding.intake.drafts import Problem, Remark
from coding.intake.hl7.reports import BESIDE_DOCUMENT, FINAL, RESULTS, Report, beside, reports
from coding.intake.hl7.segments import Message, Segment
from coding.intake.hl7.titles import TEXT_KINDS, with_titles
from coding.intake.note_documents import NoteDocument, SupersededText, note_of
from coding.intake.shown import Shown
from coding.intake.texts import (
    Unreadable,
    distinct,
    first,
    first_parts,
    iso_day,
    left_out,
    name_of,
    problem,
)

NEW, EDIT, REPLACEMENT, CANCEL = ("T02", "T04", "T06"), ("T08",), ("T10",), ("T11",)
ADDENDUM = "T06"
# Messages that tell of a document without its text. T03 tells how far it is.
NOTICES = {
    "T01": "a document",
    "T03": "the state of a document",
    "T05": "an addendum",
    "T07": "an edited document",
    "T09": "a document that replaces another one",
}
STATE = "T03"
# Of these the text that is here is not all, or not the last.
MORE_TO_COME = {NOTICES[trigger] for trigger in ("T05", "T07", "T09")}
CANCELLED_COMPLETION, CANCELLED_AVAILABILITY = ("CA",), ("CA", "OB")
WITHDRAWN = ("D", "W")
MEDIA = {"": "plain", "TEXT": "plain"}
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
SIGNED = ("AU", "LA")
UNKNOWN_STATE = "The state {} (TXA-17) of {} is none that HL7 names: {}."
# OBX-11 (table 0085): entered but not verified, preliminary.
PRELIMINARY = ("P", "R")
# The fields of TXA and OBX, by their numbers in the standard.
TXA_KIND, TXA_DAY, TXA_NUMBER, TXA_PARENT, TXA_COMPLETION, TXA_AVAILABILITY = 2, 4, 12, 13, 17, 19
OBX_KIND, OBX_NAME, OBX_VALUE, OBX_UNITS, OBX_STATE = 2, 3, 5, 6, 11
# Originator and primary provider of a document.
TXA_AUTHORS = (9, 5)


class Notice(NamedTuple):
    """What a message without a text tells of a document; ``words`` say what it is."""

    document: NoteDocument
    words: str
    place: str
    signs: bool

    @property
    def remark(self) -> Remark:
        """That the text has not come."""
        what = f"{self.document.heading}: a message tells of {self.words} without its text"
        return left_out(what, self.place)


@dataclass(slots=True)
class Documents:
    """The documents of a visit, message by message. A cancelled one stays away, whichever message came first.

    ``replacing`` names by its number the document in whose place another one stands; ``edited`` are earlier texts.
    ``notices`` tell of documents whose text has not come; ``awaited`` of further texts of such as are here.
    """

    documents: dict[str, NoteDocument] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    replacing: dict[str, str] = field(default_factory=dict)
    edited: list[SupersededText] = field(default_factory=list)
    notices: dict[str, Notice] = field(default_factory=dict)
    awaited: list[tuple[str, Notice]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def take(self, message: Message, trigger: str, place: str) -> None:
        """Add, replace or cancel the document of one MDM message, or the reports of one with results."""
        if trigger == RESULTS[1]:
            for at, report in enumerate(reports(message), start=1):
                self._report(report, report.document.number or f"{place}, {at}", place)
            return
        header = next(iter(message.all("TXA")), None)
        self._tell_unknown_state(header, trigger, place)
        own_number = header.component(TXA_NUMBER) if header else ""
        number = own_number or place
        if trigger in CANCEL or _is_cancelled(header):
            self._cancel(_document(header), number, place)
        elif trigger in NOTICES:
            signs = _signs(header, trigger)
            self._notice(Notice(_document(header), NOTICES[trigger], place, signs), number)
        else:
            self._written(message, header, number, trigger, place)
            if trigger in REPLACEMENT:
                self._replace(header, number)

    def _tell_unknown_state(self, header: Segment | None, trigger: str, place: str) -> None:
        state = header.component(TXA_COMPLETION).upper() if header else ""
        if header is None or state in ("", *UNSIGNED, *SIGNED, *CANCELLED_COMPLETION):
            return
        taken = "it changes nothing" if trigger in NOTICES else "nothing says that it is signed"
        text = UNKNOWN_STATE.format(state[:20], _document(header).heading, taken)
        self.remarks.append(Remark(text, place))

    def _written(
        self, message: Message, header: Segment | None, number: str, trigger: str, place: str
    ) -> None:
        """Add the document whose text a message brings, signed or not as it says."""
        document = _document(header, self._text_or_problem(message.segments, place))
        if document.not_stated:
            document = replace(document, **_observed_state(message))
        if trigger == ADDENDUM and self._stands_beside(document, header):
            number = _beside(number, place)
        for order in message.all("OBR"):
            for words in beside(order, BESIDE_DOCUMENT):
                self.remarks.append(left_out(f"{document.heading}: {words}", place))
        self._put(document, number, place)

    def _stands_beside(self, document: NoteDocument, header: Segment | None) -> bool:
        """Whether an addendum has the number of the document that it adds to, and does not repeat its text."""
        parent = header.component(TXA_PARENT) if header else ""
        before = self.documents.get(document.number)
        if parent not in ("", document.number) or not (parent or before):
            return False
        return before is None or before.text.strip() not in document.text

    def _replace(self, header: Segment | None, number: str) -> None:
        """Note in whose place a document stands."""
        parent = header.component(TXA_PARENT) if header else ""
        # Some systems give the replacement the number of what it replaces: it is an edit then.
        if parent and parent != number:
            self.replacing[parent] = number

    def _cancel(self, document: NoteDocument, number: str, place: str) -> None:
        self.cancelled.add(number)
        self.remarks.append(left_out(f"{document.heading}: it was cancelled", place))

    def _report(self, report: Report, number: str, place: str) -> None:
        """Add or cancel one report; an order of nothing but values is no document."""
        heading = report.document.heading
        if report.is_cancelled:
            self._cancel(report.document, number, place)
        elif not report.has_text:
            self.remarks.append(left_out(f"{heading}: values without a text", place))
        else:
            text = self._text_or_problem(report.segments, place)
            self.remarks += [left_out(f"{heading}: {words}", place) for words in report.beside]
            self._put(report.document.with_text(text), number, place)

    def _put(self, document: NoteDocument, number: str, place: str) -> None:
        """Take down a document, signed if an earlier notice says so; an earlier text under its number is kept apart."""
        own_number = _number_of(number)
        notice = self.notices.pop(own_number, None)
        if notice and notice.signs:
            document = replace(document, unsigned="", not_stated=False)
        self.awaited = [(of, awaited) for of, awaited in self.awaited if of != own_number]
        before = self.documents.get(number)
        if before and before.text.strip() and before.digest != document.digest:
            self.edited.append(SupersededText.of(before, document))
            words = "a later message edits it; its text is kept"
            self.remarks.append(left_out(f"{before.heading}: {words}", place))
        self.documents[number] = document

    def _notice(self, notice: Notice, number: str) -> None:
        """Sign a document whose text is here, or keep the notice of one whose text may come yet."""
        if number not in self.documents:
            self.notices[number] = notice
        elif notice.signs:
            self.documents[number] = replace(self.documents[number], unsigned="", not_stated=False)
        elif notice.words in MORE_TO_COME:
            self.awaited.append((number, notice))

    def _text_or_problem(self, segments: Sequence[Segment], place: str) -> str:
        """The text of a document; a problem where there is none, and nothing says why."""
        problems = len(self.problems)
        text = self._text(segments, place)
        if not text.strip() and len(self.problems) == problems:
            wrong = "The message holds no text. Send it with its text in OBX-5."
            self.problems.append(problem("note", wrong, "", place))
        return text

    def _text(self, segments: Sequence[Segment], place: str) -> str:
        """Observations and comments as one text; what comes as RTF or HTML as what it shows."""
        parts: dict[int, list[str]] = {}
        for segment in segments:
            where = f"{place}, {segment.place}"
            parts[segment.number] = list(self._lines(segment, where))
        whole = "\n".join(chain.from_iterable(parts.values()))
        try:
            shown = shown_text(whole)
        except Unreadable as error:
            self.problems.append(problem("note", str(error), "", place))
            return ""
        if shown.text == whole:
            return with_titles(segments, parts)
        # What is markup begins at its own first line: no name of a part may stand above it.
        return self._text_of(shown, place)

    def _text_of(self, shown: Shown, place: str) -> str:
        """The text of what a document shows; a remark names what it does not show."""
        self.remarks += [left_out(f"of the note, {words}", place) for words in shown.left_out]
        return shown.text

    def _lines(self, segment: Segment, place: str) -> Iterator[str]:
        if segment.id == "NTE" and (comment := segment.text(3)):
            yield comment
        elif segment.id == "OBX":
            yield from self._observed(segment, place)

    def _observed(self, segment: Segment, place: str) -> Iterator[str]:
        kind = segment.component(OBX_KIND).upper()
        name = segment.component(OBX_NAME, 2) or segment.component(OBX_NAME)
        called = name or "an observation"
        if segment.component(OBX_STATE).upper() in WITHDRAWN:
            self.remarks.append(left_out(f"{called}: its source withdrew it", place))
        elif kind in TEXT_KINDS:
            yield segment.text(OBX_VALUE)
        elif kind in CODED_KINDS:
            words = map(_words, segment.repetitions(OBX_VALUE))
            yield _named(name, list(filter(None, words)))
        elif kind in VALUE_KINDS:
            values = [name_of(*parts) for parts in segment.repetitions(OBX_VALUE)]
            yield name_of(_named(name, values), segment.component(OBX_UNITS))
        elif kind == "ED":
            yield from self._attached(segment, place)
        elif kind == "RP":
            text = "The note is stored elsewhere. Export it with its text in OBX-5."
            self.problems.append(problem("note", text, segment.component(OBX_VALUE), place))
        else:
            self.remarks.append(left_out(f"{called}, of the kind {kind[:10]}", place))

    def _attached(self, segment: Segment, place: str) -> Iterator[str]:
        for parts in segment.repetitions(OBX_VALUE) or [[""]]:
            _, kind, subtype, encoding, data = first_parts(parts, 5)
            # Where nobody says so, whoever reads it finds out.
            is_base64 = True if encoding.upper() == "BASE64" else None
            if kind.upper() in ("", "TEXT"):
                name = f"text/{MEDIA.get(subtype.upper(), subtype.lower())}"
            else:
                name = f"{kind}/{subtype}".lower().strip("/")
            try:
                if encoding.upper() == "HEX":
                    shown = shown_hexadecimal(data, name)
                else:
                    shown = shown_data(data, name, is_base64)
            except Unreadable as error:
                self.problems.append(problem("note", str(error), name, place))
                continue
            yield self._text_of(shown, place)

    def _is_cancelled(self, number: str) -> bool:
        """Whether a document was taken out again; an addendum goes with what it adds to."""
        return _number_of(number) in self.cancelled

    def _is_replaced(self, number: str) -> bool:
        """Whether another document stands in its place; one that was cancelled itself stands for nothing."""
        number = _number_of(number)
        return number in self.replacing and self.replacing[number] not in self.cancelled

    @property
    def kept(self) -> list[NoteDocument]:
        """The documents that hold, in order; of those with the same text, the first of which most is stated."""
        kept: dict[str, NoteDocument] = {}
        for number, document in self.documents.items():
            if self._is_cancelled(number) or self._is_replaced(number):
                continue
            key = document.digest if document.text.strip() else number
            same = kept.setdefault(key, document)
            if document.says_more_than(same):
                kept[key] = document
        return list(kept.values())

    @property
    def with_text(self) -> tuple[NoteDocument, ...]:
        """Those of them that hold a text."""
        return tuple(document for document in self.kept if document.text.strip())

    @property
    def signed(self) -> tuple[NoteDocument, ...]:
        """The documents that are signed, and whose text came before, in another file."""
        return tuple(notice.document for notice in self.notices.values() if notice.signs)

    @property
    def without_text(self) -> list[Remark]:
        """The documents of which nothing but a notice came, and those of which a further text has not come."""
        awaited = [notice for _, notice in self.awaited]
        return [notice.remark for notice in (*self.notices.values(), *awaited)]

    @property
    def superseded(self) -> tuple[SupersededText, ...]:
        """The texts in whose place others stand."""
        texts = [*self.edited]
        for number, by in self.replacing.items():
            old = self.documents.get(number)
            if old and number not in self.cancelled and self._is_replaced(number):
                texts.append(SupersededText.of(old, self.documents.get(by)))
        return tuple(text for text in texts if text.text.strip())

    @property
    def taken_out(self) -> list[Remark]:
        """The documents that were taken out again by a later message."""
        out = []
        for number, document in self.documents.items():
            if self._is_cancelled(number):
                out.append(left_out(f"{document.heading}: a later message cancels it"))
            elif self._is_replaced(number):
                words = "a later message replaces it; its text is kept"
                out.append(left_out(f"{document.heading}: {words}"))
        return out

    @property
    def note(self) -> str:
        """All documents as one text."""
        return note_of(self.kept)


def _beside(number: str, place: str) -> str:
    """Under what an addendum is taken down that has the number of another document."""
    return f"{number}\n{place}"


def _number_of(key: str) -> str:
    return key.partition("\n")[0]


def _named(name: str, values: list[str]) -> str:
    return f"{name}: {', '.join(values)}" if name else ", ".join(values)


def _words(parts: list[str]) -> str:
    """What a person reads of a coded value: its words, or else its code."""
    code, words, _, other, other_words = first_parts(parts, 5)
    return words or other_words or code or other


def _signs(header: Segment | None, trigger: str) -> bool:
    """Whether a notice tells that its document is signed; one that tells no state changes none."""
    if header is None or trigger != STATE or not header.component(TXA_NUMBER):
        return False
    return header.component(TXA_COMPLETION).upper() in SIGNED


def _observed_state(message: Message) -> dict[str, Any]:
    """What the observations of a document say of its state, which it does not tell itself."""
    states = distinct(segment.component(OBX_STATE).upper() for segment in message.all("OBX"))
    if any(state in PRELIMINARY for state in states):
        return {"unsigned": "preliminary", "not_stated": False}
    is_final = bool(states) and all(state in FINAL for state in states)
    return {"not_stated": not is_final}


def _is_cancelled(header: Segment | None) -> bool:
    if header is None:
        return False
    if header.component(TXA_COMPLETION).upper() in CANCELLED_COMPLETION:
        return True
    return header.component(TXA_AVAILABILITY).upper() in CANCELLED_AVAILABILITY


def _document(header: Segment | None, text: str = "") -> NoteDocument:
    """A document as its header names it: kind, day, who dictated or wrote it, and whether that is signed."""
    if header is None:
        return NoteDocument.written("Document", text, not_stated=True)
    state = header.component(TXA_COMPLETION).upper()
    author = first(_name(header, at) for at in TXA_AUTHORS)
    return NoteDocument.written(
        kind=header.component(TXA_KIND, 2) or header.component(TXA_KIND) or "Document",
        text=text,
        day=iso_day(header.component(TXA_DAY)),
        author=author,
        unsigned=UNSIGNED.get(state, ""),
        number=header.component(TXA_NUMBER),
        not_stated=state not in (*UNSIGNED, *SIGNED, *CANCELLED_COMPLETION),
    )


def _name(header: Segment, at: int) -> str:
    given, family = header.component(at, 3), header.component(at, 2)
    return name_of(given, family) or header.component(at)

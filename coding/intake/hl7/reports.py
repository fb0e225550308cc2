"""Reports that come as results (ORU^R01): each order with a text among its observations is a document."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from coding.intake.hl7.segments import Message, Segment
from coding.intake.note_documents import NoteDocument
from coding.intake.texts import distinct, iso_day, name_of

RESULTS = ("ORU", "R01")
TEXT_KINDS = ("TX", "FT", "ED")
# OBR-25 (table 0123) and OBX-11 (table 0085): final, or corrected after that.
FINAL, CORRECTED, CANCELLED = ("F", "C"), "C", "X"
# What an order says beside its result, by the field; of coded ones the words, or else the code.
BESIDE = {13: "clinical information", 31: "reason", 44: "procedure", 45: "modifier"}
# Of a document that comes with its order, the order's name too.
BESIDE_DOCUMENT = {4: "order", **BESIDE}
# Principal interpreter of the result.
INTERPRETER = 32


class Report(NamedTuple):
    """An order with its observations and comments; ``document`` is it without its text.

    ``beside`` tells what the order says that is no part of it.
    """

    segments: list[Segment]
    document: NoteDocument
    has_text: bool
    is_cancelled: bool
    beside: tuple[str, ...] = ()


def has_report(message: Message) -> bool:
    """Whether a message holds a text, or a document as bytes, and not just values."""
    return _has_text(message.segments)


def is_corrected(message: Message) -> bool:
    """Whether a message brings a later state of a report."""
    return any(order.component(25).upper() == CORRECTED for order in message.all("OBR"))


def reports(message: Message) -> Iterator[Report]:
    """The orders of a message, each with what follows on it; observations without an order are one by themselves."""
    order: Segment | None = None
    own: list[Segment] = []
    for segment in message.segments:
        if segment.id == "OBR":
            if own:
                yield _report(order, own)
            order, own = segment, []
        elif segment.id in ("OBX", "NTE"):
            own.append(segment)
    if own:
        yield _report(order, own)


def _report(order: Segment | None, segments: list[Segment]) -> Report:
    state = order.component(25).upper() if order else ""
    return Report(
        segments,
        _document(order, state, segments),
        _has_text(segments),
        state == CANCELLED,
        tuple(beside(order)) if order else (),
    )


def beside(order: Segment, fields: Mapping[int, str] = BESIDE) -> Iterator[str]:
    """What an order says that is no part of a document, in words: clinical information Fall."""
    for at, what in fields.items():
        for parts in order.repetitions(at):
            code, words, *_ = (*parts, "", "")
            if told := name_of(code, words):
                yield f"{what} {told}"


def _has_text(segments: list[Segment]) -> bool:
    return any(
        segment.id == "OBX" and segment.component(2).upper() in TEXT_KINDS for segment in segments
    )


def _document(order: Segment | None, state: str, segments: list[Segment]) -> NoteDocument:
    unsigned = _unsigned(state, segments)
    if order is None:
        return NoteDocument.written("Report", "", unsigned=unsigned)
    return NoteDocument.written(
        kind=order.component(4, 2) or order.component(4) or "Report",
        text="",
        day=iso_day(order.component(7)) or iso_day(order.component(22)),
        author=_interpreter(order),
        unsigned=unsigned,
        number=order.component(3) or order.component(2),
    )


def _unsigned(state: str, segments: list[Segment]) -> str:
    """How far from final a report is; empty where its order or observations say that it is, and none denies it."""
    observed = [segment.component(11).upper() for segment in segments if segment.id == "OBX"]
    states = distinct((state, *observed))
    if states and all(state_code in FINAL for state_code in states):
        return ""
    return "preliminary" if "P" in states else "not final"


def _interpreter(order: Segment) -> str:
    """The name in OBR-32, whose parts are subcomponents, or components where a sender wrote them so."""
    person = order.field(INTERPRETER).split(order.signs.repetition)[0]
    whole = person.split(order.signs.component)[0]
    if order.signs.subcomponent in whole:
        parts = order.subcomponents(whole)
    else:
        parts = order.components(person)
    number, family, given, *_ = (*parts, "", "", "")
    return name_of(given, family) or number

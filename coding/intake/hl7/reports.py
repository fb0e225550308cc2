"""Reports that come as results (ORU^R01): each order with a text among its observations is a document."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from coding.intake.hl7.segments import Message, Segment
from coding.intake.note_documents import NoteDocument
from coding.intake.texts import distinct, first_parts, iso_day, name_of

RESULTS = ("ORU", "R01")
TEXT_KINDS = ("TX", "FT", "ED")
# OBR-25 (table 0123) and OBX-11 (table 0085): final, or corrected after that.
FINAL, CORRECTED, CANCELLED = ("F", "C"), "C", "X"
# What an order says beside its result, by the field; of coded ones the words, or else the code.
BESIDE = {13: "clinical information", 31: "reason", 44: "procedure", 45: "modifier"}
# Of a document that comes with its order, the order's name too.
BESIDE_DOCUMENT = {4: "order", **BESIDE}
# The fields of OBR and OBX, by their numbers in the standard.
OBR_NUMBER_OF_ORDERER, OBR_NUMBER, OBR_NAME, OBR_OBSERVED, OBR_REPORTED = 2, 3, 4, 7, 22
OBR_STATE, OBR_INTERPRETER = 25, 32
OBX_KIND, OBX_STATE = 2, 11


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
    states = [order.component(OBR_STATE).upper() for order in message.all("OBR")]
    return CORRECTED in states


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
    state = order.component(OBR_STATE).upper() if order else ""
    return Report(
        segments,
        document=_document(order, state, segments),
        has_text=_has_text(segments),
        is_cancelled=state == CANCELLED,
        beside=tuple(beside(order)) if order else (),
    )


def beside(order: Segment, fields: Mapping[int, str] = BESIDE) -> Iterator[str]:
    """What an order says that is no part of a document, in words: clinical information Fall."""
    for at, what in fields.items():
        for parts in order.repetitions(at):
            code, words = first_parts(parts, 2)
            if named := name_of(code, words):
                yield f"{what} {named}"


def _has_text(segments: list[Segment]) -> bool:
    observed = [segment for segment in segments if segment.id == "OBX"]
    return any(segment.component(OBX_KIND).upper() in TEXT_KINDS for segment in observed)


def _document(order: Segment | None, state: str, segments: list[Segment]) -> NoteDocument:
    unsigned = _unsigned(state, segments)
    if order is None:
        return NoteDocument.written("Report", "", unsigned=unsigned)
    return NoteDocument.written(
        kind=order.component(OBR_NAME, 2) or order.component(OBR_NAME) or "Report",
        text="",
        day=iso_day(order.component(OBR_OBSERVED)) or iso_day(order.component(OBR_REPORTED)),
        author=_interpreter(order),
        unsigned=unsigned,
        number=order.component(OBR_NUMBER) or order.component(OBR_NUMBER_OF_ORDERER),
    )


def _unsigned(state: str, segments: list[Segment]) -> str:
    """How far from final a report is; empty where its order or observations say that it is, and none denies it."""
    observed = [segment for segment in segments if segment.id == "OBX"]
    states = distinct([state, *(segment.component(OBX_STATE).upper() for segment in observed)])
    if states and set(states) <= set(FINAL):
        return ""
    return "preliminary" if "P" in states else "not final"


def _interpreter(order: Segment) -> str:
    """The name in OBR-32, whose parts are subcomponents, or components where a sender wrote them so."""
    person = order.raw_repetitions(OBR_INTERPRETER)[0]
    whole = person.split(order.signs.component)[0]
    if order.signs.subcomponent in whole:
        parts = order.subcomponents(whole)
    else:
        parts = order.components(person)
    number, family, given = first_parts(parts, 3)
    return name_of(given, family) or number

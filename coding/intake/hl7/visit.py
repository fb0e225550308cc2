"""A visit of HL7 v2: the encounter that its charge and document messages tell together."""

from collections.abc import Sequence
from typing import NamedTuple

from coding.intake.drafts import Covers, EncounterTexts, Problem
from coding.intake.hl7.charges import Charges
from coding.intake.hl7.documents import EDIT, NEW, REPLACEMENT, Documents
from coding.intake.hl7.segments import IDENTIFIER, Message
from coding.intake.texts import distinct, iso_day, name_of, not_of_one_day, problem

CHARACTERS = (
    "The message is not in UTF-8, and MSH-18 names no other character set. Name it, such as 8859/1, or send UTF-8."
)


class Placed(NamedTuple):
    """A message with its number in the file."""

    number: int
    message: Message

    @property
    def place(self) -> str:
        """Where the message stands, in words."""
        return f"message {self.number}"


class Visit(NamedTuple):
    """The texts of a visit, what only its messages show to be wrong, and whether any of it was taken back."""

    texts: EncounterTexts
    problems: tuple[Problem, ...]
    taken_back: bool


def kind_of(message: Message) -> tuple[str, str]:
    """The type and trigger of a message, such as DFT and P03."""
    name, trigger, structure = (message.component("MSH", 9, which).upper() for which in (1, 2, 3))
    return name, trigger or structure.partition("_")[2] or message.component("EVN", 1).upper()


def visit_number(message: Message) -> str:
    """The number by which messages of one visit belong together."""
    return message.component("PV1", 19) or message.component("PID", 18)


def misplaced_visit_number(message: Message) -> str:
    """What stands one field early; a visit number only if the patient has a visit of that number."""
    return message.component("PV1", 18)


def patient_of(messages: Sequence[Message]) -> str:
    """The medical record number, or else the first identifier."""
    for message in messages:
        known = [parts for segment in message.all("PID")[:1] for parts in segment.repetitions(3) if parts[0]]
        record = [parts[0] for parts in known if parts[4:5] == ["MR"]]
        if known:
            return (record or [known[0][0]])[0]
    return _first_text(messages, "PID", 2)


def visit(messages: Sequence[Placed]) -> Visit:
    """What the messages of a visit tell together."""
    charges, documents = Charges(), Documents()
    problems = [problem for placed in messages for problem in _malformed(placed)]
    has_charges = False
    for placed in messages:
        name, trigger = kind_of(placed.message)
        if name == "DFT":
            has_charges = True
            charges.take(placed.message, placed.place)
        else:
            documents.take(placed.message, trigger, placed.place)
    problems += charges.problems + documents.problems
    if several := not_of_one_day(charges.days, charges.places.get("date_of_service", "")):
        problems.append(several)
    every = [placed.message for placed in messages]
    texts = _encounter(every, charges, documents) if has_charges else _note(every, documents)
    return Visit(texts, tuple(problems), bool(charges.taken_back or documents.cancelled))


def _encounter(messages: Sequence[Message], charges: Charges, documents: Documents) -> EncounterTexts:
    given, family = _first_text(messages, "PV1", 7, 3), _first_text(messages, "PV1", 7, 2)
    attending = name_of(given, family) or _first_text(messages, "PV1", 7)
    return EncounterTexts(
        external_id=next(filter(None, map(visit_number, messages)), ""),
        patient_reference=patient_of(messages),
        birth_date=iso_day(_first_text(messages, "PID", 7)),
        sex=_first_text(messages, "PID", 8),
        date_of_service=min(charges.days, default=iso_day(_first_text(messages, "PV1", 44))),
        provider=next(filter(None, charges.performers), attending),
        payer=_first_text(messages, "IN1", 4),
        note=documents.note,
        diagnoses=distinct(charges.diagnoses),
        service_lines=charges.lines,
        places=charges.places,
    )


def _note(messages: Sequence[Message], documents: Documents) -> EncounterTexts:
    patient = patient_of(messages)
    numbers = [*map(visit_number, messages), *(map(misplaced_visit_number, messages) if patient else ())]
    return EncounterTexts(
        external_id=next(filter(None, numbers), ""),
        patient_reference=patient,
        date_of_service=next((document.day for document in documents.kept if document.day), ""),
        note=documents.note,
        covers=Covers.EDITED_NOTE if _is_edited(messages) else Covers.NOTE,
    )


def _is_edited(messages: Sequence[Message]) -> bool:
    """Whether a note comes in a later state only."""
    triggers = {kind_of(message)[1] for message in messages}
    return bool(triggers & {*EDIT, *REPLACEMENT}) and not triggers & {*NEW}


def _first_text(messages: Sequence[Message], name: str, at: int, which: int = 1) -> str:
    """What the first message that tells it says."""
    for message in messages:
        if text := message.component(name, at, which):
            return text
    return ""


def _malformed(placed: Placed) -> list[Problem]:
    malformed = [
        problem(
            "",
            "This is no segment: it has to begin with an identifier such as PID. Export the message again.",
            segment.id,
            f"{placed.place}, segment {segment.number}",
        )
        for segment in placed.message.segments
        if not IDENTIFIER.fullmatch(segment.id)
    ]
    if placed.message.declared:
        return malformed[:1]
    return [*malformed[:1], problem("", CHARACTERS, "", placed.place)]

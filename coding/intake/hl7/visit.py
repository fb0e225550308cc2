"""A visit of HL7 v2: the encounter that its charge and document messages tell together."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from coding.intake.accounts import Element, account, kinds_left_out
from coding.intake.drafts import Covers, EncounterTexts, Problem, Remark
from coding.intake.hl7.charges import CHARGES, LAST, Charges, people
from coding.intake.hl7.documents import EDIT, NEW, NOTICES, REPLACEMENT, Documents
from coding.intake.hl7.elements import CARRIED, credited, elements
from coding.intake.hl7.patient import (
    PID_BORN,
    PID_SEX,
    PatientOf,
    all_same,
    authority_in,
    authority_of,
    named,
    patient_of,
    patients_of,
)
from coding.intake.hl7.reports import is_corrected
from coding.intake.hl7.segments import IDENTIFIER, Message, Segment
from coding.intake.texts import (
    birth_day,
    distinct,
    first,
    iso_day,
    left_out,
    name_of,
    not_of_one_day,
    not_signed,
    nothing_told,
    problem,
    read_as_windows,
    sex_told,
)

CHARACTERS = (
    "The message is not in UTF-8, in no character set that MSH-18 names, and does not look like Windows-1252. Name the"
    " character set in MSH-18, such as 8859/2, or send UTF-8."
)
NO_SEGMENT = (
    "This is no segment: it has to begin with an identifier such as PID. Export the message again."
)
# Their names are not kept.
OF_PEOPLE = {"PID", "PD1", "NK1", "GT1", "IN1", "IN2", "IN3", "MRG"}
# The fields of segments, by their numbers in the standard.
MSH_TYPE, EVN_TRIGGER = 9, 1
PID_ACCOUNT = 18
PV1_ATTENDING, PV1_VISIT, PV1_BEGUN = 7, 19, 44
IN1_PAYER_NUMBER, IN1_PAYER, IN1_ORDER = 3, 4, 22


class Placed(NamedTuple):
    """A message with its number in the file."""

    number: int
    message: Message

    @property
    def place(self) -> str:
        """Where the message stands, in words."""
        return f"message {self.number}"


class Visit(NamedTuple):
    """The texts of a visit, what only its messages show to be wrong or left out, and whether any was taken back."""

    texts: EncounterTexts
    problems: tuple[Problem, ...]
    remarks: tuple[Remark, ...]
    taken_back: bool


def kind_of(message: Message) -> tuple[str, str]:
    """The type and trigger of a message, such as DFT and P03."""
    name = message.component("MSH", MSH_TYPE, 1).upper()
    trigger = message.component("MSH", MSH_TYPE, 2).upper()
    if trigger:
        return name, trigger
    # The name of the structure ends with a trigger: MDM_T02.
    structure = message.component("MSH", MSH_TYPE, 3).upper()
    return name, structure.partition("_")[2] or message.component("EVN", EVN_TRIGGER).upper()


def visit_number(message: Message) -> str:
    """The number by which messages of one visit belong together."""
    return message.component("PV1", PV1_VISIT) or message.component("PID", PID_ACCOUNT)


def visit_authority(message: Message) -> str:
    """Who gave the visit its number; empty where nobody says."""
    name, at = ("PID", PID_ACCOUNT)
    if message.component("PV1", PV1_VISIT):
        name, at = ("PV1", PV1_VISIT)
    segment = next(iter(message.all(name)), None)
    return authority_in(segment, segment.raw_repetitions(at)[0]) if segment else ""


def misplaced_visit_number(message: Message) -> str:
    """What stands one field early; a visit number only if the patient has a visit of that number."""
    return message.component("PV1", PV1_VISIT - 1)


def visit(messages: Sequence[Placed]) -> Visit:
    """What the messages of a visit tell together. Messages of several patients tell nothing but that."""
    every = [placed.message for placed in messages]
    patients = [patient_of(message) for message in every]
    if mixed := _mixed(messages, patients):
        return mixed

    kinds = [kind_of(message) for message in every]
    charges, documents = _collected(messages, kinds)
    texts = _texts(every, kinds, patients, charges, documents)
    problems = _problems(messages, charges)

    remarks = _letters(messages)
    remarks += [left_out(what) for what in patients[0].left_out]
    remarks += [*charges.remarks, *charges.not_charged]
    remarks += [*documents.remarks, *documents.taken_out, *documents.without_text]
    remarks += _several(every, charges)
    remarks += _unread(every, kinds)
    if nothing_told(texts):
        problems += documents.problems
        remarks += _diagnoses_alone(texts)
    else:
        # What could not be read beside something that can is no reason to send that back.
        for fault in documents.problems:
            remarks.append(Remark(f"Left out of the note: {fault.text}", fault.place))
    remarks += _account(messages, kinds, texts, (*problems, *remarks))
    remarks += not_signed(documents.kept)

    taken_back = bool(charges.taken_back or documents.cancelled or documents.replacing)
    return Visit(texts, tuple(problems), tuple(remarks), taken_back)


def _mixed(messages: Sequence[Placed], patients: Sequence[PatientOf]) -> Visit | None:
    """The visit that tells only that its messages are not of one; None where they are."""
    every = [placed.message for placed in messages]
    if not all_same(patients):
        text = f"The messages of this visit are of different patients: {named(patients)}."
        return _of_several(every, f"{text} Correct the visit or the patient.")
    for placed in messages:
        if why := _several_in_one(placed.message):
            return _of_several(every, f"{why} Send each as a message of its own.", placed.place)
    return None


def _problems(messages: Sequence[Placed], charges: Charges) -> list[Problem]:
    """What is wrong with the messages themselves, and with what they charge."""
    problems: list[Problem] = []
    for placed in messages:
        problems += _malformed(placed)
    problems += charges.problems
    if several := not_of_one_day(charges.days, charges.places.get("date_of_service", "")):
        problems.append(several)
    return problems


def _texts(
    messages: Sequence[Message],
    kinds: Sequence[tuple[str, str]],
    patients: Sequence[PatientOf],
    charges: Charges,
    documents: Documents,
) -> EncounterTexts:
    """The texts of a visit with charges, or of one of which only notes came."""
    has_charges = any(name == CHARGES for name, _ in kinds)
    if has_charges:
        texts = _encounter(messages, patients[0], charges, documents)
    else:
        texts = _note(messages, patients[0], documents)
    texts = replace(texts, patient_authority=authority_of(patients))
    return _insured(texts, patients) if patients[0].is_insured else texts


def _insured(texts: EncounterTexts, patients: Sequence[PatientOf]) -> EncounterTexts:
    """The texts of a visit whose patient only a payer numbers, with what tells whom of a family that is."""
    name_sums = (patient.name_sum for patient in patients)
    birth_dates = (patient.birth_date for patient in patients)
    sexes = (patient.sex for patient in patients)
    return replace(
        texts,
        insured_number=True,
        name_sum=first(name_sums),
        birth_date=texts.birth_date or first(birth_dates),
        sex=texts.sex or first(sexes),
    )


def _diagnoses_alone(texts: EncounterTexts) -> list[Remark]:
    """That diagnoses came with nothing that they would be for."""
    return [left_out(f"diagnoses {', '.join(texts.diagnoses)}")] if texts.diagnoses else []


def _collected(
    messages: Sequence[Placed], kinds: Sequence[tuple[str, str]]
) -> tuple[Charges, Documents]:
    """What is charged, and the documents: each message is one or the other."""
    charges, documents = Charges(), Documents()
    for placed, (name, trigger) in zip(messages, kinds, strict=True):
        if name == CHARGES:
            charges.take(placed.message, placed.place)
        else:
            documents.take(placed.message, trigger, placed.place)
    return charges, documents


def _of_several(messages: Sequence[Message], text: str, place: str = "") -> Visit:
    """Messages under one visit number that are not of one patient or visit: nobody can tell what of them is right."""
    number = first(map(visit_number, messages))
    wrong = problem("patient_reference", text, number, place)
    return Visit(EncounterTexts(external_id=number), (wrong,), (), taken_back=False)


def _several_in_one(message: Message) -> str:
    """That one message is of several patients, visits or documents: what stands behind the first would pass for its."""
    patients = patients_of(message)
    if len(patients) > 1 and not all_same(patients):
        return f"The message is of different patients: {named(patients)}."
    visits = distinct(segment.component(PV1_VISIT) for segment in message.all("PV1"))
    visits = visits or distinct(segment.component(PID_ACCOUNT) for segment in message.all("PID"))
    if len(visits) > 1:
        return f"The message is of different visits: {' and '.join(visits)}."
    documents = message.all("TXA")
    return f"The message holds {len(documents)} documents." if len(documents) > 1 else ""


def _encounter(
    messages: Sequence[Message], patient: PatientOf, charges: Charges, documents: Documents
) -> EncounterTexts:
    begun = iso_day(_first_text(messages, "PV1", PV1_BEGUN))
    return EncounterTexts(
        external_id=first(map(visit_number, messages)),
        visit_authority=first(map(visit_authority, messages)),
        patient_reference=patient.reference,
        birth_date=birth_day(_first_text(messages, "PID", PID_BORN), charges.remarks),
        sex=sex_told(_first_text(messages, "PID", PID_SEX), charges.remarks),
        date_of_service=min(charges.days, default=begun),
        provider=first(charges.performers) or _attending(messages),
        payer=first(_payers(messages)),
        note=documents.note,
        documents=documents.with_text,
        superseded=documents.superseded,
        diagnoses=charges.diagnoses,
        service_lines=charges.lines,
        places=charges.places,
    )


def _attending(messages: Sequence[Message]) -> str:
    """The attending doctor's name, or else the number."""
    given = _first_text(messages, "PV1", PV1_ATTENDING, 3)
    family = _first_text(messages, "PV1", PV1_ATTENDING, 2)
    return name_of(given, family) or _first_text(messages, "PV1", PV1_ATTENDING)


def _note(messages: Sequence[Message], patient: PatientOf, documents: Documents) -> EncounterTexts:
    numbers = [visit_number(message) for message in messages]
    if patient.reference:
        numbers += map(misplaced_visit_number, messages)
    days = (document.day for document in documents.kept)
    return EncounterTexts(
        external_id=first(numbers),
        visit_authority=first(map(visit_authority, messages)),
        patient_reference=patient.reference,
        date_of_service=first(days),
        note=documents.note,
        documents=(*documents.with_text, *documents.signed),
        superseded=documents.superseded,
        covers=Covers.EDITED_NOTE if _is_edited(messages) else Covers.NOTE,
    )


def _payers(messages: Sequence[Message]) -> tuple[str, ...]:
    """The payers, in the order in which they pay (IN1-22); those of no order stand behind, as they came."""
    insured = sorted(_all(messages, "IN1"), key=_paying_order)
    return distinct(
        segment.component(IN1_PAYER) or segment.component(IN1_PAYER_NUMBER) for segment in insured
    )


def _paying_order(insured: Segment) -> int:
    order = insured.component(IN1_ORDER)
    return int(order) if order.isdigit() else LAST


def _several(messages: Sequence[Message], charges: Charges) -> list[Remark]:
    """What comes more than once though an encounter has one of it: the first was taken."""
    payers = _payers(messages)
    born = distinct(iso_day(message.component("PID", PID_BORN)) for message in messages)
    sexes = distinct(message.component("PID", PID_SEX).upper() for message in messages)
    performers = distinct(charges.performers)
    several = [("payer", payers[1:]), ("performer of a charge", performers[1:])]
    if not performers:
        attending: list[str] = []
        for stay in _all(messages, "PV1"):
            attending += people(stay, PV1_ATTENDING)
        several.append(("attending doctor", distinct(attending)[1:]))
    several += [("birth date of another message", born[1:]), ("sex of another message", sexes[1:])]
    remarks = []
    for what, others in several:
        remarks += [left_out(f"{what} {other}") for other in others]
    return remarks


def _all(messages: Sequence[Message], name: str) -> Iterator[Segment]:
    """The segments of that name, message by message."""
    for message in messages:
        yield from message.all(name)


def _unread(messages: Sequence[Message], kinds: Sequence[tuple[str, str]]) -> list[Remark]:
    """The segments that a message of its kind may not carry for us, each kind of them once."""
    unread: list[str] = []
    for message, (name, _) in zip(messages, kinds, strict=True):
        carried = CARRIED[name == CHARGES]
        for segment in message.segments:
            if segment.id not in carried and IDENTIFIER.fullmatch(segment.id):
                unread.append(segment.id)
    return kinds_left_out(unread, (), " segment")


def _account(
    messages: Sequence[Placed],
    kinds: Sequence[tuple[str, str]],
    texts: EncounterTexts,
    faults: Sequence[Problem | Remark],
) -> tuple[Remark, ...]:
    """What of the charge messages was neither taken nor told."""
    charging: list[Message] = []
    seen: list[Element] = []
    for placed, (name, _) in zip(messages, kinds, strict=True):
        if name == CHARGES:
            charging.append(placed.message)
            seen += elements(placed.message, placed.place)
    return account(seen, texts, faults, credited(charging)).remarks


def _is_edited(messages: Sequence[Message]) -> bool:
    """Whether a note comes in a later state only."""
    if any(is_corrected(message) for message in messages):
        return True
    triggers = {kind_of(message)[1] for message in messages}
    has_later_state = not triggers.isdisjoint((*EDIT, *REPLACEMENT))
    return has_later_state and triggers.isdisjoint(NEW)


def is_notice(message: Message) -> str:
    """The trigger of a message that tells of a document without its text; empty of others."""
    name, trigger = kind_of(message)
    return trigger if name == "MDM" and trigger in NOTICES else ""


def _first_text(messages: Sequence[Message], name: str, at: int, which: int = 1) -> str:
    """What the first message that tells it says."""
    return first(message.component(name, at, which) for message in messages)


def _malformed(placed: Placed) -> list[Problem]:
    """What is wrong with a message itself; of segments that are none, the first is named."""
    problems = []
    for segment in placed.message.segments:
        if not IDENTIFIER.fullmatch(segment.id):
            place = f"{placed.place}, segment {segment.number}"
            problems.append(problem("", NO_SEGMENT, segment.id, place))
            break
    if placed.message.is_unknown:
        problems.append(problem("", CHARACTERS, "", placed.place))
    return problems


def _letters(messages: Sequence[Placed]) -> list[Remark]:
    """How the letters of messages were taken, but those of names that are kept nowhere."""
    remarks = []
    for placed in messages:
        if not placed.message.is_windows:
            continue
        fields: list[str] = []
        for segment in placed.message.segments:
            if segment.id not in OF_PEOPLE:
                fields += segment.fields
        if letters := read_as_windows(fields, placed.place):
            remarks.append(letters)
    return remarks

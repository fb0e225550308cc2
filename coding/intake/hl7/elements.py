"""What messages of HL7 v2 may carry, and the elements of a visit that are accounted for.

Each segment is of a kind that is read, one of which a coder needs nothing, or told by its kind. Of charge messages each
repetition of the coded fields is accounted for: DG1-3, FT1-19, FT1-25 (else FT1-7), FT1-26, PR1-3, PR1-16. What a
document says is its observations, each of which is text, or told by name.
"""

from collections.abc import Iterable, Iterator

from coding.decision.shapes import MODIFIER
from coding.intake.accounts import Element
from coding.intake.hl7.charges import (
    CHARGE,
    CREDIT,
    DG1_CODE,
    FT1_CODE,
    FT1_DIAGNOSES,
    FT1_KIND,
    FT1_MODIFIERS,
    FT1_PROCEDURE,
    ICD_10,
    PR1_CODE,
    PR1_MODIFIERS,
    PROCEDURES,
    code_under,
    coded,
)
from coding.intake.hl7.segments import Message, Segment
from coding.intake.texts import first, part_at
from coding.intake.values import dotted

# Of which a coder needs nothing: envelopes, the patient's address and kin, insurance and guarantors beyond the payer's
# name, who ordered and scheduled.
PATIENT_AND_VISIT = {
    "MSH",
    "SFT",
    "UAC",
    "EVN",
    "PID",
    "PD1",
    "ARV",
    "NK1",
    "PV1",
    "PV2",
    "ROL",
    "PRT",
    "DB1",
    "TXA",
}
INSURANCE_AND_ORDERS = {"GT1", "IN1", "IN2", "IN3", "ACC", "UB1", "UB2", "ORC", "CON"}
ADMINISTRATIVE = PATIENT_AND_VISIT | INSURANCE_AND_ORDERS
# By whether the message is one of charges.
CARRIED = {
    True: ADMINISTRATIVE | {"DG1", "FT1", "PR1"},
    False: ADMINISTRATIVE | {"OBR", "OBX", "NTE"},
}


def elements(message: Message, place: str) -> Iterator[Element]:
    """The elements of a message of charges, in its order; a transaction that is no charge is one element."""
    for segment in message.segments:
        where = f"{place}, {segment.place}"
        match segment.id:
            case "DG1":
                yield from _codes(segment, DG1_CODE, "diagnosis", where)
            case "FT1" if segment.component(FT1_KIND).upper() in CHARGE:
                yield from _codes(segment, FT1_DIAGNOSES, "diagnosis", where)
                procedure = FT1_PROCEDURE if segment.component(FT1_PROCEDURE) else FT1_CODE
                yield from _codes(segment, procedure, "procedure", where)
                yield from _modifiers(segment, FT1_MODIFIERS, where)
            case "PR1":
                yield from _codes(segment, PR1_CODE, "procedure", where)
                yield from _modifiers(segment, PR1_MODIFIERS, where)


def credited(messages: Iterable[Message]) -> set[str]:
    """The codes and modifiers of credits: they have their effect on the charges that they take back."""
    keys: set[str] = set()
    for message in messages:
        for charge in message.all("FT1"):
            if charge.component(FT1_KIND).upper() in CREDIT:
                keys |= _keys_of_credit(charge)
    return keys


def _keys_of_credit(charge: Segment) -> set[str]:
    keys: set[str] = set()
    for at in (FT1_CODE, FT1_PROCEDURE, FT1_MODIFIERS):
        keys.update(element.key for element in _codes(charge, at, "", ""))
    return keys


def _codes(segment: Segment, at: int, what: str, place: str) -> Iterator[Element]:
    """The code of each repetition of a field, under the system that counts if it has one; or else its words."""
    is_diagnosis = what == "diagnosis"
    for parts in segment.repetitions(at):
        ways = coded(parts)
        of_system = code_under(ICD_10 if is_diagnosis else PROCEDURES, ways)
        if code := of_system or first(way.code for way in ways):
            yield Element(what, dotted(code) if is_diagnosis else code, place)
        elif words := part_at(parts, 1):
            yield Element(f"{what} without a code:", words[:60], place)


def _modifiers(segment: Segment, at: int, place: str) -> Iterator[Element]:
    for own, *others in segment.repetitions(at):
        codes = [own, *filter(MODIFIER.fullmatch, others)]
        for code in filter(None, codes):
            yield Element("modifier", code, place)

"""What a claim of X12 may carry, and the elements of it that are accounted for.

Each segment of the claim is of a kind that is read, one of which a coder needs nothing, or told by its kind. Of those
that are read each diagnosis, procedure, modifier, description, quantity other than units, day of service, text and
renderer of a line is accounted for by itself.
"""

from collections.abc import Iterator

from coding.intake.accounts import Element
from coding.intake.texts import first_parts, iso_day, name_of, part_at
from coding.intake.values import dotted
from coding.intake.x12.claims import Block
from coding.intake.x12.segments import Segment

ICD_10, ICD_9 = ("ABK", "ABF"), ("BK", "BF")
# Of a procedure, behind its code and modifiers.
DESCRIPTION = 6
# Of a DTP segment (DTP02): two days with a hyphen between them.
PERIOD = "RD8"
LONGEST_WORDS = 80
READ = {"CLM", "HI", "LX", "SV1", "DTP", "NTE", "NM1"}
# Of which a coder needs nothing: other numbers, dates and amounts, addresses, other payers and what they paid,
# certificates of medical need, what is known of the patient already.
OF_PEOPLE_AND_PAYERS = {
    "SBR",
    "PAT",
    "DMG",
    "PRV",
    "N3",
    "N4",
    "PER",
    "CAS",
    "SVD",
    "OI",
    "MOA",
    "MIA",
    "AMT",
    "CUR",
}
OF_CONTRACTS_AND_NEED = {
    "REF",
    "CN1",
    "QTY",
    "PS1",
    "MEA",
    "HCP",
    "K3",
    "CR1",
    "CR2",
    "CR3",
    "CRC",
    "HSD",
    "FRM",
    "LQ",
}
CARRIED = READ | OF_PEOPLE_AND_PAYERS | OF_CONTRACTS_AND_NEED
NAMES = {
    "PWK": "a document that is sent apart (PWK)",
    "LIN": "a drug (LIN)",
    "SV5": "rented or bought equipment (SV5)",
}


def elements(segments: Block) -> Iterator[Element]:
    """The elements of a claim, in its order."""
    in_line = False
    for segment in segments:
        in_line = in_line or segment.id == "LX"
        match segment.id:
            case "HI":
                yield from _codes(segment)
            case "SV1":
                yield from _line(segment)
            case "DTP" if segment.element(1) == "472":
                for day in days_of(segment):
                    yield Element("day of service", day, segment.place)
            case "K3" if segment.element(1):
                yield Element("text", segment.element(1)[:LONGEST_WORDS], segment.place)
            case "NTE" if segment.element(2):
                yield Element("note", segment.element(2), segment.place, is_text=True)
            case "NM1" if in_line and segment.element(1) == "82" and (name := person(segment)):
                yield Element("rendering provider", name, segment.place)


def _codes(segment: Segment) -> Iterator[Element]:
    for at in range(1, len(segment.elements)):
        qualifier, code = first_parts(segment.components(at), 2)
        is_diagnosis = qualifier in ICD_10 + ICD_9
        if code:
            yield Element("code", dotted(code) if is_diagnosis else code, segment.place)


def _line(segment: Segment) -> Iterator[Element]:
    _, code, *modifiers = first_parts(segment.components(1), DESCRIPTION)
    if code:
        yield Element("procedure", code, segment.place)
    for modifier in filter(None, modifiers):
        yield Element("modifier", modifier, segment.place)
    if words := part_at(segment.components(1), DESCRIPTION):
        yield Element("description", words[:LONGEST_WORDS], segment.place)
    kind, amount = segment.element(3), segment.element(4)
    if amount and kind != "UN":
        yield Element("quantity", f"{amount} {kind}".strip(), segment.place)


def days_of(segment: Segment) -> list[str]:
    """The day of a DTP segment; of a period the first and the last."""
    written = segment.element(3)
    days = written.split("-") if segment.element(2) == PERIOD else [written]
    return [iso_day(day) for day in days]


def person(segment: Segment) -> str:
    """The name of a person or an organization; the identifier where there is none."""
    return name_of(segment.element(4), segment.element(3)) or segment.element(9)

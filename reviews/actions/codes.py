"""What a decision or a ruling may name: real codes and modifiers; the units and diagnoses that were submitted."""

from collections.abc import Collection, Sequence
from datetime import date

from django.core.exceptions import ValidationError

from coding.decision import modifiers as known_modifiers
from coding.decision.added_lines import MOST_LINES
from coding.decision.shapes import MOST_MODIFIERS, PROCEDURE
from coding.models import Service, ServiceLine
from coding.models.reported import FurtherLines
from coding.reference.procedure_codes import Listing, listing

CONFIRM = (
    "No code list is loaded for {day}, so {code} could not be checked. "
    "Look it up, and confirm that it is the code; a supervisor sees that it was not checked."
)


def check_code(code: str, modifiers: Sequence[str], day: date, *, confirmed: bool) -> bool:
    """Refuse a code or modifier that does not exist, or no code; whether the code could be checked by a list.

    Raises ValidationError, by field: ``code``, ``modifiers``, or ``confirmed`` where no list is loaded for the day.
    """
    if not PROCEDURE.fullmatch(code):
        raise ValidationError(
            {"code": "Write the code that is reported: five characters, such as 12345."}
        )
    strange = known_modifiers.unknown(modifiers)
    if strange:
        raise ValidationError(
            {"modifiers": f"{strange[0]} is no modifier that can be reported. Correct it."}
        )
    if len(set(modifiers)) < len(modifiers):
        raise ValidationError({"modifiers": "A modifier stands here twice. Write each once."})
    if len(modifiers) > MOST_MODIFIERS:
        raise ValidationError(
            {"modifiers": "A claim line has room for four modifiers. Take some out."}
        )
    return _check_listed("code", code, day, confirmed=confirmed)


def check_further_lines(
    code: str, lines: FurtherLines, named: FurtherLines, day: date, *, confirmed: bool
) -> bool:
    """Refuse further lines of codes that do not exist, as ``check_code`` does of the first; whether all were checked.

    Those that are ``named`` in the suggestion are known, with whatever units. Raises ValidationError for the field
    ``further_lines``.
    """
    codes = [own for own, _ in lines]
    for own in codes:
        if own == code or codes.count(own) > 1:
            problem = f"{own} stands here twice. Write each code once, with its units."
            raise ValidationError({"further_lines": problem})
    if len(codes) > MOST_LINES:
        raise ValidationError(
            {"further_lines": f"There is room for {MOST_LINES} further lines. Take some out."}
        )
    known = {own for own, _ in named}
    all_checked = True
    for own in codes:
        if own not in known:
            is_checked = _check_listed("further_lines", own, day, confirmed=confirmed)
            all_checked = all_checked and is_checked
    return all_checked


def _check_listed(field: str, code: str, day: date, *, confirmed: bool) -> bool:
    """Refuse a code that a list lacks, or that no list could tell of and nobody looked up; whether a list has it."""
    where = listing(code, day)
    if where is Listing.UNLISTED:
        text = f"{code} is not in the code list of {day}. Correct the code, or have the list completed."
        raise ValidationError({field: text})
    if where is Listing.NO_LIST and not confirmed:
        raise ValidationError({"confirmed": CONFIRM.format(code=code, day=day)})
    return where is not Listing.NO_LIST


def submitted_units(
    code: str, lines: Sequence[ServiceLine], modifiers: Collection[str] = ()
) -> int:
    """The units of the one line that was submitted under this code; 1 where there is no such line, or several.

    Both sides in one line are one unit, however many were submitted (Medicare Claims Processing Manual, Pub. 100-04,
    chapter 12, section 40.7).
    """
    units = [line.units for line in lines if line.code == code]
    if len(units) != 1 or known_modifiers.BOTH_SIDES in modifiers:
        return 1
    return units[0]


def pointed_diagnoses(service: Service, lines: Sequence[ServiceLine]) -> list[str]:
    """The diagnoses that the lines point to, by their codes; all where none is pointed to."""
    codes = [diagnosis.code for diagnosis in service.encounter.diagnoses.all()]
    places: list[int] = []
    for line in lines:
        places += line.diagnosis_pointers

    # Places count from 1. A source may point to a diagnosis that it did not send.
    each_once = dict.fromkeys(places)
    pointed = [codes[place - 1] for place in each_once if 0 < place <= len(codes)]
    return pointed or codes

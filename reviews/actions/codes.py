"""What a decision or a ruling may name: real codes and modifiers, and the units that were submitted."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError

from coding.intake.check import PROCEDURE
from coding.models import ServiceLine
from coding.reference import modifiers as known_modifiers
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
        raise ValidationError({"code": "Write the code that is reported: five characters, such as 12345."})
    strange = known_modifiers.unknown(modifiers)
    if strange:
        raise ValidationError({"modifiers": f"{strange[0]} is no modifier that can be reported. Correct it."})
    if len(set(modifiers)) < len(modifiers):
        raise ValidationError({"modifiers": "A modifier stands here twice. Write each once."})
    if len(modifiers) > 4:
        raise ValidationError({"modifiers": "A claim line has room for four modifiers. Take some out."})
    match listing(code, day):
        case Listing.UNLISTED:
            text = f"{code} is not in the code list of {day}. Correct the code, or have the list completed."
            raise ValidationError({"code": text})
        case Listing.NO_LIST if not confirmed:
            raise ValidationError({"confirmed": CONFIRM.format(code=code, day=day)})
        case Listing.NO_LIST:
            return False
    return True


def submitted_units(code: str, lines: Sequence[ServiceLine]) -> int:
    """The units of the one line that was submitted under this code; 1 where there is no such line, or several."""
    units = [line.units for line in lines if line.code == code]
    return units[0] if len(units) == 1 else 1

"""Whether a procedure code is known on a day: by the families' own codes, or by the lists that are loaded.

The lists of today are the fee schedule releases. A code may not be made up: 99999 has the shape of one.
"""

from datetime import date
from enum import Enum

from coding.models import FeeScheduleRelease, FeeScheduleValue, RuleSetVersion
from coding.rules.families import Families


class Listing(Enum):
    """What is known of a code on a day."""

    LISTED = "listed"
    UNLISTED = "a list for the day is loaded and lacks it"
    NO_LIST = "no list for the day is loaded"


def listing(code: str, day: date) -> Listing:
    """Whether a code is known on a day of service.

    A published family's own codes always are; those of a retired version are for the days that it decided.
    """
    if Families.published().has(code) or _was_of_a_family(code, day):
        return Listing.LISTED
    release = FeeScheduleRelease.objects.in_force(day).first()
    if release is None:
        return Listing.NO_LIST
    listed = FeeScheduleValue.objects.filter(release=release, code=code).exists()
    return Listing.LISTED if listed else Listing.UNLISTED


def _was_of_a_family(code: str, day: date) -> bool:
    families = RuleSetVersion.objects.once_in_force(day).values_list("family", flat=True)
    return any(code in family.split() for family in families)

"""Whether a procedure code is known on a day: by the families' own codes, or by the lists that are loaded.

The lists are the fee schedule and, of its codes, HCPCS Level II. A code may not be made up: 99999 has the shape of one.
"""

from datetime import date
from enum import Enum

from coding.models import (
    FeeScheduleRelease,
    FeeScheduleValue,
    HcpcsCode,
    RuleSetVersion,
    TableKind,
    TableRelease,
)
from coding.reference.code_rows import is_of_level_2
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
    by_its_lists = {_by_fee_schedule(code, day), _by_level_2(code, day)}
    if Listing.LISTED in by_its_lists:
        return Listing.LISTED
    return Listing.UNLISTED if Listing.UNLISTED in by_its_lists else Listing.NO_LIST


def _by_fee_schedule(code: str, day: date) -> Listing:
    release = FeeScheduleRelease.objects.in_force(day).first()
    if release is None:
        return Listing.NO_LIST
    listed = FeeScheduleValue.objects.filter(release=release, code=code).exists()
    return Listing.LISTED if listed else Listing.UNLISTED


def _by_level_2(code: str, day: date) -> Listing:
    """Whether its term holds on the day. The list says nothing of other codes."""
    if not is_of_level_2(code):
        return Listing.NO_LIST
    release = TableRelease.objects.in_force(day).filter(table=TableKind.TERMS).first()
    if release is None:
        return Listing.NO_LIST
    listed = HcpcsCode.objects.on(day).filter(release=release, code=code).exists()
    return Listing.LISTED if listed else Listing.UNLISTED


def _was_of_a_family(code: str, day: date) -> bool:
    families = RuleSetVersion.objects.once_in_force(day).values_list("family", flat=True)
    return any(code in family.split() for family in families)

"""What a code was worth on a date of service, by the fee schedules that are loaded."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from coding.models import FeeScheduleRelease, FeeScheduleValue

# The settings that CMS pays at the facility rate: Medicare Claims Processing Manual (Pub. 100-04), chapter 12,
# section 20.4.2, and chapter 26, section 10.5. Telehealth (02, 10) is left out: what CMS pays there changed with time.
FACILITY_PLACES = frozenset(
    ["19", "21", "22", "23", "24", "26", "31", "34", "41", "42", "51", "52", "53", "56", "61"]
)


# Rows of these statuses hold 0.00 where there is no relative value: priced by the carrier (C), not valid (I),
# anesthesia, which counts base units (J), not covered (N), excluded by statute (X).
UNPRICED = frozenset("CIJNX")


def is_facility(place_of_service: str) -> bool:
    """Whether CMS pays services at this place at the facility rate."""
    return place_of_service in FACILITY_PLACES


@dataclass(frozen=True, slots=True)
class Value:
    """Relative values of a code: the physician's work, and the total at the place; and the release they stand in."""

    work: Decimal
    total: Decimal
    release: str


@dataclass(frozen=True, slots=True)
class FeeSchedules:
    """The values of some codes in every release that is loaded, held in memory: asking it makes no query."""

    # By date, oldest first: the day, the key and the name of each release.
    days: tuple[date, ...]
    releases: tuple[tuple[int, str], ...]
    # By release, code and modifier: work, total in a facility, total elsewhere.
    values: dict[tuple[int, str, str], tuple[Decimal, Decimal, Decimal]]

    @classmethod
    def of(cls, codes: Iterable[str]) -> Self:
        """Read the values of these codes, in two queries; in one where no release is loaded, in none without codes."""
        wanted = set(codes)
        if not wanted:
            return cls((), (), {})
        oldest_first = FeeScheduleRelease.objects.order_by("valid_from")
        releases = list(oldest_first.values_list("valid_from", "pk", "name"))

        values = {}
        if releases:
            rows = FeeScheduleValue.objects.filter(code__in=wanted)
            totals = ("work_rvu", "facility_total", "non_facility_total")
            columns = ("release", "code", "modifier", *totals)
            priced = rows.exclude(status__in=UNPRICED).values_list(*columns)
            for release, code, modifier, work, inside, outside in priced:
                values[release, code, modifier] = (work, inside, outside)

        return cls(
            days=tuple(day for day, _, _ in releases),
            releases=tuple((key, name) for _, key, name in releases),
            values=values,
        )

    def value_of(self, code: str, on: date, facility: bool, modifier: str = "") -> Value | None:
        """The value in the newest release in force on a day; None if there is none or it does not list the code.

        The row without a modifier is the whole service; with 26, TC or 53 it is a part of it.
        """
        position = bisect_right(self.days, on)
        if not position:
            return None
        key, name = self.releases[position - 1]
        value = self.values.get((key, code, modifier))
        if value is None:
            return None
        work, inside, outside = value
        return Value(work, inside if facility else outside, name)

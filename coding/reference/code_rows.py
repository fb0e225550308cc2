"""What the loaded tables hold of one code: so many queries, however much is loaded. Each value has its release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Window

from coding.models import (
    AddOnEdit,
    FeeScheduleDetail,
    FeeScheduleRelease,
    FeeScheduleValue,
    HcpcsCode,
    Locality,
    PairEdit,
    Program,
    TableKind,
    TableRelease,
    UnitLimitEdit,
)
from coding.models.claim_tables import told_day

# So many of a code's add-ons and primaries are shown.
MOST_ADD_ONS = 60
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A code's row in one fee schedule release; ``detail`` is None where the release was loaded without indicators."""

    value: FeeScheduleValue
    detail: FeeScheduleDetail | None

    def payment(self, locality: Locality, facility: bool) -> Decimal | None:
        """What Medicare pays at a locality, in dollars; None where it has no rate there, or a part of it is not loaded.

        (work x GPCI + practice x GPCI + malpractice x GPCI) x conversion factor: CMS, Physician Fee Schedule.
        """
        detail = self.detail
        if detail is None or detail.conversion_factor is None:
            return None
        if facility:
            has_no_rate, practice = detail.facility_na, detail.facility_practice
        else:
            has_no_rate, practice = detail.non_facility_na, detail.non_facility_practice
        if has_no_rate or practice is None or detail.malpractice is None:
            return None

        total = self.value.work_rvu * locality.work
        total += practice * locality.practice
        total += detail.malpractice * locality.malpractice
        return in_cents(total * detail.conversion_factor)


class ListedPair(NamedTuple):
    """A pair of a code by the other code, and how many there are in all."""

    other: str
    may_be_opened: bool
    effective: date
    ended: date | None
    rationale: str
    total: int

    @property
    def since(self) -> date | None:
        """Its first day, where the table tells one."""
        return told_day(self.effective)


def in_cents(amount: Decimal) -> Decimal:
    """Dollars with two decimals."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class CodeRows:
    """The rows of one code on one day, by the practitioner tables of Medicare."""

    code: str
    day: date
    # The release of each table in force on the day; and that of the fee schedule, which has its own.
    releases: dict[str, TableRelease]
    fee_schedule: FeeScheduleRelease | None
    # In all releases, the newest first.
    fees: tuple[FeeRow, ...]
    limits: tuple[UnitLimitEdit, ...]
    terms: tuple[HcpcsCode, ...]
    add_ons: tuple[AddOnEdit, ...]

    @classmethod
    def read(cls, code: str, day: date) -> "CodeRows":
        """Read them in seven queries. All indexes begin with the release, so releases are always named."""
        of_medicare = TableRelease.objects.filter(program=Program.MEDICARE)
        releases = list(of_medicare.order_by("-valid_from"))
        in_force: dict[str, TableRelease] = {}
        for release in releases:
            if release.valid_from <= day:
                in_force.setdefault(release.table, release)

        schedules = list(FeeScheduleRelease.objects.order_by("-valid_from"))
        begun = [schedule for schedule in schedules if schedule.valid_from <= day]

        terms: tuple[HcpcsCode, ...] = ()
        if is_of_level_2(code):
            terms = _in_releases(HcpcsCode.objects.all(), code, releases, TableKind.TERMS)
        limits = _in_releases(UnitLimitEdit.objects.all(), code, releases, TableKind.UNIT_LIMITS)
        return cls(
            code=code,
            day=day,
            releases=in_force,
            fee_schedule=begun[0] if begun else None,
            fees=_fees(code, schedules),
            limits=limits,
            terms=terms,
            add_ons=_add_ons(code, day, in_force.get(TableKind.ADD_ONS)),
        )

    @property
    def fee(self) -> FeeRow | None:
        """The row of the fee schedule in force; None where it has none, or none is loaded."""
        return next((row for row in self.fees if row.value.release == self.fee_schedule), None)

    @property
    def limit(self) -> UnitLimitEdit | None:
        """The unit limit of the release in force; None where it has none, or none is loaded."""
        release = self.releases.get(TableKind.UNIT_LIMITS)
        return next((limit for limit in self.limits if limit.release == release), None)

    @property
    def term(self) -> HcpcsCode | None:
        """The row of HCPCS Level II in force."""
        release = self.releases.get(TableKind.TERMS)
        return next((term for term in self.terms if term.release == release), None)

    @property
    def has_ended(self) -> bool:
        """Whether it is valid no longer: its term is over, or the releases of the day lack what earlier ones had.

        A code of HCPCS Level II is valid by its term alone, whether or not the fee schedule values it.
        """
        if self.term:
            return self.term.ended is not None and self.term.ended < self.day
        had_values = any(row.value.release.valid_from <= self.day for row in self.fees)
        had_a_term = any(term.release.valid_from <= self.day for term in self.terms)
        return (had_values and self.fee is None) or (had_a_term and self.term is None)

    @property
    def replacement(self) -> HcpcsCode | None:
        """The newest row of HCPCS Level II that refers to other codes in its place."""
        return next((term for term in self.terms if term.replaced_by), None)

    @property
    def is_known(self) -> bool:
        """Whether a table that is no list of pairs knows the code, on whatever day."""
        return bool(self.fees or self.limits or self.terms or self.add_ons)

    def pairs(self, column: int) -> QuerySet[Any, Any]:
        """The pairs in which the code stands in column 1 or 2 on the day, by the other code: as ``ListedPair``."""
        release = self.releases.get(TableKind.PAIRS)
        own, other = "column1", "column2"
        if column == 2:
            own, other = other, own
        rows = PairEdit.objects.filter(release=release, **{own: self.code}).on(self.day)
        if release is None:
            rows = rows.none()
        columns = (other, "may_be_opened", "effective", "ended", "rationale")
        # With the number of all of them in each row: a page of pairs needs no query for it.
        return rows.order_by(other, "pk").values_list(*columns, Window(Count("pk")))

    def pair_with(self, other: str) -> Sequence[PairEdit]:
        """The pairs of this code with another one, in both orders."""
        release = self.releases.get(TableKind.PAIRS)
        if release is None:
            return []
        in_this_order = Q(column1=self.code, column2=other)
        in_the_other = Q(column1=other, column2=self.code)
        pairs = PairEdit.objects.filter(in_this_order | in_the_other, release=release)
        return list(pairs.on(self.day))


def is_of_level_2(code: str) -> bool:
    """Whether HCPCS Level II can have a code: a letter and four digits."""
    return code[:1].isalpha()


def localities(release: TableRelease | None) -> list[Locality]:
    """The localities of a release, by state; none where none is loaded."""
    if release is None:
        return []
    return list(Locality.objects.filter(release=release).order_by("state", "name", "pk"))


def _fees(code: str, schedules: Sequence[FeeScheduleRelease]) -> tuple[FeeRow, ...]:
    whole = {"release__in": schedules, "code": code, "modifier": ""}
    values = {value.release_id: value for value in FeeScheduleValue.objects.filter(**whole)}
    details = {detail.release_id: detail for detail in FeeScheduleDetail.objects.filter(**whole)}
    rows = []
    for schedule in schedules:
        value = values.get(schedule.pk)
        if value is not None:
            # The object is here: it need not be asked for again.
            value.release = schedule
            rows.append(FeeRow(value, details.get(schedule.pk)))
    return tuple(rows)


def _in_releases(
    rows: QuerySet[Any], code: str, releases: Sequence[TableRelease], table: str
) -> tuple[Any, ...]:
    own = {release.pk: release for release in releases if release.table == table}
    by_release = {row.release_id: row for row in rows.filter(release__in=own, code=code)}
    for row in by_release.values():
        row.release = own[row.release_id]
    return tuple(by_release[pk] for pk in own if pk in by_release)


def _add_ons(code: str, day: date, release: TableRelease | None) -> tuple[AddOnEdit, ...]:
    if release is None:
        return ()
    either = Q(add_on=code) | Q(primary=code)
    rows = AddOnEdit.objects.filter(either, release=release).on(day)
    return tuple(rows.order_by("add_on", "primary", "pk")[:MOST_ADD_ONS])

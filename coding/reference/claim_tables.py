"""The rows of loaded tables that a claim's checks ask for: one look-up for each table, for any number of lines."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from coding.claim import AddOn, Diagnosis, DiagnosisState, Fee, Pair, Table, Tables, Term, UnitLimit
from coding.models import (
    AddOnEdit,
    Code,
    CodeExclusion,
    CodeSet,
    CodeSetRelease,
    FeeScheduleDetail,
    FeeScheduleRelease,
    FeeScheduleValue,
    HcpcsCode,
    PairEdit,
    Program,
    TableKind,
    TableRelease,
    UnitLimitEdit,
)
from coding.reference.fee_schedules import FACILITY_PLACES

MONTHS_OF_A_QUARTER = 3
# In titles of ICD-10-CM. A side of the heart, of the belly or of the ruling hand is none of a limb.
SIDE = re.compile(
    r"\b(right|left|bilateral)\b"
    r"(?! (?:heart|ventric|atri|bundle|(?:upper|lower) quadrant|(?:non-?)?dominant|main|anterior))",
    re.IGNORECASE,
)
BOTH = "both"
DETAILS = (
    "facility_na",
    "non_facility_na",
    "technical",
    "pre",
    "post",
    "multiple",
    "bilateral",
    "assistant",
)
HELPERS = ("co_surgeon", "team")


@dataclass(frozen=True)
class ClaimTables:
    """The tables of one day and kind of payer, for some codes and diagnoses."""

    day: date
    payer: str
    codes: Collection[str]
    diagnoses: Collection[str]

    def read(self) -> Tables:
        """All tables that are loaded, with the rows of these codes."""
        return Tables(
            fees=self._fees(),
            pairs=self._pairs(),
            unit_limits=self._limits(),
            add_ons=self._add_ons(),
            terms=self._terms(),
            diagnoses=self._diagnoses(),
            facility_places=FACILITY_PLACES,
        )

    @cached_property
    def _releases(self) -> dict[tuple[str, str], TableRelease]:
        """The newest release of each table and program that had begun on the day."""
        newest: dict[tuple[str, str], TableRelease] = {}
        for release in TableRelease.objects.in_force(self.day):
            newest.setdefault((release.table, release.program), release)
        return newest

    def _release(self, table: TableKind) -> TableRelease | None:
        own = self._releases.get((table, self.payer))
        return own or self._releases.get((table, Program.MEDICARE))

    def _table(self, release: TableRelease, rows: Any) -> Table[Any]:
        caveats = filter(None, [self._of_payer(release), self._of_day(release)])
        return Table(str(release), rows, "; ".join(caveats), of_payer=release.program == self.payer)

    def _of_payer(self, release: TableRelease) -> str:
        if not self.payer or release.program == self.payer:
            return ""
        return f"{release.get_table_display()} of the payer’s own (the practitioner table of Medicare is used)"

    def _of_day(self, release: TableRelease) -> str:
        begun = release.valid_from
        months_since = (self.day.year - begun.year) * 12 + self.day.month - begun.month
        if months_since < MONTHS_OF_A_QUARTER:
            return ""
        return f"{release.get_table_display()} of the quarter of {self.day} ({release} is used)"

    def _fees(self) -> Table[Any] | None:
        release = FeeScheduleRelease.objects.in_force(self.day).first()
        if release is None:
            return None
        whole = {"release": release, "code__in": self.codes, "modifier": ""}
        details = {row.code: row for row in FeeScheduleDetail.objects.filter(**whole)}
        values = {row.code: row for row in FeeScheduleValue.objects.filter(**whole)}
        rows = {code: _fee(row, details.get(code)) for code, row in values.items()}
        caveat = ""
        if values and not details:
            caveat = f"the indicators of {release.name}, which was loaded without them"
        return Table(release.name, rows, caveat)

    def _pairs(self) -> Table[Any] | None:
        release = self._release(TableKind.PAIRS)
        if release is None:
            return None
        of_codes = PairEdit.objects.filter(column1__in=self.codes, column2__in=self.codes)
        rows = of_codes.filter(release=release).on(self.day)
        pairs = {}
        for row in rows.values_list("column1", "column2", "may_be_opened", "rationale"):
            pair = Pair(*row)
            pairs[pair.column1, pair.column2] = pair
        return self._table(release, pairs)

    def _limits(self) -> Table[Any] | None:
        release = self._release(TableKind.UNIT_LIMITS)
        if release is None:
            return None
        rows = UnitLimitEdit.objects.filter(release=release, code__in=self.codes)
        limits = {}
        for code, units, applied, why in rows.values_list("code", "units", "applied", "rationale"):
            limits[code] = UnitLimit(units, applied, why)
        return self._table(release, limits)

    def _add_ons(self) -> Table[Any] | None:
        release = self._release(TableKind.ADD_ONS)
        if release is None:
            return None
        rows = AddOnEdit.objects.filter(release=release, add_on__in=self.codes).on(self.day)
        primaries: dict[str, set[str]] = {}
        kinds: dict[str, int] = {}
        for add_on, primary, kind in rows.values_list("add_on", "primary", "kind"):
            primaries.setdefault(add_on, set()).add(primary)
            kinds[add_on] = kind
        add_ons = {}
        for code, own in primaries.items():
            # An empty one says that the contractor decides.
            add_ons[code] = AddOn(kinds[code], frozenset(own - {""}))
        return self._table(release, add_ons)

    def _terms(self) -> Table[Any] | None:
        release = self._release(TableKind.TERMS)
        if release is None:
            return None
        rows = HcpcsCode.objects.filter(release=release, code__in=self.codes)
        terms = {}
        for code, effective, ended in rows.values_list("code", "effective", "ended"):
            terms[code] = Term(effective, ended)
        return Table(str(release), terms, self._of_day(release))

    def _diagnoses(self) -> Table[Any] | None:
        releases = CodeSetRelease.objects.filter(code_set=CodeSet.ICD10CM)
        release = releases.in_force(CodeSet.ICD10CM, self.day).first()
        # Sides do not change from release to release: a later one tells them where none of the day is loaded.
        caveat = "" if release else f"ICD-10-CM, nothing is loaded for {self.day}"
        release = release or releases.order_by("valid_from").first()
        if release is None:
            return None

        known = Code.objects.filter(release=release, code__in=self.diagnoses)
        exclusions = self._exclusions(release)
        rows = {}
        for code, title, reportable in known.values_list("code", "description", "reportable"):
            excludes: list[str] = []
            for beginning in _beginnings(code):
                excludes += exclusions.get(beginning, ())
            rows[code] = Diagnosis(_state(reportable), side_of(title), tuple(excludes))
        return Table(str(release), rows, caveat)

    def _exclusions(self, release: CodeSetRelease) -> dict[str, list[str]]:
        """What the notes of the diagnoses exclude, and those of the categories above them, by their codes."""
        noted: set[str] = set()
        for code in self.diagnoses:
            noted.update(_beginnings(code))
        rows = CodeExclusion.objects.filter(release=release, code__in=noted)
        by_code: dict[str, list[str]] = {}
        for code, excluded in rows.values_list("code", "excluded"):
            by_code.setdefault(code, []).append(excluded)
        return by_code


def side_of(title: str) -> str:
    """The side that the title of a diagnosis names: ``left``, ``right``, ``both``, or nothing."""
    sides: set[str] = {match.lower() for match in SIDE.findall(title)}
    if "bilateral" in sides:
        return BOTH
    if len(sides) != 1:
        return ""
    return sides.pop()


def _beginnings(code: str) -> Iterator[str]:
    """A diagnosis and the categories above it."""
    for length in range(3, len(code) + 1):
        # The fourth character is the dot.
        if length != 4:
            yield code[:length].rstrip(".")


def _state(reportable: bool) -> DiagnosisState:
    return DiagnosisState.VALID if reportable else DiagnosisState.CATEGORY


def _fee(value: FeeScheduleValue, detail: FeeScheduleDetail | None) -> Fee:
    indicators = {}
    if detail is not None:
        indicators = {name: getattr(detail, name) for name in (*DETAILS, *HELPERS)}
    return Fee(
        status=value.status,
        global_days=value.global_days,
        work=value.work_rvu,
        facility_total=value.facility_total,
        non_facility_total=value.non_facility_total,
        **indicators,
    )

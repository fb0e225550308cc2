"""What new releases of tables change for the codes of our rule sets, and what of ours names those codes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from django.db.models import Count

from coding.claim import Table, Tables
from coding.decision import RuleTable
from coding.models import Precedent, RuleSetVersion, ServiceLine, ServiceState, VersionState, WorkedCase
from coding.reference.claim_tables import ClaimTables
from coding.rules.published import Published, RulesOfDay

OPEN = (ServiceState.TO_CODE, ServiceState.IN_REVIEW, ServiceState.AWAITING_PROVIDER)
# What people read in the place of a row's field; the others are said as they are called.
NAMES = {"work": "work value", "facility_total": "value in a facility", "non_facility_total": "value in an office"}
# Told in full elsewhere: texts, and lists of other codes.
UNTOLD = frozenset({"rationale", "excludes", "primaries"})


@dataclass(frozen=True, slots=True)
class Change:
    """What a release says of a code that the one before did not, in words."""

    code: str
    release: str
    words: str


@dataclass(frozen=True, slots=True)
class Touched:
    """A code of a rule set that changes, with what names it: rules by their ids, and how many rows of each kind."""

    code: str
    changes: tuple[Change, ...]
    rules: tuple[str, ...]
    cases: int
    precedents: int
    open_lines: int


@dataclass(frozen=True, slots=True)
class FamilyUpdate:
    """A rule set with its codes that change, and the version that takes care of it, if anybody began one."""

    published: Published
    touched: tuple[Touched, ...]
    next_version: RuleSetVersion | None


@dataclass(frozen=True, slots=True)
class TablesUpdate:
    """What changes on a day: the releases that begin, and the rule sets in force the day before that they touch."""

    releases: tuple[tuple[str, str], ...]
    families: tuple[FamilyUpdate, ...]


def tables_update(day: date) -> TablesUpdate:
    """Compare the tables of a day with those of the day before, in a number of queries that rule sets do not raise."""
    in_force = RulesOfDay.on(day - timedelta(days=1)).in_force
    codes = {code for published in in_force for code in _codes_of(published.table)}
    diagnoses = {code for published in in_force for code in _diagnoses_of(published.table)}
    before = ClaimTables(day - timedelta(days=1), "", codes, diagnoses).read()
    after = ClaimTables(day, "", codes, diagnoses).read()
    changes = _by_code(_changes(before, after))
    counted = _Counts.of(changes)
    following = _following(in_force, day)
    families = [_family(published, changes, counted, following) for published in in_force]
    return TablesUpdate(tuple(_releases(before, after)), tuple(family for family in families if family.touched))


def _codes_of(table: RuleTable) -> set[str]:
    return {*table.family, *(line.code for line in table.lines)}


def _diagnoses_of(table: RuleTable) -> set[str]:
    return {code for row in table.diagnoses for code in row.codes}


def _tables(before: Tables, after: Tables) -> Iterator[tuple[Table[Any] | None, Table[Any] | None]]:
    for name in ("fees", "unit_limits", "add_ons", "terms", "diagnoses"):
        yield getattr(before, name), getattr(after, name)


def _releases(before: Tables, after: Tables) -> Iterator[tuple[str, str]]:
    """Each release that begins, after the one that it follows; that is empty where it is the first."""
    for old, new in _tables(before, after):
        if new is not None and (old is None or old.name != new.name):
            yield old.name if old else "", new.name


def _changes(before: Tables, after: Tables) -> Iterator[Change]:
    for old, new in _tables(before, after):
        # Where nothing was loaded before, everything would be new: the page says that the release is the first.
        if old is None or new is None or old.name == new.name:
            continue
        for code in sorted({*old.rows, *new.rows}):
            words = _words(old.rows.get(code), new.rows.get(code))
            if words:
                yield Change(code, new.name, words)


def _words(old: Any, new: Any) -> str:
    """How two rows of a code differ; empty where they do not."""
    if old is None:
        return "new"
    if new is None:
        return "no longer listed"
    names = [field.name for field in fields(new) if field.name not in UNTOLD]
    pairs = [(name, getattr(old, name), getattr(new, name)) for name in names]
    return "; ".join(
        f"{NAMES.get(name, name.replace('_', ' '))} {_shown(was)} → {_shown(now)}"
        for name, was, now in pairs
        if was != now
    )


def _shown(value: object) -> str:
    return "nothing" if value in (None, "") else str(value)


def _by_code(changes: Iterator[Change]) -> dict[str, list[Change]]:
    by_code: dict[str, list[Change]] = {}
    for change in changes:
        by_code.setdefault(change.code, []).append(change)
    return by_code


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many rows name a code: worked cases by version, precedents by rule set, open lines."""

    cases: Mapping[tuple[int, str], int]
    precedents: Mapping[tuple[int, str], int]
    lines: Mapping[str, int]

    @classmethod
    def of(cls, codes: Mapping[str, object]) -> "_Counts":
        cases = WorkedCase.objects.filter(code__in=codes).values_list("version", "code").annotate(Count("pk"))
        standing = Precedent.objects.filter(code__in=codes, reversed_by=None)
        precedents = standing.values_list("rule_set", "code").annotate(Count("pk"))
        lines = ServiceLine.objects.standing().filter(code__in=codes, service__state__in=OPEN)
        open_lines = lines.values_list("code").annotate(Count("pk")).order_by()
        return cls(
            {(version, code): number for version, code, number in cases.order_by()},
            {(rule_set, code): number for rule_set, code, number in precedents.order_by()},
            dict(open_lines),
        )


def _family(
    published: Published,
    changes: Mapping[str, Sequence[Change]],
    counted: _Counts,
    following: Mapping[int, RuleSetVersion],
) -> FamilyUpdate:
    table, version = published.table, published.version
    own = sorted((_codes_of(table) | _diagnoses_of(table)) & changes.keys())
    touched = [
        Touched(
            code=code,
            changes=tuple(changes[code]),
            rules=tuple(rule.id for rule in table.rules if rule.code == code),
            cases=counted.cases.get((version.pk, code), 0),
            precedents=counted.precedents.get((version.rule_set_id, code), 0),
            open_lines=counted.lines.get(code, 0),
        )
        for code in own
    ]
    return FamilyUpdate(published, tuple(touched), following.get(version.rule_set_id))


def _following(in_force: Sequence[Published], day: date) -> dict[int, RuleSetVersion]:
    """The version after the one in force: a draft, one in review, or one that begins on the day or later."""
    known = {published.version.rule_set_id: published.version.number for published in in_force}
    states = [VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.PUBLISHED]
    versions = RuleSetVersion.objects.filter(rule_set__in=known, state__in=states).order_by("number")
    return {version.rule_set_id: version for version in versions if _takes_care(version, known, day)}


def _takes_care(version: RuleSetVersion, known: Mapping[int, int], day: date) -> bool:
    begins_in_time = version.effective_from is None or version.effective_from >= day
    return begins_in_time and version.number > known[version.rule_set_id]

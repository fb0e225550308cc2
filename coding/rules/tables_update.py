"""What new releases of tables change for the codes of our rule sets, and what of ours names those codes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from coding.claim import DiagnosisState, Fee, Table, Tables
from coding.decision import RuleTable, content_hash, rules_of
from coding.models import (
    Code,
    CodeSet,
    CodeSetRelease,
    Precedent,
    RuleSetVersion,
    ServiceLine,
    ServiceState,
    VersionState,
    WorkedCase,
)
from coding.reference.claim_tables import ClaimTables
from coding.rules.code_words import phrases_of
from coding.rules.published import Published, RulesOfDay

OPEN = (ServiceState.TO_CODE, ServiceState.IN_REVIEW, ServiceState.AWAITING_PROVIDER)
# What people read in the place of a row's field; the others are said as they are called.
NAMES = {
    "work": "work value",
    "facility_total": "value in a facility",
    "non_facility_total": "value in an office",
    "facility_na": "no rate in a facility",
    "non_facility_na": "no rate in an office",
    "technical": "PC/TC indicator",
    "pre": "share before",
    "post": "share after",
    "multiple": "indicator for several procedures",
    "bilateral": "indicator for both sides",
    "assistant": "indicator for assistants",
    "co_surgeon": "indicator for two surgeons",
    "team": "indicator for teams",
    "applied": "adjudication indicator",
}
# Told in full elsewhere: texts, and lists of other codes.
UNTOLD = frozenset({"rationale", "excludes", "primaries", "column1", "column2"})
# What can change without that a rule has to: the values that are paid.
PAID = frozenset({"work", "facility_total", "non_facility_total"})
NEW, GONE = "new", "no longer listed"
MOST_SHOWN, MOST_SUCCESSORS = 5, 12


@dataclass(frozen=True, slots=True)
class Change:
    """What a release says of a code that the one before did not, in words; ``is_of_values`` if only of what is paid."""

    code: str
    release: str
    words: str
    is_of_values: bool = False


@dataclass(frozen=True, slots=True)
class Touched:
    """A code of a rule set that changes, with what names it: rules by their ids, and how many rows of each kind.

    ``phrases`` are those of the lexicon by which notes come to the code; ``successors`` the diagnoses that are
    complete in the new release where this one no longer is.
    """

    code: str
    changes: tuple[Change, ...]
    rules: tuple[str, ...]
    cases: int
    precedents: int
    open_lines: int
    phrases: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether all that names the code can stay as it is."""
        return all(change.is_of_values for change in self.changes)

    @property
    def first_phrases(self) -> tuple[str, ...]:
        """The phrases that are shown."""
        return self.phrases[:MOST_SHOWN]


@dataclass(frozen=True, slots=True)
class FamilyUpdate:
    """A rule set with its codes that change, and the version that takes care of it, if anybody began one."""

    published: Published
    touched: tuple[Touched, ...]
    next_version: RuleSetVersion | None

    @property
    def key(self) -> str:
        """The key of the rule set."""
        return self.published.table.key

    @property
    def stands(self) -> bool:
        """Whether it is proposed that the version stands as it is: only what is paid changes."""
        return all(touched.stands for touched in self.touched)

    def to_data(self) -> dict[str, Any]:
        """What is signed of it."""
        words_by_code = {}
        for touched in self.touched:
            words_by_code[touched.code] = [change.words for change in touched.changes]
        return {
            "rule set": self.key,
            "version": self.published.version.number,
            "next version": self.next_version.number if self.next_version else None,
            "codes": words_by_code,
        }


@dataclass(frozen=True, slots=True)
class TablesUpdate:
    """What changes on a day: the releases that begin, and the rule sets in force the day before that they touch."""

    day: date
    releases: tuple[tuple[str, str], ...]
    families: tuple[FamilyUpdate, ...]

    def to_data(self) -> dict[str, Any]:
        """What is signed of it."""
        return {
            "day": self.day.isoformat(),
            "releases": [list(names) for names in self.releases],
            "rule sets": [family.to_data() for family in self.families],
        }

    @property
    def content_hash(self) -> str:
        """By which a signature knows it again."""
        return content_hash(self.to_data())


def tables_update(day: date) -> TablesUpdate:
    """Compare the tables of a day with those of the day before, in a number of queries that rule sets do not raise."""
    day_before = day - timedelta(days=1)
    in_force = RulesOfDay.on(day_before).in_force
    codes: set[str] = set()
    diagnoses: set[str] = set()
    for published in in_force:
        codes |= _codes_of(published.table)
        diagnoses |= _diagnoses_of(published.table)

    before = ClaimTables(day_before, "", codes, diagnoses).read()
    after = ClaimTables(day, "", codes, diagnoses).read()
    changes = _by_code(_changes(before, after))
    counted = _Counts.of(changes)
    following = _following(in_force, day)
    successors = _successors(changes, after, day)

    families = []
    for published in in_force:
        family = _family(published, changes, counted, following, successors)
        if family.touched:
            families.append(family)
    return TablesUpdate(day, tuple(_releases(before, after)), tuple(families))


def _codes_of(table: RuleTable) -> set[str]:
    return {*table.family, *(line.code for line in table.lines)}


def _diagnoses_of(table: RuleTable) -> set[str]:
    codes: set[str] = set()
    for row in table.diagnoses:
        codes.update(row.codes)
    return codes


def _tables(before: Tables, after: Tables) -> Iterator[tuple[Table[Any] | None, Table[Any] | None]]:
    for name in ("fees", "pairs", "unit_limits", "add_ons", "terms", "diagnoses"):
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
        untold = _untold(old.rows.values())
        for key in sorted({*old.rows, *new.rows}):
            yield from _of_row(key, new.name, old.rows.get(key), new.rows.get(key), untold)


def _untold(rows: Iterable[Any]) -> frozenset[str]:
    """The indicators that no row of a fee schedule tells: it was loaded without them."""
    fees = [row for row in rows if isinstance(row, Fee)]
    if not fees:
        return frozenset()
    untold = set()
    for field in fields(Fee):
        if all(getattr(fee, field.name) in (None, "") for fee in fees):
            untold.add(field.name)
    return frozenset(untold)


def _change_in_words(old: Any, new: Any, differing: Mapping[str, str]) -> str:
    if old is None:
        return NEW
    if new is None:
        return GONE
    return "; ".join(differing.values())


def _of_row(
    key: str | tuple[str, str], release: str, old: Any, new: Any, untold: frozenset[str]
) -> Iterator[Change]:
    """How two rows of a code, or of a pair of codes, differ in what was told; nothing where they do not."""
    differing = _differing(old, new, untold)
    words = _change_in_words(old, new, differing)
    if not words:
        return
    if isinstance(key, str):
        only_paid = bool(differing) and PAID.issuperset(differing)
        yield Change(key, release, words, is_of_values=only_paid)
        return
    first, second = key
    yield Change(first, release, f"pair with {second}: {words}")
    yield Change(second, release, f"pair with {first}: {words}")


def _differing(old: Any, new: Any, untold: frozenset[str]) -> dict[str, str]:
    """The fields in which two rows differ, in words."""
    if old is None or new is None:
        return {}
    differing = {}
    for field in fields(new):
        name = field.name
        if name in UNTOLD or name in untold:
            continue
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            called = NAMES.get(name, name.replace("_", " "))
            differing[name] = f"{called} {_shown(was)} → {_shown(now)}"
    return differing


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, ""):
        return "nothing"
    return str(value)


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
        written = WorkedCase.objects.filter(code__in=codes)
        cases = written.values_list("version", "code").annotate(Count("pk"))
        standing = Precedent.objects.filter(code__in=codes, reversed_by=None)
        precedents = standing.values_list("rule_set", "code").annotate(Count("pk"))
        lines = ServiceLine.objects.standing().filter(code__in=codes, service__state__in=OPEN)
        open_lines = lines.values_list("code").annotate(Count("pk")).order_by()
        return cls(
            cases={(version, code): count for version, code, count in cases.order_by()},
            precedents={(owner, code): count for owner, code, count in precedents.order_by()},
            lines=dict(open_lines),
        )


def _family(
    published: Published,
    changes: Mapping[str, Sequence[Change]],
    counted: _Counts,
    following: Mapping[int, RuleSetVersion],
    successors: Mapping[str, tuple[str, ...]],
) -> FamilyUpdate:
    table, version = published.table, published.version
    own = sorted((_codes_of(table) | _diagnoses_of(table)) & changes.keys())
    touched = []
    for code in own:
        row = Touched(
            code=code,
            changes=tuple(changes[code]),
            rules=tuple(rule.id for rule in rules_of(table, code)),
            cases=counted.cases.get((version.pk, code), 0),
            precedents=counted.precedents.get((version.rule_set_id, code), 0),
            open_lines=counted.lines.get(code, 0),
            phrases=phrases_of(table, code, published.lexicon),
            successors=successors.get(code, ()),
        )
        touched.append(row)
    return FamilyUpdate(published, tuple(touched), following.get(version.rule_set_id))


def _successors(
    changes: Mapping[str, Sequence[Change]], after: Tables, day: date
) -> dict[str, tuple[str, ...]]:
    """The complete diagnoses below those that became a category, in one query."""
    rows = after.diagnoses.rows if after.diagnoses else {}
    categories = []
    for code in changes:
        if code in rows and rows[code].state is DiagnosisState.CATEGORY:
            categories.append(code)
    release = CodeSetRelease.objects.in_force(CodeSet.ICD10CM, day).first()
    if not categories or release is None:
        return {}

    below = Q()
    for code in categories:
        below |= Q(code__startswith=code)
    complete = Code.objects.filter(below, release=release, reportable=True).order_by("code")
    codes = list(complete.values_list("code", flat=True))
    successors = {}
    for category in categories:
        below_it = [code for code in codes if code.startswith(category)]
        successors[category] = tuple(below_it[:MOST_SUCCESSORS])
    return successors


def _following(in_force: Sequence[Published], day: date) -> dict[int, RuleSetVersion]:
    """The version after the one in force: a draft, one in review, or one that begins on the day or later."""
    known = {published.version.rule_set_id: published.version.number for published in in_force}
    states = [VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.PUBLISHED]
    versions = RuleSetVersion.objects.filter(rule_set__in=known, state__in=states)
    following = {}
    for version in versions.order_by("number"):
        if _takes_care(version, known, day):
            # Of several, the latest.
            following[version.rule_set_id] = version
    return following


def _takes_care(version: RuleSetVersion, known: Mapping[int, int], day: date) -> bool:
    begins_in_time = version.effective_from is None or version.effective_from >= day
    return begins_in_time and version.number > known[version.rule_set_id]

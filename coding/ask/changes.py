"""What changes on a day, or changed: rule sets whose version begins, releases of tables, values of a code."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from coding.ask.answer import Answer, Cite, Line, section
from coding.ask.knowledge import Family, Knowledge
from coding.ask.question import MONTHS, SHORT_MONTHS, Question
from coding.claim import Table
from coding.decision import DecisionError, TableError, changed_regions

NAME = "what changes"
WORDS = ("change", "changes", "changed", "new", "coming")
PAST = ("changed", "was", "did", "since", "last")
SINCE = ("since", "after", "from")
MONTHS_OF_A_QUARTER, MONTHS_OF_A_YEAR = 3, 12
SPANS = {"year": MONTHS_OF_A_YEAR, "quarter": MONTHS_OF_A_QUARTER, "month": 1}
MORE_WORDS = (
    *MONTHS,
    *SHORT_MONTHS,
    *PAST,
    *(
        "from",
        "until",
        "next",
        *SPANS,
        "rules",
        "tables",
        "begins",
        "after",
        "rule",
        "set",
        "anything",
    ),
)
# So many regions are listed of each version, and so many codes may be asked about.
MOST = 5
MOST_CODES = 5
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
ONE_DAY = timedelta(days=1)

Row = TypeVar("Row")
# What is compared of two rows, by name and attribute.
Fields = tuple[tuple[str, str], ...]
FIELDS: Fields = (
    ("status", "status"),
    ("global days", "global_days"),
    ("work", "work"),
    ("total in a facility", "facility_total"),
    ("total in an office", "non_facility_total"),
    ("both sides", "bilateral"),
    ("assistant", "assistant"),
)
FIELDS_OF_LIMITS: Fields = (("most units", "units"), ("indicator of the limit", "applied"))


class Period(NamedTuple):
    """Days from the first to the last; without a last one all that are to come."""

    first: date
    last: date | None

    def has(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day and (self.last is None or day <= self.last)

    def __str__(self) -> str:
        if self.last == self.first:
            return f"on {self.first}"
        return f"from {self.first} until {self.last}" if self.last else f"from {self.first} on"


def example(codes: tuple[str, ...]) -> str:
    """How it is asked."""
    return "what changes on 1 January"


def answer(question: Question, knowledge: Knowledge) -> Answer | None:
    """What begins up to a day to come, or began on a day or since it: rules, tables, and the values of a code."""
    is_asked = question.has(*WORDS) and question.is_only_of(*WORDS, *MORE_WORDS)
    if not is_asked or len(question.codes) > MOST_CODES or question.has_details_of_lines:
        return None
    period = _period(question, knowledge.day)
    if period is None:
        return None
    after = _at_end(period, knowledge)
    known = {
        family.address: family
        for family in (*after.families, *knowledge.families, *knowledge.coming)
    }
    began = [family for family in known.values() if period.has(family.since)]
    if question.codes:
        began = [
            family for family in began if not set(question.codes).isdisjoint(family.table.family)
        ]
    before = knowledge.on(period.first - ONE_DAY) if knowledge.on else knowledge
    rules = [line for family in began for line in _changes(family, before)]
    sections = (
        *section("Rules", rules),
        *section("Values", _values(question.codes, before, after)),
        *section("Tables", _releases(knowledge, period)),
    )
    gone_through = knowledge.in_force + knowledge.loaded
    nothing = section(
        "", [Line("Nothing that is published or loaded begins in that time.", gone_through)]
    )
    return Answer(NAME, f"What changes {period}", sections or nothing)


def _period(question: Question, today: date) -> Period | None:
    """The days that are meant; None where more stands there than a day, or than one year or quarter."""
    is_past = question.has(*PAST)
    spans = [months for word, months in SPANS.items() if question.has(word)]
    day = question.day(today, past=is_past)
    count = len(spans) + question.names_a_day
    is_unclear = question.names_more_than_a_day or count > 1 or (is_past and question.has("next"))
    if is_unclear:
        return None
    if question.names_a_day:
        return _of_day(question, day, today) if day else None
    if not spans and not is_past:
        return Period(
            _span(today, MONTHS_OF_A_QUARTER)[0] if question.has("new") else today + ONE_DAY, None
        )
    step = question.has("next") - question.has("last") if spans else 0
    months = spans[0] if spans else MONTHS_OF_A_QUARTER
    return _as_asked(question, *_span(today, months, step), today)


def _of_day(question: Question, day: date, today: date) -> Period | None:
    """Up to a day to come, or from it on; a day that was, or all since it; a whole month."""
    is_since = question.has(*SINCE)
    is_until = question.has("until")
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR or (is_until and (is_since or day <= today)):
        return None
    if question.names_a_month and not is_until and not is_since:
        return _as_asked(question, *_span(day, 1), today)
    if day > today:
        return Period(day, None) if is_since else Period(today + ONE_DAY, day)
    return _as_asked(question, day, day, today)


def _as_asked(question: Question, first: date, last: date, today: date) -> Period:
    """Of some days what is to come, or what was; all since the first where that is asked."""
    is_to_come = first > today or not question.has(*PAST)
    if is_to_come and last > today and question.has("new"):
        return Period(first, last)
    if is_to_come and last > today:
        return Period(max(first, today + ONE_DAY), last)
    return Period(first, today if question.has(*SINCE) else min(last, today))


def _span(day: date, months: int, step: int = 0) -> tuple[date, date]:
    """The first and the last day of the year, quarter or month of a day, or of that so many before it or after it."""
    of_day = day.year * MONTHS_OF_A_YEAR + day.month - 1
    begin = of_day - of_day % months + step * months
    return _first_of(begin), _first_of(begin + months) - ONE_DAY


def _first_of(month: int) -> date:
    """The first day of a month, which is counted from the year 0."""
    year, of_year = divmod(month, MONTHS_OF_A_YEAR)
    return date(year, of_year + 1, 1)


def _at_end(period: Period, knowledge: Knowledge) -> Knowledge:
    """What is known on the last day; without one on the last on which something begins."""
    days = (
        *(family.since for family in knowledge.coming),
        *(release.since for release in knowledge.releases),
    )
    last = period.last or max(
        filter(period.has, days), default=max(knowledge.day, period.first - ONE_DAY)
    )
    return knowledge.on(last) if knowledge.on and last != knowledge.day else knowledge


def _values(codes: tuple[str, ...], before: Knowledge, after: Knowledge) -> Iterator[Line]:
    """What the fee schedule and the unit limits say otherwise of the codes."""
    if not codes or before.day == after.day:
        return
    old, new = before.look_up(codes), after.look_up(codes)
    for code in codes:
        yield from _row_changes(code, old.fees, new.fees, FIELDS)
        yield from _row_changes(code, old.unit_limits, new.unit_limits, FIELDS_OF_LIMITS)


def _row_changes(
    code: str,
    old: Table[Mapping[str, Row]] | None,
    new: Table[Mapping[str, Row]] | None,
    fields: Fields,
) -> Iterator[Line]:
    """What two releases of a table say otherwise of a code; nothing where one is not loaded, or neither has it."""
    if old is None or new is None:
        return
    was, now = old.rows.get(code), new.rows.get(code)
    cites = (Cite(f"{old.name}, {code}"), Cite(f"{new.name}, {code}"))
    if was and now:
        pairs = [(name, getattr(was, field), getattr(now, field)) for name, field in fields]
        changed = [
            f"{name} {earlier}, then {later}" for name, earlier, later in pairs if earlier != later
        ]
        as_before = f"as before: {', '.join(name for name, _ in fields)}"
        yield Line(f"{code}: {'; '.join(changed) or as_before}.", cites)
    elif was:
        yield Line(f"{code} is in {old.name} and no more in {new.name}.", cites)
    elif now:
        yield Line(f"{code} is new in {new.name}: {old.name} has no row of it.", cites)


def _releases(knowledge: Knowledge, period: Period) -> list[Line]:
    """The releases of tables that begin in the period."""
    begins = (release for release in knowledge.releases if period.has(release.since))
    return [
        Line(f"{release.name} begins on {release.since}.", (Cite(release.name),))
        for release in begins
    ]


def _changes(family: Family, earlier: Knowledge) -> Iterator[Line]:
    yield Line(f"{family.name} begins on {family.since}.", (family.whole,))
    before = next((old for old in earlier.families if old.table.key == family.table.key), None)
    if before is None or before.since == family.since:
        return
    try:
        change = changed_regions(before.table, family.table)
    except (TableError, DecisionError) as error:
        yield Line(f"What it changes cannot be compared: {error}", (before.whole, family.whole))
        return
    if not change.count:
        yield Line("It is proven to decide every case as before.", (before.whole, family.whole))
    for region in change.regions[:MOST]:
        asked = "; ".join(
            f"{condition.label}: {condition.words}" for condition in region.conditions
        )
        old = region.before.name if region.before else "no rule"
        new = region.after.name if region.after else "no rule"
        yield Line(f"{asked}. Before {old}, then {new}.", (before.whole, family.whole))
    if change.count > MOST:
        yield Line(f"{change.count} regions change in all.", (family.whole,))

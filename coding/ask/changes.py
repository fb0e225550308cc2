"""What changes on a day, or changed: rule sets whose version begins, releases of tables, values of a code."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from coding.ask.answer import Answer, Cite, Line, section
from coding.ask.knowledge import Family, Knowledge, row_of
from coding.ask.question import MONTHS, SHORT_MONTHS, Question, words_in
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
    *SPANS,
    *words_in("from until next rules tables begins after rule set anything"),
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
        return self.first <= day and (self.last is None or day <= self.last)

    def __str__(self) -> str:
        if self.last is None:
            return f"from {self.first} on"
        if self.last == self.first:
            return f"on {self.first}"
        return f"from {self.first} until {self.last}"


def example(codes: tuple[str, ...]) -> str:
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
    before = knowledge.on(period.first - ONE_DAY) if knowledge.on else knowledge
    rules: list[Line] = []
    for family in _families(after, knowledge):
        is_asked_about = not question.codes or _has_one_of(family, question.codes)
        if period.has(family.since) and is_asked_about:
            rules += _changes(family, before)

    sections = (
        *section("Rules", rules),
        *section("Values", _values(question.codes, before, after)),
        *section("Tables", _releases(knowledge, period)),
    )
    if not sections:
        text = "Nothing that is published or loaded begins in that time."
        sections = section("", [Line(text, knowledge.in_force + knowledge.loaded)])
    return Answer(NAME, f"What changes {period}", sections)


def _families(after: Knowledge, now: Knowledge) -> list[Family]:
    """The versions that are in force at the end of a period or today, or are to come, each once."""
    by_address: dict[str, Family] = {}
    for family in (*after.families, *now.families, *now.coming):
        by_address[family.address] = family
    return list(by_address.values())


def _has_one_of(family: Family, codes: tuple[str, ...]) -> bool:
    return not set(codes).isdisjoint(family.table.family)


def _period(question: Question, today: date) -> Period | None:
    """The days that are meant; None where more stands there than a day, or than one year or quarter."""
    is_past = question.has(*PAST)
    spans = [months for word, months in SPANS.items() if question.has(word)]
    times_named = len(spans) + int(question.names_a_day)
    if question.names_more_than_a_day or times_named > 1:
        return None
    if is_past and question.has("next"):
        return None

    if question.names_a_day:
        day = question.day(today, past=is_past)
        if day is None:
            return None
        return _of_day(question, day, today)

    if spans:
        step = int(question.has("next")) - int(question.has("last"))
        first, last = _span(today, spans[0], step)
        return _as_asked(question, first, last, today)

    quarter_begins, quarter_ends = _span(today, MONTHS_OF_A_QUARTER)
    if is_past:
        return _as_asked(question, quarter_begins, quarter_ends, today)
    # What is new may have begun already; what changes is still to come.
    return Period(quarter_begins if question.has("new") else today + ONE_DAY, None)


def _of_day(question: Question, day: date, today: date) -> Period | None:
    """Up to a day to come, or from it on; a day that was, or all since it; a whole month."""
    is_since = question.has(*SINCE)
    is_until = question.has("until")
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        return None
    if is_until and (is_since or day <= today):
        return None

    if question.names_a_month and not is_until and not is_since:
        first, last = _span(day, 1)
        return _as_asked(question, first, last, today)
    if day <= today:
        return _as_asked(question, day, day, today)
    if is_since:
        return Period(day, None)
    return Period(today + ONE_DAY, day)


def _as_asked(question: Question, first: date, last: date, today: date) -> Period:
    """Of some days what is to come, or what was; all since the first where that is asked."""
    is_to_come = first > today or not question.has(*PAST)
    if is_to_come and last > today:
        begins = first if question.has("new") else max(first, today + ONE_DAY)
        return Period(begins, last)
    if question.has(*SINCE):
        return Period(first, today)
    return Period(first, min(last, today))


def _span(day: date, months: int, step: int = 0) -> tuple[date, date]:
    """The first and the last day of the year, quarter or month of a day, or of that so many before it or after it."""
    # Months counted through from the year 0: so years, quarters and months are spans of one kind.
    month = day.year * MONTHS_OF_A_YEAR + day.month - 1
    this_span = month - month % months
    begin = this_span + step * months
    return _first_of(begin), _first_of(begin + months) - ONE_DAY


def _first_of(month: int) -> date:
    """The first day of a month, which is counted from the year 0."""
    year, month_of_year = divmod(month, MONTHS_OF_A_YEAR)
    return date(year, month_of_year + 1, 1)


def _at_end(period: Period, knowledge: Knowledge) -> Knowledge:
    """What is known on the last day; without one on the last on which something begins."""
    last = period.last
    if last is None:
        first_days = [family.since for family in knowledge.coming]
        first_days += [release.since for release in knowledge.releases]
        in_period = [day for day in first_days if period.has(day)]
        # Where nothing begins in it, all stands as today, or as on the day before it if that is later.
        last = max(in_period, default=max(knowledge.day, period.first - ONE_DAY))

    if knowledge.on is None or last == knowledge.day:
        return knowledge
    return knowledge.on(last)


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
    cites = (row_of(old, code), row_of(new, code))
    if was and now:
        yield Line(f"{code}: {_differences(was, now, fields)}.", cites)
    elif was:
        yield Line(f"{code} is in {old.name} and no more in {new.name}.", cites)
    elif now:
        yield Line(f"{code} is new in {new.name}: {old.name} has no row of it.", cites)


def _differences(was: object, now: object, fields: Fields) -> str:
    changed = []
    for name, field in fields:
        earlier, later = getattr(was, field), getattr(now, field)
        if earlier != later:
            changed.append(f"{name} {_shown(earlier)}, then {_shown(later)}")
    if changed:
        return "; ".join(changed)

    names = ", ".join(name for name, _ in fields)
    return f"as before: {names}"


def _shown(value: object) -> str:
    """A value of a row; an indicator may be empty, and 0 is a value."""
    return str(value) or "none"


def _releases(knowledge: Knowledge, period: Period) -> list[Line]:
    """The releases of tables that begin in the period."""
    lines = []
    for release in knowledge.releases:
        if period.has(release.since):
            text = f"{release.name} begins on {release.since}."
            lines.append(Line(text, (Cite(release.name),)))
    return lines


def _changes(family: Family, earlier: Knowledge) -> Iterator[Line]:
    yield Line(f"{family.name} begins on {family.since}.", (family.whole,))
    before = _same_rule_set(family, earlier)
    if before is None or before.since == family.since:
        return

    both = (before.whole, family.whole)
    try:
        change = changed_regions(before.table, family.table)
    except (TableError, DecisionError) as error:
        yield Line(f"What it changes cannot be compared: {error}", both)
        return

    if not change.count:
        yield Line("It is proven to decide every case as before.", both)
    for region in change.regions[:MOST]:
        conditions = [f"{condition.label}: {condition.words}" for condition in region.conditions]
        asked = "; ".join(conditions)
        old = region.before.name if region.before else "no rule"
        new = region.after.name if region.after else "no rule"
        yield Line(f"{asked}. Before {old}, then {new}.", both)
    if change.count > MOST:
        yield Line(f"{change.count} regions change in all.", (family.whole,))


def _same_rule_set(family: Family, knowledge: Knowledge) -> Family | None:
    """The version of a family's rule set that is in force on another day."""
    for other in knowledge.families:
        if other.table.key == family.table.key:
            return other
    return None

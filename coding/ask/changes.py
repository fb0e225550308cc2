"""What changes on a day, or changed: rule sets whose version begins, releases of tables, values of a code."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from coding.ask.answer import Answer, Cite, Line, section
from coding.ask.knowledge import Family, Knowledge
from coding.ask.question import MONTHS, SHORT_MONTHS, Question
from coding.claim import Fee
from coding.decision import DecisionError, TableError, changed_regions

NAME = "what changes"
WORDS = ("change", "changes", "changed", "new", "coming")
PAST = ("changed", "was", "did", "since", "last")
MORE_WORDS = (
    *MONTHS,
    *SHORT_MONTHS,
    *PAST,
    *("from", "until", "next", "year", "quarter", "rules", "tables", "begins", "after", "rule", "set", "anything"),
)
# So many regions are listed of each version, and so many codes may be asked about.
MOST = 5
MOST_CODES = 5
EARLIEST_YEAR = 1900
ONE_DAY = timedelta(days=1)
MONTHS_OF_A_QUARTER = 3


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
    began = [family for family in (*knowledge.families, *knowledge.coming) if period.has(family.since)]
    if question.codes:
        began = [family for family in began if not set(question.codes).isdisjoint(family.table.family)]
    before = knowledge.on(period.first - ONE_DAY) if knowledge.on else knowledge
    rules = [line for family in began for line in _changes(family, before)]
    sections = (
        *section("Rules", rules),
        *section("Values", _values(question.codes, before, _at_end(period, knowledge))),
        *section("Tables", _releases(knowledge, period)),
    )
    gone_through = knowledge.in_force + knowledge.loaded
    nothing = section("", [Line("Nothing that is published or loaded begins in that time.", gone_through)])
    return Answer(NAME, f"What changes {period}", sections or nothing)


def _period(question: Question, today: date) -> Period | None:
    """The days that are meant; None where a number that stands there names no day."""
    is_past = question.has(*PAST)
    day = question.day(today, past=is_past)
    if day is None:
        if question.numbers:
            return None
        if not is_past:
            return Period(today + ONE_DAY, None)
        return Period(_begin_of(today, a_year=question.has("year")), today)
    if day.year < EARLIEST_YEAR:
        return None
    if day > today:
        return Period(today + ONE_DAY, day)
    return Period(day, today if question.has("since", "after", "from") else day)


def _begin_of(today: date, *, a_year: bool) -> date:
    """The first day of the year, or of the quarter."""
    month = 1 if a_year else today.month - (today.month - 1) % MONTHS_OF_A_QUARTER
    return date(today.year, month, 1)


def _at_end(period: Period, knowledge: Knowledge) -> Knowledge:
    if knowledge.on and period.last and period.last != knowledge.day:
        return knowledge.on(period.last)
    return knowledge


def _values(codes: tuple[str, ...], before: Knowledge, after: Knowledge) -> Iterator[Line]:
    """What the fee schedule and the unit limits say otherwise of the codes."""
    if not codes or before.day == after.day:
        return
    old, new = before.look_up(codes), after.look_up(codes)
    for code in codes:
        was, now = old.fee(code), new.fee(code)
        if was and now and old.fees and new.fees:
            cites = (Cite(f"{old.fees.name}, {code}"), Cite(f"{new.fees.name}, {code}"))
            changed = [f"{name} {was_one}, then {now_one}" for name, was_one, now_one in _fields(was, now)]
            yield Line(f"{code}: {'; '.join(changed) or 'the values are as before'}.", cites)


def _fields(was: Fee, now: Fee) -> Iterator[tuple[str, object, object]]:
    """What differs of two rows, each as its name and both values."""
    for name, attribute in FIELDS:
        old, new = getattr(was, attribute), getattr(now, attribute)
        if old != new:
            yield name, old, new


FIELDS = (
    ("status", "status"),
    ("global days", "global_days"),
    ("work", "work"),
    ("total in a facility", "facility_total"),
    ("total in an office", "non_facility_total"),
    ("both sides", "bilateral"),
    ("assistant", "assistant"),
)


def _releases(knowledge: Knowledge, period: Period) -> list[Line]:
    """The releases of tables that begin in the period."""
    begins = (release for release in knowledge.releases if period.has(release.since))
    return [Line(f"{release.name} begins on {release.since}.", (Cite(release.name),)) for release in begins]


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
        asked = "; ".join(f"{condition.label}: {condition.words}" for condition in region.conditions)
        old = region.before.name if region.before else "no rule"
        new = region.after.name if region.after else "no rule"
        yield Line(f"{asked}. Before {old}, then {new}.", (before.whole, family.whole))
    if change.count > MOST:
        yield Line(f"{change.count} regions change in all.", (family.whole,))

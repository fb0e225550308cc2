"""What changes on a day: rule sets whose next version begins, and releases of tables."""

from collections.abc import Iterator
from datetime import date

from coding.ask.answer import Answer, Cite, Line, section
from coding.ask.knowledge import Family, Knowledge
from coding.ask.question import MONTHS, Question
from coding.decision import DecisionError, TableError, changed_regions

NAME = "what changes"
WORDS = ("change", "changes", "new", "coming")
MORE_WORDS = (*MONTHS, "from", "until", "next", "year", "quarter", "rules", "tables", "begins")
# So many regions are listed of each version.
MOST = 5


def example(codes: tuple[str, ...]) -> str:
    """How it is asked."""
    return "what changes on 1 January"


def answer(question: Question, knowledge: Knowledge) -> Answer | None:
    """What begins from the day of the page up to the day that is named, or at any time to come."""
    if not question.has(*WORDS) or not question.is_only_of(*WORDS, *MORE_WORDS):
        return None
    until = question.day(knowledge.day)
    begins = [family for family in knowledge.coming if until is None or family.since <= until]
    if question.codes:
        begins = [family for family in begins if not set(question.codes).isdisjoint(family.table.family)]
    rules = [line for family in begins for line in _changes(family, knowledge)]
    tables = _releases(knowledge, until)
    when = f"until {until}" if until else "to come"
    sections = (*section("Rules", rules), *section("Tables", tables))
    gone_through = knowledge.in_force + knowledge.loaded
    nothing = section("", [Line("Nothing that is published or loaded begins in that time.", gone_through)])
    return Answer(NAME, f"What changes after {knowledge.day}, {when}", sections or nothing)


def _releases(knowledge: Knowledge, until: date | None) -> list[Line]:
    """The releases of tables that begin after the day of the page, up to a day or at any time to come."""
    lines = []
    for release in knowledge.releases:
        has_begun = release.since <= knowledge.day
        begins_later = until is not None and release.since > until
        if not has_begun and not begins_later:
            lines.append(Line(f"{release.name} begins on {release.since}.", (Cite(release.name),)))
    return lines


def _changes(family: Family, knowledge: Knowledge) -> Iterator[Line]:
    yield Line(f"{family.name} begins on {family.since}.", (family.whole,))
    before = next((old for old in knowledge.families if old.table.key == family.table.key), None)
    if before is None:
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

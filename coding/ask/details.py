"""One thing of one code: what must be documented, its modifiers and diagnoses, its days, units, values, indicators."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from coding.ask.answer import Answer, Cite, Line, joined, section
from coding.ask.knowledge import Family, Knowledge, row_of, totals
from coding.ask.question import Question, words_in
from coding.claim import Tables
from coding.decision import DecisionError, code_region
from coding.decision.table import ModifierRule, SupportingDiagnoses

NAME = "a detail of a code"


class Asking(NamedTuple):
    """A code with what is known of it."""

    code: str
    family: Family | None
    tables: Tables
    knowledge: Knowledge

    @property
    def rows(self) -> tuple[Cite, ...]:
        """The code's row of the fee schedule."""
        if self.tables.fees is None:
            return self.knowledge.loaded
        return (row_of(self.tables.fees, self.code),)


class Topic(NamedTuple):
    """What is asked about, by the words of which one names it, and what answers it."""

    heading: str
    words: frozenset[str]
    lines: Callable[[Asking], Iterator[Line]]


def documented(asking: Asking) -> Iterator[Line]:
    """The facts for which silence of the note does not do."""
    family = asking.family
    if family is None:
        return
    region = code_region(family.table, asking.code)
    if region is None:
        return
    for asked in region.always:
        if asked.must_be_documented:
            yield Line(f"{asked.fact.label}: {asked.words}", family.rules_of(asking.code))


def modifiers(asking: Asking) -> Iterator[Line]:
    """The modifiers of the rules, with their conditions."""
    if asking.family is not None:
        rows = asking.family.table.modifiers
        named = [(row.modifier, row) for row in rows]
        yield from _with_conditions(asking, asking.family, named)


def diagnoses(asking: Asking) -> Iterator[Line]:
    """The diagnoses of the rules, with their conditions."""
    if asking.family is not None:
        rows = asking.family.table.diagnoses
        named = [(" ".join(row.codes), row) for row in rows]
        yield from _with_conditions(asking, asking.family, named)


def _with_conditions(
    asking: Asking, family: Family, named: Iterable[tuple[str, ModifierRule | SupportingDiagnoses]]
) -> Iterator[Line]:
    """Rows by what they yield, each with the answers that the code leaves it; one that it never yields is left out."""
    region = code_region(family.table, asking.code)
    for name, row in named:
        ways = family.ways_to(row, region)
        if ways:
            yield Line(f"{name}, when {ways}", (family.whole,))


def cases(asking: Asking) -> Iterator[Line]:
    """Worked cases and precedents."""
    yield from asking.knowledge.cases_of(asking.code)


def days(asking: Asking) -> Iterator[Line]:
    """Global days and shares."""
    fee = asking.tables.fee(asking.code)
    if fee is None:
        return
    text = f"{fee.global_days or 'No'} global days"
    if fee.pre is not None:
        text += f"; shares before and after: {fee.pre}, {fee.post}"
    yield Line(text, asking.rows)


def units(asking: Asking) -> Iterator[Line]:
    """The most units."""
    limits = asking.tables.unit_limits
    limit = limits.rows.get(asking.code) if limits else None
    if limits is None or limit is None:
        return
    where = "a line" if limit.applied == 1 else "a day"
    text = f"{limit.units} {where} (indicator {limit.applied})"
    yield Line(text, (row_of(limits, asking.code),))


def values(asking: Asking) -> Iterator[Line]:
    """Status and relative values at both kinds of places."""
    fee = asking.tables.fee(asking.code)
    if fee is None:
        return
    text = f"status {fee.status}, work {fee.work}, {totals(fee)}"
    yield Line(text, asking.rows)
    where = "What is paid at a locality stands on the page of the code, where GPCI are loaded."
    yield Line(where, asking.rows)


def indicators(asking: Asking) -> Iterator[Line]:
    """The indicators for several surgeons, as CMS writes them; none of a release that was loaded without."""
    fee = asking.tables.fee(asking.code)
    if fee is None or not fee.assistant:
        return
    two_surgeons = fee.co_surgeon or "–"
    team = fee.team or "–"
    text = f"assistant {fee.assistant}, two surgeons {two_surgeons}, team {team}"
    yield Line(f"Indicators: {text}", asking.rows)


def _topic(heading: str, words: str, lines: Callable[[Asking], Iterator[Line]]) -> Topic:
    return Topic(heading, frozenset(words_in(words)), lines)


TOPICS = (
    _topic(
        "What must be documented", "documented document documentation note requirements", documented
    ),
    _topic("Modifiers by the rules", "modifier modifiers", modifiers),
    _topic("Diagnoses by the rules", "diagnosis diagnoses icd dx supports support", diagnoses),
    _topic("Worked cases and precedents", "case cases precedent precedents rulings", cases),
    _topic("Global days", "global days period postop post postoperative", days),
    _topic("Units", "unit units mue mues limit max maximum", units),
    _topic(
        "Values",
        "value values rvu rvus work worth status payable paid pay pays payment reimbursement fee office facility"
        " valid active",
        values,
    ),
    _topic(
        "Assistants",
        "assistant assistants assist assists surgeon surgeons cosurgeon team",
        indicators,
    ),
)
MORE_WORDS = ("day", "line", "long", "still", "required", "allowed", "medicare", "op", "co", "pa")
WORDS = (*sorted(word for topic in TOPICS for word in topic.words), *MORE_WORDS)


def example(codes: tuple[str, ...]) -> str:
    return f"global days of {codes[0]}"


def answer(question: Question, knowledge: Knowledge) -> Answer | None:
    """Each thing that the question names, if it names nothing else."""
    topics = [topic for topic in TOPICS if question.has(*topic.words)]
    is_more = question.has_more_than_codes or not question.is_only_of(*WORDS)
    if not topics or len(question.codes) != 1 or is_more:
        return None

    [code] = question.codes
    asking = Asking(code, knowledge.family_of(code), knowledge.look_up([code]), knowledge)
    nothing = Line(
        "Neither rules nor tables say anything of it.", knowledge.in_force + knowledge.loaded
    )

    sections = []
    try:
        for topic in topics:
            lines = list(topic.lines(asking)) or [nothing]
            sections.append(section(topic.heading, lines))
    except DecisionError:
        return None

    headings = ", ".join(topic.heading.lower() for topic in topics)
    return Answer(NAME, f"{code}: {headings}", joined(sections))

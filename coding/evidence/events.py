"""Several treatments in one note: each side in its own way, or one after another. Each is a service of its own.

What counts as a treatment, and what says that there is another one, is data of the lexicon (``events``). Two sides that
were treated alike are one treatment of both.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from coding.evidence.doubtful_words import Read, doubtful_words
from coding.evidence.statements import (
    AFFIRMED,
    ALL_SITES,
    HISTORY,
    OTHER_PART,
    SILENCE,
    Condition,
    Statement,
    Strength,
)
from coding.evidence.terms import LexiconError, read_condition, texts_of

if TYPE_CHECKING:
    from coding.evidence.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class EventRules:
    """``acts`` are what shows a treatment; ``again`` the answers of a treatment that follows another."""

    acts: tuple[Condition, ...]
    again: tuple[Condition, ...]

    def to_document(self) -> dict[str, list[str]]:
        """As JSON data."""
        return {"acts": texts_of(self.acts), "again": texts_of(self.again)}


def read_event_rules(given: Any) -> EventRules | None:
    """The rules of JSON data; None where there are none. Raises LexiconError."""
    if not given:
        return None
    lists = (
        given.values() if isinstance(given, dict) and set(given) == {"acts", "again"} else [None]
    )
    if not all(isinstance(texts, list) for texts in lists):
        raise LexiconError("events must be an object with the lists acts and again.")
    return EventRules(_conditions(given["acts"]), _conditions(given["again"]))


def _conditions(texts: Iterable[Any]) -> tuple[Condition, ...]:
    return tuple(read_condition(text, "events") for text in texts)


class Treatment(NamedTuple):
    """One treatment that a note tells: its side, where sides differ, and the statements of what was done."""

    site: str
    acts: tuple[Statement, ...]


def treatments(lexicon: "Lexicon", statements: Iterable[Statement]) -> tuple[Treatment, ...]:
    """The treatments of a note where it tells several; else nothing."""
    rules = lexicon.events
    if rules is None:
        return ()
    counted = [statement for statement in statements if statement.counts]
    acts = [
        statement for statement in counted if statement.asserts and _meets(statement, rules.acts)
    ]
    # A title names what the narrative tells: it is no treatment before it.
    narrated = [act for act in acts if not act.titular]
    return _by_side(lexicon, counted, acts) or _one_after_another(rules, counted, narrated)


def parted_facts(several: Iterable[Treatment]) -> frozenset[str]:
    """The facts of what was done where two sides were treated in different ways: a person has to part them.

    Of treatments one after another the place in the course tells which is coded, or is itself documented two ways.
    """
    facts: set[str] = set()
    for treatment in several:
        if treatment.site:
            facts.update(act.fact for act in treatment.acts)
    return frozenset(facts)


def facts_told_apart(
    lexicon: "Lexicon", statements: Iterable[Statement], several: Sequence[Treatment]
) -> frozenset[str]:
    """The facts in which several treatments of different sides differ, their acts among them, and the side itself."""
    sides = [treatment.site for treatment in several if treatment.site]
    if not sides:
        return frozenset()
    counted = [statement for statement in statements if statement.counts]
    answers = [_answers_of(lexicon, counted, side) for side in sides]
    return parted_facts(several) | _differing(answers) | {lexicon.site_fact}


def _by_side(
    lexicon: "Lexicon", counted: Sequence[Statement], acts: Sequence[Statement]
) -> tuple[Treatment, ...]:
    """A treatment for each side that was treated, if they were treated in different ways."""
    treated = {act.site for act in acts} - {ALL_SITES}
    sides = [site for site in lexicon.sites if site in treated]
    answers = [_answers_of(lexicon, counted, side) for side in sides]
    if len(sides) < 2 or not _differing(answers):
        return ()
    return tuple(Treatment(side, _at(side, acts)) for side in sides)


def _at(side: str, acts: Iterable[Statement]) -> tuple[Statement, ...]:
    return tuple(act for act in acts if act.site == side)


def _answers_of(lexicon: "Lexicon", counted: Iterable[Statement], side: str) -> dict[str, set[str]]:
    """What is said of the treatment of one side, by fact; findings are no part of it."""
    answers: dict[str, set[str]] = {}
    for statement in counted:
        if statement.site == side and statement.asserts and statement.fact not in lexicon.findings:
            answers.setdefault(statement.fact, set()).add(statement.asserts)
    return answers


def _differing(answers: Sequence[Mapping[str, set[str]]]) -> frozenset[str]:
    """The facts that were answered of two sides, and never alike."""
    first, *others = answers
    facts: set[str] = set()
    for other in others:
        of_both = first.keys() & other.keys()
        facts.update(fact for fact in of_both if first[fact].isdisjoint(other[fact]))
    return frozenset(facts)


def _one_after_another(
    rules: EventRules, counted: Iterable[Statement], acts: Sequence[Statement]
) -> tuple[Treatment, ...]:
    """The treatments before and after what says that another one follows."""
    for sentence in sorted(
        statement.sentence for statement in counted if _says_again(statement, rules)
    ):
        before = tuple(act for act in acts if act.sentence < sentence)
        after = tuple(act for act in acts if act.sentence >= sentence)
        if before and after:
            return Treatment("", before), Treatment("", after)
    return ()


def without_moot(
    lexicon: "Lexicon", statements: Sequence[Statement], parts: Sequence[Read]
) -> Sequence[Statement]:
    """The statements without those that seem to tell of a treatment before this one, and do not.

    ``parts`` are the sentences of the note.
    """
    rules = lexicon.events
    if rules is None:
        return statements
    doubtful = _only_doubting(rules, statements)
    moot = set(_moot(lexicon, rules, statements, doubtful, parts)) if doubtful else ()
    return [
        statement._replace(value="", asserts=None, against=frozenset([SILENCE]), holds=(HISTORY,))
        if _is_of_another_day(statement, rules) and not _tells_a_failure(parts[statement.sentence])
        else statement
        for statement in statements
        if statement not in moot
    ]


def _is_of_another_day(statement: Statement, rules: EventRules) -> bool:
    """Whether a statement tells of another treatment, though as of another day: how today's stands to it is open."""
    return (
        statement.context.time is HISTORY
        and statement.context.polarity is AFFIRMED
        and not statement.counts
        and statement.about is not OTHER_PART
        and _meets(statement, rules.again)
    )


def _only_doubting(rules: EventRules, statements: Iterable[Statement]) -> list[Statement]:
    """The statements that say no more of the course of treatment than that there may be another."""
    facts = {condition.fact for condition in rules.again}
    return [
        statement
        for statement in statements
        if statement.fact in facts
        and SILENCE in statement.against
        and (not statement.value or statement.strength is Strength.CLUE)
    ]


def _moot(
    lexicon: "Lexicon",
    rules: EventRules,
    statements: Sequence[Statement],
    doubtful: Iterable[Statement],
    parts: Sequence[Read],
) -> Iterator[Statement]:
    """What is only a clue, where nothing else tells of another treatment and none is told behind it.

    And what doubts who treated where that one failed: an attempt is no treatment.
    """
    acts = (
        statement.sentence
        for statement in statements
        if statement.counts
        and statement.fact in lexicon.decisive_facts
        and not statement.titular
        and _meets(statement, rules.acts)
    )
    last_act = max(acts, default=-1)
    is_told = any(
        statement.counts
        and _says_again(statement, rules)
        and (statement.strength > Strength.CLUE or _meets(statement, rules.again))
        for statement in statements
    )
    for statement in doubtful:
        if _meets(statement, rules.again):
            continue
        if statement.value:
            if statement.sentence == last_act and not is_told:
                yield statement
        elif _doubts_who(statement, rules) and _tells_a_failure(parts[statement.sentence]):
            yield statement


def _tells_a_failure(part: Read) -> bool:
    sentence, _ = part
    return bool(doubtful_words().attempts.find(sentence))


def _doubts_who(statement: Statement, rules: EventRules) -> bool:
    """Whether it makes doubtful who treated, by speaking against a treatment that follows another."""
    return any(
        condition.fact == statement.fact and condition.values & statement.against
        for condition in rules.again
    )


def _says_again(statement: Statement, rules: EventRules) -> bool:
    """Whether a statement names another treatment, or makes it doubtful that there is but one."""
    facts = {condition.fact for condition in rules.again}
    doubts = statement.fact in facts and statement.doubts(SILENCE)
    return doubts or (bool(statement.asserts) and _meets(statement, rules.again))


def _meets(statement: Statement, conditions: Iterable[Condition]) -> bool:
    return any(
        statement.fact == condition.fact and statement.asserts in condition.values
        for condition in conditions
    )

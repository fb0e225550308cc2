"""What the rules make of a note alone: proposals of its evidence as the answers of a rule table."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    Decision,
    FactDefinition,
    Facts,
    FactValue,
    Kind,
    Known,
    OutcomeKind,
    RuleTable,
    decide,
    known,
)
from coding.decision.facts import Silence
from coding.evidence import Lexicon, Proposal, Reading, certain_answers, read
from coding.rules.worked_cases import Case


class Standing(StrEnum):
    """How a decision from a note alone stands beside what an expert expects.

    Withheld is a query, or no decision, where a code, a supervisor or no family code was expected.
    """

    RIGHT = "right"
    WITHHELD = "withheld"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class NoteEnd:
    """Where a note read alone ends: the reading, the facts that it is decided from, and the decision.

    The decision is None where the note opens no service of the rule set.
    """

    reading: Reading
    facts: Facts
    decision: Decision | None

    def text(self) -> str:
        """As files of notes write it: ``none``, ``undecided``, ``code 12345 RT``, or the kind of outcome."""
        if self.decision is None:
            return "none"
        outcome = self.decision.outcome
        if outcome is None:
            return "undecided"
        if outcome.kind is OutcomeKind.CODE:
            return " ".join(("code", outcome.code, *sorted(outcome.modifiers)))
        return str(outcome.kind)


def end_of_note(
    table: RuleTable, lexicon: Lexicon, note: str, given: Facts | None = None
) -> NoteEnd:
    """Read a note and decide from it alone; ``given`` answers the facts that it does not document."""
    reading = read(lexicon, note)
    given = given or {}
    if not reading.opens:
        return NoteEnd(reading, facts_of(table, reading.proposals, given), None)
    facts = deciding_facts(table, lexicon, reading, given)
    return NoteEnd(reading, facts, decide(table, facts))


def deciding_facts(table: RuleTable, lexicon: Lexicon, reading: Reading, given: Facts) -> Facts:
    """All facts that were read where no code follows from them; else only those that are certain.

    A place that the note leaves open by naming another one as well is documented two ways.
    """

    def gives_code(facts: Facts) -> bool:
        outcome = decide(table, facts).outcome
        return outcome is not None and outcome.kind is OutcomeKind.CODE

    facts = facts_of(table, reading.proposals, given)
    certain = certain_answers(lexicon, reading, facts, gives_code)
    if set(facts) - set(certain) == {lexicon.site_fact}:
        certain[lexicon.site_fact] = CONFLICTING
    return certain


def facts_of(table: RuleTable, proposals: Mapping[str, Proposal], given: Facts) -> Facts:
    """The answers that proposals are, then those given, and *not documented* for all other facts.

    Silence is read as a coder reads it who has the note and nothing else: the note does not document the fact. Where
    such a fact decides, the rules then ask the provider; where it does not (a place in the course of treatment that is
    not documented adds no modifier), the outcome stands. To leave silent facts unanswered would withhold every code
    whose note does not say, in words, that this is the first treatment.
    """
    answered = [fact.key for fact in table.facts if not fact.derived]
    facts: dict[str, FactValue] = {**dict.fromkeys(answered, NOT_DOCUMENTED), **given}
    for key, proposal in proposals.items():
        answer = table.fact_by_key[key].answer_from_text(proposal.text())
        if answer:
            facts[key] = answer
    return facts


def written(fact: FactDefinition, answer: FactValue) -> str:
    """An answer as people and files write it, a number with its decimal point."""
    match answer:
        case Known(int(number)) if not isinstance(number, bool):
            return fact.number_text(number)
    return answer_text(answer)


def answer_text(answer: FactValue) -> str:
    """An answer as lexicons write it; a number is one of the last place."""
    match answer:
        case Silence.NOT_DOCUMENTED:
            return "unknown"
        case Silence.CONFLICTING:
            return "conflicting"
        case Known(bool(truth)):
            return "yes" if truth else "no"
        case Known(frozenset() as codes):
            return " ".join(sorted(codes))
    return str(answer.value)


class Numbers(Collection[str]):
    """The numbers that a fact can be, as texts. They are too many to be listed: gone through, they are their range."""

    def __init__(self, fact: FactDefinition) -> None:
        self.fact = fact

    def __contains__(self, text: object) -> bool:
        is_number = str(text).removeprefix("-").isdecimal()
        return is_number and int(str(text)) in self.fact.range

    def __iter__(self) -> Iterator[str]:
        yield f"a whole number from {self.fact.minimum} to {self.fact.maximum}"

    def __len__(self) -> int:
        return 1


def values_of(table: RuleTable) -> dict[str, Collection[str]]:
    """The values of each fact as case files write them, for checking a lexicon against its rule set."""
    return {fact.key: _values(fact) for fact in table.facts}


def _values(fact: FactDefinition) -> Collection[str]:
    if fact.kind is Kind.WHOLE_NUMBER:
        return Numbers(fact)
    return [answer_text(known(value)) for value in fact.values()]


def standing(case: Case, end: NoteEnd) -> Standing:
    """How the end of a case's note stands beside the case's expected outcome.

    A note that opens no service of the rule set reports no code of its family.
    """
    if end.decision is None:
        return Standing.RIGHT if case.outcome is OutcomeKind.NO_FAMILY_CODE else Standing.WITHHELD
    if case.agrees(end.decision):
        return Standing.RIGHT
    outcome = end.decision.outcome
    if outcome is None or outcome.kind is OutcomeKind.PROVIDER_QUERY:
        return Standing.WITHHELD
    return Standing.WRONG

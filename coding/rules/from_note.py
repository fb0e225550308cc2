"""What the rules make of a note alone: proposals of its evidence as the answers of a rule table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from coding.decision import NOT_DOCUMENTED, Decision, Facts, FactValue, Known, OutcomeKind, RuleTable, decide, known
from coding.evidence import Lexicon, Proposal, Reading, read
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
    """Where a note read alone ends: the reading, and the decision of its rule set; None where it opens none."""

    reading: Reading
    decision: Decision | None

    def text(self) -> str:
        """As files of notes write it: ``none``, ``undecided``, ``code 27252 RT``, or the kind of outcome."""
        if self.decision is None:
            return "none"
        outcome = self.decision.outcome
        if outcome is None:
            return "undecided"
        if outcome.kind is OutcomeKind.CODE:
            return " ".join(("code", outcome.code, *sorted(outcome.modifiers)))
        return str(outcome.kind)


def end_of_note(table: RuleTable, lexicon: Lexicon, note: str) -> NoteEnd:
    """Read a note and decide from it alone."""
    reading = read(lexicon, note)
    return NoteEnd(reading, decide_reading(table, reading) if reading.opens else None)


def decide_reading(table: RuleTable, reading: Reading) -> Decision:
    """What the rules decide from a reading. A code follows only if it does whatever the weak proposals come to."""
    decision = decide(table, facts_of(table, reading.proposals))
    if decision.outcome is None or decision.outcome.kind is not OutcomeKind.CODE:
        return decision
    firm = {fact: proposal for fact, proposal in reading.proposals.items() if proposal.firm or proposal.conflicting}
    weak = reading.proposals.keys() - firm.keys()
    facts = {fact: answer for fact, answer in facts_of(table, firm).items() if fact not in weak}
    return decide(table, facts)


def decide_note(table: RuleTable, lexicon: Lexicon, note: str) -> Decision:
    """What the rules decide from a note alone; of a note that is not of the rule set, from silence."""
    return decide_reading(table, read(lexicon, note))


def facts_from_note(table: RuleTable, lexicon: Lexicon, note: str) -> Facts:
    """The facts that a note documents, and those it is silent on as not documented."""
    return facts_of(table, read(lexicon, note).proposals)


def facts_of(table: RuleTable, proposals: Mapping[str, Proposal]) -> Facts:
    """The answers that proposals are, and *not documented* for all other facts.

    Silence is read as a coder reads it who has the note and nothing else: the note does not document the fact. Where
    such a fact decides, the rules then ask the provider; where it does not (a place in the course of treatment that is
    not documented adds no modifier), the outcome stands. To leave silent facts unanswered would withhold every code
    whose note does not say, in words, that this is the first treatment.
    """
    facts: dict[str, FactValue] = dict.fromkeys(table.fact_by_key, NOT_DOCUMENTED)
    for key, proposal in proposals.items():
        if answer := table.fact_by_key[key].answer_from_text(proposal.text()):
            facts[key] = answer
    return facts


def answer_text(answer: FactValue) -> str:
    """An answer as files and lexicons write it."""
    if not isinstance(answer, Known):
        return "unknown" if answer is NOT_DOCUMENTED else "conflicting"
    if isinstance(answer.value, bool):
        return "yes" if answer.value else "no"
    return str(answer.value)


def values_of(table: RuleTable) -> dict[str, list[str]]:
    """The values of each fact as case files write them, for checking a lexicon against its rule set."""
    return {fact.key: [answer_text(known(value)) for value in fact.values()] for fact in table.facts}


def standing(case: Case, decision: Decision) -> Standing:
    """How a decision from the note alone stands beside the case's expected outcome."""
    if case.agrees(decision):
        return Standing.RIGHT
    undecided = decision.outcome is None or decision.outcome.kind is OutcomeKind.PROVIDER_QUERY
    return Standing.WITHHELD if undecided else Standing.WRONG

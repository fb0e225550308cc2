"""Guide: which outcomes are still possible, which facts still matter, the next question, and bands of numbers."""

from collections.abc import Iterable
from dataclasses import dataclass

from coding.decision.decide import Outcome
from coding.decision.diagram import Terminal, diagram_of
from coding.decision.facts import Band, FactDefinition, Facts, FactValue, Kind, Known
from coding.decision.table import RuleTable


@dataclass(frozen=True, slots=True)
class Guidance:
    """What the answers so far leave open; exact, not estimated."""

    outcomes: tuple[Outcome, ...]
    open_facts: tuple[str, ...]
    next_question: FactDefinition | None


def guide(table: RuleTable, facts: Facts) -> Guidance:
    """The outcomes that some completion of the answers yields, and the first question that still decides."""
    reached = diagram_of(table).restricted(facts)
    outcomes = dict.fromkeys(_outcome(table, end) for end in reached.terminals if end.rule is not None)
    question = table.fact_by_key[reached.open_facts[0]] if reached.open_facts else None
    return Guidance(tuple(outcomes), reached.open_facts, question)


def find_gap(table: RuleTable) -> Facts | None:
    """Answers that no rule covers, or None for a complete table."""
    return diagram_of(table).whole.path_to_gap()


def in_bands(tables: Iterable[RuleTable], facts: Facts) -> dict[str, FactValue]:
    """The facts with each whole number widened to the band within which none of the tables tells numbers apart."""
    widened = dict(facts)
    for table in tables:
        for index, definition in enumerate(table.facts):
            match facts.get(definition.key):
                case Known(int() as number) if definition.kind is Kind.WHOLE_NUMBER:
                    for answer, _ in diagram_of(table).branches[index]:
                        if isinstance(answer, Known) and isinstance(answer.value, Band) and number in answer.value:
                            widened[definition.key] = _common(widened[definition.key], answer.value)
    return widened


def _common(answer: FactValue, band: Band) -> Known:
    """What two bands that hold the same number have in common; a number itself has no band yet."""
    match answer:
        case Known(Band(low, high)):
            lows = [end for end in (low, band.low) if end is not None]
            highs = [end for end in (high, band.high) if end is not None]
            return Known(Band(max(lows, default=None), min(highs, default=None)))
    return Known(band)


def _outcome(table: RuleTable, end: Terminal) -> Outcome:
    rule = table.rules[end.rule or 0]
    return Outcome(rule.outcome, rule.code, end.modifiers, rule.message)

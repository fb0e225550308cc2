"""Explain: the answers that decided, what another code would need, and which answers rest on no documentation."""

from dataclasses import dataclass

from coding.decision.cells import Cell, In, Not, format_cell
from coding.decision.decide import Decision, applies
from coding.decision.facts import NOT_DOCUMENTED, FactDefinition, Facts, Known
from coding.decision.table import RuleTable


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in words."""

    fact: str
    label: str
    answer: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a decision is what it is. ``deciding`` are the answers that the rule rests on."""

    title: str
    reason: str
    basis: str
    deciding: tuple[Said, ...]
    undocumented: tuple[str, ...]


def explain(table: RuleTable, facts: Facts, decision: Decision) -> Explanation:
    """The explanation of a decision that has an outcome; raises KeyError for one that is open."""
    rule = table.rule_by_id[decision.rule_id or ""]
    row = next((row for row in rule.rows if applies((row,), facts)), ())
    deciding = [table.fact_by_key[cell.fact] for cell in row if cell.fact in facts]
    silent = (table.fact_by_key[fact].label for fact, answer in facts.items() if answer is NOT_DOCUMENTED)
    return Explanation(
        title=rule.title,
        reason=rule.message,
        basis=rule.basis,
        deciding=tuple(Said(fact.key, fact.label, fact.describe(facts[fact.key])) for fact in deciding),
        undocumented=tuple(silent),
    )


def diagnoses_for(table: RuleTable, facts: Facts) -> tuple[str, ...]:
    """The diagnosis codes that support the service, by the first line that applies."""
    return next((line.codes for line in table.diagnoses if applies(line.rows, facts)), ())


@dataclass(frozen=True, slots=True)
class Need:
    """A fact that keeps a code from applying: the answer given, and what the rule asks for."""

    fact: str
    label: str
    given: str
    needed: str


def needs(table: RuleTable, facts: Facts, code: str) -> tuple[Need, ...]:
    """What would have to be different for a code: the failing cells of the row of its rules that is nearest.

    Empty for a code that no rule yields, or that applies but for a rule above it.
    """
    rows = [
        [cell for cell in row if not cell.test.accepts(facts.get(cell.fact))]
        for rule in table.rules
        if rule.code == code
        for row in rule.rows
    ]
    return tuple(_need(table, facts, cell) for cell in min(rows, key=len, default=[]))


def _need(table: RuleTable, facts: Facts, cell: Cell) -> Need:
    definition = table.fact_by_key[cell.fact]
    given = definition.describe(facts[cell.fact]) if cell.fact in facts else "not asked"
    return Need(cell.fact, definition.label, given, in_words(definition, cell))


def in_words(definition: FactDefinition, cell: Cell) -> str:
    """What a cell asks for, in the words of the choices."""
    match cell.test:
        case In(values, silences):
            known = [definition.describe(Known(value)) for value in definition.values() if value in values]
            return " or ".join([*known, *sorted(definition.describe(silence) for silence in silences)])
        case Not(values):
            return "not " + " or ".join(
                definition.describe(Known(value)) for value in definition.values() if value in values
            )
    return format_cell(cell).partition(": ")[2]

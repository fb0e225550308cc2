"""Explain: why this outcome, why not another code, and which answers rest on no documentation.

All words are the rule set's own: titles, messages, sources and labels of rules, facts and choices.
"""

from dataclasses import dataclass

from coding.decision.cells import Cell, In, Not, format_cell
from coding.decision.facts import NOT_DOCUMENTED, FactDefinition, Facts, Known
from coding.decision.outcomes import Decision
from coding.decision.table import Rule, RuleTable
from coding.decision.trace import applies, row_applies


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
    row = next((row for row in rule.rows if row_applies(row, facts)), ())
    deciding = [table.fact_by_key[cell.fact] for cell in row if cell.fact in facts]
    silent = (table.fact_by_key[fact].label for fact, answer in facts.items() if answer is NOT_DOCUMENTED)
    return Explanation(
        title=rule.title,
        reason=rule.message,
        basis=rule.basis,
        deciding=tuple(Said(fact.key, fact.label, fact.describe(facts[fact.key])) for fact in deciding),
        undocumented=tuple(silent),
    )


@dataclass(frozen=True, slots=True)
class Excluded:
    """The first cell of a row that an answer fails, or that lacks its answer: what is given, what it asks for."""

    label: str
    given: str
    needed: str


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a rule does not decide: a cell for each of its rows, or, where it applies, the rule above that decides."""

    rule_id: str
    title: str
    excluded: tuple[Excluded, ...]
    masked_by: str = ""


def why_not(table: RuleTable, facts: Facts, code: str) -> tuple[WhyNot, ...]:
    """For each rule that yields a code and does not decide these answers: the first cells that exclude it."""
    live = {index for index, rule in enumerate(table.rules) if applies(rule.rows, facts)}
    first = min(live, default=None)
    found = []
    for index, rule in enumerate(table.rules):
        if rule.code == code and index != first:
            masked_by = table.rules[first].id if first is not None and index in live else ""
            found.append(WhyNot(rule.id, rule.title, () if masked_by else _excluded(table, rule, facts), masked_by))
    return tuple(found)


def _excluded(table: RuleTable, rule: Rule, facts: Facts) -> tuple[Excluded, ...]:
    found = []
    for row in rule.rows:
        cell = next(
            cell for verdict in (False, None) for cell in row if cell.test.accepts(facts.get(cell.fact)) is verdict
        )
        definition = table.fact_by_key[cell.fact]
        found.append(Excluded(definition.label, given_in_words(definition, facts), in_words(definition, cell)))
    return tuple(dict.fromkeys(found))


def given_in_words(definition: FactDefinition, facts: Facts) -> str:
    """The given answer in words."""
    return definition.describe(facts[definition.key]) if definition.key in facts else "not asked"


def diagnoses_for(table: RuleTable, facts: Facts) -> tuple[str, ...]:
    """The diagnosis codes that support the service, by the first line that applies."""
    return next((line.codes for line in table.diagnoses if applies(line.rows, facts)), ())


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

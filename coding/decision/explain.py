"""Explain: why this outcome, why not another code, and which answers rest on no documentation.

All words are the rule set's own: titles, messages, sources and labels of rules, facts and choices.
"""

from dataclasses import dataclass

from coding.decision.applying import applies, rows_behind
from coding.decision.cells import AnyOf, Between, Cell, In, Not, Row, tested_facts
from coding.decision.complete import (
    AnswerInWords,
    Derived,
    answer_in_words,
    complete,
    derived_values,
)
from coding.decision.condition_text import format_test
from coding.decision.decide import decide
from coding.decision.errors import DecisionError, FactError
from coding.decision.facts import NOT_DOCUMENTED, Band, FactDefinition, Facts, Known
from coding.decision.outcomes import Decision
from coding.decision.table import Rule, RuleTable


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a decision is what it is. ``deciding`` are the answers that the rule rests on.

    ``derived`` says of those that were derived how they came about. Where rules stand above it, it rests as well on
    that none of them applies.
    """

    title: str
    reason: str
    basis: str
    deciding: tuple[AnswerInWords, ...]
    undocumented: tuple[str, ...]
    derived: tuple[Derived, ...] = ()
    has_rules_above: bool = False


def explain(table: RuleTable, facts: Facts, decision: Decision) -> Explanation:
    """The explanation of a decision that has an outcome; raises KeyError for one that is open."""
    rule = table.rule_by_id[decision.rule_id or ""]
    # Of the answers as they were given: a derived value that is silent was asked of nobody.
    silent = [key for key, answer in facts.items() if answer is NOT_DOCUMENTED]
    derived = derived_values(table, facts)

    facts = complete(table, facts)
    tested = tested_facts(rows_behind(rule, facts))
    deciding = [fact for fact in table.facts if fact.key in tested and fact.key in facts]

    return Explanation(
        title=rule.title,
        reason=rule.message,
        basis=rule.basis,
        deciding=tuple(answer_in_words(fact, facts) for fact in deciding),
        undocumented=tuple(table.fact_by_key[key].label for key in silent),
        derived=tuple(value for value in derived if value.fact in tested),
        has_rules_above=rule is not table.rules[0],
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
    deciding = _deciding_rule(table, facts)
    facts = complete(table, facts)
    reasons = []
    for rule in table.rules:
        if rule.code != code or rule is deciding:
            continue
        if deciding is not None and applies(rule.rows, facts):
            reasons.append(WhyNot(rule.id, rule.title, (), masked_by=deciding.id))
        else:
            reasons.append(WhyNot(rule.id, rule.title, _excluded(table, rule, facts)))
    return tuple(reasons)


def _deciding_rule(table: RuleTable, facts: Facts) -> Rule | None:
    """The rule that decides; while that is open, or the table defective, the first one that surely applies."""
    try:
        rule_id = decide(table, facts).rule_id
    except (DecisionError, FactError):
        rule_id = None
    if rule_id is not None:
        return table.rule_by_id[rule_id]
    known = complete(table, facts)
    for rule in table.rules:
        if applies(rule.rows, known):
            return rule
    return None


def _excluded(table: RuleTable, rule: Rule, facts: Facts) -> tuple[Excluded, ...]:
    excluded = []
    for row in rule.rows:
        cell = _excluding_cell(row, facts)
        definition = table.fact_by_key[cell.fact]
        given = given_in_words(definition, facts)
        excluded.append(Excluded(definition.label, given, in_words(definition, cell)))
    return tuple(dict.fromkeys(excluded))


def _excluding_cell(row: Row, facts: Facts) -> Cell:
    """The first cell that an answer fails; if none does, the first that lacks its answer."""
    verdicts = [cell.test.accepts(facts.get(cell.fact)) for cell in row]
    excluding = False if False in verdicts else None
    return row[verdicts.index(excluding)]


def given_in_words(definition: FactDefinition, facts: Facts) -> str:
    if definition.key not in facts:
        return "not asked"
    return definition.describe(facts[definition.key])


def diagnoses_for(table: RuleTable, facts: Facts) -> tuple[str, ...]:
    """The diagnosis codes that support the service, by the first line that applies."""
    known = complete(table, facts)
    for line in table.diagnoses:
        if applies(line.rows, known):
            return line.codes
    return ()


def supports(table: RuleTable, facts: Facts, code: str) -> bool:
    """Whether a diagnosis is one of those that support the service; ``S61.4*`` stands for all that begin so."""
    return AnyOf(frozenset(diagnoses_for(table, facts))).names(code)


def in_words(definition: FactDefinition, cell: Cell) -> str:
    """What a cell asks for, in the words of the choices."""
    match cell.test:
        case In(values, silences):
            silent = sorted(definition.describe(silence) for silence in silences)
            return " or ".join([*_known_in_words(definition, values), *silent])
        case Not(values):
            return "not " + " or ".join(_known_in_words(definition, values))
        case Between(low, high):
            return definition.describe(Known(Band(low, high)))
    return format_test(cell, definition)


def _known_in_words(definition: FactDefinition, values: frozenset[str | bool]) -> list[str]:
    in_order = [value for value in definition.values() if value in values]
    return [definition.describe(Known(value)) for value in in_order]

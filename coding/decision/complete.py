"""The derived values that answers settle: for traces, explanations and pages, never for deciding.

A chain of derived facts may leave a value open here that the diagram knows to be settled.
"""

from dataclasses import dataclass

from coding.decision.applying import applies, row_applies
from coding.decision.compiled import Derivation, compiled
from coding.decision.derived import inputs_of
from coding.decision.facts import FactDefinition, Facts, FactValue
from coding.decision.table import RuleTable


@dataclass(frozen=True, slots=True)
class AnswerInWords:
    """An answer in words."""

    fact: str
    label: str
    answer: str


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived value in words, the number of the line that gives it, and the answers behind it.

    Without a line it follows from a silence, or was stated itself.
    """

    fact: str
    label: str
    value: str
    line: int | None
    inputs: tuple[AnswerInWords, ...]


def complete(table: RuleTable, facts: Facts) -> Facts:
    """The answers, and every derived value that they settle."""
    if not table.derived:
        return facts
    known = dict(facts)
    for key, derivation in compiled(table).derivations.items():
        if key in known:
            continue
        value = _settled(derivation, known)
        if value is not None:
            known[key] = value
    return known


def _settled(derivation: Derivation, facts: Facts) -> FactValue | None:
    """The value that all rows give which may still apply; None while they give several."""
    values = set()
    for row in derivation.effective:
        if row_applies(row.inputs, facts) is not False:
            values.add(row.value)
    if len(values) != 1:
        return None
    return values.pop()


def derived_values(table: RuleTable, facts: Facts) -> tuple[Derived, ...]:
    """The derived values that answers settle, each with how it came about, in the order of the facts."""
    known = complete(table, facts)
    return tuple(_derived(table, fact, known) for fact in table.derived if fact.key in known)


def _derived(table: RuleTable, fact: FactDefinition, facts: Facts) -> Derived:
    answered = [own for own in inputs_of(table, fact) if own.key in facts]
    return Derived(
        fact=fact.key,
        label=fact.label,
        value=fact.describe(facts[fact.key]),
        line=_giving_line(fact, facts),
        inputs=tuple(answer_in_words(own, facts) for own in answered),
    )


def _giving_line(fact: FactDefinition, facts: Facts) -> int | None:
    """The number of the line that surely gives the value."""
    for number, line in enumerate(fact.derived, start=1):
        match applies(line.rows, facts):
            case True:
                return number
            case None:
                # It may apply and stands before the one that does: which of the two it is cannot be said.
                return None
    return None


def derived_beside_inputs(table: RuleTable, facts: Facts) -> tuple[str, str] | None:
    """A derived fact that is stated and one that it is derived from, stated too; the two may say different things."""
    behind: dict[str, set[str]] = {}
    for fact in table.derived:
        # Facts stand in order, so what is behind the inputs is known when a fact is reached.
        behind[fact.key] = set(fact.inputs)
        for key in fact.inputs:
            behind[fact.key] |= behind.get(key, set())

        stated = [key for key in facts if key in behind[fact.key]]
        if fact.key in facts and stated:
            return fact.key, stated[0]
    return None


def answer_in_words(fact: FactDefinition, facts: Facts) -> AnswerInWords:
    """The answer to a fact, which must be given, in words."""
    return AnswerInWords(fact.key, fact.label, fact.describe(facts[fact.key]))

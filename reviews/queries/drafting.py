"""A question to a provider as the rule set words it: for each open fact its question and its own values, neutrally."""

from collections.abc import Iterable
from dataclasses import dataclass

from coding.decision import FactDefinition
from coding.decision.facts import Known

OTHER = "Other"
UNDETERMINED = "Cannot be determined"


@dataclass(frozen=True, slots=True)
class AskedFact:
    """A fact as a provider is asked it.

    ``options`` are its values in words, with "Other" and "Cannot be determined"; empty for numbers and codes, which
    are written.
    """

    key: str
    question: str
    options: tuple[str, ...]


def asked(definitions: Iterable[FactDefinition]) -> list[AskedFact]:
    """The facts with their options, in the order of the rule set."""
    return [
        AskedFact(definition.key, definition.question, _options(definition))
        for definition in definitions
    ]


def draft(facts: Iterable[AskedFact]) -> str:
    """The text of a query about these facts; empty where none is open."""
    return "\n\n".join(_paragraph(fact) for fact in facts)


def _options(definition: FactDefinition) -> tuple[str, ...]:
    if not definition.is_listed:
        return ()
    values = [definition.describe(Known(value)) for value in definition.values()]
    return (*values, OTHER, UNDETERMINED)


def _paragraph(fact: AskedFact) -> str:
    options = [f"- {option}" for option in fact.options]
    return "\n".join([fact.question, *options])

"""What a format cannot hold is refused with its name: nothing is left behind in silence that an import would lose."""

from collections.abc import Iterable, Iterator

from coding.decision import FactDefinition, RuleTable, Source
from coding.exchange.errors import Inexpressible


def check_rows(table: RuleTable, form: str) -> None:
    """Refuse rules that say more than a row of a decision table does."""
    _refuse(form, _beyond_rows(table))


def check_dmn(table: RuleTable) -> None:
    """Refuse what a single decision table of DMN cannot say as another engine would read it."""
    derived = (f"{fact.key} is derived" for fact in table.facts if fact.derived)
    _refuse("DMN", (*derived, *_beyond_rows(table)))


def check_workbook(table: RuleTable) -> None:
    """Refuse what the sheets of a workbook have no column for."""
    facts = (word for fact in table.facts for word in _beyond_question(fact))
    parts = {"further lines": table.lines, "groups": table.groups, "facts of claim checks": table.claim}
    beside = (f"it has {name}" for name, part in parts.items() if part)
    _refuse("A workbook", (*facts, *beside, *_beyond_rows(table)))


def _beyond_question(fact: FactDefinition) -> Iterator[str]:
    if fact.derived:
        yield f"{fact.key} is derived"
    if fact.decimals:
        yield f"{fact.key} has decimals"
    if fact.source is not Source.CODER:
        yield f"{fact.key} comes from {fact.source.value}"


def _beyond_rows(table: RuleTable) -> Iterator[str]:
    for rule in table.rules:
        if rule.see:
            yield f"rule {rule.id} names other rule sets"
        if rule.guards:
            yield f"rule {rule.id} has guards"


def _refuse(form: str, reasons: Iterable[str]) -> None:
    listed = list(reasons)
    if listed:
        more = f" and {len(listed) - 3} more" if len(listed) > 3 else ""
        raise Inexpressible(f"{form} cannot hold this rule set: {'; '.join(listed[:3])}{more}. Export it as JSON.")

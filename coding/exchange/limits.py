"""What a format cannot hold is refused with its name: nothing is left behind in silence that an import would lose."""

from coding.decision import RuleTable
from coding.exchange.errors import Inexpressible


def check_dmn(table: RuleTable) -> None:
    """Refuse what a single decision table of DMN cannot say as another engine would read it."""
    derived = [f"{fact.key} is derived" for fact in table.facts if fact.derived]
    if derived:
        more = f" and {len(derived) - 3} more" if len(derived) > 3 else ""
        raise Inexpressible(f"DMN cannot hold this rule set: {'; '.join(derived[:3])}{more}. Export it as JSON.")

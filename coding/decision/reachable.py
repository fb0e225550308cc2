"""What lies below a node of the diagram: the ends that can still be reached and the facts that still decide."""

from coding.decision.added_lines import Line
from coding.decision.diagram import Branch, Node, Terminal, nodes_below
from coding.decision.outcomes import Outcome
from coding.decision.table import RuleTable


def terminals(root: Node) -> tuple[Terminal, ...]:
    """The ends in the order of the rules; a gap comes last."""
    ends = [node for node in nodes_below(root) if isinstance(node, Terminal)]
    return tuple(sorted(ends, key=_place))


def _place(end: Terminal) -> tuple[bool, int, tuple[str, ...], tuple[Line, ...]]:
    if end.rule is None or end.outcome is None:
        return True, 0, (), ()
    return False, end.rule, end.outcome.modifiers, end.outcome.lines


def outcomes(root: Node) -> tuple[Outcome, ...]:
    """The outcomes of the ends, each once."""
    reached = [end.outcome for end in terminals(root) if end.outcome is not None]
    return tuple(dict.fromkeys(reached))


def open_facts(table: RuleTable, root: Node) -> tuple[str, ...]:
    """The facts whose answers still decide, in the table's order."""
    indices = sorted({node.index for node in nodes_below(root) if isinstance(node, Branch)})
    return tuple(table.facts[index].key for index in indices)

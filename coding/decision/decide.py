"""Decide: what a table makes of the answers."""

from coding.decision.diagram import Node, Terminal, diagram_of
from coding.decision.errors import NoRuleApplies, RulesOverlap
from coding.decision.facts import Facts
from coding.decision.outcomes import Decision
from coding.decision.reachable import open_facts
from coding.decision.table import RuleTable


def decide(table: RuleTable, facts: Facts) -> Decision:
    """The one outcome of these answers.

    The first rule decides of which a row applies; a row applies if all its cells do. Answers may be missing: if
    every way to complete them leads to the same rule and modifiers, that is the outcome; otherwise the decision
    is open. Raises NoRuleApplies or RulesOverlap for a defective table, Entangled where the answers leave more
    combinations of rules open than can be told apart, and UnknownFact where an answer is missing that decides
    while there is one to a fact that the table does not define.
    """
    diagram = diagram_of(table)
    node = diagram.root
    try:
        if node is None:
            node = diagram.terminal(diagram.compiled.live(facts))
        while node.children is not None:
            node = node.children[facts[node.key]]
    except KeyError:
        node = diagram.below(facts)
    return node.decision or unsettled(table, node)


def unsettled(table: RuleTable, node: Node) -> Decision:
    """The open decision at a node of the diagram that still asks; raises what is wrong with the table at its end."""
    if not isinstance(node, Terminal):
        return Decision(None, None, open_facts(table, node))
    if node.rule is None or node.overlapping is None:
        raise NoRuleApplies(f"{table.name}: no rule covers these answers.")
    rule, other = table.rules[node.rule], table.rules[node.overlapping]
    raise RulesOverlap(f"{table.name}: rules {rule.id} and {other.id} both cover these answers.")

"""Explain: the answers that decided, what another code would need, and which answers rest on no documentation."""

from dataclasses import dataclass
from math import inf

from coding.decision.cells import Cell, In, Not, format_cell
from coding.decision.decide import Decision, applies
from coding.decision.diagram import Branch, Node, Terminal, diagram_of
from coding.decision.facts import NOT_DOCUMENTED, FactDefinition, Facts, FactValue, Known
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
    """A fact that keeps a code from applying: the answer given, and the answers that would do."""

    fact: str
    label: str
    given: str
    needed: str


def needs(table: RuleTable, facts: Facts, code: str) -> tuple[Need, ...]:
    """The fewest answers that would have to be different, or given, for a code; the rules above its own count too.

    Empty for a code that these answers yield already, and for one that no answers yield.
    """
    nearest = _Nearest(table, facts, code)
    node = nearest.diagram.whole.root
    found = []
    while isinstance(node, Branch) and nearest.changes(node) < inf:
        place = nearest.best(node)
        _, child = node.children[place]
        if not nearest.kept[node.fact][place]:
            alternatives = [answer for answer, other in node.children if other is child]
            found.append(_need(table.facts[node.fact], facts, alternatives))
        node = child
    return tuple(found)


class _Nearest:
    """The shortest way through the diagram to a code, where each branch other than the given answer costs one."""

    def __init__(self, table: RuleTable, facts: Facts, code: str) -> None:
        self.diagram = diagram_of(table)
        self.goals = {index for index, rule in enumerate(table.rules) if rule.code == code}
        self.kept = [self.diagram.kept(index, facts.get(fact.key)) for index, fact in enumerate(table.facts)]
        self.known: dict[int, float] = {}

    def changes(self, node: Node) -> float:
        """How many answers must change below a node; infinite if the code does not lie below it."""
        if isinstance(node, Terminal):
            return 0 if node.rule in self.goals else inf
        if id(node) not in self.known:
            self.known[id(node)] = min(self._ways(node))
        return self.known[id(node)]

    def best(self, node: Branch) -> int:
        """The place of the branch to take; of equally long ways the first."""
        ways = self._ways(node)
        return ways.index(min(ways))

    def _ways(self, node: Branch) -> list[float]:
        branches = zip(node.children, self.kept[node.fact], strict=True)
        return [self.changes(child) + (not kept) for (_, child), kept in branches]


def _need(definition: FactDefinition, facts: Facts, alternatives: list[FactValue]) -> Need:
    given = definition.describe(facts[definition.key]) if definition.key in facts else "not asked"
    # That the note were silent is nothing to wish for, unless the rule asks for just that.
    known = [answer for answer in alternatives if isinstance(answer, Known)] or alternatives
    return Need(definition.key, definition.label, given, " or ".join(map(definition.describe, known)))


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

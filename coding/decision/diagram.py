"""The table as a reduced decision diagram: the exact source for what is still possible and what still matters.

Facts are branched on in the table's order. A node stands for the set of rows that can still apply (a bit
set): branches that leave the same rows share one node, a row with no test left cuts off the rows behind it,
and a node whose branches all lead to one place is dropped. A fact therefore occurs in the diagram below the
given answers if and only if some completion of the other answers makes its answer decide. Values that no
test tells apart are one branch; whole numbers are cut at the ends of the ranges, sets of codes into the
combinations of tests that a set can pass.

Cost: one step for each distinct set of live rows and fact, some hundreds for a table of 36 rules. A table
whose rules have nothing to do with each other can make it exponential in the facts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from coding.decision.cells import AnyOf, Between, Row
from coding.decision.facts import CONFLICTING, NOT_DOCUMENTED, Band, FactDefinition, Facts, FactValue, Kind, Known
from coding.decision.table import OutcomeKind, RuleTable


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a path ends: the index of the rule (None for a gap) and the modifiers that apply."""

    rule: int | None
    modifiers: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Branch:
    """A fact whose answer still decides, with a representative answer and the node behind each branch."""

    fact: int
    children: "tuple[tuple[FactValue, Node], ...]"


Node = Terminal | Branch


@dataclass(frozen=True)
class Reached:
    """What lies below the given answers."""

    table: RuleTable
    root: Node

    @cached_property
    def _nodes(self) -> list[Node]:
        seen: dict[int, Node] = {}
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            if id(node) not in seen:
                seen[id(node)] = node
                waiting += [child for _, child in node.children] if isinstance(node, Branch) else []
        return list(seen.values())

    @cached_property
    def terminals(self) -> tuple[Terminal, ...]:
        """The distinct ends, in the order of the rules; a gap comes last."""
        ends = {node for node in self._nodes if isinstance(node, Terminal)}
        last = len(self.table.rules)
        return tuple(sorted(ends, key=lambda end: (last if end.rule is None else end.rule, end.modifiers)))

    @cached_property
    def open_facts(self) -> tuple[str, ...]:
        """The facts whose answers still decide, in the table's order."""
        facts = sorted({node.fact for node in self._nodes if isinstance(node, Branch)})
        return tuple(self.table.facts[fact].key for fact in facts)

    def path_to_gap(self) -> dict[str, FactValue] | None:
        """Answers that no rule covers, beyond those given; None where there are none."""
        return self._path(self.root, set())

    def _path(self, node: Node, dead_ends: set[int]) -> dict[str, FactValue] | None:
        if isinstance(node, Terminal):
            return {} if node.rule is None else None
        if id(node) in dead_ends:
            return None
        for answer, child in node.children:
            path = self._path(child, dead_ends)
            if path is not None:
                return {self.table.facts[node.fact].key: answer, **path}
        dead_ends.add(id(node))
        return None


class Diagram:
    """A table, compiled. Rows of rules and of modifiers are numbered through; a set of them is an integer."""

    def __init__(self, table: RuleTable) -> None:
        self.table = table
        self.rows: list[Row] = []
        self.rule_of: list[int] = []
        for index, rule in enumerate(table.rules):
            self.rows += rule.rows
            self.rule_of += [index] * len(rule.rows)
        self.rule_rows = (1 << len(self.rows)) - 1
        self.modifier_of: dict[int, str] = {}
        for modifier in table.modifiers:
            for row in modifier.rows:
                self.modifier_of[1 << len(self.rows)] = modifier.modifier
                self.rows.append(row)
        self.code_rows = sum(
            1 << index for index, rule in enumerate(self.rule_of) if table.rules[rule].outcome is OutcomeKind.CODE
        )
        self.untested, self.tests = self._by_fact()
        self.pending = self._pending()
        self.branches = [
            tuple((answer, self.passing(fact, answer)) for answer in representatives(definition, self.cells(fact)))
            for fact, definition in enumerate(table.facts)
        ]

    def _by_fact(self) -> tuple[list[int], list[list[tuple[int, Row]]]]:
        everything = (1 << len(self.rows)) - 1
        untested = [everything] * len(self.table.facts)
        tests: list[list[tuple[int, Row]]] = [[] for _ in self.table.facts]
        index_of = {fact.key: index for index, fact in enumerate(self.table.facts)}
        for number, row in enumerate(self.rows):
            for cell in row:
                fact = index_of[cell.fact]
                untested[fact] &= ~(1 << number)
                tests[fact].append((1 << number, (cell,)))
        return untested, tests

    def _pending(self) -> list[int]:
        """For each fact: the rows that test it or a later one; at the end none."""
        pending = [0]
        for untested in reversed(self.untested):
            pending.append(pending[-1] | ~untested & ((1 << len(self.rows)) - 1))
        return pending[::-1]

    def cells(self, fact: int) -> list[Row]:
        """The tests on a fact."""
        return [row for _, row in self.tests[fact]]

    def passing(self, fact: int, answer: FactValue) -> int:
        """The rows that an answer leaves alive."""
        return self.untested[fact] | sum(bit for bit, (cell,) in self.tests[fact] if cell.test.accepts(answer))

    def kept(self, fact: int, answer: FactValue | None) -> tuple[bool, ...]:
        """For each branch of a fact whether the given answer lies, or may lie, in it; none for a missing answer."""
        given = set() if answer is None else {mask for _, mask in self._branches_of(fact, answer)}
        return tuple(mask in given for _, mask in self.branches[fact])

    @cached_property
    def whole(self) -> Reached:
        """The reduced diagram with nothing answered."""
        return self.restricted({})

    def restricted(self, facts: Facts) -> Reached:
        """The reduced diagram below the given answers."""
        answered: list[list[tuple[FactValue, int]]] = []
        for index, definition in enumerate(self.table.facts):
            answer = facts.get(definition.key)
            answered.append(list(self._branches_of(index, answer)))
        memo: dict[tuple[int, int], Node] = {}
        shared: dict[Terminal | tuple[int, ...], Node] = {}
        return Reached(self.table, self._node(0, (1 << len(self.rows)) - 1, answered, memo, shared))

    def _branches_of(self, fact: int, answer: FactValue | None) -> Iterator[tuple[FactValue, int]]:
        match answer:
            case None:
                yield from self.branches[fact]
            case Known(Band() as band):
                yield from (branch for branch in self.branches[fact] if _within(branch[0], band))
            case _:
                yield answer, self.passing(fact, answer)

    def _node(
        self,
        fact: int,
        live: int,
        answered: list[list[tuple[FactValue, int]]],
        memo: dict[tuple[int, int], Node],
        shared: "dict[Terminal | tuple[int, ...], Node]",
    ) -> Node:
        live = self._pruned(fact, live)
        known = memo.get((fact, live))
        if known is not None:
            return known
        node: Node
        if not live & self.pending[fact]:
            terminal = self._terminal(live)
            node = shared.setdefault(terminal, terminal)
        else:
            children = tuple(
                (answer, self._node(fact + 1, live & mask, answered, memo, shared)) for answer, mask in answered[fact]
            )
            key = (fact, *(id(child) for _, child in children))
            alike = all(child is children[0][1] for _, child in children)
            node = children[0][1] if alike else shared.setdefault(key, Branch(fact, children))
        memo[fact, live] = node
        return node

    def _pruned(self, fact: int, live: int) -> int:
        """The live rows without those that can no longer matter."""
        settled = live & self.rule_rows & ~self.pending[fact]
        if settled:
            first = settled & -settled
            live &= ~self.rule_rows | (first << 1) - 1
        if not live & self.code_rows:
            live &= self.rule_rows
        return live

    def _terminal(self, live: int) -> Terminal:
        rules = live & self.rule_rows
        if not rules:
            return Terminal(None, ())
        modifiers = [modifier for bit, modifier in self.modifier_of.items() if live & bit]
        return Terminal(self.rule_of[(rules & -rules).bit_length() - 1], tuple(dict.fromkeys(modifiers)))


def _within(answer: FactValue, band: Band) -> bool:
    match answer:
        case Known(Band(low, high)):
            below = high is not None and band.low is not None and high < band.low
            above = low is not None and band.high is not None and low > band.high
            return not below and not above
    return False


def representatives(definition: FactDefinition, cells: list[Row]) -> list[FactValue]:
    """One answer for each group of answers that the tests do not tell apart (for choices: every answer)."""
    match definition.kind:
        case Kind.CHOICE | Kind.YES_NO:
            known = [Known(value) for value in definition.values()]
        case Kind.WHOLE_NUMBER:
            known = [Known(band) for band in bands(definition, cells)]
        case Kind.CODE_SET:
            known = [Known(codes) for codes in code_sets(cells)]
    return [*known, NOT_DOCUMENTED, CONFLICTING]


def bands(definition: FactDefinition, cells: list[Row]) -> list[Band]:
    """The ranges between the cut points of the tests, within the fact's own range."""
    cuts = set()
    for (cell,) in cells:
        if isinstance(cell.test, Between):
            cuts |= {cell.test.low} | {None if cell.test.high is None else cell.test.high + 1}
    low, high = definition.minimum, definition.maximum
    inner = sorted(
        cut for cut in cuts if cut is not None and (low is None or cut > low) and (high is None or cut <= high)
    )
    starts: list[int | None] = [low, *inner]
    ends: list[int | None] = [*(cut - 1 for cut in inner), high]
    return [Band(start, end) for start, end in zip(starts, ends, strict=True)]


def code_sets(cells: list[Row]) -> list[frozenset[str]]:
    """A set of codes for each combination of tests that some set passes: the unions of single codes."""
    tests = [cell.test for (cell,) in cells if isinstance(cell.test, AnyOf)]
    singles: dict[int, str] = {}
    for code in _telling_codes(tests):
        singles.setdefault(sum(1 << place for place, test in enumerate(tests) if test.names(code)), code)
    found: dict[int, frozenset[str]] = {0: frozenset()}
    for named, code in singles.items():
        for others, codes in list(found.items()):
            found.setdefault(named | others, codes | {code})
    return list(found.values())


def _telling_codes(tests: list[AnyOf]) -> list[str]:
    """The codes that the tests list, and for each prefix one that begins so and is not listed itself."""
    listed = {code for test in tests for code in test.codes}
    exact = {code for code in listed if not code.endswith("*")}
    begun = set()
    for prefix in listed - exact:
        code = prefix.removesuffix("*")
        while code in exact:
            code += "9"
        begun.add(code)
    return sorted(exact | begun)


@lru_cache(maxsize=64)
def diagram_of(table: RuleTable) -> Diagram:
    """The compiled diagram of a table, kept for the next decision."""
    return Diagram(table)

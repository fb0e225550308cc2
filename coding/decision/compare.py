"""Compare two versions of a table by meaning: the answers whose outcome changes.

The rows of both versions are numbered through as if they were one table and drawn into one diagram. Rows that
both versions hold, in the same order, are paired first; where no other row is alive, both versions decide alike
and the branch is cut. If nothing but such branches is left, that no outcome changes is proven.

A fact that both versions derive has one place, where each side takes its own value; one that only one of them derives
is read by both. Where derived tables differ, a branch is cut only if the paired rows that live are alike on both sides.

Cost: one step for each distinct set of live rows with a changed one among them; ``Entangled`` beyond the limit
of the drawing. The texts of rules are compared in ``revisions.py``.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import islice
from typing import NamedTuple

from coding.decision.bits import below
from coding.decision.cells import Row
from coding.decision.compiled import Compiled, Settling, compiled
from coding.decision.compiled_facts import AnswerClass, answers_of, compiled_facts
from coding.decision.drawing import Drawing, Settled
from coding.decision.errors import Incomparable
from coding.decision.facts import FactDefinition, Facts, FactValue
from coding.decision.outcomes import Outcome
from coding.decision.table import RuleTable

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact and the answers that a region asks of it, each standing for its class, and in words."""

    fact: str
    label: str
    answers: tuple[FactValue, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Region:
    """Answers whose outcome changes, with one of them as witness. None stands for no rule, or for a defect."""

    conditions: tuple[Condition, ...]
    before: Outcome | None
    after: Outcome | None
    witness: Facts


@dataclass(frozen=True, slots=True)
class ChangeOfMeaning:
    """The first regions that change, at most ``SHOWN``, and how many there are. None: proven to mean the same."""

    regions: tuple[Region, ...]
    count: int


class _Ends(NamedTuple):
    """How a case ends under each version."""

    before: Outcome | None
    after: Outcome | None


class _Block(NamedTuple):
    """Rows that both versions hold: the number of the first in each, and as many set bits as there are rows."""

    old: int
    new: int
    paired: int


# ``count`` is the number of regions at or below a node.
@dataclass(frozen=True, eq=False, slots=True)
class _End:
    outcomes: _Ends | None
    count: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class _Fork:
    fact: int
    ways: "tuple[tuple[AnswerClass, _Node], ...]"
    count: int


_Node = _End | _Fork
# The facts on the way to a node, with the answers taken.
_Path = tuple[tuple[int, tuple[AnswerClass, ...]], ...]


def changed_regions(before: RuleTable, after: RuleTable) -> ChangeOfMeaning:
    """The regions of the answers whose code, modifiers or way of ending differ between two versions.

    A fact or value that only one version knows takes part: the other has no test for it. Raises ``Incomparable``
    for a fact that changed its kind or its decimals and for facts that are derived the other way round now, and
    ``Entangled`` for tables that cannot be drawn together.
    """
    return _Comparison(before, after).result()


class _Comparison:
    """Two versions as one table: the rows of the first, then those of the second."""

    def __init__(self, before: RuleTable, after: RuleTable) -> None:
        definitions = _all_facts(before, after)
        self.old = compiled(_over(before, definitions))
        self.new = compiled(_over(after, definitions))
        self.shift = len(self.old.rows)
        self.rows: list[Row] = self.old.rows + self.new.rows
        self.everything = below(len(self.rows))
        self.facts = compiled_facts(definitions, self.rows)
        self.blocks = self._blocks()
        self.changed = self._changed()
        self.settled = self._settled()
        # With equal derived tables, or none, what paired rows read is the same on both sides.
        contradictions = self.old.contradictions | self.new.contradictions << self.shift
        self.may_differ = bool(self.changed & contradictions)
        self.ends: dict[_Ends, _End] = {}
        self.same = _End(None)
        self.shared: dict[tuple[object, ...], _Fork] = {}

    def result(self) -> ChangeOfMeaning:
        ways = [fact.classes for fact in self.facts]
        drawing = Drawing[_Node](
            self.facts, ways, self._pruned, self._end, self._fork, self.settled
        )
        root = drawing.node(0, self.everything)
        shown = islice(self._regions(root, ()), SHOWN)
        return ChangeOfMeaning(tuple(shown), root.count)

    def _blocks(self) -> list[_Block]:
        """The rows that both versions hold in the same order; none if the order means another thing in each."""
        if self.old.first_only is not self.new.first_only:
            return []
        # Without autojunk: difflib would leave out rows that occur often in tables of more than 200.
        matcher = SequenceMatcher(
            None, _identities(self.old), _identities(self.new), autojunk=False
        )
        blocks = []
        for block in matcher.get_matching_blocks():
            blocks.append(_Block(block.a, self.shift + block.b, below(block.size)))
        return blocks

    def _changed(self) -> int:
        """The rows that the other version does not hold at the same place among the rest."""
        changed = self.everything
        for block in self.blocks:
            changed &= ~(block.paired << block.old)
            changed &= ~(block.paired << block.new)
        return changed

    def _settled(self) -> Settled | None:
        """Who reads which derived value: each side its own; both the one that only one side derives."""
        settlings = {}
        for place, fact in enumerate(self.facts):
            own = self._settlings_of(fact.key)
            if own:
                settlings[place] = own
        if not settlings:
            return None
        return Settled(self.facts, self.rows, settlings)

    def _settlings_of(self, key: str) -> tuple[Settling, ...]:
        old, new = self.old.derivations.get(key), self.new.derivations.get(key)
        old_rows = self.old.everything
        new_rows = self.everything & ~old_rows

        if old and new:
            return (
                Settling(old_rows, old.contradictions),
                Settling(new_rows, new.contradictions << self.shift),
            )
        if old:
            return (Settling(self.everything, old.contradictions),)
        if new:
            return (Settling(self.everything, new.contradictions << self.shift),)
        return ()

    def _halves(self, live: int) -> tuple[int, int]:
        return live & self.old.everything, live >> self.shift

    def _pruned(self, live: int, pending: int) -> int:
        old, new = self._halves(live)
        old_pending, new_pending = self._halves(pending)
        old_live = self.old.pruned(old, old_pending)
        new_live = self.new.pruned(new, new_pending)
        live = old_live | new_live << self.shift

        if live & self.changed:
            return live
        if self.may_differ and not self._alike(live):
            return live
        # Only rows that both versions hold: they decide alike, whatever is answered further.
        return 0

    def _alike(self, live: int) -> bool:
        """Whether of all paired rows both or none live."""
        for old, new, paired in self.blocks:
            differing = (live >> old) ^ (live >> new)
            if differing & paired:
                return False
        return True

    def _end(self, live: int) -> _Node:
        old, new = self._halves(live)
        before, after = _outcome(self.old, old), _outcome(self.new, new)
        if before == after:
            return self.same
        outcomes = _told_apart(before, after)
        return self.ends.setdefault(outcomes, _End(outcomes, count=1))

    def _fork(self, fact: int, ways: Sequence[tuple[AnswerClass, _Node]]) -> _Node:
        first = ways[0][1]
        if all(child is first for _, child in ways):
            return first
        children = {child for _, child in ways}
        count = sum(child.count for child in children)
        key = (fact, *(child for _, child in ways))
        return self.shared.setdefault(key, _Fork(fact, tuple(ways), count))

    def _regions(self, node: _Node, path: _Path) -> Iterator[Region]:
        if isinstance(node, _End):
            if node.outcomes:
                yield self._region(path, node.outcomes)
            return

        groups_by_child: dict[_Node, list[AnswerClass]] = {}
        for group, child in node.ways:
            if child.count:
                groups_by_child.setdefault(child, []).append(group)
        for child, groups in groups_by_child.items():
            yield from self._regions(child, (*path, (node.fact, tuple(groups))))

    def _region(self, path: _Path, outcomes: _Ends) -> Region:
        conditions = []
        witness = {}
        for place, groups in path:
            fact = self.facts[place]
            answers = answers_of(groups)
            words = fact.definition.describe_any(answers)
            conditions.append(Condition(fact.key, fact.definition.label, answers, words))
            witness[fact.key] = answers[0]
        return Region(tuple(conditions), outcomes.before, outcomes.after, witness)


def _outcome(rows: Compiled, live: int) -> Outcome | None:
    """How the rows that apply end, without the message: another wording is no change of meaning."""
    end = rows.end(live)
    if end.rule is None or end.overlapping is not None:
        return None
    outcome = Outcome.of(rows.table.rules[end.rule], end.modifiers, end.lines)
    return replace(outcome, message="")


def _told_apart(before: Outcome | None, after: Outcome | None) -> _Ends:
    """Two outcomes; with their modifiers and lines only where they are codes that differ in these."""
    if before and after and before.code and after.code:
        bring_the_same = before.modifiers == after.modifiers and before.lines == after.lines
        if not bring_the_same:
            return _Ends(before, after)
    return _Ends(_without_brought(before), _without_brought(after))


def _without_brought(outcome: Outcome | None) -> Outcome | None:
    if outcome is None:
        return None
    return replace(outcome, modifiers=(), lines=())


def _identities(rows: Compiled) -> list[tuple[object, ...]]:
    """What makes a row mean the same in another version: its cells and what follows from it."""
    rules = [rows.table.rules[index] for index in rows.rule_of]
    follows: list[tuple[object, ...]] = [(rule.outcome, rule.code, rule.see) for rule in rules]
    follows += [(modifier,) for modifier in rows.modifier_of.values()]
    follows += [("contradiction",)] * rows.contradictions.bit_count()
    return [(*what, row) for what, row in zip(follows, rows.rows, strict=True)]


def _all_facts(before: RuleTable, after: RuleTable) -> list[FactDefinition]:
    """The facts of both versions, the later one's first, each with the values of both."""
    facts = [_widened(fact, before.fact_by_key.get(fact.key)) for fact in after.facts]
    facts += [fact for fact in before.facts if fact.key not in after.fact_by_key]
    return _inputs_first(facts, before, after)


def _inputs_first(
    facts: list[FactDefinition], before: RuleTable, after: RuleTable
) -> list[FactDefinition]:
    """The facts in order, each moved behind all that either version derives it from."""
    inputs: dict[str, set[str]] = {}
    for fact in (*before.derived, *after.derived):
        inputs.setdefault(fact.key, set()).update(fact.inputs)

    ordered: list[FactDefinition] = []
    placed: set[str] = set()
    waiting = facts
    while waiting:
        ready = [fact for fact in waiting if inputs.get(fact.key, set()) <= placed]
        if not ready:
            raise Incomparable(
                f"{waiting[0].key}: what is derived from what changed round between the versions."
            )
        # One at a time: one that waits in front of the others may be ready by it.
        following = ready[0]
        ordered.append(following)
        placed.add(following.key)
        waiting = [fact for fact in waiting if fact is not following]
    return ordered


def _over(table: RuleTable, definitions: Sequence[FactDefinition]) -> RuleTable:
    """A table with derived facts over the answers that both versions know, in their common order."""
    if not table.derived:
        return table
    facts = []
    for fact in definitions:
        own = table.fact_by_key.get(fact.key)
        if own is not None:
            facts.append(replace(fact, derived=own.derived))
    return replace(table, facts=tuple(facts))


def _widened(fact: FactDefinition, earlier: FactDefinition | None) -> FactDefinition:
    if earlier is None:
        return fact
    if earlier.kind is not fact.kind:
        raise Incomparable(
            f"{fact.key}: it was {earlier.kind.value} and is {fact.kind.value} now; no answer means the same."
        )
    if earlier.decimals != fact.decimals:
        raise Incomparable(
            f"{fact.key}: it had {earlier.decimals} decimals and has {fact.decimals} now."
        )
    present = {choice.value for choice in fact.choices}
    gone = [choice for choice in earlier.choices if choice.value not in present]
    return replace(
        fact,
        choices=(*fact.choices, *gone),
        minimum=_wider(min, fact.minimum, earlier.minimum),
        maximum=_wider(max, fact.maximum, earlier.maximum),
    )


def _wider(farther: Callable[[int, int], int], end: int | None, other: int | None) -> int | None:
    """The farther of two ends; an open one is the farthest."""
    if end is None or other is None:
        return None
    return farther(end, other)

"""Covering: whether a box of answers holds a case that none of some rows accepts.

The question behind every check of a table. A box holds for each fact the answer classes that are allowed. The
search is that of a SAT solver, on bit sets of rows: rows that no longer touch the box are dropped, a row that
accepts the whole box ends the branch, a row with one fact left that could fail must fail there (unit rule), and
otherwise the answer is tried that leaves the fewest rows alive, and taken out of the box if it leads nowhere.

Cost: a few steps of one pass over the facts each on tables as people write them; exponential in the facts at
worst. After ``STEPS`` steps the search gives up with ``Undecided``: it never guesses.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from coding.decision.bits import lowest
from coding.decision.compiled_facts import CompiledFact
from coding.decision.facts import FactValue

STEPS = 2_000


class Allowed(NamedTuple):
    """The places of the answer classes of a fact that are allowed, and the rows that some, or each, of them passes."""

    places: tuple[int, ...]
    some: int
    each: int


Box = list[Allowed]


class Undecided(Exception):
    """The search took too many steps."""


class Cover:
    """The answer classes of some facts, with the rows that each leaves alive."""

    def __init__(self, facts: Sequence[CompiledFact]) -> None:
        self.facts = facts
        self.passing = [[group.passing for group in fact.classes] for fact in facts]
        self.everything: Box = []
        for fact, passing in enumerate(self.passing):
            self.everything.append(self.allowed(fact, range(len(passing))))
        self.steps = 0

    def allowed(self, fact: int, places: Iterable[int]) -> Allowed:
        """These answer classes of a fact, with the rows that they pass."""
        places = tuple(places)
        # -1 has every bit set: nothing fails where nothing is allowed.
        some, each = 0, -1
        for place in places:
            some |= self.passing[fact][place]
            each &= self.passing[fact][place]
        return Allowed(places, some, each)

    def accepted(self, row: int) -> Box:
        """The box of the answers that a row, one bit, accepts."""
        box = list(self.everything)
        for number, fact in enumerate(self.facts):
            if fact.tested & row:
                passing = self.passing[number]
                accepted = [place for place in box[number].places if passing[place] & row]
                box[number] = self.allowed(number, accepted)
        return box

    def common(self, box: Box, other: Box) -> Box:
        """The cases of both boxes."""
        common = list(box)
        for fact, (left, right) in enumerate(zip(box, other, strict=True)):
            if left != right:
                both = set(left.places).intersection(right.places)
                common[fact] = self.allowed(fact, sorted(both))
        return common

    def touching(self, box: Box) -> int:
        """The rows that accept some case of the box."""
        rows = -1
        for allowed in box:
            rows &= allowed.some
        return rows

    def live(self, case: Sequence[int | None]) -> int:
        """The rows that accept a case: one answer class for each fact, or None where any will do."""
        rows = -1
        for place, passing in zip(case, self.passing, strict=True):
            if place is not None:
                rows &= passing[place]
        return rows

    def uncovered(self, box: Box, rows: int) -> list[int] | None:
        """A case of the box that none of the rows accepts; None if there is none. Raises ``Undecided``."""
        self.steps = 0
        if not holds_cases(box):
            return None
        return self._search(box, rows)

    def given(self, case: Sequence[int]) -> dict[str, FactValue]:
        """A case in the answers that people give: without what is derived from them."""
        answers = {}
        for fact, place in zip(self.facts, case, strict=True):
            if not fact.definition.derived:
                answers[fact.key] = fact.classes[place].answers[0]
        return answers

    def _search(self, box: Box, rows: int) -> list[int] | None:
        box = list(box)
        while True:
            self.steps += 1
            if self.steps > STEPS:
                raise Undecided
            rows &= self.touching(box)
            if not rows:
                return first_case(box)
            narrowed = self._narrowed(box, rows)
            if narrowed is None:
                return None
            if narrowed:
                continue
            fact, place = self._most_telling(box, rows)
            chosen = with_allowed(box, fact, self.allowed(fact, (place,)))
            case = self._search(chosen, rows)
            if case is not None:
                return case
            others = [other for other in box[fact].places if other != place]
            box[fact] = self.allowed(fact, others)

    def _narrowed(self, box: Box, rows: int) -> bool | None:
        """Apply the unit rule to the box; None if the rows accept the whole box or nothing is left of it."""
        # The rows that can fail at one fact at least, and those that can at two.
        at_one = at_two = 0
        for allowed in box:
            may_fail = rows & ~allowed.each
            at_two |= at_one & may_fail
            at_one |= may_fail
        if rows & ~at_one:
            return None
        unit = at_one & ~at_two
        if not unit:
            return False

        for fact, allowed in enumerate(box):
            forced = unit & ~allowed.each
            if not forced:
                continue
            passing = self.passing[fact]
            failing = [place for place in allowed.places if not passing[place] & forced]
            if not failing:
                return None
            box[fact] = self.allowed(fact, failing)
        return True

    def _most_telling(self, box: Box, rows: int) -> tuple[int, int]:
        """Of the answers that the first live row fails, the fact and the class that leave the fewest rows alive."""
        # Every live row has to fail somewhere, so the case looked for fails this one by one of these answers.
        first = lowest(rows)
        choices = []
        left_alive = []
        for fact, allowed in enumerate(box):
            if not first & ~allowed.each:
                continue
            for place in allowed.places:
                passing = self.passing[fact][place]
                if not passing & first:
                    choices.append((fact, place))
                    left_alive.append((rows & passing).bit_count())
        return choices[left_alive.index(min(left_alive))]


def with_allowed(box: Box, fact: int, allowed: Allowed) -> Box:
    """The box with other answers to one fact."""
    return [*box[:fact], allowed, *box[fact + 1 :]]


def holds_cases(box: Box) -> bool:
    """Whether every fact has an answer that is allowed."""
    return all(allowed.places for allowed in box)


def first_case(box: Box) -> list[int]:
    """The first case of a box that holds some."""
    return [allowed.places[0] for allowed in box]

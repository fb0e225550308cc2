"""Covering: whether a box of answers holds a case that none of some rows accepts.

The question behind every check of a table. A box holds for each fact the answer classes that are allowed. The
search is that of a SAT solver, on bit sets of rows: rows that no longer touch the box are dropped, a row that
accepts the whole box ends the branch, a row with one fact left that could fail must fail there (unit rule), and
otherwise the answer is tried that leaves the fewest rows alive, and taken out of the box if it leads nowhere.

Cost: a few steps of one pass over the facts each on tables as people write them; exponential in the facts at
worst. After ``STEPS`` steps the search gives up with ``Undecided``: it never guesses.
"""

from collections.abc import Sequence

from coding.decision.compiled import CompiledFact
from coding.decision.facts import FactValue

STEPS = 2_000

# For each fact the places of its answer classes that are allowed.
Box = list[tuple[int, ...]]


class Undecided(Exception):
    """The search took too many steps."""


class Cover:
    """The answer classes of some facts, with the rows that each leaves alive."""

    def __init__(self, facts: Sequence[CompiledFact]) -> None:
        self.facts = facts
        self.passing = [[group.passing for group in fact.classes] for fact in facts]
        self.everything: Box = [tuple(range(len(classes))) for classes in self.passing]
        self._all = [
            (_union(passing, range(len(passing))), _intersection(passing, range(len(passing))))
            for passing in self.passing
        ]
        self.steps = 0

    def accepted(self, row: int) -> Box:
        """The box of the answers that a row, one bit, accepts."""
        return [
            places if fact.untested & row else tuple(place for place in places if passing[place] & row)
            for fact, places, passing in zip(self.facts, self.everything, self.passing, strict=True)
        ]

    def touching(self, box: Box) -> int:
        """The rows that accept some case of the box."""
        rows = -1
        for fact, places in enumerate(box):
            whole = places is self.everything[fact]
            rows &= self._all[fact][0] if whole else _union(self.passing[fact], places)
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
        if not all(box):
            return None
        return self._search(box, rows)

    def witness(self, case: Sequence[int]) -> dict[str, FactValue]:
        """The answers of a case."""
        return {fact.key: fact.classes[place].answers[0] for fact, place in zip(self.facts, case, strict=True)}

    def _search(self, box: Box, rows: int) -> list[int] | None:
        box = list(box)
        while True:
            self.steps += 1
            if self.steps > STEPS:
                raise Undecided
            rows &= self.touching(box)
            if not rows:
                return [places[0] for places in box]
            narrowed = self._narrowed(box, rows)
            if narrowed is None:
                return None
            if narrowed:
                continue
            fact, place = self._most_telling(box, rows)
            chosen = [*box[:fact], (place,), *box[fact + 1 :]]
            found = self._search(chosen, rows)
            if found is not None:
                return found
            box[fact] = tuple(other for other in box[fact] if other != place)

    def _narrowed(self, box: Box, rows: int) -> bool | None:
        """Apply the unit rule to the box; None if the rows accept the whole box or nothing is left of it."""
        one = two = 0
        open_rows = []
        for fact, places in enumerate(box):
            if len(places) > 1:
                whole = places is self.everything[fact]
                may_fail = rows & ~(self._all[fact][1] if whole else _intersection(self.passing[fact], places))
                two |= one & may_fail
                one |= may_fail
                open_rows.append((fact, may_fail))
        if rows & ~one:
            return None
        unit = one & ~two
        if not unit:
            return False
        for fact, may_fail in open_rows:
            if forced := unit & may_fail:
                box[fact] = tuple(place for place in box[fact] if not self.passing[fact][place] & forced)
                if not box[fact]:
                    return None
        return True

    def _most_telling(self, box: Box, rows: int) -> tuple[int, int]:
        """Of the answers that the first live row fails, the fact and the class that leave the fewest rows alive."""
        first = rows & -rows
        choices = [
            (fact, place)
            for fact, places in enumerate(box)
            if len(places) > 1
            for place in places
            if not self.passing[fact][place] & first
        ]
        left = [(rows & self.passing[fact][place]).bit_count() for fact, place in choices]
        return choices[left.index(min(left))]


def _union(passing: Sequence[int], places: Sequence[int]) -> int:
    rows = 0
    for place in places:
        rows |= passing[place]
    return rows


def _intersection(passing: Sequence[int], places: Sequence[int]) -> int:
    rows = -1
    for place in places:
        rows &= passing[place]
    return rows

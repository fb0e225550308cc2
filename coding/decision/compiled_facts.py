"""The answers of a fact as sets of rows: which rows each answer leaves alive, and which answers are told apart.

Bit n of a set stands for row n (``bits.py``). What a test accepts is asked of the test itself (``cells.py``), so the
meaning of a cell is written down once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from coding.decision.answers import representatives
from coding.decision.bits import below
from coding.decision.cells import Row, Test
from coding.decision.facts import Band, FactDefinition, FactValue, Known

# Numbers and sets of codes have more answers than can be remembered.
REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class AnswerClass:
    """Answers that leave the same rows alive: not told apart by any test."""

    answers: tuple[FactValue, ...]
    passing: int

    @property
    def documented(self) -> int:
        """How many of them are documented answers."""
        return sum(isinstance(answer, Known) for answer in self.answers)

    def bands(self) -> Iterator[Band]:
        """The bands of numbers among them."""
        for answer in self.answers:
            if isinstance(answer, Known) and isinstance(answer.value, Band):
                yield answer.value

    def overlaps(self, band: Band) -> bool:
        """Whether some number of a band may be among them."""
        return any(own.overlaps(band) for own in self.bands())


def answers_of(classes: Iterable[AnswerClass]) -> tuple[FactValue, ...]:
    """The answers of several classes, one class after the other."""
    answers: list[FactValue] = []
    for group in classes:
        answers += group.answers
    return tuple(answers)


class CompiledFact:
    """The tests on one fact, each with the rows that hold it. ``tested`` and ``untested`` part the rows."""

    def __init__(
        self, definition: FactDefinition, everything: int, tests: Mapping[Test, int]
    ) -> None:
        self.definition = definition
        self.key = definition.key
        self.tests = tests
        self.tested = 0
        for rows in tests.values():
            self.tested |= rows
        self.untested = everything & ~self.tested
        self.judged = Judged(self)
        self.alive = Alive(self)

    def passing(self, answer: FactValue | None) -> int:
        """The rows that an answer surely leaves alive."""
        passing = self.untested
        for test, rows in self.tests.items():
            if test.accepts(answer):
                passing |= rows
        return passing

    def possible(self, answer: FactValue | None) -> int:
        """The rows that an answer may leave alive: a missing answer or a wide band says no to few."""
        possible = self.untested
        for test, rows in self.tests.items():
            if test.accepts(answer) is not False:
                possible |= rows
        return possible

    @cached_property
    def classes(self) -> tuple[AnswerClass, ...]:
        """The classes of answers, in the order of their first answers."""
        grouped: dict[int, list[FactValue]] = {}
        for answer in representatives(self.definition, self.tests):
            grouped.setdefault(self.passing(answer), []).append(answer)
        return tuple(AnswerClass(tuple(members), passing) for passing, members in grouped.items())

    def classes_within(self, given: FactValue | None) -> tuple[AnswerClass, ...]:
        """The classes that a given answer leaves open: all for a missing one, several for a wide band."""
        match given:
            case None:
                return self.classes
            case Known(Band() as band):
                return tuple(group for group in self.classes if group.overlaps(band))
        alone = AnswerClass((given,), self.passing(given))
        return (alone,)

    def bands(self) -> Iterator[Band]:
        """The bands of numbers within which no test tells one from another; of other kinds of facts none."""
        for group in self.classes:
            yield from group.bands()

    def representative(self, answer: FactValue | None) -> FactValue:
        """The first answer of the class of an answer.

        Raises KeyError for one that is missing, or a band that lies across classes.
        """
        return self._representatives[self.alive[answer]]

    @cached_property
    def _representatives(self) -> dict[int, FactValue]:
        return {group.passing: group.answers[0] for group in self.classes}


def compiled_facts(
    definitions: Sequence[FactDefinition], rows: Sequence[Row]
) -> tuple[CompiledFact, ...]:
    """The facts with the tests that the rows hold on them."""
    tests_by_fact: dict[str, dict[Test, int]] = {definition.key: {} for definition in definitions}
    for number, row in enumerate(rows):
        own_bit = 1 << number
        for cell in row:
            rows_by_test = tests_by_fact[cell.fact]
            rows_by_test[cell.test] = rows_by_test.get(cell.test, 0) | own_bit

    everything = below(len(rows))
    compiled = []
    for definition in definitions:
        compiled.append(CompiledFact(definition, everything, tests_by_fact[definition.key]))
    return tuple(compiled)


def pending_rows(facts: Sequence[CompiledFact]) -> list[int]:
    """By place, the rows with a test on the fact there or a later one; behind the last fact there are none."""
    pending = [0]
    for fact in reversed(facts):
        pending.append(pending[-1] | fact.tested)
    pending.reverse()
    return pending


# Both are dictionaries, because a look-up that succeeds costs no call: a trace makes one for each fact.
class Judged(dict[FactValue | None, tuple[int, int]]):
    """The rows that each answer of a fact, or its absence, surely and possibly leaves alive."""

    def __init__(self, fact: CompiledFact) -> None:
        self.fact = fact

    def __missing__(self, answer: FactValue | None) -> tuple[int, int]:
        judged = self.fact.passing(answer), self.fact.possible(answer)
        if len(self) < REMEMBERED:
            self[answer] = judged
        return judged


class Alive(dict[FactValue | None, int]):
    """The rows that each answer of a fact leaves alive.

    Raises KeyError for one that is missing, or a band that lies across classes.
    """

    def __init__(self, fact: CompiledFact) -> None:
        self.fact = fact

    def __missing__(self, answer: FactValue | None) -> int:
        passing, possible = self.fact.judged[answer]
        if passing != possible:
            raise KeyError(self.fact.key)
        if len(self) < REMEMBERED:
            self[answer] = passing
        return passing

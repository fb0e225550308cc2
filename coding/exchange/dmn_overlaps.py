"""Whether two rows of conditions can apply together: what a table of ANY, or with a default, has to be free of."""

from collections.abc import Mapping, Sequence
from typing import Any

from coding.decision import FactDefinition
from coding.decision.cells import Between, In, Not, Test, cell_from_data
from coding.exchange.errors import UnreadableFile

# Each is compared with every other.
MOST_ROWS = 1_500
Cells = Mapping[str, Any]


def check_no_overlap(
    rows: Sequence[tuple[str, object, Cells]], facts: Mapping[str, FactDefinition], problem: str
) -> None:
    """Refuse two rows that apply together though they end otherwise. Rows are of a place, a result and cells."""
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(
            f"The table has more than {MOST_ROWS:,} rows, too many to compare each with every other."
        )
    before: list[tuple[str, object, dict[str, Test]]] = []
    for place, result, cells in rows:
        tests = _tests(cells, facts, place)
        for other_place, other_result, other_tests in before:
            if result != other_result and _meet(tests, other_tests, facts):
                raise UnreadableFile(f"{other_place} and {place} can apply together. {problem}")
        before.append((place, result, tests))


def _tests(cells: Cells, facts: Mapping[str, FactDefinition], place: str) -> dict[str, Test]:
    tests = {}
    for key, data in cells.items():
        cell = cell_from_data(facts[key], data, place)
        tests[key] = cell.test
    return tests


def _meet(
    tests: Mapping[str, Test], others: Mapping[str, Test], facts: Mapping[str, FactDefinition]
) -> bool:
    """Whether some answers pass all tests of both rows."""
    for key in tests.keys() & others.keys():
        if not _share(tests[key], others[key], facts[key]):
            return False
    return True


def _share(test: Test, other: Test, fact: FactDefinition) -> bool:
    """Whether some answer passes both tests."""
    match test, other:
        case (Between(low, high), Between(other_low, other_high)):
            lows = [end for end in (low, other_low) if end is not None]
            highs = [end for end in (high, other_high) if end is not None]
            is_open = not lows or not highs
            return is_open or max(lows) <= min(highs)
        case ((In() | Not()), (In() | Not())):
            return bool(_answers(test, fact) & _answers(other, fact))
    return False


def _answers(test: In | Not, fact: FactDefinition) -> set[Any]:
    if isinstance(test, Not):
        return set(fact.values()) - test.values
    return {*test.values, *test.silences}

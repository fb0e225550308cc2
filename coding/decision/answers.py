"""Representative answers: one of a fact's answers for each group that a list of tests cannot tell apart."""

from collections.abc import Iterable, Iterator

from coding.decision.cells import Among, AnyOf, Between, Test
from coding.decision.errors import Entangled
from coding.decision.facts import (
    CONFLICTING,
    NOT_DOCUMENTED,
    Band,
    FactDefinition,
    FactValue,
    Kind,
    known,
)

CODE_SETS = 4096


def representatives(definition: FactDefinition, tests: Iterable[Test]) -> list[FactValue]:
    """One answer for each group of answers that the tests do not tell apart (for choices: every answer).

    Raises ``Entangled`` for sets of codes that the tests tell apart in more than ``CODE_SETS`` ways.
    """
    match definition.kind:
        case Kind.CHOICE | Kind.YES_NO:
            documented = [known(value) for value in definition.values()]
        case Kind.WHOLE_NUMBER:
            documented = [known(band) for band in _bands(definition, tests)]
        case Kind.CODE_SET:
            documented = [known(codes) for codes in _code_sets(tests)]
    return [*documented, NOT_DOCUMENTED, CONFLICTING]


def _bands(definition: FactDefinition, tests: Iterable[Test]) -> list[Band]:
    """The ranges between the cut points of the tests, within the fact's own range."""
    whole = definition.range
    # A band begins where a test begins to hold, and behind where it ceases to.
    cuts = set()
    for band in _tested_bands(tests):
        if band.low is not None:
            cuts.add(band.low)
        if band.high is not None:
            cuts.add(band.high + 1)
    inner = sorted(cut for cut in cuts if cut in whole and cut != whole.low)
    starts = [whole.low, *inner]
    ends = [*(cut - 1 for cut in inner), whole.high]
    return [Band(start, end) for start, end in zip(starts, ends, strict=True)]


def _tested_bands(tests: Iterable[Test]) -> Iterator[Band]:
    for test in tests:
        if isinstance(test, Between):
            yield Band(test.low, test.high)
        elif isinstance(test, Among):
            yield from test.bands()


def _code_sets(tests: Iterable[Test]) -> list[frozenset[str]]:
    """A set of codes for each combination of tests that some set passes: the unions of single codes."""
    listing = [test for test in tests if isinstance(test, AnyOf)]
    # Bit n of a key: whether the code, or one of the set, is on the list of test n.
    singles: dict[int, str] = {}
    for code in _telling_codes(listing):
        singles.setdefault(_listed_by(code, listing), code)
    sets: dict[int, frozenset[str]] = {0: frozenset()}
    for tests_of_code, code in singles.items():
        for tests_of_others, others in list(sets.items()):
            sets.setdefault(tests_of_code | tests_of_others, others | {code})
        if len(sets) > CODE_SETS:
            raise Entangled(
                "The lists of codes can be combined in too many ways to tell them all apart."
            )
    return list(sets.values())


def _listed_by(code: str, tests: Iterable[AnyOf]) -> int:
    return sum(1 << place for place, test in enumerate(tests) if test.names(code))


def _telling_codes(tests: list[AnyOf]) -> list[str]:
    """The codes that the tests list, and for each prefix one that begins so and is not listed itself."""
    listed = frozenset[str]().union(*(test.codes for test in tests))
    exact = {code for code in listed if not code.endswith("*")}
    begun = set()
    for prefix in listed - exact:
        code = prefix.removesuffix("*")
        while code in exact:
            code += "9"
        begun.add(code)
    return sorted(exact | begun)

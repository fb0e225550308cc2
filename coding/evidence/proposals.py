"""From the statements that count on a fact to one proposal: a value, or two passages that disagree.

The strongest terms decide alone, unless a passage denies what they say or makes it doubtful.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from coding.evidence.lexicon import Lexicon
from coding.evidence.statements import SILENCE, Statement, Strength


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a note says of a fact: a value with the passages that say so; no value if they disagree."""

    fact: str
    value: str | None
    passages: tuple[Statement, ...]

    @property
    def firm(self) -> bool:
        """Whether a narrative says so, and not a title alone."""
        return any(passage.firm for passage in self.passages)

    @property
    def conflicting(self) -> bool:
        """Whether the passages disagree; they are then one for each value, or for the value and its denial."""
        return self.value is None

    def text(self) -> str:
        """As case files write it."""
        return "conflicting" if self.value is None else self.value


def strongest_of_each_fact(statements: Iterable[Statement]) -> list[Statement]:
    """The asserting statements than which none on the same fact is stronger."""
    asserting = [statement for statement in statements if statement.asserts]
    highest: dict[str, Strength] = {}
    for statement in asserting:
        highest[statement.fact] = max(
            statement.strength, highest.get(statement.fact, statement.strength)
        )
    return [statement for statement in asserting if statement.strength is highest[statement.fact]]


def proposal_of(fact: str, statements: Sequence[Statement], lexicon: Lexicon) -> Proposal | None:
    """The proposal for a fact; where another passage makes its value doubtful, no value and both passages."""
    asserted = _asserted(fact, statements, lexicon)
    if asserted is None:
        # Even that the note is silent on a fact may be doubtful: it says that there is more to know.
        doubt = _doubt_of(SILENCE, statements)
        return _disagreement(fact, [doubt]) if doubt else None
    if asserted.value is None:
        return asserted
    several = _several(asserted) if (fact, asserted.value) in lexicon.alone_values else []
    if len(several) > 1:
        return _disagreement(fact, several)
    doubt = _doubt_of(asserted.value, _still_open(fact, asserted.value, statements, lexicon))
    return _disagreement(fact, [asserted.passages[0], doubt]) if doubt else asserted


def _several(asserted: Proposal) -> list[Statement]:
    """The first passage by each phrase that says more than a hint: each tells of another thing."""
    first_by: dict[str, Statement] = {}
    for passage in asserted.passages:
        if passage.strength > Strength.HINT:
            first_by.setdefault(passage.phrase, passage)
    return list(first_by.values())


def _still_open(
    fact: str, value: str, statements: Sequence[Statement], lexicon: Lexicon
) -> Sequence[Statement]:
    """The statements that may doubt a value: of one that succeeds others, those after it was last said."""
    if value not in lexicon.succeeds.get(fact, {}):
        return statements
    last_said = max(statement.span.start for statement in statements if statement.asserts == value)
    return [
        statement
        for statement in statements
        if (statement.titular and statement.value) or statement.span.start > last_said
    ]


def _doubt_of(value: str, statements: Iterable[Statement]) -> Statement | None:
    return next((statement for statement in statements if statement.doubts(value)), None)


def _disagreement(fact: str, passages: Iterable[Statement]) -> Proposal:
    return Proposal(fact, None, tuple(sorted(passages, key=attrgetter("span"))))


def _asserted(fact: str, statements: Sequence[Statement], lexicon: Lexicon) -> Proposal | None:
    """What the strongest statements on a fact assert, unless they, or one that denies it, disagree."""
    strongest = strongest_of_each_fact(statements)
    if not strongest:
        return None
    strength = strongest[0].strength
    first_to_say = _first_to_say(strongest)
    for value in _giving_way(fact, strongest, lexicon):
        first_to_say.pop(value, None)
    is_hinted = strength is Strength.CLUE and not _agree(fact, strongest, lexicon)
    if len(first_to_say) > 1 or is_hinted:
        return _disagreement(fact, first_to_say.values())
    [(value, first)] = first_to_say.items()
    # Denials are held against usual and explicit terms only; and what did not happen at a place is said of what
    # happened, not of the place.
    is_deniable = strength is not Strength.HINT and fact != lexicon.site_fact
    denial = _denial_of(value, statements, lexicon) if is_deniable else None
    if denial:
        return _disagreement(fact, [first, denial])
    return Proposal(
        fact, value, tuple(statement for statement in strongest if statement.asserts == value)
    )


def _agree(fact: str, clues: Iterable[Statement], lexicon: Lexicon) -> bool:
    """Whether clues are enough: a note that names one place alone, in several sentences, means that one."""
    return fact == lexicon.site_fact and len({clue.sentence for clue in clues}) > 1


def _first_to_say(statements: Sequence[Statement]) -> dict[str, Statement]:
    """For each value that is asserted the first passage that says so."""
    first: dict[str, Statement] = {}
    for statement in reversed(statements):
        if statement.asserts:
            first[statement.asserts] = statement
    return first


def _denial_of(value: str, statements: Iterable[Statement], lexicon: Lexicon) -> Statement | None:
    """The first passage that denies a value; a clue is too weak to, and of what was found a hint."""
    for statement in statements:
        too_weak = Strength.HINT if statement.fact in lexicon.findings else Strength.CLUE
        if statement.denies and statement.value == value and statement.strength > too_weak:
            return statement
    return None


def _giving_way(fact: str, asserting: Iterable[Statement], lexicon: Lexicon) -> set[str]:
    """The values that give way to others that are said, or to others that are said later."""
    prevailing = lexicon.prevails.get(fact, {})
    succeeding = lexicon.succeeds.get(fact, {})
    gone: set[str] = set()
    if not (prevailing or succeeding):
        return gone
    last = {statement.asserts: statement.span.start for statement in asserting}
    for value, others in prevailing.items():
        if value in last:
            gone.update(others)
    for value, others in succeeding.items():
        if value in last:
            gone.update(other for other in others if last[value] > last.get(other, -1))
    return gone

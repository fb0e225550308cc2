"""From the statements of a note to one proposal for each fact: a value, or two passages that disagree.

What counts: said as certain, of this patient, of this encounter (or of what lasts into it), and of the place of the
body that was treated. Of what counts, the strongest terms decide alone, unless a passage denies what they say; a fact
of which nothing counts has no proposal. A term with a condition counts only where what the terms without conditions
say meets it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from coding.evidence.lexicon import Lexicon
from coding.evidence.statements import SILENCE, Condition, Polarity, Statement, Strength

# The sites under which a lexicon lists the phrases that name no single one, such as “both”, and those for places that
# are never the one treated, such as “contralateral”.
ALL_SITES = "all"
OTHER_SITE = "other"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a note says of a fact: a value with the passages that say so; no value if they disagree."""

    fact: str
    value: str | None
    passages: tuple[Statement, ...]

    @property
    def conflicting(self) -> bool:
        """Whether the passages disagree; they are then one for each value, or for the value and its denial."""
        return self.value is None

    def text(self) -> str:
        """As case files write it."""
        return "conflicting" if self.value is None else self.value


def propose(lexicon: Lexicon, statements: Iterable[Statement]) -> dict[str, Proposal]:
    """The proposals of a note by fact; silence is absence."""
    return _proposals(lexicon, relevant(lexicon, statements))


def relevant(lexicon: Lexicon, statements: Iterable[Statement]) -> list[Statement]:
    """The statements that count: see above. What they say may still differ in strength."""
    counted = [statement for statement in statements if statement.counts]
    site = _treated_site(lexicon, _parted(counted).firm)
    about_site = [statement for statement in counted if _is_about(statement, site, lexicon)]
    firm, conditional = _parted(about_site)
    firm += _all_consequences(firm, lexicon)
    return [*firm, *_with_conditions_met(conditional, firm)]


class _Parted(NamedTuple):
    """Statements that stand by themselves, and those that hang on what else is said."""

    firm: list[Statement]
    conditional: list[Statement]


def _parted(statements: Iterable[Statement]) -> _Parted:
    parted = _Parted([], [])
    for statement in statements:
        is_conditional = statement.needs or statement.unless
        (parted.conditional if is_conditional else parted.firm).append(statement)
    return parted


def _strongest_of_each_fact(statements: Iterable[Statement]) -> list[Statement]:
    """The asserting statements than which none on the same fact is stronger."""
    asserting = [statement for statement in statements if statement.asserts]
    asserting.sort(key=attrgetter("strength"))
    highest = {statement.fact: statement.strength for statement in asserting}
    return [statement for statement in asserting if statement.strength is highest[statement.fact]]


def _all_consequences(statements: Iterable[Statement], lexicon: Lexicon) -> list[Statement]:
    """What follows from the strongest statements on each fact."""
    implied: list[Statement] = []
    for statement in _strongest_of_each_fact(statements):
        implied += _consequences(statement, lexicon)
    return implied


def _consequences(statement: Statement, lexicon: Lexicon) -> Iterator[Statement]:
    """What follows from a statement, as hints by the same passage."""
    affirmed = statement.context._replace(polarity=Polarity.AFFIRMED)
    for consequence in lexicon.follows.get((statement.fact, statement.asserts), ()):
        yield statement._replace(
            fact=consequence.fact,
            value=consequence.value,
            asserts=consequence.value or None,
            against=consequence.against,
            strength=Strength.HINT,
            context=affirmed,
        )


def _with_conditions_met(conditional: Iterable[Statement], firm: Iterable[Statement]) -> list[Statement]:
    asserted = {(statement.fact, statement.asserts) for statement in firm if statement.asserts}
    return [statement for statement in conditional if _conditions_hold(statement, asserted)]


def _conditions_hold(statement: Statement, asserted: set[tuple[str, str]]) -> bool:
    """Whether what else is said meets a statement's conditions."""
    if statement.needs and not _is_met(statement.needs, asserted):
        return False
    return not (statement.unless and _is_met(statement.unless, asserted))


def _is_met(condition: Condition, asserted: set[tuple[str, str]]) -> bool:
    return any((condition.fact, value) in asserted for value in condition.values)


def _proposals(lexicon: Lexicon, statements: Iterable[Statement]) -> dict[str, Proposal]:
    by_fact: dict[str, list[Statement]] = {}
    for statement in sorted(statements, key=attrgetter("span", "value")):
        by_fact.setdefault(statement.fact, []).append(statement)
    proposals: dict[str, Proposal] = {}
    for fact, about_fact in by_fact.items():
        proposal = _proposal(fact, about_fact, lexicon)
        if proposal:
            proposals[fact] = proposal
    return proposals


def _proposal(fact: str, statements: Sequence[Statement], lexicon: Lexicon) -> Proposal | None:
    """The proposal for a fact; where another passage makes its value doubtful, no value and both passages."""
    asserted = _asserted(fact, statements, lexicon)
    if asserted is None:
        # Even that the note is silent on a fact may be doubtful: it says that there is more to know.
        doubt = _doubt_of(SILENCE, statements)
        return _disagreement(fact, [doubt]) if doubt else None
    if asserted.value is None:
        return asserted
    doubt = _doubt_of(asserted.value, statements)
    return _disagreement(fact, [asserted.passages[0], doubt]) if doubt else asserted


def _doubt_of(value: str, statements: Iterable[Statement]) -> Statement | None:
    return next((statement for statement in statements if statement.doubts(value)), None)


def _disagreement(fact: str, passages: Iterable[Statement]) -> Proposal:
    return Proposal(fact, None, tuple(sorted(passages, key=attrgetter("span"))))


def _asserted(fact: str, statements: Sequence[Statement], lexicon: Lexicon) -> Proposal | None:
    """What the strongest statements on a fact assert, unless they, or one that denies it, disagree."""
    strongest = _strongest_of_each_fact(statements)
    if not strongest:
        return None
    strength = strongest[0].strength
    first_to_say = _first_to_say(strongest)
    for value in _giving_way(fact, strongest, lexicon):
        first_to_say.pop(value, None)
    if len(first_to_say) > 1 or strength is Strength.CLUE:
        return _disagreement(fact, first_to_say.values())
    [(value, first)] = first_to_say.items()
    # Denials are held against usual and explicit terms only.
    denial = None if strength is Strength.HINT else _denial_of(value, statements)
    if denial:
        return _disagreement(fact, [first, denial])
    return Proposal(fact, value, tuple(statement for statement in strongest if statement.asserts == value))


def _first_to_say(statements: Sequence[Statement]) -> dict[str, Statement]:
    """For each value that is asserted the first passage that says so."""
    first: dict[str, Statement] = {}
    for statement in reversed(statements):
        if statement.asserts:
            first[statement.asserts] = statement
    return first


def _denial_of(value: str, statements: Iterable[Statement]) -> Statement | None:
    """The first passage that denies a value; a clue is too weak to."""
    for statement in statements:
        if statement.denies and statement.value == value and statement.strength > Strength.CLUE:
            return statement
    return None


def _giving_way(fact: str, asserting: Iterable[Statement], lexicon: Lexicon) -> set[str]:
    """The values that give way to others that are said, or to others that are said later."""
    last = {statement.asserts: statement.span.start for statement in asserting}
    gone: set[str] = set()
    for value, others in lexicon.prevails.get(fact, {}).items():
        if value in last:
            gone.update(others)
    for value, others in lexicon.succeeds.get(fact, {}).items():
        if value in last:
            gone.update(other for other in others if last[value] > last.get(other, -1))
    return gone


def _treated_site(lexicon: Lexicon, statements: Sequence[Statement]) -> str:
    """The place treated, or nothing if the note is silent or divided on it."""
    about_place = [statement for statement in statements if statement.fact == lexicon.site_fact]
    proposal = _proposal(lexicon.site_fact, about_place, lexicon)
    if proposal is None or proposal.value is None:
        return ""
    return proposal.value


def _is_about(statement: Statement, site: str, lexicon: Lexicon) -> bool:
    """Whether a passage may be about the place treated: it names no other one."""
    if statement.fact == lexicon.site_fact:
        return True
    if site not in lexicon.sites:
        return statement.site != OTHER_SITE
    return statement.site in ("", ALL_SITES, site)

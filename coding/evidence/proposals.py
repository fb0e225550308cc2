"""From the statements of a note to one proposal for each fact: a value, or two passages that disagree.

What counts: said as certain, of this patient, of this encounter (or of what lasts into it), and of the place of the
body that was treated. Of what counts, the strongest terms decide alone, unless a passage denies what they say; a fact
of which nothing counts has no proposal. A term with a condition counts only where what the terms without conditions
say meets it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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
    counted = [one for one in statements if one.counts]
    firm = [one for one in counted if not one.needs and not one.unless]
    site = _treated_site(lexicon, firm)
    firm = [one for one in firm if _is_about(one, site, lexicon)]
    firm += [implied for one in _strongest(firm) for implied in _consequences(one, lexicon)]
    said = {(one.fact, one.asserts) for one in firm if one.asserts}
    conditional = [one for one in counted if (one.needs or one.unless) and _is_about(one, site, lexicon)]
    return [*firm, *(one for one in conditional if _holds(one, said))]


def _strongest(statements: Iterable[Statement]) -> list[Statement]:
    """The statements than which none on the same fact is stronger."""
    asserting = sorted((one for one in statements if one.asserts), key=lambda one: one.strength)
    highest = {one.fact: one.strength for one in asserting}
    return [one for one in asserting if one.strength is highest[one.fact]]


def _consequences(statement: Statement, lexicon: Lexicon) -> Iterator[Statement]:
    """What follows from a statement, as hints by the same passage."""
    for one in lexicon.follows.get((statement.fact, statement.asserts), ()):
        affirmed = statement.context._replace(polarity=Polarity.AFFIRMED)
        yield statement._replace(
            fact=one.fact,
            value=one.value,
            asserts=one.value or None,
            against=one.against,
            strength=Strength.HINT,
            context=affirmed,
        )


def _holds(statement: Statement, said: set[tuple[str, str]]) -> bool:
    """Whether what else is said meets a statement's conditions."""

    def met(condition: Condition) -> bool:
        return any((condition.fact, value) in said for value in condition.values)

    return (not statement.needs or met(statement.needs)) and not (statement.unless and met(statement.unless))


def _proposals(lexicon: Lexicon, statements: Sequence[Statement]) -> dict[str, Proposal]:
    by_fact: dict[str, list[Statement]] = {}
    for one in sorted(statements, key=lambda one: (one.span, one.value)):
        by_fact.setdefault(one.fact, []).append(one)
    proposals = (_proposal(fact, found, lexicon) for fact, found in by_fact.items())
    return {proposal.fact: proposal for proposal in proposals if proposal}


def _proposal(fact: str, statements: Sequence[Statement], lexicon: Lexicon) -> Proposal | None:
    """What is said of a fact; where another passage makes that doubtful, no value and both passages."""
    said = _what_is_said(fact, statements, lexicon)
    if said and said.conflicting:
        return said
    value = (said.value if said else None) or SILENCE
    doubt = next((one for one in statements if one.doubts(value)), None)
    if doubt is None:
        return said
    return Proposal(fact, None, tuple(sorted((*(said.passages[:1] if said else ()), doubt), key=lambda one: one.span)))


def _what_is_said(fact: str, statements: Sequence[Statement], lexicon: Lexicon) -> Proposal | None:
    asserting = [one for one in statements if one.asserts]
    if not asserting:
        return None
    strongest = max(one.strength for one in asserting)
    asserting = [one for one in asserting if one.strength is strongest]
    values = {one.asserts: one for one in reversed(asserting) if one.asserts}
    for value in _giving_way(fact, asserting, lexicon):
        values.pop(value, None)
    if len(values) > 1 or strongest is Strength.CLUE:
        return Proposal(fact, None, tuple(sorted(values.values(), key=lambda one: one.span)))
    [value] = values
    if strongest is Strength.HINT:
        return Proposal(fact, value, tuple(one for one in asserting if one.asserts == value))
    denial = next((one for one in statements if one.denies and one.value == value and one.strength), None)
    if denial:
        return Proposal(fact, None, tuple(sorted((values[value], denial), key=lambda one: one.span)))
    return Proposal(fact, value, tuple(one for one in asserting if one.asserts == value))


def _giving_way(fact: str, asserting: Sequence[Statement], lexicon: Lexicon) -> set[str]:
    """The values that give way to others that are said, or to others that are said later."""
    last = {one.asserts: one.span.start for one in asserting}
    prevailing = ((value, others) for value, others in lexicon.prevails.get(fact, {}).items() if value in last)
    gone = {other for _, others in prevailing for other in others}
    for value, others in lexicon.succeeds.get(fact, {}).items():
        gone |= {other for other in others if value in last and last[value] > last.get(other, -1)}
    return gone


def _treated_site(lexicon: Lexicon, statements: Sequence[Statement]) -> str:
    """The place treated, or nothing if the note is silent or divided on it."""
    about_place = [one for one in statements if one.fact == lexicon.site_fact]
    proposal = _proposal(lexicon.site_fact, about_place, lexicon)
    return (proposal.value or "") if proposal else ""


def _is_about(statement: Statement, site: str, lexicon: Lexicon) -> bool:
    """Whether a passage may be about the place treated: it names no other one."""
    if statement.fact == lexicon.site_fact:
        return True
    if site not in lexicon.sites:
        return statement.site != OTHER_SITE
    return statement.site in ("", ALL_SITES, site)

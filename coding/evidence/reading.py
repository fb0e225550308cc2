"""A note read for one rule set: what it says, what follows, and whether it is of this rule set at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from coding.evidence.events import without_moot
from coding.evidence.extract import extract_all, look_up
from coding.evidence.gate import is_opening, opens
from coding.evidence.idleness import idleness
from coding.evidence.lexicon import Lexicon
from coding.evidence.proposals import Proposal, proposal_of
from coding.evidence.relevance import relevant
from coding.evidence.sections import Section
from coding.evidence.sentences import Sentence
from coding.evidence.statements import ALL_SITES, OTHER_SITE, Statement, Strength
from coding.evidence.vocabulary import Gate


@dataclass(frozen=True, slots=True)
class Reading:
    """The statements of a note by their place, and its proposals by fact.

    A note that is not of the rule set, ``opens`` being false, has none of either. ``parts`` are its sentences, each
    with the section that it stands in.
    """

    statements: tuple[Statement, ...]
    proposals: Mapping[str, Proposal]
    opens: bool
    parts: Sequence[tuple[Sentence, Section]] = field(default=(), compare=False, repr=False)


CLOSED = Reading((), {}, opens=False)


def read(lexicon: Lexicon, note: str, split: Sequence[Sentence] | None = None) -> Reading:
    """Read a note. The same lexicon and note always give the same reading.

    ``split`` are the sentences of the note: whoever reads it for several rule sets splits it once.
    """
    looked_up = look_up(lexicon, note, split)
    if lexicon.gated and not (looked_up.names_own and looked_up.may_open):
        return CLOSED
    extracted, gates, told = extract_all(lexicon, note, looked_up)
    statements = tuple(without_moot(lexicon, extracted, told.parts))
    if gates == {Gate.OTHER_OPERATION} or not opens(lexicon, statements, told):
        return CLOSED
    proposals = propose(lexicon, statements)
    return Reading(statements, proposals, opens=True, parts=told.parts)


def names_body(lexicon: Lexicon, text: str) -> bool:
    """Whether a text names the part of the body that the rule set treats."""
    return look_up(lexicon, text).names_own


def propose(lexicon: Lexicon, statements: Iterable[Statement]) -> dict[str, Proposal]:
    """The proposals of a note by fact; silence is absence."""
    statements = tuple(statements)
    return _proposals(lexicon, statements, _counted(statements))


def _counted(statements: Iterable[Statement]) -> list[Statement]:
    return [statement for statement in statements if statement.counts]


def _proposals(
    lexicon: Lexicon, statements: Sequence[Statement], counted: Sequence[Statement]
) -> dict[str, Proposal]:
    """What statements of which some count come to."""
    proposals = _by_fact(lexicon, _firm_together(lexicon, relevant(lexicon, counted)))
    if site := _place_of_two(lexicon, counted, proposals):
        proposals[lexicon.site_fact] = site
    return {**proposals, **idleness(lexicon, statements, counted, proposals)}


def _place_of_two(
    lexicon: Lexicon, counted: Iterable[Statement], proposals: Mapping[str, Proposal]
) -> Proposal | None:
    """Of a note that treats another place than it names, both places; None where it does not."""
    named = proposals.get(lexicon.site_fact)
    if named is None or named.value not in lexicon.sites:
        return None
    if named.passages[0].strength is Strength.CORRECTION:
        # The note before the addendum treats the wrong place.
        return None
    others = lexicon.sites.keys() - {named.value, ALL_SITES, OTHER_SITE}
    # A cast or a brace holds both places, whichever was treated.
    decisive = lexicon.decisive_facts if lexicon.failed_values else lexicon.act_facts
    for act in counted:
        is_told = not act.titular and not act.needs and act.fact in decisive
        is_done = is_told and (act.fact, act.asserts) in lexicon.act_values
        if is_done and act.site in others:
            elsewhere = act._replace(fact=lexicon.site_fact, value=act.site, asserts=act.site)
            return Proposal(lexicon.site_fact, None, (named.passages[0], elsewhere))
    return None


def _firm_together(lexicon: Lexicon, statements: Iterable[Statement]) -> list[Statement]:
    """The statements, those of a title firm as well where a narrative tells that what it names was done."""
    statements = list(statements)
    acts = [
        statement
        for statement in statements
        if statement.fact in lexicon.act_facts and statement.asserts
    ]
    if not any(statement.firm for statement in acts):
        return statements
    return [
        statement if statement.firm else statement._replace(firm=True) for statement in statements
    ]


def _by_fact(lexicon: Lexicon, statements: Iterable[Statement]) -> dict[str, Proposal]:
    by_fact: dict[str, list[Statement]] = {}
    for statement in sorted(statements, key=attrgetter("span", "value")):
        by_fact.setdefault(statement.fact, []).append(statement)
    proposals: dict[str, Proposal] = {}
    for fact, about_fact in by_fact.items():
        proposal = proposal_of(fact, about_fact, lexicon)
        if proposal:
            proposals[fact] = proposal
    return proposals


def opening_statements(lexicon: Lexicon, statements: Iterable[Statement]) -> list[Statement]:
    """The statements that open a service of the rule set; none where its lexicon has no gate: it reads any note."""
    if lexicon.body is None or not lexicon.opens:
        return []
    return [
        statement for statement in statements if statement.counts and is_opening(lexicon, statement)
    ]

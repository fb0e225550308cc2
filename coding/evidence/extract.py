"""From the text of a note to statements about facts."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter, itemgetter
from typing import NamedTuple

from coding.evidence.context import Surroundings
from coding.evidence.lexicon import Lexicon
from coding.evidence.phrase_index import Occurrence
from coding.evidence.phrases import MOST_ELEMENTS
from coding.evidence.sections import Section, in_sections
from coding.evidence.sentences import Sentence, sentences
from coding.evidence.statements import Context, Polarity, Span, Statement, Strength
from coding.evidence.terms import Term

# How many words away a place of the body may be named that a passage is about.
SITE_REACH = 6
# How many places of a sentence are looked at to tell whether it is about one alone.
MOST_SITES = 50
# What makes one term more specific than another: its length, its place, its silence, the words that it leaves open.
Rank = tuple[int, int, bool, int]


class Match(NamedTuple):
    """A term, and where its phrase stands."""

    term: Term
    occurrence: Occurrence


class Owner(NamedTuple):
    """Which match a word of a sentence belongs to; the strength of the term in whose gap it stands, if it does."""

    rank: Rank
    left_open_by: Strength | None


class Site(NamedTuple):
    """A place of the body, and the words that name it."""

    first: int
    after: int
    name: str


def extract(lexicon: Lexicon, note: str) -> tuple[Statement, ...]:
    """All statements of a note, by their place in it. The same lexicon and note always give the same ones."""
    statements: list[Statement] = []
    for sentence, section in in_sections(sentences(note)):
        statements += _statements(lexicon, sentence, section)
    return tuple(sorted(statements, key=attrgetter("span", "fact", "value")))


def _statements(lexicon: Lexicon, sentence: Sentence, section: Section) -> Iterator[Statement]:
    matches = _matches(lexicon, sentence, section)
    if not matches:
        # Most sentences: nothing of them is judged.
        return
    surroundings = Surroundings(sentence, section)
    sites = _sites(lexicon, sentence)
    for term, occurrence in _most_specific(matches):
        gaps = occurrence.gaps if term.value or term.negated else ()
        is_finding = term.fact in lexicon.findings
        context = surroundings.judge(occurrence.first, occurrence.after, gaps, finding=is_finding)
        span = sentence.span(occurrence.first, occurrence.after)
        yield _statement(term, span, context, _site_of(occurrence, sites))


def _matches(lexicon: Lexicon, sentence: Sentence, section: Section) -> list[Match]:
    """The terms that stand in a sentence and are read in its section."""
    index, terms = lexicon.index
    sections = ("", section.heading.section)
    matches = []
    for occurrence in index.find(sentence):
        for term in terms[occurrence.phrase]:
            if term.section in sections:
                matches.append(Match(term, occurrence))
    return matches


def _statement(term: Term, span: Span, context: Context, site: str) -> Statement:
    by_polarity = {Polarity.AFFIRMED: term.value, Polarity.NEGATED: term.negated, Polarity.POSSIBLE: ""}
    return Statement(
        span=span,
        fact=term.fact,
        value=term.value,
        asserts=by_polarity[context.polarity] or None,
        context=context,
        strength=term.strength,
        lasting=term.lasting,
        site=site,
        needs=term.needs,
        unless=term.unless,
        against=term.against,
    )


def _most_specific(matches: Iterable[Match]) -> Iterator[Match]:
    """The terms that overlap no longer one of the same fact.

    Of terms of the same words those are kept that name most of them, unless one says that they mean nothing. In the
    words that a term leaves open a stronger one is read as well.
    """
    owners_by_fact: dict[str, dict[int, Owner]] = {}
    ranked = [(_rank(match), match) for match in matches]
    ranked.sort(key=itemgetter(0))
    for rank, match in ranked:
        term, occurrence = match
        owners = owners_by_fact.setdefault(term.fact, {})
        if not _may_be_read(rank, match, owners):
            continue
        for word in range(occurrence.first, occurrence.after):
            left_open_by = term.strength if word in occurrence.gaps else None
            owners.setdefault(word, Owner(rank, left_open_by))
        if term.says_something:
            yield match


def _may_be_read(rank: Rank, match: Match, owners: Mapping[int, Owner]) -> bool:
    """Whether the words of a match are free: of its equals, or left open by a weaker term."""
    term, occurrence = match
    for word in range(occurrence.first, occurrence.after):
        owner = owners.get(word)
        if owner is None or owner.rank == rank:
            continue
        if owner.left_open_by is None or term.strength <= owner.left_open_by:
            return False
    return True


def _rank(match: Match) -> Rank:
    term, occurrence = match
    return occurrence.first - occurrence.after, occurrence.first, term.says_something, len(occurrence.gaps)


def _sites(lexicon: Lexicon, sentence: Sentence) -> list[Site]:
    """The places of the body that a sentence names, in order."""
    index, names = lexicon.site_index
    return [Site(occurrence.first, occurrence.after, names[occurrence.phrase]) for occurrence in index.find(sentence)]


def _site_of(passage: Occurrence, sites: list[Site]) -> str:
    """The place that a passage is about: named in it, else the nearest within reach, else the sentence's only one."""
    begin = bisect_left(sites, (passage.first - SITE_REACH - MOST_ELEMENTS,))
    end = bisect_left(sites, (passage.after + SITE_REACH + 1,))
    nearest = min(
        ((_words_between(passage, site), site.first, site.name) for site in sites[begin:end]),
        default=None,
    )
    if nearest is not None:
        distance, _, name = nearest
        if distance <= SITE_REACH:
            return name
    names = {site.name for site in sites[:MOST_SITES]}
    return names.pop() if len(names) == 1 else ""


def _words_between(passage: Occurrence, site: Site) -> int:
    return max(passage.first - site.after, site.first - passage.after, 0)

"""From the text of a note to statements about facts."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from operator import itemgetter

from coding.evidence.context import Surroundings
from coding.evidence.lexicon import Lexicon
from coding.evidence.phrase_index import Found
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


def extract(lexicon: Lexicon, note: str) -> tuple[Statement, ...]:
    """All statements of a note, by their place in it. The same lexicon and note always give the same ones."""
    found: list[Statement] = []
    for sentence, section in in_sections(sentences(note)):
        found += _statements(lexicon, sentence, section)
    return tuple(sorted(found, key=lambda one: (one.span, one.fact, one.value)))


def _statements(lexicon: Lexicon, sentence: Sentence, section: Section) -> Iterator[Statement]:
    index, terms = lexicon.index
    found = [
        (term, one)
        for one in index.find(sentence)
        for term in terms[one.phrase]
        if term.section in ("", section.heading.section)
    ]
    if not found:
        return
    surroundings = Surroundings(sentence, section)
    sites = _sites(lexicon, sentence)
    for term, one in _most_specific(found):
        gaps = one.gaps if term.value or term.negated else ()
        context = surroundings.judge(one.first, one.after, gaps, finding=term.fact in lexicon.findings)
        yield _statement(term, sentence.span(one.first, one.after), context, _site_of(one, sites))


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


def _most_specific(found: Iterable[tuple[Term, Found]]) -> Iterator[tuple[Term, Found]]:
    """The terms that overlap no longer one of the same fact.

    Of terms of the same words those are kept that name most of them, unless one says that they mean nothing. In the
    words that a term leaves open a stronger one is read as well.
    """
    owners: dict[str, dict[int, tuple[Rank, Strength | None]]] = {}
    ranked = [(_rank(term, one), term, one) for term, one in found]
    for own, term, one in sorted(ranked, key=itemgetter(0)):
        words = owners.setdefault(term.fact, {})
        held = [words[word] for word in range(one.first, one.after) if word in words]
        if all(owner == own or (gap is not None and term.strength > gap) for owner, gap in held):
            for word in range(one.first, one.after):
                words.setdefault(word, (own, term.strength if word in one.gaps else None))
            if term.says_something:
                yield term, one


def _rank(term: Term, one: Found) -> Rank:
    return one.first - one.after, one.first, term.says_something, len(one.gaps)


def _sites(lexicon: Lexicon, sentence: Sentence) -> list[tuple[int, int, str]]:
    """The places of the body that a sentence names, in order."""
    index, names = lexicon.site_index
    return [(one.first, one.after, names[one.phrase]) for one in index.find(sentence)]


def _site_of(one: Found, sites: list[tuple[int, int, str]]) -> str:
    """The place that a passage is about: named in it, else the nearest within reach, else the sentence's only one."""
    begin = bisect_left(sites, (one.first - SITE_REACH - MOST_ELEMENTS,))
    end = bisect_left(sites, (one.after + SITE_REACH + 1,))
    ranked = [(max(one.first - after, first - one.after, 0), first, name) for first, after, name in sites[begin:end]]
    distance, _, name = min(ranked, default=(SITE_REACH + 1, 0, ""))
    if distance <= SITE_REACH:
        return name
    named = {name for _, _, name in sites[:MOST_SITES]}
    return named.pop() if len(named) == 1 else ""

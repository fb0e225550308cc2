"""Doubts about where: another place than the one treated is named, or of several only one is treated."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter

from coding.evidence.context import Surroundings
from coding.evidence.doubtful_words import Read, doubtful_words, says
from coding.evidence.lexicon import Lexicon
from coding.evidence.reading import Reading
from coding.evidence.sentences import Sentence
from coding.evidence.sound import not_sound
from coding.evidence.statements import (
    ALL_SITES,
    ENCOUNTER,
    NEGATED,
    OTHER_PART,
    OTHER_SITE,
    PATIENT,
    Span,
    Statement,
    Strength,
)
from coding.evidence.vocabulary import Site, Words


def sentences_of_places(lexicon: Lexicon, statements: Iterable[Statement]) -> frozenset[int]:
    """The numbers of the sentences that tell of some place an act, or a finding, that opens the rule set."""
    ours = lexicon.act_values | lexicon.opening_values
    surely = (
        statement
        for statement in statements
        if statement.counts and statement.strength > Strength.HINT
    )
    return frozenset(
        statement.sentence for statement in surely if statement.site and says(statement, ours)
    )


def _may_tell_an_act(lexicon: Lexicon, sentence: Sentence) -> bool:
    """Whether a sentence may tell what was done to a place, or how it ended, in words that no statement has."""
    indexes = (doubtful_words().handled, lexicon.result_index, lexicon.detail_index)
    return any(index.find(sentence) for index in indexes)


def of_another_place(
    lexicon: Lexicon,
    reading: Reading,
    of_this_visit: Mapping[int, Read],
    of_places: Collection[int],
) -> Iterator[Span]:
    """Where another place than the one treated is named, and neither as sound nor of another part of the body.

    Something is told of it: an act or a finding in the sentences ``of_places``, or in words that no statement has.
    """
    proposal = reading.proposals.get(lexicon.site_fact)
    if proposal is None or proposal.value not in lexicon.sites:
        return
    others = lexicon.sites.keys() - {proposal.value, ALL_SITES, OTHER_SITE}
    for number, (sentence, section) in of_this_visit.items():
        words = lexicon.vocabulary.find(sentence)
        if not words or _names_another_part(words):
            continue
        if others.isdisjoint(site.name for site in words.sites):
            continue
        if number in of_places or _may_tell_an_act(lexicon, sentence):
            named = set(_named_of_the_part(sentence, words))
            surroundings = Surroundings(sentence, section)
            for site in not_sound(lexicon, sentence, words.sites):
                is_meant = site.name in others and site in named
                if is_meant and _is_told(site, surroundings):
                    yield sentence.span(site.first, site.after)


def _is_told(site: Site, surroundings: Surroundings) -> bool:
    """Whether something is told of a place as of today: not what was done to no such place."""
    context = surroundings.judge(site.first, site.after)
    is_of_today = context.time is ENCOUNTER and context.experiencer is PATIENT
    return is_of_today and context.polarity is not NEGATED


def of_one_place_alone(
    lexicon: Lexicon, reading: Reading, read: Mapping[int, Read]
) -> Iterator[Span]:
    """The acts of one place, where what is found is of several: the others may be left for another day."""
    proposal = reading.proposals.get(lexicon.site_fact)
    if proposal is None or proposal.value is None or proposal.value in lexicon.sites:
        return
    of_any_day = [act for act in reading.statements if says(act, lexicon.act_values)]
    acts = [act for act in of_any_day if act.counts and act.sentence in read]
    if lexicon.sites.keys() - {ALL_SITES, OTHER_SITE} <= {act.site for act in acts}:
        # Each place has an act of its own.
        return
    titles = [act for act in acts if act.titular]
    # What stands in the same sentence may be of a finding, or of an act of another day.
    of_other_days = {ALL_SITES, *(act.site for act in of_any_day if not act.counts)}
    of_no_act = of_other_days - {act.site for act in acts}
    named = _places_beside(lexicon, acts, read) - of_no_act
    titled = _places_beside(lexicon, titles, read)
    if _is_one_place(named) or _is_one_place(titled):
        yield from (act.span for act in acts if act.site)


def _is_one_place(sites: Collection[str]) -> bool:
    alone = {*sites} - {OTHER_SITE}
    return len(alone) == 1 and ALL_SITES not in alone


def _places_beside(
    lexicon: Lexicon, acts: Iterable[Statement], read: Mapping[int, Read]
) -> set[str]:
    """The places that the sentences of acts name."""
    named: set[str] = set()
    for number in {act.sentence for act in acts}:
        sentence, _ = read[number]
        words = lexicon.vocabulary.find(sentence)
        if words:
            named.update(site.name for site in words.sites)
    return named


def _named_of_the_part(sentence: Sentence, words: Words) -> Iterator[Site]:
    """The places that are named of the treated part: before its name or that of its limb, or by themselves.

    A letter may be a unit or an initial, and a word behind a place name something else that lies there.
    """
    limbs = {first for first, *_ in doubtful_words().limbs.find(sentence)}
    parts = {mention.first for mention in words.mentions}
    for site in _of_no_longer_phrase(words.sites):
        ends_clause = sentence.words[site.after : site.after + 1] in ([], [","])
        if ends_clause or site.after in limbs or site.after in parts:
            yield site


def _of_no_longer_phrase(sites: Iterable[Site]) -> Iterator[Site]:
    """The places, which are in order, whose words are of no longer phrase that names another, such as a posture."""
    farthest: dict[str, int] = {}
    for _, beginning_together in groupby(sites, key=attrgetter("first")):
        together = list(beginning_together)
        for site in together:
            farthest[site.name] = max(site.after, farthest.get(site.name, 0))
        for site in together:
            reach_of_others = [after for name, after in farthest.items() if name != site.name]
            if max(reach_of_others, default=0) < site.after:
                yield site


def _names_another_part(words: Words) -> bool:
    return any(mention.part.about is OTHER_PART for mention in words.mentions)

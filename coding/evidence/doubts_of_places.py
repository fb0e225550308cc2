"""Doubts about where: another place than the one treated is named, or of several only one is treated."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from operator import attrgetter

from coding.evidence.context import Surroundings
from coding.evidence.doubtful_words import Read, doubtful_words, says
from coding.evidence.lexicon import Lexicon
from coding.evidence.reading import Reading
from coding.evidence.relevance import ALL_SITES, OTHER_SITE
from coding.evidence.sentences import Sentence
from coding.evidence.statements import ENCOUNTER, OTHER_PART, PATIENT, Span, Statement, Strength
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
            surroundings = Surroundings(sentence, section)
            for site in _not_sound(lexicon, sentence, words.sites):
                if site.name in others and _is_meant(site, words, surroundings):
                    yield sentence.span(site.first, site.after)


def _not_sound(lexicon: Lexicon, sentence: Sentence, sites: Sequence[Site]) -> Iterator[Site]:
    """The places of a sentence that it does not call sound."""
    of_sound = [*doubtful_words().sound.find(sentence), *lexicon.sound_index.find(sentence)]
    sound = sorted(first for first, *_ in of_sound)
    for site, following in zip_longest(sites, sites[1:]):
        # What is sound is said right before a place, or before the place that is named next.
        end = following.first if following else len(sentence.words)
        is_sound = bisect_left(sound, site.first - 1) < bisect_left(sound, end)
        if not is_sound:
            yield site


def _is_meant(site: Site, words: Words, surroundings: Surroundings) -> bool:
    """Whether a place is named as one of the treated part, of this patient today."""
    if _is_part_of_another(site, words) or not _is_named(site, words, surroundings.sentence):
        return False
    context = surroundings.judge(site.first, site.after)
    return context.time is ENCOUNTER and context.experiencer is PATIENT


def of_one_place_alone(
    lexicon: Lexicon, reading: Reading, read: Mapping[int, Read]
) -> Iterator[Span]:
    """The acts of one place, where what is found is of several: the others may be left for another day."""
    proposal = reading.proposals.get(lexicon.site_fact)
    if proposal is None or proposal.value is None or proposal.value in lexicon.sites:
        return
    acts = [
        act
        for act in reading.statements
        if act.counts and says(act, lexicon.act_values) and act.sentence in read
    ]
    named: set[str] = set()
    for number in {act.sentence for act in acts}:
        sentence, _ = read[number]
        words = lexicon.vocabulary.find(sentence)
        if words:
            named.update(site.name for site in words.sites)
    named.discard(OTHER_SITE)
    if len(named) == 1 and ALL_SITES not in named:
        yield from (act.span for act in acts if act.site)


def _is_named(site: Site, words: Words, sentence: Sentence) -> bool:
    """Whether a place is named of the treated part: before its name or that of its limb, or by itself.

    A letter may be a unit or an initial, and a word behind a place name something else that lies there.
    """
    ends_clause = sentence.words[site.after : site.after + 1] in ([], [","])
    names_limb = any(first == site.after for first, *_ in doubtful_words().limbs.find(sentence))
    place = bisect_left(words.mentions, site.after, key=attrgetter("first"))
    names_part = place < len(words.mentions) and words.mentions[place].first == site.after
    return ends_clause or names_limb or names_part


def _is_part_of_another(site: Site, words: Words) -> bool:
    """Whether the words of a place belong to a longer phrase that means something else, such as a posture."""
    return any(
        other.first <= site.first and site.after <= other.after and other.name != site.name
        for other in words.sites
    )


def _names_another_part(words: Words) -> bool:
    return any(mention.part.about is OTHER_PART for mention in words.mentions)

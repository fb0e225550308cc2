"""What no statement of a note explains: then no code follows from the note alone.

A lexicon lists what its phrases mean. That a text is no report of who treated (a handover, a study, a claim), or that
an act ended otherwise than its name says (called off, given up, still out), is told in more ways than can be listed
with their meaning. Words that may tell it are enough to leave the end to a person, unless a statement explains them:
they stand in its passage, or in what denies it, or tell of an attempt that a later act outdid.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from itertools import accumulate, zip_longest
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, TypeVar

from coding.evidence.context import Surroundings
from coding.evidence.events import parted_facts, treatments
from coding.evidence.lexicon import Lexicon
from coding.evidence.parts import in_parts
from coding.evidence.phrase_index import PhraseIndex
from coding.evidence.phrases import compile_phrase
from coding.evidence.reading import Reading
from coding.evidence.relevance import ALL_SITES, OTHER_SITE
from coding.evidence.sections import Section
from coding.evidence.sentences import Sentence, sentences
from coding.evidence.statements import ENCOUNTER, OTHER_PART, PATIENT, Span, Statement, Strength, is_said
from coding.evidence.vocabulary import Gate, Site, Words

# What a fact is answered with.
Answer = TypeVar("Answer")
# A sentence with its section.
Read = tuple[Sentence, Section]
DATE = re.compile(r"(?:0?[1-9]|1[0-2])/(?:[12]\d|3[01]|0?[1-9])(?:/\d{2,4})?")
# In a longer one, in characters, there are words that its phrase leaves open.
LONGEST_PASSAGE = 40
FILE = Path(__file__).with_name("doubts.json")
# A date so many words behind one of these is of a stay in hospital.
STAYING = frozenset(("admitted", "admission", "discharged", "discharge"))
NEAR = 4
# What kind of document a note is stands in its first sentences.
FIRST_LINES = 3
# So many sentences before and behind one that tells of an act belong to it.
BESIDE = 3


class _Words(NamedTuple):
    """Words of what is ``sound``, of ``limbs``, of how one is ``handled``, and those that may tell more than a lexicon.

    The last are of other ``documents`` than a report, of ``attempts`` that a later act may outdo, of ``errors`` that an
    addendum may correct, and of other ``endings``. ``harmless`` are longer words that hold some of those.
    """

    sound: PhraseIndex
    limbs: PhraseIndex
    handled: PhraseIndex
    documents: PhraseIndex
    attempts: PhraseIndex
    harmless: PhraseIndex
    errors: PhraseIndex
    endings: PhraseIndex


@cache
def _general_words() -> _Words:
    phrases_of: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8"))
    indexes = {kind: PhraseIndex(compile_phrase(text, {}) for text in texts) for kind, texts in phrases_of.items()}
    return _Words(**indexes)


def uncertain_facts(lexicon: Lexicon, note: str, reading: Reading) -> frozenset[str]:
    """The facts without whose proposals a code has to follow, if it is to follow from a note alone.

    They are those that a title alone tells; and all that open the rule set or tell what was done where the note says
    more than its statements explain.
    """
    proposals = reading.proposals.values()
    weak = frozenset(proposal.fact for proposal in proposals if not (proposal.firm or proposal.conflicting))
    if not doubts(lexicon, note, reading):
        return weak
    opening_facts = frozenset(fact for fact, _ in lexicon.opening_values)
    return weak | opening_facts | lexicon.act_facts


def certain_answers(
    lexicon: Lexicon,
    note: str,
    reading: Reading,
    answers: Mapping[str, Answer],
    gives_code: Callable[[Mapping[str, Answer]], bool],
) -> dict[str, Answer]:
    """The answers of a note, by fact, from which its end follows; what two sides were given differently is left out.

    Where no code follows, all of them; else only those that are certain. So a code follows only if it does whatever
    the uncertain proposals come to.
    """
    counted = _without(parted_facts(treatments(lexicon, reading.statements)), answers)
    return _without(uncertain_facts(lexicon, note, reading), counted) if gives_code(counted) else counted


def _without(left_out: Collection[str], answers: Mapping[str, Answer]) -> dict[str, Answer]:
    return {fact: answer for fact, answer in answers.items() if fact not in left_out}


def doubts(lexicon: Lexicon, note: str, reading: Reading) -> tuple[Span, ...]:
    """The passages of a note that may tell what none of its statements explains; of one that is not read, none."""
    if not reading.opens:
        return ()
    statements = reading.statements
    is_corrected = any(statement.strength is Strength.CORRECTION for statement in statements)
    last_act = _last_act(lexicon, statements)
    # What is told of earlier days or of later ones is not how today ended.
    numbered = enumerate(in_parts(note, list(sentences(note))))
    of_this_visit = {number: pair for number, pair in numbered if not pair[1].heading.time}
    beside_acts = _beside_acts(lexicon, statements)
    of_the_event = [pair for number, pair in of_this_visit.items() if number in beside_acts]
    of_places = _of_places(lexicon, statements)
    told: list[Span] = []
    harmless: list[Span] = []
    for number, (sentence, section) in of_this_visit.items():
        told += _spans(_general_words().documents, sentence) if number < FIRST_LINES else []
        told += _of_another_ending(lexicon, sentence, section, last_act) if number in beside_acts else []
        told += [] if is_corrected else _spans(_general_words().errors, sentence)
        harmless += _spans(_general_words().harmless, sentence) if number in beside_acts else []
    # That a joint “came out” is a finding, whenever it did.
    of_acts = (statement for statement in statements if statement.fact not in lexicon.findings)
    # How the last act failed is no attempt that it outdid.
    of_acts = (statement for statement in of_acts if not _fails_after(lexicon, statement, last_act))
    explained = _Covered([*harmless, *(span for statement in of_acts for span in _explained(statement))])
    unexplained = [span for span in told if not explained.touches(span)]
    unexplained += [] if is_corrected else _of_another_place(lexicon, reading, of_this_visit, of_places)
    unexplained += _of_one_place_alone(lexicon, reading, of_this_visit)
    unexplained += _of_another_day(sentence for sentence, _ in of_the_event)
    unexplained += _only_named(lexicon, statements, of_this_visit.values())
    unexplained += _denied(lexicon, reading)
    unexplained += _of_another_operation(lexicon, of_this_visit.values())
    return tuple(_apart(unexplained))


def _beside_acts(lexicon: Lexicon, statements: Iterable[Statement]) -> frozenset[int]:
    """The numbers of the sentences that tell of an act of the rule set, and of those about them."""
    acts = lexicon.act_values or lexicon.opening_values
    told = {statement.sentence for statement in statements if statement.counts and _says(statement, acts)}
    return frozenset(number for sentence in told for number in range(sentence - BESIDE, sentence + BESIDE + 1))


def _of_places(lexicon: Lexicon, statements: Iterable[Statement]) -> frozenset[int]:
    """The numbers of the sentences that tell of some place an act, or a finding, that opens the rule set."""
    ours = lexicon.act_values | lexicon.opening_values
    surely = (statement for statement in statements if statement.counts and statement.strength > Strength.HINT)
    return frozenset(statement.sentence for statement in surely if statement.site and _says(statement, ours))


def _may_tell_an_act(lexicon: Lexicon, sentence: Sentence) -> bool:
    """Whether a sentence may tell what was done to a place, or how it ended, in words that no statement has."""
    indexes = (_general_words().handled, lexicon.result_index, lexicon.detail_index)
    return any(index.find(sentence) for index in indexes)


def _says(statement: Statement, values: Collection[tuple[str, str]]) -> bool:
    return (statement.fact, statement.asserts) in values


def _of_another_place(
    lexicon: Lexicon, reading: Reading, of_this_visit: Mapping[int, Read], of_places: Collection[int]
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
        if number not in of_places and not _may_tell_an_act(lexicon, sentence):
            continue
        surroundings = Surroundings(sentence, section)
        of_sound = (_general_words().sound, lexicon.sound_index)
        sound = sorted(first for index in of_sound for first, *_ in index.find(sentence))
        for site, following in zip_longest(words.sites, words.sites[1:]):
            context = surroundings.judge(site.first, site.after)
            is_of_today = context.time is ENCOUNTER and context.experiencer is PATIENT
            is_meant = site.name in others and _is_named(site, words, sentence) and is_of_today
            # What is sound is said right before a place, or before the place that is named next.
            end = following.first if following else len(sentence.words)
            is_sound = bisect_left(sound, site.first - 1) < bisect_left(sound, end)
            if is_meant and not is_sound:
                yield sentence.span(site.first, site.after)


def _of_one_place_alone(lexicon: Lexicon, reading: Reading, read: Mapping[int, Read]) -> Iterator[Span]:
    """The acts of one place, where what is found is of several: the others may be left for another day."""
    proposal = reading.proposals.get(lexicon.site_fact)
    if proposal is None or proposal.value is None or proposal.value in lexicon.sites:
        return
    acts = [act for act in reading.statements if act.counts and _says(act, lexicon.act_values) and act.sentence in read]
    told = [lexicon.vocabulary.find(read[number][0]) for number in {act.sentence for act in acts}]
    named = {site.name for words in told if words for site in words.sites} - {OTHER_SITE}
    if len(named) == 1 and ALL_SITES not in named:
        yield from (act.span for act in acts if act.site)


def _is_named(site: Site, words: Words, sentence: Sentence) -> bool:
    """Whether a place is named of the treated part: before its name or that of its limb, or by itself.

    A letter may be a unit or an initial, and a word behind a place name something else that lies there.
    """
    ends_clause = sentence.words[site.after : site.after + 1] in ([], [","])
    names_limb = any(first == site.after for first, *_ in _general_words().limbs.find(sentence))
    place = bisect_left(words.mentions, site.after, key=attrgetter("first"))
    names_part = place < len(words.mentions) and words.mentions[place].first == site.after
    return ends_clause or names_limb or names_part


def _of_another_day(of_the_event: Iterable[Sentence]) -> Iterator[Span]:
    """The dates, but of fields and of a stay in hospital, that are not the first of them."""
    first_day = ""
    for sentence in of_the_event:
        for place, word in enumerate(sentence.words):
            if not DATE.fullmatch(word):
                continue
            before = sentence.words[max(place - NEAR, 0) : place]
            is_field = before[-1:] in ([":"], ["dob"], ["born"])
            if is_field or not STAYING.isdisjoint(before):
                continue
            first_day = first_day or word
            if word != first_day:
                yield sentence.span(place, place + 1)


def _only_named(lexicon: Lexicon, statements: Iterable[Statement], of_this_visit: Iterable[Read]) -> Iterator[Span]:
    """The acts of a note that names them and tells nothing of how they went: they may have been planned, or earlier."""
    is_told = any(lexicon.detail_index.find(sentence) for sentence, _ in of_this_visit)
    if lexicon.details and not is_told:
        yield from {statement.span for statement in statements if statement.counts and _is_success(lexicon, statement)}


def _denied(lexicon: Lexicon, reading: Reading) -> Iterator[Span]:
    """Where what opens the rule set is denied of the place treated, and only hints say so."""
    place = reading.proposals.get(lexicon.site_fact)
    places = {"", ALL_SITES, place.value if place else ""}
    hinted = {
        (fact, proposal.value)
        for fact, proposal in reading.proposals.items()
        if all(passage.strength <= Strength.HINT for passage in proposal.passages)
    }
    opening = hinted & lexicon.opening_values
    for statement in reading.statements:
        is_denied = (statement.fact, statement.value) in opening and statement.denies
        if is_denied and statement.counts and statement.site in places:
            yield statement.span


def _of_another_ending(lexicon: Lexicon, sentence: Sentence, section: Section, last_act: int) -> Iterator[Span]:
    """The words of a sentence that may tell, unless of another part, of another ending."""
    words = _general_words()
    if _names_others_alone(lexicon, sentence):
        return
    surroundings: Surroundings | None = None
    for index, outdone_before in ((words.endings, -1), (words.attempts, last_act)):
        for first, _, after, _ in index.find(sentence):
            surroundings = surroundings or Surroundings(sentence, section)
            span = sentence.span(first, after)
            # “If this fails” tells of no failure.
            is_of_today = surroundings.judge(first, after).time is ENCOUNTER
            if is_of_today and span.start > outdone_before:
                yield span


def _of_another_operation(lexicon: Lexicon, of_this_visit: Iterable[Read]) -> Iterator[Span]:
    """Where an operation is told that the rule set does not code: what was done may have been done in it.

    A lexicon that knows events tells them apart itself.
    """
    if lexicon.events:
        return
    for sentence, section in of_this_visit:
        words = lexicon.vocabulary.find(sentence)
        gates = [where for gate, where in words.gates if gate is Gate.OTHER_OPERATION] if words else []
        surroundings = Surroundings(sentence, section) if gates else None
        for first, _, after, _ in gates:
            if surroundings and is_said(surroundings.judge(first, after)):
                yield sentence.span(first, after)


def _spans(index: PhraseIndex, sentence: Sentence) -> Iterator[Span]:
    return (sentence.span(first, after) for first, _, after, _ in index.find(sentence))


def _names_others_alone(lexicon: Lexicon, sentence: Sentence) -> bool:
    words = lexicon.vocabulary.find(sentence)
    mentions = words.mentions if words else []
    return bool(mentions) and all(mention.part.about is OTHER_PART for mention in mentions)


def _names_another_part(words: Words) -> bool:
    return any(mention.part.about is OTHER_PART for mention in words.mentions)


def _last_act(lexicon: Lexicon, statements: Iterable[Statement]) -> int:
    """Where a narrative last tells that an act was done and succeeded; -1 where none does.

    What outdoes another act, such as an open reduction a closed one, a title alone tells. A cast or a traction is put
    on whether an act succeeded or not.
    """
    decisive = {fact for fact, _ in lexicon.failed_values}.union(lexicon.operative) if lexicon.failed_values else ()
    told = (
        statement
        for statement in statements
        if statement.counts
        and (not statement.titular or _outdoes(lexicon, statement))
        and (not decisive or statement.fact in decisive)
    )
    return max((statement.span.start for statement in told if _is_success(lexicon, statement)), default=-1)


def _fails_after(lexicon: Lexicon, statement: Statement, last_act: int) -> bool:
    """Whether a statement behind the last act names a failure, be it denied: “no plate, could not reduce it”."""
    fails = (statement.fact, statement.value) in lexicon.failed_values
    return fails and statement.counts and statement.span.start > last_act >= 0


def _outdoes(lexicon: Lexicon, statement: Statement) -> bool:
    """Whether a statement tells of an act in place of another one, and not of an attempt that succeeded at last."""
    outdone = lexicon.succeeds.get(statement.fact, {}).get(statement.asserts or "", ())
    attempts = [value for value in outdone if (statement.fact, value) in lexicon.failed_values]
    return bool(outdone) and not attempts


def _is_success(lexicon: Lexicon, statement: Statement) -> bool:
    asserted = (statement.fact, statement.asserts)
    acts = lexicon.act_values or lexicon.opening_values
    return asserted in acts and asserted not in lexicon.failed_values


def _explained(statement: Statement) -> Iterator[Span]:
    """What a statement is made of: its own words, and those that decided its context."""
    context = statement.context
    if statement.span.end - statement.span.start <= LONGEST_PASSAGE:
        yield statement.span
    yield from filter(None, (context.polarity_cue, context.time_cue, context.experiencer_cue))


def _apart(spans: Iterable[Span]) -> Iterator[Span]:
    """The passages in the note's order, those that begin within another with it."""
    current: Span | None = None
    for span in sorted(spans):
        if current and span.start < current.end:
            current = Span(current.start, max(current.end, span.end))
            continue
        if current:
            yield current
        current = span
    if current:
        yield current


class _Covered:
    """What passages cover of a note; whether another touches it is seen in a time that hardly grows with them."""

    def __init__(self, spans: Iterable[Span]) -> None:
        in_order = sorted(spans)
        self._starts = [span.start for span in in_order]
        # Up to where the passages that begin so far reach.
        self._reach = list(accumulate((span.end for span in in_order), max))

    def touches(self, span: Span) -> bool:
        """Whether some passage shares a character with this one."""
        begun = bisect_left(self._starts, span.end)
        return begun > 0 and self._reach[begun - 1] > span.start

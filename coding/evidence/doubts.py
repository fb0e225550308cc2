"""What no statement of a note explains: then no code follows from the note alone.

A lexicon lists what its phrases mean. That a text is no report of who treated (a handover, a study, a claim), or that
an act ended otherwise than its name says (called off, given up, still out), is told in more ways than can be listed
with their meaning. Words that may tell it are enough to leave the end to a person, unless a statement explains them:
they stand in its passage, or in what denies it, or tell of an attempt that a later act outdid.
"""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from coding.evidence.context import Surroundings
from coding.evidence.lexicon import Lexicon
from coding.evidence.parts import in_parts
from coding.evidence.phrase_index import PhraseIndex
from coding.evidence.phrases import compile_phrase
from coding.evidence.reading import Reading
from coding.evidence.sections import Section
from coding.evidence.sentences import Sentence, sentences
from coding.evidence.statements import ENCOUNTER, OTHER_PART, Span, Statement, Strength

FILE = Path(__file__).with_name("doubts.json")


class _Words(NamedTuple):
    """Words of what is ``sound``, and those that may tell what a lexicon does not.

    They are of other ``documents`` than a report, of ``attempts`` that a later act may outdo, of ``errors`` that an
    addendum may correct, and of other ``endings``.
    """

    sound: PhraseIndex
    documents: PhraseIndex
    attempts: PhraseIndex
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


def doubts(lexicon: Lexicon, note: str, reading: Reading) -> tuple[Span, ...]:
    """The passages of a note that may tell what none of its statements explains; of one that is not read, none."""
    if not reading.opens:
        return ()
    statements = reading.statements
    explained = _Covered(span for statement in statements for span in _explained(statement))
    is_corrected = any(statement.strength is Strength.CORRECTION for statement in statements)
    last_act = _last_act(lexicon, statements)
    all_sentences = list(sentences(note))
    told: list[Span] = []
    for sentence, section in in_parts(note, all_sentences):
        # What is told of earlier days or of later ones is not how today ended.
        if section.heading.time:
            continue
        told += _of_this_visit(lexicon, sentence, section, last_act)
        told += [] if is_corrected else _spans(_general_words().errors, sentence)
    unexplained = [span for span in told if not explained.touches(span)]
    unexplained += [] if is_corrected else _of_another_place(lexicon, reading, all_sentences)
    return tuple(sorted(unexplained))


def _of_another_place(lexicon: Lexicon, reading: Reading, all_sentences: Sequence[Sentence]) -> Iterator[Span]:
    """Where another place than the one treated is named, and not as sound."""
    proposal = reading.proposals.get(lexicon.site_fact)
    if proposal is None or proposal.value not in lexicon.sites:
        return
    others = lexicon.sites.keys() - {proposal.value}
    for statement in reading.statements:
        is_of_another = statement.fact == lexicon.site_fact and statement.asserts in others
        if is_of_another and statement.counts and not _general_words().sound.find(all_sentences[statement.sentence]):
            yield statement.span


def _of_this_visit(lexicon: Lexicon, sentence: Sentence, section: Section, last_act: int) -> Iterator[Span]:
    """The words of a sentence that may tell of another document, or, of the own part, of another ending."""
    words = _general_words()
    yield from _spans(words.documents, sentence)
    if _names_others_alone(lexicon, sentence):
        return
    yield from _spans(words.endings, sentence)
    surroundings = Surroundings(sentence, section)
    for first, _, after, _ in words.attempts.find(sentence):
        span = sentence.span(first, after)
        # “If this fails” tells of no failure.
        is_of_today = surroundings.judge(first, after).time is ENCOUNTER
        if is_of_today and span.start > last_act:
            yield span


def _spans(index: PhraseIndex, sentence: Sentence) -> Iterator[Span]:
    return (sentence.span(first, after) for first, _, after, _ in index.find(sentence))


def _names_others_alone(lexicon: Lexicon, sentence: Sentence) -> bool:
    words = lexicon.vocabulary.find(sentence)
    mentions = words.mentions if words else []
    return bool(mentions) and all(mention.part.about is OTHER_PART for mention in mentions)


def _last_act(lexicon: Lexicon, statements: Sequence[Statement]) -> int:
    """Where a narrative last tells that an act was done and succeeded; -1 where none does."""
    acts = lexicon.act_values or lexicon.opening_values
    successes = (
        statement.span.start
        for statement in statements
        if statement.counts
        and not statement.titular
        and (statement.fact, statement.asserts) in acts
        and (statement.fact, statement.asserts) not in lexicon.failed_values
    )
    return max(successes, default=-1)


def _explained(statement: Statement) -> Iterator[Span]:
    """What a statement is made of: its own words, and those that decided its context."""
    context = statement.context
    yield statement.span
    yield from filter(None, (context.polarity_cue, context.time_cue, context.experiencer_cue))


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

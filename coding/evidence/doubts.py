"""What no statement of a note explains: then no code follows from the note alone.

A lexicon lists what its phrases mean. That a text is no report of who treated (a handover, a study, a claim), or that
an act ended otherwise than its name says (called off, given up, still out), is told in more ways than can be listed
with their meaning. Words that may tell it are enough to leave the end to a person, unless a statement explains them:
they stand in its passage, or in what denies it, or tell of an attempt that a later act outdid.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from typing import NamedTuple, TypeVar

from coding.evidence.context import Surroundings
from coding.evidence.doubtful_words import Read, doubtful_words, says
from coding.evidence.doubts_of_places import (
    of_another_place,
    of_one_place_alone,
    sentences_of_places,
)
from coding.evidence.events import parted_facts, treatments
from coding.evidence.lexicon import Lexicon
from coding.evidence.parts import is_title
from coding.evidence.phrase_index import PhraseIndex
from coding.evidence.proposals import Proposal
from coding.evidence.reading import Reading
from coding.evidence.sections import Section
from coding.evidence.sentences import Sentence
from coding.evidence.statements import (
    ALL_SITES,
    ENCOUNTER,
    OTHER_PART,
    Span,
    Statement,
    Strength,
    is_said,
)
from coding.evidence.vocabulary import Gate

# What a fact is answered with.
Answer = TypeVar("Answer")
DATE = re.compile(r"(?:0?[1-9]|1[0-2])/(?:[12]\d|3[01]|0?[1-9])(?:/\d{2,4})?")
DAY = re.compile(r"0?[1-9]|[12]\d|3[01]")
MONTH = re.compile(
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
# In a longer one, in characters, there are words that its phrase leaves open.
LONGEST_PASSAGE = 40
# A date so many words behind one of these is of a stay in hospital.
STAYING = frozenset(
    (
        *("admitted", "admission", "discharged", "discharge", "transferred", "home", "extubated"),
        *("fitted", "worn", "removed", "walked", "mobilized", "mobilised", "cleared"),
    )
)
NEAR = 4
# What kind of document a note is stands in its first sentences.
FIRST_LINES = 3
# So many sentences before and behind one that tells of an act belong to it.
BESIDE = 3


def uncertain_facts(lexicon: Lexicon, reading: Reading) -> frozenset[str]:
    """The facts without whose proposals a code has to follow, if it is to follow from a note alone.

    They are those that a title alone tells; and all that open the rule set or tell what was done where the note says
    more than its statements explain.
    """
    proposals = reading.proposals.values()
    weak = frozenset(
        proposal.fact for proposal in proposals if not (proposal.firm or proposal.conflicting)
    )
    if not doubts(lexicon, reading):
        return weak
    opening_facts = frozenset(fact for fact, _ in lexicon.opening_values)
    return weak | opening_facts | lexicon.act_facts


def certain_answers(
    lexicon: Lexicon,
    reading: Reading,
    answers: Mapping[str, Answer],
    gives_code: Callable[[Mapping[str, Answer]], bool],
) -> dict[str, Answer]:
    """The answers of a note, by fact, from which its end follows; what two sides were given differently is left out.

    Where no code follows, all of them; else only those that are certain. So a code follows only if it does whatever
    the uncertain proposals come to. Where nothing but the place is doubtful, the place alone is left out.
    """
    counted = _without(parted_facts(treatments(lexicon, reading.statements)), answers)
    if not gives_code(counted):
        return counted
    if _doubts(lexicon, reading).of_place_alone:
        without_place = _without([lexicon.site_fact], counted)
        if not gives_code(without_place):
            return without_place
    return _without(uncertain_facts(lexicon, reading), counted)


def _without(left_out: Collection[str], answers: Mapping[str, Answer]) -> dict[str, Answer]:
    return {fact: answer for fact, answer in answers.items() if fact not in left_out}


class _Doubts(NamedTuple):
    """Passages that nothing explains: those of another place than the one treated, and all others."""

    of_place: Sequence[Span]
    others: Sequence[Span]

    @property
    def of_place_alone(self) -> bool:
        return bool(self.of_place) and not self.others


def doubts(lexicon: Lexicon, reading: Reading) -> tuple[Span, ...]:
    """The passages of a note that may tell what none of its statements explains; of one that is not read, none."""
    unexplained = _doubts(lexicon, reading)
    return tuple(_apart([*unexplained.of_place, *unexplained.others]))


def _doubts(lexicon: Lexicon, reading: Reading) -> _Doubts:
    if not reading.opens:
        return _Doubts((), ())
    statements = reading.statements
    is_corrected = any(statement.strength is Strength.CORRECTION for statement in statements)
    # What is told of earlier days or of later ones is not how today ended.
    of_this_visit = {
        number: pair for number, pair in enumerate(reading.parts) if not pair[1].heading.time
    }
    beside_acts = _beside_acts(lexicon, statements)
    of_the_event = [pair for number, pair in of_this_visit.items() if number in beside_acts]
    first_lines = [pair for number, pair in of_this_visit.items() if number < FIRST_LINES]
    last_act = _last_act(lexicon, statements)
    if last_act >= 0:
        last_act = max(last_act, _last_result(lexicon, of_the_event))

    told = [*_of_another_document(first_lines)]
    told += _of_another_ending(lexicon, of_the_event, last_act)
    if not is_corrected:
        told += _of_errors(of_this_visit.values())
    explained = _explained(lexicon, statements, [*first_lines, *of_the_event], last_act)
    unexplained = [span for span in told if not explained.touches(span)]

    of_place: list[Span] = []
    if not is_corrected:
        of_places = sentences_of_places(lexicon, statements)
        of_place += of_another_place(lexicon, reading, of_this_visit, of_places)
    unexplained += of_one_place_alone(lexicon, reading, of_this_visit)
    unexplained += _of_another_day(sentence for sentence, _ in of_the_event)
    unexplained += _only_named(lexicon, reading, of_this_visit.values())
    unexplained += _denied(lexicon, reading)
    unexplained += _of_another_operation(lexicon, of_this_visit.values())
    return _Doubts(of_place, unexplained)


def _beside_acts(lexicon: Lexicon, statements: Iterable[Statement]) -> frozenset[int]:
    """The numbers of the sentences that tell of an act of the rule set, and of those about them."""
    acts = lexicon.act_values or lexicon.opening_values
    beside: set[int] = set()
    for statement in statements:
        if statement.counts and says(statement, acts):
            beside.update(range(statement.sentence - BESIDE, statement.sentence + BESIDE + 1))
    return frozenset(beside)


def _of_another_document(first_lines: Iterable[Read]) -> Iterator[Span]:
    """The words of the first lines that may say that a note is no report."""
    for sentence, _ in first_lines:
        yield from _spans(doubtful_words().documents, sentence)


def _of_errors(of_this_visit: Iterable[Read]) -> Iterator[Span]:
    """The words that may say that something in a note is wrong."""
    for sentence, _ in of_this_visit:
        yield from _spans(doubtful_words().errors, sentence)


def _explained(
    lexicon: Lexicon, statements: Iterable[Statement], doubted: Iterable[Read], last_act: int
) -> "_Covered":
    """What statements explain of a note, and the longer words that only hold a doubtful one."""
    explained: list[Span] = []
    for sentence, _ in doubted:
        explained += _spans(doubtful_words().harmless, sentence)
    for statement in statements:
        # That a joint “came out” is a finding, whenever it did.
        is_finding = statement.fact in lexicon.findings
        # How the last act failed is no attempt that it outdid.
        if not is_finding and not _fails_after(lexicon, statement, last_act):
            explained += _made_of(statement)
    return _Covered(explained)


def _of_another_day(of_the_event: Iterable[Sentence]) -> Iterator[Span]:
    """The dates, but of fields and of a stay in hospital, that are not the first of them."""
    first_day = ""
    for sentence in of_the_event:
        for place in range(len(sentence.words)):
            day = _day_at(sentence.words, place)
            if not day:
                continue
            before = sentence.words[max(place - NEAR, 0) : place]
            is_field = before[-1:] in ([":"], ["dob"], ["born"])
            if is_field or not STAYING.isdisjoint(before):
                continue
            first_day = first_day or day
            if day != first_day:
                yield sentence.span(place, place + 1)


def _day_at(words: Sequence[str], place: int) -> str:
    """The day that a word is, such as 5/11, or that opens a sentence, such as 11 May; empty if none does."""
    word, following = words[place], words[place + 1] if place + 1 < len(words) else ""
    if DATE.fullmatch(word):
        return word
    is_day = place == 0 and DAY.fullmatch(word) and MONTH.fullmatch(following)
    return f"{word} {following}" if is_day else ""


def _only_named(
    lexicon: Lexicon, reading: Reading, of_this_visit: Iterable[Read]
) -> Iterator[Span]:
    """The acts of a note that names them and tells nothing of how they went: they may have been planned, or earlier."""
    acts = [act for act in reading.statements if act.counts and _is_success(lexicon, act)]
    of_acts = (reading.parts[act.sentence] for act in acts)
    is_told = any(
        lexicon.detail_index.find(sentence) for sentence, _ in chain(of_this_visit, of_acts)
    )
    if lexicon.details and not is_told:
        yield from {act.span for act in acts}


def _denied(lexicon: Lexicon, reading: Reading) -> Iterator[Span]:
    """Where what opens the rule set is denied of the place treated, and only hints say so."""
    place = reading.proposals.get(lexicon.site_fact)
    places = {"", ALL_SITES, place.value if place else ""}
    hinted = {
        (fact, proposal.value)
        for fact, proposal in reading.proposals.items()
        if _is_hinted(proposal)
    }
    opening = hinted & lexicon.opening_values
    for statement in reading.statements:
        is_denied = (statement.fact, statement.value) in opening and statement.denies
        if is_denied and statement.counts and statement.site in places:
            yield statement.span


def _is_hinted(proposal: Proposal) -> bool:
    return all(passage.strength <= Strength.HINT for passage in proposal.passages)


def _of_another_ending(
    lexicon: Lexicon, of_the_event: Iterable[Read], last_act: int
) -> Iterator[Span]:
    """The words that may tell, unless of another part, of another ending."""
    for sentence, section in of_the_event:
        if not _names_others_alone(lexicon, sentence):
            yield from _endings(sentence, section, last_act)


def _endings(sentence: Sentence, section: Section, last_act: int) -> Iterator[Span]:
    """The words of a sentence that may tell of another ending, or of an attempt that no later act outdid."""
    words = doubtful_words()
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
        gates = (
            [where for gate, where in words.gates if gate is Gate.OTHER_OPERATION] if words else []
        )
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


def _last_act(lexicon: Lexicon, statements: Iterable[Statement]) -> int:
    """Where a narrative last tells that an act was done and succeeded; -1 where none does.

    What outdoes another act, such as an open reduction a closed one, a title alone tells. A cast or a traction is put
    on whether an act succeeded or not.
    """
    decisive = lexicon.decisive_facts if lexicon.failed_values else frozenset[str]()
    told = (
        statement
        for statement in statements
        if statement.counts
        and (not statement.titular or _outdoes(lexicon, statement))
        and (not decisive or statement.fact in decisive)
    )
    return max(
        (statement.span.start for statement in told if _is_success(lexicon, statement)), default=-1
    )


def _last_result(lexicon: Lexicon, of_the_event: Iterable[Read]) -> int:
    """Where a narrative last tells how an act ended; -1 where none does."""
    last = -1
    for sentence, section in of_the_event:
        results = [] if is_title(sentence, section) else lexicon.result_index.find(sentence)
        surroundings = Surroundings(sentence, section) if results else None
        for first, _, after, gaps in results:
            if surroundings and is_said(surroundings.judge(first, after, gaps)):
                last = sentence.span(first, after).start
    return last


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


def _made_of(statement: Statement) -> Iterator[Span]:
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

"""The gate of a rule set: whether a note tells of its matter today, or names its part of the body in passing only.

A part that stands in a history, beside another operation or as what was looked at opens nothing. What is told plainly
of the own part does, and what only bears on it where the note tells of no other matter.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from coding.evidence.body import POSITION, Mention
from coding.evidence.context import Surroundings
from coding.evidence.doubtful_words import Read, doubtful_words
from coding.evidence.lexicon import Lexicon
from coding.evidence.statements import (
    ENCOUNTER,
    HISTORY,
    OTHER_PART,
    OWN,
    About,
    Statement,
    Strength,
    is_said,
)

_start, _end = attrgetter("start"), attrgetter("end")
YEAR = re.compile(r"(?:19|20)\d\d")
# What kind of document a note is stands in its first sentences.
FIRST_LINES = 2


class Told(NamedTuple):
    """What a note tells: its sentences with their sections, and in each the names of parts of the body.

    It ``tells_another`` if something happened today to another part than the own one.
    """

    parts: Sequence[Read]
    mentions: Sequence[Sequence[Mention]]
    tells_another: bool


def opens(lexicon: Lexicon, statements: Sequence[Statement], told: Told) -> bool:
    """Whether a note is of the matter of a rule set; without a body, always."""
    return not lexicon.gated or _Gate(lexicon, statements, told).opens()


def is_opening(lexicon: Lexicon, statement: Statement) -> bool:
    """Whether a statement says what a rule set is for."""
    return not statement.needs and (statement.fact, statement.asserts) in lexicon.opening_values


class _Gate:
    """What a note tells of the matter of a rule set, and of other matters."""

    def __init__(self, lexicon: Lexicon, statements: Sequence[Statement], told: Told) -> None:
        self._lexicon = lexicon
        self._statements = statements
        self._told = told
        self._of_today = list(filter(_is_of_today, statements))
        self._opening = [each for each in self._of_today if is_opening(lexicon, each)]
        self._sentences: dict[int, _SentenceAsked] = {}

    def opens(self) -> bool:
        """Plainly, with something done or nothing else told before it; or else by an act, with no other matter."""
        if not self._opening or self._is_aside():
            return False
        is_plain = any(map(self._is_plain, self._opening))
        if self._tells_another_first and self._told.tells_another:
            return is_plain and self._tells_own_act
        if self._tells_another_first:
            return (is_plain or self._finds_own) and self._tells_own_act
        if self._tells_another_act:
            return is_plain or (self._finds_own and self._tells_own_act)
        return is_plain or self._opens_by_an_act()

    def _opens_by_an_act(self) -> bool:
        """Whether something was done, and to nothing else: what is found of the own part, or no other part, says so."""
        tells_of_own = any(each.about is OWN for each in self._of_today)
        tells_an_act = any(map(self._is_act, self._of_today))
        is_alone = self._finds_own or OTHER_PART not in self._named()
        return tells_of_own and tells_an_act and is_alone

    @property
    def _finds_own(self) -> bool:
        return any(
            each.about is OWN
            and each.fact in self._lexicon.findings
            and each.strength > Strength.HINT
            for each in self._opening
        )

    def _is_aside(self) -> bool:
        """Whether a note is a report on images or of another department: of a treatment it may tell, and is none."""
        words = doubtful_words()
        titles = [sentence for sentence, _ in self._told.parts[:FIRST_LINES]]
        if any(map(words.departments.opening, titles[:1])):
            return not self._tells_an_act_plainly
        is_of_images = any(map(words.images.opening, titles[:1])) and any(
            words.conclusions.opening(sentence) for sentence, _ in self._told.parts
        )
        is_of_another = is_of_images or any(map(words.therapies.find, titles))
        return is_of_another and not self._tells_circumstances

    @property
    def _tells_an_act_plainly(self) -> bool:
        firmly = (each for each in self._of_today if each.strength > Strength.HINT)
        return any(self._is_act(each) and self._is_plain(each) for each in firmly)

    @property
    def _tells_circumstances(self) -> bool:
        """Whether it is told how an operation was made possible, such as by what anesthesia."""
        circumstances = self._lexicon.circumstances
        return any(each.fact in circumstances and each.asserts for each in self._of_today)

    def _is_plain(self, statement: Statement) -> bool:
        """Whether a statement is of the own part, which its sentence names as of today, and of no other day."""
        if statement.about is not OWN:
            return False
        asked = self._sentence_of(statement)
        return OWN in asked.named and not asked.is_remembered(statement)

    def _sentence_of(self, statement: Statement) -> "_SentenceAsked":
        number = statement.sentence
        if number not in self._sentences:
            self._sentences[number] = _SentenceAsked(
                self._told.parts[number], self._told.mentions[number]
            )
        return self._sentences[number]

    def _is_act(self, statement: Statement) -> bool:
        acts = self._lexicon.act_values or self._lexicon.opening_values
        return not statement.needs and (statement.fact, statement.asserts) in acts

    @property
    def _tells_own_act(self) -> bool:
        return any(self._is_act(each) and each.about is OWN for each in self._of_today)

    @property
    def _tells_another_act(self) -> bool:
        """Whether of another part, by its name, is told as of today what would open the rule set or what was done."""
        of_another = (
            each
            for each in self._statements
            if each.about is OTHER_PART and OTHER_PART in self._sentence_of(each).named
        )
        as_own = (each._replace(about=OWN) for each in of_another)
        return any(
            (is_opening(self._lexicon, each) or self._is_act(each)) and _is_of_today(each)
            for each in as_own
        )

    @cached_property
    def _tells_another_first(self) -> bool:
        """Whether another part, or an operation on one, is what the note names first, as of today."""
        return next(self._named(), OWN) is OTHER_PART

    def _named(self) -> Iterator[About]:
        """The parts that the note names in order, another one where it is of today."""
        for (sentence, section), mentions in zip(
            self._told.parts, self._told.mentions, strict=True
        ):
            parts = [mention for mention in mentions if mention.part.kind is not POSITION]
            if not parts or section.heading.time == "history":
                continue
            surroundings = Surroundings(sentence, section)
            for first, after, part in parts:
                if part.about is OWN or is_said(surroundings.judge(first, after)):
                    yield part.about


def _is_of_today(statement: Statement) -> bool:
    return statement.counts and statement.context.time is ENCOUNTER


class _SentenceAsked:
    """A sentence that is asked about for each of its statements, and looked at once."""

    def __init__(self, part: Read, mentions: Sequence[Mention]) -> None:
        self._sentence, section = part
        self._mentions = mentions
        self._surroundings = Surroundings(self._sentence, section)

    @cached_property
    def named(self) -> frozenset[About]:
        """What the parts are that it names, and not only as they were held or in a history."""
        named: set[About] = set()
        for first, after, part in self._mentions:
            if part.kind is POSITION or part.about in named:
                continue
            if self._surroundings.judge(first, after, finding=True).time is not HISTORY:
                named.add(part.about)
        return frozenset(named)

    def is_remembered(self, statement: Statement) -> bool:
        """Whether a statement tells of another day, or its clause of more than one."""
        places = self._sentence.places
        first = bisect_left(places, statement.span.start, key=_start)
        after = bisect_left(places, statement.span.end, key=_end) + 1
        # A finding is of today whenever it began: here it is asked when that was.
        if self._surroundings.judge(first, after).time is HISTORY:
            return True
        begin, end = self._clause(first)
        return bisect_left(self._of_other_days, begin) < bisect_left(self._of_other_days, end)

    def _clause(self, place: int) -> tuple[int, int]:
        """From where to where the commas around a word leave its clause."""
        commas = self._commas
        behind = bisect_left(commas, place)
        begin = commas[behind - 1] + 1 if behind else 0
        return begin, commas[behind] if behind < len(commas) else len(self._sentence.words)

    @cached_property
    def _commas(self) -> list[int]:
        return [place for place, word in enumerate(self._sentence.words) if word == ","]

    @cached_property
    def _of_other_days(self) -> list[int]:
        """Where years stand, and words that tell of a day long ago."""
        words = self._sentence.words
        years = [place for place, word in enumerate(words) if YEAR.fullmatch(word)]
        remote = [place for place, *_ in doubtful_words().remote.find(self._sentence)]
        return sorted([*years, *remote])

"""Which part of the body a passage is about: the one that a rule set treats, or another.

The parts and their names are general language (``body.json``). A lexicon says which of them are its own, and what
else names them: an operation, a device or a sign that there is of no other part.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from coding.evidence.sections import Section
from coding.evidence.sentences import Sentence
from coding.evidence.statements import OTHER_PART, OWN, UNSAID, About

FILE = Path(__file__).with_name("body.json")
# What parts clauses, and the words that it counts as between a passage and the name of a part.
PARTING = frozenset({",", ":", "and", "with", "but", "then", "who", "which", "while"})
PARTED = 4


class Kind(StrEnum):
    """What a name is of.

    An organ is named with its illness more often than as what is operated on. A position names a part as it was held
    for something else: “hip and knee flexed”. A handle is no part that a passage may be about: what another was
    moved by, a hand of who writes, what kept an airway open.
    """

    PART = "parts"
    POSITION = "positions"
    HANDLE = "handles"
    ORGAN = "organs"
    OPERATION = "operations"


PART, POSITION, HANDLE, ORGAN, OPERATION = Kind


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the body as a rule set sees it: its own or another."""

    about: About
    kind: Kind


class Mention(NamedTuple):
    """Words that name a part of the body."""

    first: int
    after: int
    part: Part


class Name(NamedTuple):
    """A phrase of general language for a part of the body, or for an operation on it."""

    region: str
    phrase: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Body:
    """The parts that a rule set treats, by their general names, and the phrases that name them in its field alone."""

    parts: tuple[str, ...]
    names: tuple[str, ...] = ()

    def phrases(self) -> Iterator[tuple[str, Part]]:
        """All phrases that name a part, each with what it is to the rule set."""
        for region, phrase, kind in general_names():
            yield phrase, Part(OWN if region in self.parts else OTHER_PART, kind)
        yield from ((phrase, Part(OWN, Kind.PART)) for phrase in self.names)


@cache
def general_names() -> tuple[Name, ...]:
    """The names of all parts of the body."""
    kinds: dict[str, dict[str, list[str]]] = json.loads(FILE.read_text(encoding="utf-8"))
    names: list[Name] = []
    for kind, regions in kinds.items():
        for region, phrases in regions.items():
            names += [Name(region, phrase, Kind(kind)) for phrase in phrases]
    return tuple(names)


def longest_apart(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions in order, of those that overlap the longest: “knee replacement” is no “replacement”.

    Handles are none.
    """
    apart = _apart(mentions) if len(mentions) > 1 else mentions
    return [mention for mention in apart if mention.part.kind is not HANDLE]


def _apart(mentions: Iterable[Mention]) -> list[Mention]:
    apart: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(mentions, key=_longest_first):
        words = range(mention.first, mention.after)
        if taken.isdisjoint(words):
            taken.update(words)
            apart.append(mention)
    return sorted(apart, key=attrgetter("first"))


def _longest_first(mention: Mention) -> tuple[int, int]:
    return mention.first - mention.after, mention.first


class Block(NamedTuple):
    """What a block, the lines between two blank ones, is about: where its sentences name no part, and as a story.

    A story, such as how somebody was hurt, is of the rule set's part though it names an organ, or what was operated
    on years ago.
    """

    about: About = UNSAID
    story: About = UNSAID


class Whereabouts:
    """What a sentence and the sentences before it say of the part that its passages are about."""

    def __init__(
        self, sentence: Sentence, mentions: Sequence[Mention], *, topic: About, block: Block
    ) -> None:
        """``topic`` is what the sentences before it are about, ``block`` that in which it stands."""
        self.story = block.story
        self.topic = block.about if block.about is OTHER_PART else topic
        self.names_own = any(mention.part.about is OWN for mention in mentions)
        self.names_another_alone = not self.names_own and any(
            mention.part.kind in (PART, OPERATION) for mention in mentions
        )
        self._sentence = sentence
        self._mentions = mentions

    def about(self, first: int, after: int, *, organs: bool = True) -> About:
        """What the words from ``first`` up to ``after`` are about: a part named in them, or nearest, or the topic.

        Without ``organs``, an organ's name does not tell.
        """
        if not self._mentions:
            return self.topic
        mentions, agreed = self._named if organs else self._named_but_organs
        if not mentions:
            return self.topic
        if agreed:
            return agreed
        # They stand apart and in order, so the nearest are the neighbours.
        begin = bisect_right(mentions, first, key=attrgetter("after"))
        end = bisect_left(mentions, after, key=attrgetter("first"))
        within = mentions[begin:end]
        if any(mention.part.about is OWN for mention in within):
            return OWN
        neighbours = within or [*mentions[max(begin - 1, 0) : begin], *mentions[end : end + 1]]
        return min(neighbours, key=lambda mention: self._distance(mention, first, after)).part.about

    @cached_property
    def _named(self) -> "_Named":
        return _Named(self._mentions, _agreed(self._mentions))

    @cached_property
    def _named_but_organs(self) -> "_Named":
        but_organs = [mention for mention in self._mentions if mention.part.kind is not ORGAN]
        return _Named(but_organs, _agreed(but_organs))

    @cached_property
    def _partings(self) -> list[int]:
        """Where the words and marks stand that part clauses."""
        return [place for place, word in enumerate(self._sentence.words) if word in PARTING]

    def _distance(self, mention: Mention, first: int, after: int) -> tuple[int, int]:
        begin, end = (mention.after, first) if mention.after <= first else (after, mention.first)
        parted = bisect_left(self._partings, end) - bisect_left(self._partings, begin)
        return end - begin + PARTED * parted, mention.first


class _Named(NamedTuple):
    """The mentions of a sentence in order, and what they all are of if they agree."""

    mentions: Sequence[Mention]
    agreed: About | None


def _agreed(mentions: Sequence[Mention]) -> About | None:
    first = mentions[0].part.about if mentions else None
    return first if all(mention.part.about is first for mention in mentions) else None


class Bearings:
    """The part of the body that a note is at, sentence by sentence."""

    def __init__(self) -> None:
        self._topic = UNSAID
        self._section: Section | None = None
        self._is_event = False
        self.tells_another = False

    def at(self, sentence: Sentence, section: Section, mentions: Sequence[Mention]) -> About:
        """What the sentences before the next one are about.

        Another part is left at its end of line, or, if something happened to it, at a heading or a blank line. What is
        told as history, such as a part that was operated on years ago, is passed over.
        """
        if section.heading.time == "history":
            return self._topic
        is_left = section != self._section or sentence.after_blank
        is_left = is_left or (sentence.opens_line and not self._is_event)
        if self._topic is OTHER_PART and is_left:
            self._topic = UNSAID
        if self._topic is not OTHER_PART:
            self._is_event = False
        self._section = section
        topic = self._topic
        parts = [
            mention.part.about for mention in mentions if mention.part.kind in (PART, POSITION)
        ]
        if parts:
            self._topic = OWN if OWN in parts else OTHER_PART
        return topic

    def treated_another(self) -> None:
        """Heed that the last sentence tells what happened to another part: those that name none go on with it."""
        self._topic, self._is_event = OTHER_PART, True
        self.tells_another = True

"""Phrases as rule administrators write them, and finding many of them in a sentence.

A phrase is words in order, in any case:

    left hip            these words, one after the other
    reduc*              any word that begins so
    brace|orthosis      one of these words
    (hip spica|cast)    one of these, each of one or more words
    [the|a]             may be missing
    {device}            one of the phrases of the group “device”
    <4>                 up to four words between, within the sentence; commas are not counted
    ,  :                these marks
    .                   at the end of the phrase: the sentence ends here

Hyphens and slashes are no part of a word: “follow-up” is written ``follow up``.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from coding.evidence.sentences import Sentence

LONGEST_GAP = 12
MOST_GAPS = 2
MOST_ELEMENTS = 16
MOST_CHARACTERS = 300
ELEMENT = re.compile(
    r"\s*(?:<(?P<gap>\d{1,3})>|\[(?P<optional>[^][]*)\]|\((?P<one_of>[^()]*)\)|(?P<plain>[^][()<>\s]+))"
)
WORD = re.compile(r"(?:[^\W_]/[^\W_]|\d+(?:[.:/]\d+)*[^\W_]*|[^\W_]+(?:'[^\W_]+)*)\*?|[,:+%?]")
GROUP = re.compile(r"\{([a-z_]+)\}")
GAP = r"((?:(?:, )?[^ ,:]+ ){0,%d}?(?:, )?)"

Groups = Mapping[str, tuple[str, ...]]


class PhraseError(ValueError):
    """A phrase that cannot be read; the message holds the phrase and the cause."""


class Found(NamedTuple):
    """A phrase in a sentence: its number, its words from ``first`` up to ``after``, and the words in its gaps."""

    phrase: int
    first: int
    after: int
    gaps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase ready to be matched.

    ``starts`` are the words (or, ending in ``*``, beginnings) that it can start with, ``seconds`` the words of which
    one must come next; empty, any may.
    """

    pattern: re.Pattern[str]
    starts: frozenset[str]
    seconds: frozenset[str]


def compile_phrase(text: str, groups: Groups) -> Phrase:
    """The phrase that a text describes. Raises PhraseError."""
    if len(text) > MOST_CHARACTERS:
        raise PhraseError(f"“{text[:40]}…” has more than {MOST_CHARACTERS} characters. Write several phrases.")
    words = text.removesuffix(" .")
    elements = list(_elements(words, groups))
    gaps = sum(isinstance(element, int) for element in elements)
    if not elements or len(elements) > MOST_ELEMENTS or gaps > MOST_GAPS:
        raise PhraseError(f"“{text}” must have 1 to {MOST_ELEMENTS} parts, and at most {MOST_GAPS} of them gaps.")
    if isinstance(elements[0], int) or isinstance(elements[-1], int):
        raise PhraseError(f"“{text}” begins or ends with a gap. Begin and end with a word.")
    pattern = "".join(GAP % element if isinstance(element, int) else element.pattern() for element in elements)
    ending = "" if words == text else r"\Z"
    return Phrase(re.compile(pattern + ending), _starts(text, elements), _seconds(elements))


def _starts(text: str, elements: list["_Element | int"]) -> frozenset[str]:
    """The first words of the first necessary part and of those that may be missing before it."""
    starts: set[str] = set()
    for element in elements:
        if isinstance(element, int):
            break
        starts.update(choice.split()[0] for choice in element.choices)
        if not element.optional:
            return frozenset(starts)
    raise PhraseError(f"“{text}” does not begin with a word that must be there. Put one before the first gap.")


def _seconds(elements: list["_Element | int"]) -> frozenset[str]:
    """The words that can come second, if they are few: known where two necessary parts begin a phrase."""
    match elements[:2]:
        case [_Element(choices, False), _Element(following, False)]:
            longer = {choice.split()[1] for choice in choices if " " in choice}
            seconds = longer | {choice.split()[0] for choice in following}
        case [_Element(choices, False)] if all(" " in choice for choice in choices):
            seconds = {choice.split()[1] for choice in choices}
        case _:
            return frozenset()
    return frozenset() if any(word.endswith("*") for word in seconds) else frozenset(seconds)


@dataclass(frozen=True, slots=True)
class _Element:
    choices: tuple[str, ...]
    optional: bool

    def pattern(self) -> str:
        """Longest choice first, so that more specific words are preferred."""
        choices = sorted(self.choices, key=lambda choice: -len(choice.split()))
        written = "|".join("".join(map(_word_pattern, choice.split())) for choice in choices)
        return f"(?:{written}){'?' if self.optional else ''}"


def _word_pattern(word: str) -> str:
    return re.escape(word[:-1]) + "[^ ]* " if word.endswith("*") else re.escape(word) + " "


def _elements(text: str, groups: Groups) -> Iterable[_Element | int]:
    place = 0
    while place < len(text.rstrip()):
        match = ELEMENT.match(text, place)
        if match is None:
            raise PhraseError(f"“{text}” cannot be read from “{text[place:].strip()}” on. Check the brackets.")
        place = match.end()
        if gap := match["gap"]:
            if not 1 <= int(gap) <= LONGEST_GAP:
                raise PhraseError(f"“{text}” has a gap of {gap} words. Use 1 to {LONGEST_GAP}.")
            yield int(gap)
        else:
            choices = match["optional"] or match["one_of"] or match["plain"] or ""
            yield _Element(tuple(_choices(choices, text, groups)), optional=match["optional"] is not None)


def _choices(choices: str, text: str, groups: Groups) -> Iterable[str]:
    for choice in choices.split("|"):
        if match := GROUP.fullmatch(choice.strip()):
            if match[1] not in groups:
                raise PhraseError(f"“{text}” names the group “{match[1]}”, which there is not.")
            yield from (word for phrase in groups[match[1]] for word in _choices(phrase, phrase, {}))
        else:
            yield _words(choice, text)


def _words(choice: str, text: str) -> str:
    """The words of a choice as sentences hold them."""
    plain = choice.lower().replace("’", "'").replace("-", " ")
    words = plain.split()
    for word in words:
        if not WORD.fullmatch(word):
            raise PhraseError(f"“{text}” has “{word}”, which is no word. Write letters and digits, and * at an end.")
    if not words:
        raise PhraseError(f"“{text}” has an empty choice. Write a word on each side of |.")
    return " ".join(words)


class PhraseIndex:
    """Many phrases, found by the word that each begins with."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._matches: list[Callable[[str, int], re.Match[str] | None]] = []
        self._seconds: list[frozenset[str]] = []
        self._by_start: dict[str, list[int]] = {}
        for number, phrase in enumerate(phrases):
            self._matches.append(phrase.pattern.match)
            self._seconds.append(phrase.seconds)
            for start in phrase.starts:
                self._by_start.setdefault(start, []).append(number)
        self._lengths = sorted({len(start) - 1 for start in self._by_start if start.endswith("*")})
        self._candidates = lru_cache(maxsize=32_768)(self._beginning_with)

    def _beginning_with(self, pair: tuple[str, str]) -> tuple[int, ...]:
        """The phrases that may stand where these two words are."""
        word, following = pair
        numbers = set(self._by_start.get(word, ()))
        for length in self._lengths:
            numbers.update(self._by_start.get(word[:length] + "*", ()))
        return tuple(sorted(n for n in numbers if not self._seconds[n] or following in self._seconds[n]))

    def find(self, sentence: Sentence) -> list[Found]:
        """Every phrase at every place where it stands, in order; of each the nearest end."""
        found: list[Found] = []
        for first, pair in enumerate(sentence.pairs):
            if numbers := self._candidates(pair):
                self._match(sentence, first, numbers, found)
        return found

    def opening(self, sentence: Sentence) -> list[Found]:
        """The phrases that a sentence begins with."""
        found: list[Found] = []
        self._match(sentence, 0, self._candidates(sentence.pairs[0]), found)
        return found

    def _match(self, sentence: Sentence, first: int, numbers: tuple[int, ...], found: list[Found]) -> None:
        text, offset = sentence.text, sentence.offsets[first]
        matches = self._matches
        for number in numbers:
            if match := matches[number](text, offset):
                gaps = _gap_words(sentence, match) if match.re.groups else ()
                found.append(Found(number, first, sentence.index_at(match.end()), gaps))


def _gap_words(sentence: Sentence, match: re.Match[str]) -> tuple[int, ...]:
    return tuple(
        index
        for group in range(1, match.re.groups + 1)
        for index in range(sentence.index_at(match.start(group)), sentence.index_at(match.end(group)))
    )

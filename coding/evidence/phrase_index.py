"""Finding many phrases in a sentence."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from itertools import islice
from typing import NamedTuple

from coding.evidence.phrases import Phrase
from coding.evidence.sentences import Sentence

MOST_REMEMBERED = 32_768


class Candidate(NamedTuple):
    """A phrase that may stand somewhere: its number, its length and later words if known, and what matches it."""

    phrase: int
    length: int
    later: frozenset[str]
    matches: Callable[[str, int], re.Match[str] | None]


# A phrase in a sentence: its number, its first word, the one behind its last, and the words in its gaps. A plain tuple,
# because no other thing is made as often.
Occurrence = tuple[int, int, int, tuple[int, ...]]


class PhraseIndex:
    """Many phrases, found by the words that each begins with."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        self._by_start: dict[str, list[int]] = {}
        for number, phrase in enumerate(self._phrases):
            for start in phrase.openings:
                self._by_start.setdefault(start, []).append(number)
        self._lengths = sorted({len(start) - 1 for start in self._by_start if start.endswith("*")})
        self._candidates = _Remembered(self._beginning_with)

    def _beginning_with(self, pair: tuple[str, str]) -> tuple[Candidate, ...]:
        """The phrases that may stand where these two words are."""
        word, following = pair
        starts = [word, *(f"{word[:length]}*" for length in self._lengths)]
        numbers = set()
        for start in starts:
            for number in self._by_start.get(start, ()):
                if _may_follow(following, self._phrases[number].openings[start]):
                    numbers.add(number)
        candidates = []
        for number in sorted(numbers):
            phrase = self._phrases[number]
            candidates.append(Candidate(number, phrase.length, phrase.later, phrase.pattern.match))
        return tuple(candidates)

    def find(self, sentence: Sentence) -> list[Occurrence]:
        """Every phrase at every place where it stands, in order; of each the nearest end."""
        return self._occurrences(sentence, sentence.pairs())

    def opening(self, sentence: Sentence) -> list[Occurrence]:
        """The phrases that a sentence begins with."""
        return self._occurrences(sentence, islice(sentence.pairs(), 1))

    def _occurrences(self, sentence: Sentence, pairs: Iterable[tuple[str, str]]) -> list[Occurrence]:
        occurrences: list[Occurrence] = []
        # The innermost loop over notes: names looked up once, candidates unpacked by place.
        candidates, words = self._candidates, sentence.distinct
        text, offsets = sentence.text, sentence.offsets
        for first, pair in enumerate(pairs):
            for number, length, later, matches in candidates[pair]:
                if length:
                    occurrences.append((number, first, first + length, ()))
                elif later and later.isdisjoint(words):
                    continue
                elif match := matches(text, offsets[first]):
                    gaps = _gap_words(sentence, match) if match.lastindex else ()
                    occurrences.append((number, first, bisect_left(offsets, match.end()), gaps))
        return occurrences


class _Remembered(dict[tuple[str, str], tuple[Candidate, ...]]):
    """What a function gives for each pair of words, kept until they become too many."""

    def __init__(self, function: Callable[[tuple[str, str]], tuple[Candidate, ...]]) -> None:
        self.function = function

    def __missing__(self, pair: tuple[str, str]) -> tuple[Candidate, ...]:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        self[pair] = given = self.function(pair)
        return given


def _may_follow(word: str, nexts: frozenset[str]) -> bool:
    """Whether a word is one of those that must come next, or begins so; if there are none, any may."""
    return not nexts or word in nexts or any(word.startswith(start[:-1]) for start in nexts if start.endswith("*"))


def _gap_words(sentence: Sentence, match: re.Match[str]) -> tuple[int, ...]:
    return tuple(
        index
        for group in range(1, match.re.groups + 1)
        for index in range(sentence.index_at(match.start(group)), sentence.index_at(match.end(group)))
    )

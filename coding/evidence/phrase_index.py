"""Finding many phrases in a sentence."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from coding.evidence.phrases import Phrase
from coding.evidence.sentences import Sentence

MOST_REMEMBERED = 32_768


# What finds a phrase in a text from a place on.
Matches = Callable[[str, int], re.Match[str] | None]


class Candidates(NamedTuple):
    """The phrases that may stand where two words are.

    Of ``certain`` ones, of so many words, no more need be seen; those that may be ``anywhere`` are tried; ``later`` are
    tried only where one of their later words stands in the sentence, by that word.
    """

    certain: tuple[tuple[int, int], ...]
    anywhere: tuple[int, ...]
    later: frozenset[str]
    by_later: Mapping[str, tuple[int, ...]]


# A phrase in a sentence: its number, its first word, the one behind its last, and the words in its gaps. A plain tuple,
# because no other thing is made as often.
Occurrence = tuple[int, int, int, tuple[int, ...]]
# By its first word, then its number.
_place = itemgetter(1, 0)


class PhraseIndex:
    """Many phrases, found by the words that each begins with."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        self._by_start: dict[str, list[int]] = {}
        for number, phrase in enumerate(self._phrases):
            for start in phrase.openings:
                self._by_start.setdefault(start, []).append(number)
        self._lengths = sorted({len(start) - 1 for start in self._by_start if start.endswith("*")})
        self._matches: tuple[Matches, ...] = tuple(phrase.pattern.match for phrase in self._phrases)
        self._candidates = _Remembered(self._beginning_with)
        # Most pairs of words begin the same phrases as some other pair.
        self._shared: dict[tuple[int, ...], Candidates] = {}

    def _beginning_with(self, pair: tuple[str, str]) -> Candidates:
        """The phrases that may stand where these two words are."""
        word, following = pair
        starts = [word, *(f"{word[:length]}*" for length in self._lengths)]
        numbers = {
            number
            for start in starts
            for number in self._by_start.get(start, ())
            if _may_follow(following, self._phrases[number].openings[start])
        }
        in_order = tuple(sorted(numbers))
        if in_order not in self._shared:
            self._shared[in_order] = self._candidates_of(in_order)
        return self._shared[in_order]

    def _candidates_of(self, numbers: Iterable[int]) -> Candidates:
        certain: list[tuple[int, int]] = []
        anywhere: list[int] = []
        by_later: dict[str, list[int]] = {}
        for number in numbers:
            phrase = self._phrases[number]
            if phrase.length:
                certain.append((number, phrase.length))
            elif not phrase.later:
                anywhere.append(number)
            for word in () if phrase.length else phrase.later:
                by_later.setdefault(word, []).append(number)
        in_order = {word: tuple(of_word) for word, of_word in by_later.items()}
        return Candidates(tuple(certain), tuple(anywhere), frozenset(by_later), in_order)

    def find(self, sentence: Sentence) -> list[Occurrence]:
        """Every phrase at every place where it stands, in order; of each the nearest end."""
        return self._occurrences(sentence, sentence.pairs())

    def opening(self, sentence: Sentence) -> list[Occurrence]:
        """The phrases that a sentence begins with."""
        return self._occurrences(sentence, islice(sentence.pairs(), 1))

    def _occurrences(self, sentence: Sentence, pairs: Iterable[tuple[str, str]]) -> list[Occurrence]:
        occurrences: list[Occurrence] = []
        # The innermost loop over notes: names looked up once, candidates unpacked by place.
        candidates, matches = self._candidates, self._matches
        words, text, offsets = sentence.distinct, sentence.text, sentence.offsets
        for first, pair in enumerate(pairs):
            certain, anywhere, later, by_later = candidates[pair]
            for number, length in certain:
                occurrences.append((number, first, first + length, ()))
            tried: Iterable[int] = anywhere
            if later and (standing := later & words):
                tried = {number for word in standing for number in by_later[word]}.union(anywhere)
            for number in tried:
                if match := matches[number](text, offsets[first]):
                    gaps = _gap_words(sentence, match) if match.lastindex else ()
                    occurrences.append((number, first, bisect_left(offsets, match.end()), gaps))
        occurrences.sort(key=_place)
        return occurrences


class _Remembered(dict[tuple[str, str], Candidates]):
    """What a function gives for each pair of words, kept until they become too many."""

    def __init__(self, function: Callable[[tuple[str, str]], Candidates]) -> None:
        self.function = function

    def __missing__(self, pair: tuple[str, str]) -> Candidates:
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

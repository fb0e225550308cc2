"""Finding many phrases in a sentence."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple, TypeVar

from coding.evidence.phrases import Phrase, compile_phrase
from coding.evidence.sentences import Sentence

MOST_REMEMBERED = 32_768
# Of the words that a few phrases need fewer sets stand in sentences.
MOST_STANDING = 1024

K = TypeVar("K")
V = TypeVar("V")

# What finds a phrase in a text from a place on.
Matches = Callable[[str, int], re.Match[str] | None]


class _Remembered(dict[K, V]):
    """What a function gives for each key, kept until there are too many."""

    def __init__(self, function: Callable[[K], V], most: int) -> None:
        self.function = function
        self.most = most

    def __missing__(self, key: K) -> V:
        if len(self) >= self.most:
            self.clear()
        self[key] = given = self.function(key)
        return given


class Candidates(NamedTuple):
    """The phrases that may stand where two words are.

    Of ``certain`` ones, of so many words, no more need be seen. Others are ``tried``, by which of the ``needed`` words
    stand in the sentence: only those none of whose parts is missing.
    """

    certain: tuple[tuple[int, int], ...]
    needed: frozenset[str]
    tried: Mapping[frozenset[str], tuple[int, ...]]


# A phrase in a sentence: its first word, its number, the word behind its last, and the words in its gaps. A plain tuple
# in the order by which it is sorted, because no other thing is made as often.
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
        self._needed = _words_of(phrase.needed for phrase in self._phrases)
        self._matches: tuple[Matches, ...] = tuple(phrase.pattern.match for phrase in self._phrases)
        self._candidates = _Remembered(self._beginning_with, MOST_REMEMBERED)
        # Most pairs of words begin the same phrases as some other pair.
        self._shared: dict[tuple[int, ...], Candidates] = {}

    def _beginning_with(self, pair: tuple[str, str]) -> Candidates | None:
        """The phrases that may stand where these two words are; None, as for most, if there are none."""
        word, following = pair
        beginnings = [f"{word[:length]}*" for length in self._lengths]
        numbers: set[int] = set()
        for start in (word, *beginnings):
            for number in self._by_start.get(start, ()):
                if _may_follow(following, self._phrases[number].openings[start]):
                    numbers.add(number)
        if not numbers:
            return None
        in_order = tuple(sorted(numbers))
        if in_order not in self._shared:
            self._shared[in_order] = self._candidates_of(in_order)
        return self._shared[in_order]

    def _candidates_of(self, numbers: Sequence[int]) -> Candidates:
        certain: list[tuple[int, int]] = []
        needs: dict[int, tuple[frozenset[str], ...]] = {}
        for number in numbers:
            phrase = self._phrases[number]
            if phrase.length:
                certain.append((number, phrase.length))
            else:
                needs[number] = phrase.needed

        def tried(standing: frozenset[str]) -> tuple[int, ...]:
            return tuple(number for number, needed in needs.items() if _all_stand(needed, standing))

        needed = _words_of(needs.values())
        return Candidates(tuple(certain), needed, _Remembered(tried, MOST_STANDING))

    def find(self, sentence: Sentence) -> list[Occurrence]:
        """Every phrase at every place where it stands, in order; of each the nearest end."""
        return self._occurrences(sentence, sentence.pairs())

    def opening(self, sentence: Sentence) -> list[Occurrence]:
        """The phrases that a sentence begins with."""
        return self._occurrences(sentence, islice(sentence.pairs(), 1))

    def _occurrences(
        self, sentence: Sentence, pairs: Iterable[tuple[str, str]]
    ) -> list[Occurrence]:
        occurrences: list[Occurrence] = []
        # The innermost loop over notes: names looked up once, candidates unpacked by place.
        candidates, matches = self._candidates, self._matches
        text, offsets = sentence.text, sentence.offsets
        # Of all words of the sentence few are needed by any phrase.
        standing = sentence.distinct & self._needed
        for first, pair in enumerate(pairs):
            may_stand = candidates[pair]
            if may_stand is None:
                continue
            certain, needed, tried = may_stand
            for number, length in certain:
                occurrences.append((first, number, first + length, ()))
            for number in tried[needed & standing]:
                if match := matches[number](text, offsets[first]):
                    gaps = _gap_words(offsets, match) if match.lastindex else ()
                    occurrences.append((first, number, bisect_left(offsets, match.end()), gaps))
        occurrences.sort()
        return occurrences


def _words_of(needed: Iterable[Iterable[frozenset[str]]]) -> frozenset[str]:
    """The words that some phrases need, whichever of their parts they are of."""
    return frozenset().union(*chain.from_iterable(needed))


def _all_stand(needed: Iterable[frozenset[str]], standing: frozenset[str]) -> bool:
    """Whether of each part of a phrase a word stands in a sentence."""
    return not any(part.isdisjoint(standing) for part in needed)


def index_of(phrases: Iterable[str]) -> PhraseIndex:
    """An index of phrases of general language, which name no groups."""
    return PhraseIndex([compile_phrase(phrase, {}) for phrase in phrases])


def _may_follow(word: str, nexts: frozenset[str]) -> bool:
    """Whether a word is one of those that must come next, or begins so; if there are none, any may."""
    return (
        not nexts
        or word in nexts
        or any(word.startswith(start[:-1]) for start in nexts if start.endswith("*"))
    )


def _gap_words(offsets: Sequence[int], match: re.Match[str]) -> tuple[int, ...]:
    """The words in the gaps of a match: of each gap those that begin in it."""
    gaps: list[int] = []
    for start, end in match.regs[1:]:
        gaps += range(bisect_left(offsets, start), bisect_left(offsets, end))
    return tuple(gaps)

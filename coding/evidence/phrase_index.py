"""Finding many phrases in a sentence."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, reduce
from itertools import islice
from operator import or_
from typing import Generic, NamedTuple, TypeVar

from coding.evidence.phrases import Phrase, compile_phrase
from coding.evidence.sentences import Sentence

MOST_REMEMBERED = 32_768
# Of the words that a few phrases need fewer sets stand in sentences.
MOST_STANDING = 1024

K = TypeVar("K")
V = TypeVar("V")

# Which of the parts that some phrase needs stand somewhere: a bit for each, because they are asked for all the time.
Parts = int
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

    Of ``certain`` ones, of so many words, no more need be seen. Others are ``tried``, by which of the ``needed`` parts
    stand in the sentence: only those none of whose parts is missing.
    """

    certain: tuple[tuple[int, int], ...]
    needed: Parts
    tried: Mapping[Parts, tuple[int, ...]]


# A phrase in a sentence: its first word, its number, the word behind its last, and the words in its gaps. A plain tuple
# in the order by which it is sorted, because no other thing is made as often.
Occurrence = tuple[int, int, int, tuple[int, ...]]


class PhraseIndex:
    """Many phrases, found by the words that each begins with."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        self._matches: tuple[Matches, ...] = tuple(phrase.pattern.match for phrase in self._phrases)
        self._begun = _Remembered(_begun_by(self._phrases).of, MOST_REMEMBERED)
        self._candidates = _Remembered(self._beginning_with, MOST_REMEMBERED)
        # Most pairs of words begin the same phrases as some other pair.
        self._shared: dict[tuple[int, ...], Candidates] = {}

        bits = _bits(part for phrase in self._phrases for part in _sought(phrase))
        self._needed = [_all_of(bits[part] for part in _sought(phrase)) for phrase in self._phrases]
        self._parts = _parts_by_start(bits)
        self._standing = _Remembered(self._standing_with, MOST_REMEMBERED)

    def _beginning_with(self, pair: tuple[str, str]) -> Candidates | None:
        """The phrases that may stand where these two words are; None, as for most, if there are none."""
        word, following = pair
        numbers: set[int] = set()
        for begun in self._begun[word]:
            numbers |= begun.before(following)
        if not numbers:
            return None
        in_order = tuple(sorted(numbers))
        if in_order not in self._shared:
            self._shared[in_order] = self._candidates_of(in_order)
        return self._shared[in_order]

    def _standing_with(self, word: str) -> Parts:
        """The parts of phrases that a word is a way to say."""
        return _all_of(self._parts.of(word))

    def _candidates_of(self, numbers: Sequence[int]) -> Candidates:
        phrases, needed = self._phrases, self._needed
        certain = [(number, phrases[number].length) for number in numbers if phrases[number].length]
        others = [number for number in numbers if not phrases[number].length]

        def tried(standing: Parts) -> tuple[int, ...]:
            return tuple(number for number in others if not needed[number] & ~standing)

        needed_of_others = _all_of(needed[number] for number in others)
        return Candidates(tuple(certain), needed_of_others, _Remembered(tried, MOST_STANDING))

    def find(self, sentence: Sentence) -> list[Occurrence]:
        """Every phrase at every place where it stands, in order; of each the nearest end."""
        return self._occurrences(sentence, sentence.pairs())

    def opening(self, sentence: Sentence) -> list[Occurrence]:
        """The phrases that a sentence begins with."""
        return self._occurrences(sentence, islice(sentence.pairs(), 1))

    def _occurrences(
        self, sentence: Sentence, pairs: Iterable[tuple[str, str]]
    ) -> list[Occurrence]:
        # The innermost loops over notes: what every word goes through takes no step that Python has to read.
        by_word = enumerate(map(self._candidates.__getitem__, pairs))
        candidates = [(first, may_stand) for first, may_stand in by_word if may_stand]
        if not candidates:
            return []
        occurrences: list[Occurrence] = []
        matches, text, offsets = self._matches, sentence.text, sentence.offsets
        standing = _all_of(map(self._standing.__getitem__, sentence.words))
        for first, (certain, needed, tried) in candidates:
            for number, length in certain:
                occurrences.append((first, number, first + length, ()))
            for number in tried[needed & standing]:
                if match := matches[number](text, offsets[first]):
                    gaps = _gap_words(offsets, match) if match.lastindex else ()
                    occurrences.append((first, number, bisect_left(offsets, match.end()), gaps))
        occurrences.sort()
        return occurrences


class _ByStart(Generic[V]):
    """What is kept for words, and for beginnings of words such as ``reduc*``."""

    def __init__(self, kept: Mapping[str, V]) -> None:
        self._kept = kept
        self._lengths = sorted({len(start) - 1 for start in kept if start.endswith("*")})

    def of(self, word: str) -> list[V]:
        """What is kept for a word and for each of its beginnings."""
        starts = [word, *[f"{word[:length]}*" for length in self._lengths]]
        return [self._kept[start] for start in starts if start in self._kept]


class _Begun:
    """The phrases that one word begins, by the words of which one must come next."""

    def __init__(self) -> None:
        self._before_any: set[int] = set()
        self._before: dict[str, set[int]] = defaultdict(set)

    def add(self, number: int, nexts: Iterable[str]) -> None:
        """Add a phrase; without ``nexts`` any word may follow."""
        if not nexts:
            self._before_any.add(number)
        for following in nexts:
            self._before[following].add(number)

    def before(self, following: str) -> set[int]:
        """The numbers of the phrases that may go on with a word."""
        return self._before_any.union(*self._by_next.of(following))

    @cached_property
    def _by_next(self) -> _ByStart[set[int]]:
        return _ByStart(self._before)


def _begun_by(phrases: Iterable[Phrase]) -> _ByStart[_Begun]:
    """The phrases by the words that they begin with."""
    by_start: dict[str, _Begun] = defaultdict(_Begun)
    for number, phrase in enumerate(phrases):
        for start, nexts in phrase.openings.items():
            by_start[start].add(number, nexts)
    return _ByStart(by_start)


def _sought(phrase: Phrase) -> tuple[frozenset[str], ...]:
    """The parts of a phrase that are sought in a sentence before it is; none if its first words are all of it."""
    return () if phrase.length else phrase.needed


def _bits(parts: Iterable[frozenset[str]]) -> dict[frozenset[str], Parts]:
    """A bit for each part."""
    return {part: 1 << number for number, part in enumerate(dict.fromkeys(parts))}


def _parts_by_start(bits: Mapping[frozenset[str], Parts]) -> _ByStart[Parts]:
    """The parts by the words that say them."""
    by_start: dict[str, Parts] = defaultdict(int)
    for part, bit in bits.items():
        for start in part:
            by_start[start] |= bit
    return _ByStart(by_start)


def _all_of(parts: Iterable[Parts]) -> Parts:
    return reduce(or_, parts, 0)


def index_of(phrases: Iterable[str]) -> PhraseIndex:
    """An index of phrases of general language, which name no groups."""
    return PhraseIndex([compile_phrase(phrase, {}) for phrase in phrases])


def _gap_words(offsets: Sequence[int], match: re.Match[str]) -> tuple[int, ...]:
    """The words in the gaps of a match: of each gap those that begin in it."""
    gaps: list[int] = []
    for start, end in match.regs[1:]:
        gaps += range(bisect_left(offsets, start), bisect_left(offsets, end))
    return tuple(gaps)

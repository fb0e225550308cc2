"""All phrases of a lexicon in one index: what each says, names or tells, found in one pass over a sentence."""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import NamedTuple

from coding.evidence.body import Mention, Part, longest_apart
from coding.evidence.phrase_index import Occurrence, PhraseIndex
from coding.evidence.phrases import Groups, Phrase, PhraseError, compile_phrase
from coding.evidence.sentences import Sentence
from coding.evidence.statements import Polarity, Time
from coding.evidence.terms import LexiconError, Term


class Gate(Enum):
    """What a phrase tells of what a note is about."""

    OTHER_OPERATION = "other operation"
    COMPLAINT = "complaint"


class Entry(NamedTuple):
    """A term, and what its fact is to its rule set.

    It ``asserts`` a value, or none, by its polarity, and ``holds`` at some times beside this encounter. It may be a
    ``finding``; one that is ``free`` is of no part of the body; to one that is ``operative`` an organ's name says
    nothing; an ``act`` is what was done. It ``speaks`` if it says something itself, and ``names`` something if that is
    a value; what it says ``opens`` the rule set, or may.
    """

    term: Term
    asserts: Mapping[Polarity, str | None]
    holds: tuple[Time, ...]
    finding: bool
    free: bool
    operative: bool
    act: bool
    speaks: bool
    names: bool
    opens: bool


# What a phrase may be: a row of the lexicon; or the name of a place, of a part of the body, or what opens the gate.
Name = str | Part | Gate
Meaning = Entry | Name


class Site(NamedTuple):
    """A place of the body, and the words that name it."""

    first: int
    after: int
    name: str


# A term with its standing, and where its phrase stands.
Match = tuple[Entry, Occurrence]


class Words(NamedTuple):
    """What the vocabulary finds in a sentence, each in the order of its places."""

    matches: list[Match]
    sites: list[Site]
    mentions: list[Mention]
    gates: list[tuple[Gate, Occurrence]]


class Vocabulary:
    """The phrases of a lexicon with what each means. Raises LexiconError for one that cannot be read."""

    def __init__(self, meanings: Iterator[tuple[str, str, Meaning]], groups: Groups) -> None:
        """``meanings`` are a place for errors, a phrase, and what it means."""
        by_phrase: dict[str, list[Meaning]] = {}
        phrases: list[Phrase] = []
        for place, phrase, meaning in meanings:
            if phrase not in by_phrase:
                phrases.append(_compiled(place, phrase, groups))
            by_phrase.setdefault(phrase, []).append(meaning)
        self._index = PhraseIndex(phrases)
        self._meanings = tuple(map(_Meanings.of, by_phrase.values()))

    def find(self, sentence: Sentence) -> Words | None:
        """What stands in a sentence; nothing in most."""
        occurrences = self._index.find(sentence)
        if not occurrences:
            return None
        words = Words([], [], [], [])
        for occurrence in occurrences:
            entries, names = self._meanings[occurrence[1]]
            for entry in entries:
                words.matches.append((entry, occurrence))
            for name in names:
                _take(words, name, occurrence)
        if words.mentions:
            words.mentions[:] = longest_apart(words.mentions)
        return words


class _Meanings(NamedTuple):
    """What one phrase means, most often as terms alone."""

    entries: tuple[Entry, ...]
    names: tuple[Name, ...]

    @classmethod
    def of(cls, meanings: Iterable[Meaning]) -> "_Meanings":
        entries: list[Entry] = []
        names: list[Name] = []
        for meaning in meanings:
            if isinstance(meaning, Entry):
                entries.append(meaning)
            else:
                names.append(meaning)
        return cls(tuple(entries), tuple(names))


def _take(words: Words, name: Name, occurrence: Occurrence) -> None:
    first, _, after, _ = occurrence
    match name:
        case Part():
            words.mentions.append(Mention(first, after, name))
        case Gate():
            words.gates.append((name, occurrence))
        case site:
            words.sites.append(Site(first, after, site))


def phrase_index(place: str, phrases: Iterable[str], groups: Groups) -> PhraseIndex:
    """Phrases that mean one thing all. Raises LexiconError for one that cannot be read, with the place for errors."""
    return PhraseIndex([_compiled(place, phrase, groups) for phrase in phrases])


def _compiled(place: str, phrase: str, groups: Groups) -> Phrase:
    try:
        return compile_phrase(phrase, groups)
    except PhraseError as error:
        raise LexiconError(f"{place}: {error}") from error

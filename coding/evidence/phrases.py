"""Phrases as rule administrators write them.

A phrase is words in order, in any case:

    left hip            these words, one after the other
    reduc*              any word that begins so
    brace|orthosis      one of these words
    (hip spica|cast)    one of these, each of one or more words
    [the|a]             may be missing
    {device}            one of the phrases of the group “device”
    <4>                 up to four words between, within the clause
    <4,>                the same, across commas, which are not counted
    ,  :  #             these marks; # where it stands for “fracture”
    .                   at the end of the phrase: the sentence ends here

Hyphens and slashes are no part of a word: “follow-up” is written ``follow up``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import prod

LONGEST_GAP = 12
MOST_GAPS = 2
MOST_ELEMENTS = 16
MOST_WAYS = 500
MOST_CHARACTERS = 300
ELEMENT = re.compile(
    r"\s*(?:<(?P<gap>\d{1,3})(?P<commas>,?)>|\[(?P<optional>[^][]*)\]|\((?P<one_of>[^()]*)\)|(?P<plain>[^][()<>\s]+))"
)
WORD = re.compile(r"(?:[^\W_]/[^\W_]|\d+(?:[.:/]\d+)*[^\W_]*|[^\W_]+(?:'[^\W_]+)*)\*?|[,:+%?#]")
GROUP = re.compile(r"\{([a-z_]+)\}")
GAP = r"((?:[^ ,:]+ ){0,%d}?)"
GAP_ACROSS_COMMAS = r"((?:(?:, )?[^ ,:]+ ){0,%d}?(?:, )?)"

Groups = Mapping[str, tuple[str, ...]]


class PhraseError(ValueError):
    """A phrase that cannot be read; the message holds the phrase and the cause."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase ready to be matched.

    ``openings`` are the words (or, ending in ``*``, beginnings) that it can start with, each with the words or
    beginnings of which one must come next; empty, any may. ``length`` is the number of words if those two alone decide,
    and 0 otherwise. ``needed`` are, of each later part that may not be missing, the words and beginnings of which one
    must stand in the sentence.
    """

    pattern: re.Pattern[str]
    openings: Mapping[str, frozenset[str]]
    length: int
    needed: tuple[frozenset[str], ...]


def compile_phrase(text: str, groups: Groups) -> Phrase:
    """The phrase that a text describes. Raises PhraseError."""
    if len(text) > MOST_CHARACTERS:
        raise PhraseError(
            f"“{text[:40]}…” has more than {MOST_CHARACTERS} characters. Write several phrases."
        )
    words = text.removesuffix(" .")
    ends_sentence = words != text
    elements = list(_elements(words, groups))
    _check_elements(text, elements)
    pattern = "".join(element.pattern() for element in elements)
    openings = _openings(text, elements)
    if ends_sentence:
        pattern += r"\Z"
        length = 0
    else:
        length = _certain_length(elements, openings)
    return Phrase(_compiled(pattern), openings, length, _needed(elements))


def spoken(text: str, groups: Groups) -> str:
    """The fewest words that a phrase can be; empty where other words stand between, or a word is a beginning only."""
    elements = list(_elements(text.removesuffix(" ."), groups))
    if any(isinstance(element, _Gap) for element in elements):
        return ""
    needed = [
        element for element in elements if isinstance(element, _Element) and not element.optional
    ]
    words = " ".join(element.choices[0] for element in needed)
    return "" if "*" in words else words


@lru_cache(maxsize=20_000)
def _compiled(pattern: str) -> re.Pattern[str]:
    """The states of a lexicon share nearly all their phrases; ``re`` itself keeps the last 512 patterns only."""
    return re.compile(pattern)


def _check_elements(text: str, elements: list["_Element | _Gap"]) -> None:
    """Refuse what would take long to match, or could not be looked up by its first word."""
    gaps = sum(isinstance(element, _Gap) for element in elements)
    if not elements or len(elements) > MOST_ELEMENTS or gaps > MOST_GAPS:
        raise PhraseError(
            f"“{text}” must have 1 to {MOST_ELEMENTS} parts, and at most {MOST_GAPS} of them gaps."
        )
    if isinstance(elements[0], _Gap) or isinstance(elements[-1], _Gap):
        raise PhraseError(f"“{text}” begins or ends with a gap. Begin and end with a word.")
    ways = prod(element.ways() for element in elements if isinstance(element, _Element))
    if ways > MOST_WAYS:
        raise PhraseError(
            f"“{text}” can be read in too many ways. Write fewer words that may be missing and end in *."
        )


def _openings(text: str, elements: list["_Element | _Gap"]) -> dict[str, frozenset[str]]:
    """Each word that a phrase can start with, and the words of which one must come next; empty if any may."""
    nexts: dict[str, list[set[str]]] = {}
    for place, element in enumerate(elements):
        if isinstance(element, _Gap):
            break
        following = _firsts(elements[place + 1 :])
        for first, *rest in map(str.split, element.choices):
            nexts.setdefault(first, []).append(set(rest[:1]) or following)
        if not element.optional:
            return {first: _one_of(words) for first, words in nexts.items()}
    raise PhraseError(
        f"“{text}” does not begin with a word that must be there. Put one before the first gap."
    )


def _one_of(alternatives: list[set[str]]) -> frozenset[str]:
    """The words and beginnings of all alternatives; empty if one of them allows any word."""
    return frozenset().union(*alternatives) if all(alternatives) else frozenset()


def _firsts(elements: list["_Element | _Gap"]) -> set[str]:
    """The words of which one must come first in what is left of a phrase; empty as above."""
    firsts: set[str] = set()
    for element in elements:
        if isinstance(element, _Gap):
            break
        firsts.update(choice.split()[0] for choice in element.choices)
        if not element.optional:
            return firsts
    return set()


def _needed(elements: list["_Element | _Gap"]) -> tuple[frozenset[str], ...]:
    """The first words and beginnings of each part behind the first that may not be missing."""
    needed: list[frozenset[str]] = []
    for element in elements[1:]:
        if isinstance(element, _Gap) or element.optional:
            continue
        needed.append(frozenset(choice.split()[0] for choice in element.choices))
    return tuple(needed)


def _certain_length(
    elements: list["_Element | _Gap"], openings: Mapping[str, frozenset[str]]
) -> int:
    """How many words a phrase has if its first two, which an index looks up, are all of it."""
    looked_up = 2 if all(openings.values()) else 1
    if len(elements) <= looked_up and all(map(_is_one_word, elements)):
        return len(elements)
    return 0


def _is_one_word(element: "_Element | _Gap") -> bool:
    if isinstance(element, _Gap) or element.optional:
        return False
    return not any(" " in choice for choice in element.choices)


@dataclass(frozen=True, slots=True)
class _Gap:
    words: int
    across_commas: bool

    def pattern(self) -> str:
        """As few words as will do."""
        return (GAP_ACROSS_COMMAS if self.across_commas else GAP) % self.words


@dataclass(frozen=True, slots=True)
class _Element:
    choices: tuple[str, ...]
    optional: bool

    def ways(self) -> int:
        """In how many ways it can be passed over or read where any word may stand: each is tried with all others."""
        return 1 + sum("*" in choice for choice in self.choices) if self.optional else 1

    def pattern(self) -> str:
        """Longest choice first, so that more specific words are preferred."""
        choices = sorted(self.choices, key=lambda choice: -len(choice.split()))
        written = "|".join("".join(map(_word_pattern, choice.split())) for choice in choices)
        return f"(?:{written}){'?' if self.optional else ''}"


def _word_pattern(word: str) -> str:
    return re.escape(word[:-1]) + "[^ ]* " if word.endswith("*") else re.escape(word) + " "


def _elements(text: str, groups: Groups) -> Iterable["_Element | _Gap"]:
    place = 0
    while place < len(text.rstrip()):
        match = ELEMENT.match(text, place)
        if match is None:
            raise PhraseError(
                f"“{text}” cannot be read from “{text[place:].strip()}” on. Check the brackets."
            )
        place = match.end()
        if gap := match["gap"]:
            if not 1 <= int(gap) <= LONGEST_GAP:
                raise PhraseError(f"“{text}” has a gap of {gap} words. Use 1 to {LONGEST_GAP}.")
            yield _Gap(int(gap), across_commas=bool(match["commas"]))
        else:
            choices = match["optional"] or match["one_of"] or match["plain"] or ""
            yield _Element(
                tuple(_choices(choices, text, groups)), optional=match["optional"] is not None
            )


def _choices(choices: str, text: str, groups: Groups) -> Iterable[str]:
    for choice in choices.split("|"):
        if match := GROUP.fullmatch(choice.strip()):
            if match[1] not in groups:
                raise PhraseError(f"“{text}” names the group “{match[1]}”, which there is not.")
            for phrase in groups[match[1]]:
                yield from _choices(phrase, phrase, {})
        else:
            yield _words(choice, text)


def _words(choice: str, text: str) -> str:
    """The words of a choice as sentences hold them."""
    plain = choice.lower().replace("’", "'").replace("-", " ")
    words = plain.split()
    for word in words:
        if not WORD.fullmatch(word):
            raise PhraseError(
                f"“{text}” has “{word}”, which is no word. Write letters and digits, and * at an end."
            )
    if not words:
        raise PhraseError(f"“{text}” has an empty choice. Write a word on each side of |.")
    return " ".join(words)

"""The passages that the reader gives, beside those that a coder marked by hand, as MDACE compares evidence.

Cheng and others 2023, "MDACE: MIMIC Documents Annotated with Code Evidence": over all notes together, a passage counts
as right if its place and its code are those of a marked one (exact span), a word if its place and code are (token). A
word is letters and digits, and a number above ten is none. Here a fact's value stands for the code.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from coding.evidence import Lexicon, read

DATA = Path(__file__).parents[1] / "tests" / "evidence"
NOTES = DATA / "other_short_notes.csv"
MARKED = DATA / "gold_passages.csv"
WORD = re.compile(r"\w+")
HIGHEST_NUMBER = 10


class Passage(NamedTuple):
    """A place in a note, and what it is evidence of."""

    note: str
    start: int
    end: int
    fact: str
    value: str


class Agreement(NamedTuple):
    """How far the passages of the reader are those of the coder: F1 of whole passages, and of their words."""

    span: float
    token: float


def agreement(lexicon: Lexicon) -> Agreement:
    """The agreement over all notes with marked passages, printed with precision and recall."""
    notes = {row["name"]: row["note_text"] for row in _rows(NOTES)}
    marked = {_place(notes[row["name"]], row) for row in _rows(MARKED)}
    facts = {passage.fact for passage in marked}
    names = sorted({passage.note for passage in marked})
    given = {
        passage
        for name in names
        for passage in _given(lexicon, name, notes[name])
        if passage.fact in facts
    }
    print(
        f"\nPassages of {len(facts)} facts in {len(names)} notes: {len(marked)} marked, {len(given)} given"
    )
    words_marked, words_given = (set(_words(notes, passages)) for passages in (marked, given))
    return Agreement(_f1("exact span", marked, given), _f1("token", words_marked, words_given))


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8-sig") as lines:
        return list(csv.DictReader(lines))


def _place(note: str, row: dict[str, str]) -> Passage:
    """A marked passage: the first of its words in the note. Raises ValueError if they do not stand there."""
    place = re.search(rf"(?<!\w){re.escape(row['passage'])}(?!\w)", note)
    if place is None:
        raise ValueError(
            f"{MARKED.name}: “{row['passage']}” does not stand in the note “{row['name']}”."
        )
    return Passage(row["name"], *place.span(), row["fact"], row["value"])


def _given(lexicon: Lexicon, name: str, note: str) -> Iterator[Passage]:
    """The passages of what is proposed; where they disagree, nothing is."""
    for fact, proposal in read(lexicon, note).proposals.items():
        if proposal.value is not None:
            yield from (
                Passage(name, *statement.span, fact, proposal.value)
                for statement in proposal.passages
            )


def _words(notes: dict[str, str], passages: Iterable[Passage]) -> Iterator[Passage]:
    for passage in passages:
        for word in WORD.finditer(notes[passage.note], passage.start, passage.end):
            if not word[0].isdigit() or int(word[0]) <= HIGHEST_NUMBER:
                yield passage._replace(start=word.start(), end=word.end())


def _f1(name: str, marked: set[Passage], given: set[Passage]) -> float:
    """Print and return how two sets agree."""
    both = len(marked & given)
    precision, recall = both / max(len(given), 1), both / max(len(marked), 1)
    f1 = 2 * both / max(len(marked) + len(given), 1)
    print(f"  {name:20} precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f}")
    return f1

"""How a note says what a code must have documented: passages of the notes of shipped worked cases, as they are read."""

import csv
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from coding import rulesets
from coding.decision import Asked, FactValue, Known, RuleTable
from coding.decision.facts import Band
from coding.evidence import Lexicon, Proposal, Span, read, sentences

LONGEST = 220


class ExamplePassage(NamedTuple):
    """A sentence of a worked case's note from which the answer of a fact is read."""

    case_id: str
    text: str


def passages_of(
    table: RuleTable, lexicon: Lexicon | None, code: str, documented: Sequence[Asked]
) -> dict[str, ExamplePassage]:
    """For each fact that the code must have documented the first such passage; none for a fact that no note tells.

    Cases that are written in the browser hold no note, so that no patient's text gets there.
    """
    passages: dict[str, ExamplePassage] = {}
    if lexicon is None:
        return passages

    for case_id, note in _notes_of(table.key, code):
        wanted = [asked for asked in documented if asked.fact.key not in passages]
        if not wanted:
            break
        split = tuple(sentences(note))
        places = [own.span(0, len(own.words)) for own in split if own.words]
        proposals = read(lexicon, note, split).proposals
        for asked in wanted:
            proposal = proposals.get(asked.fact.key)
            if proposal is not None and proposal.passages and _says(proposal, asked):
                text = _sentence_of(note, places, proposal.passages[0].span)
                passages[asked.fact.key] = ExamplePassage(case_id, text)
    return passages


def _says(proposal: Proposal, asked: Asked) -> bool:
    """Whether a note says an answer that is asked for."""
    answer = asked.fact.answer_from_text(proposal.text())
    return answer is not None and _is_asked(asked, answer)


def _is_asked(asked: Asked, answer: FactValue) -> bool:
    if answer in asked.answers:
        return True
    # A number that a note states lies in one of the bands that a code takes.
    if not isinstance(answer, Known) or type(answer.value) is not int:
        return False
    for own in asked.answers:
        if isinstance(own, Known) and isinstance(own.value, Band) and answer.value in own.value:
            return True
    return False


def _sentence_of(note: str, split: Sequence[Span], passage: Span) -> str:
    """The sentence in which a passage stands, or the passage where that is long."""
    for own in split:
        if own.start <= passage.start and passage.end <= own.end:
            sentence = note[own.start : own.end].strip()
            if len(sentence) <= LONGEST:
                return sentence
            break
    return note[passage.start : passage.end].strip()


@lru_cache(maxsize=256)
def _notes_of(key: str, code: str) -> tuple[tuple[str, str], ...]:
    """The shipped worked cases that end in a code, by their notes."""
    return tuple(_shipped_notes(key, code))


def _shipped_notes(key: str, code: str) -> Iterator[tuple[str, str]]:
    path = rulesets.cases_file(key)
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row.get("expected_code") == code and row.get("note_text"):
                yield row["id"], row["note_text"]

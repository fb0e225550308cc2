"""What a note says of the facts of a version, with its passages: proposals for a person to confirm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from coding.decision import FactValue, RuleTable
from coding.evidence import (
    Lexicon,
    Proposal,
    Sentence,
    Span,
    Statement,
    Treatment,
    contradictions,
    facts_told_apart,
    read,
    sentences,
    treatments,
)
from coding.models import GIVEN_SOURCES, Answer, RuleSetVersion, Service
from coding.rules import rulebook
from coding.rules.from_note import answer_text
from coding.rules.lexicons import lexicon_of


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a note. ``marked_by`` is ``lexicon`` or ``coder``."""

    start: int
    end: int
    text: str
    marked_by: str

    def to_data(self) -> dict[str, Any]:
        """As an answer keeps it."""
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "marked_by": self.marked_by,
        }


@dataclass(frozen=True, slots=True)
class NoteReading:
    """A note as a version's lexicon reads it; without a lexicon it says nothing.

    ``is_of_another`` says that the note is not of the rule set: nothing in it is proposed or held against an answer.
    ``treatments`` are those of a note that tells several, each a service of its own. ``parted`` are the facts that
    tell those of different sides apart: a person says which of them a service is, so nothing is proposed of these facts
    or held against an answer.
    """

    note: str
    lexicon: Lexicon | None = None
    statements: tuple[Statement, ...] = ()
    proposals: Mapping[str, Proposal] = field(default_factory=dict)
    is_of_another: bool = False
    treatments: tuple[Treatment, ...] = ()
    parted: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, version: RuleSetVersion, note: str, split: Sequence[Sentence] | None = None
    ) -> Self:
        """Read a note, of which ``split`` are the sentences if they are known."""
        if version.lexicon is None:
            return cls(note)
        lexicon = lexicon_of(version.lexicon)
        reading = read(lexicon, note, split)
        told = treatments(lexicon, reading.statements)
        parted = facts_told_apart(lexicon, reading.statements, told)
        return cls(
            note,
            lexicon,
            reading.statements,
            _without(parted, reading.proposals),
            is_of_another=not reading.opens,
            treatments=told,
            parted=parted,
        )

    def passages_for(self, fact: str, answer: FactValue) -> list[Passage]:
        """The passages that say what was answered."""
        proposal = self.proposals.get(fact)
        if proposal is None or proposal.text() != answer_text(answer):
            return []
        return self.passages(proposal.passages)

    def against(self, fact: str, answer: FactValue) -> list[Passage]:
        """The passages that say something else; none against what the note as a whole says, and the form proposes."""
        text = answer_text(answer)
        proposal = self.proposals.get(fact)
        if self.lexicon is None or fact in self.parted or (proposal and proposal.text() == text):
            return []
        contradicting = contradictions(self.lexicon, self.statements, fact, text)
        return self.passages(contradicting)

    def passages(self, statements: Sequence[Statement]) -> list[Passage]:
        """The passages of statements, in the note's order, without those that stand within another."""
        widest: list[Span] = []
        spans = {statement.with_denial for statement in statements}
        # Of spans that begin together the longest comes first, and takes the others in.
        for span in sorted(spans, key=lambda span: (span.start, -span.end)):
            if not widest or span.end > widest[-1].end:
                widest.append(span)
        return [self._passage(start, end, "lexicon") for start, end in widest]

    @property
    def sentences(self) -> list[Passage]:
        """The sentences of the note, for marking them by keyboard."""
        spans = [sentence.span(0, len(sentence.words)) for sentence in sentences(self.note)]
        return [self._passage(start, end, "coder") for start, end in spans]

    def marked(self, spans: Sequence[tuple[int, int]]) -> list[Passage]:
        """What a coder marked, each once, in the note's order; a span outside the note is left out."""
        length = len(self.note)
        inside = {(start, end) for start, end in spans if 0 <= start < end <= length}
        return [self._passage(start, end, "coder") for start, end in sorted(inside)]

    def _passage(self, start: int, end: int, marked_by: str) -> Passage:
        return Passage(start, end, self.note[start:end], marked_by)


def _without(left_out: frozenset[str], proposals: Mapping[str, Proposal]) -> Mapping[str, Proposal]:
    return {fact: proposal for fact, proposal in proposals.items() if fact not in left_out}


def standing_answers(service: Service, table: RuleTable, reading: NoteReading) -> dict[str, Answer]:
    """The answers that count, without those that were read in an earlier revision and that the note now contradicts.

    Their questions are asked again.
    """
    answers = rulebook.current_answers(service)
    revision = service.encounter.revision
    earlier = {fact: answer for fact, answer in answers.items() if answer.revision != revision}
    if not earlier:
        return answers
    facts = rulebook.facts_of(earlier, table)
    overtaken = {fact for fact, value in facts.items() if reading.against(fact, value)}
    return {fact: answer for fact, answer in answers.items() if fact not in overtaken}


class Stale(NamedTuple):
    """An answer that the note as it is now contradicts, or no longer supports."""

    answer: Answer
    contradicted: bool


def stale_answers(service: Service, table: RuleTable, reading: NoteReading) -> dict[str, Stale]:
    """The answers of earlier revisions that the note now contradicts, or whose passages it no longer holds.

    What was given rests on no note.
    """
    answers = rulebook.current_answers(service)
    revision = service.encounter.revision
    earlier = {}
    for fact, answer in answers.items():
        if answer.source not in GIVEN_SOURCES and answer.revision != revision:
            earlier[fact] = answer

    facts = rulebook.facts_of(earlier, table)
    stale = {}
    for fact, value in facts.items():
        answer = earlier[fact]
        contradicted = bool(reading.against(fact, value))
        lost = any(passage["text"] not in reading.note for passage in answer.passages)
        if contradicted or lost:
            stale[fact] = Stale(answer, contradicted)
    return stale

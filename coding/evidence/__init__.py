"""Evidence: from the text of a note to statements about facts, each with its passage and what decided it."""

from coding.evidence.context import context_of
from coding.evidence.contradictions import contradictions
from coding.evidence.doubts import certain_answers, doubts
from coding.evidence.events import Treatment, facts_told_apart, treatments
from coding.evidence.extract import extract
from coding.evidence.lexicon import Lexicon
from coding.evidence.proposals import Proposal
from coding.evidence.reading import Reading, names_body, opening_statements, propose, read
from coding.evidence.record import Record, RecordEvidence, finest, record_evidence
from coding.evidence.sentences import Sentence, sentences
from coding.evidence.statements import (
    Condition,
    Context,
    Experiencer,
    Polarity,
    Span,
    Statement,
    Strength,
    Time,
)
from coding.evidence.terms import LexiconError, Term

__all__ = [
    "Condition",
    "Context",
    "Experiencer",
    "Lexicon",
    "LexiconError",
    "Polarity",
    "Proposal",
    "Reading",
    "Record",
    "RecordEvidence",
    "Sentence",
    "Span",
    "Statement",
    "Strength",
    "Term",
    "Time",
    "Treatment",
    "certain_answers",
    "context_of",
    "contradictions",
    "doubts",
    "extract",
    "facts_told_apart",
    "finest",
    "names_body",
    "opening_statements",
    "propose",
    "read",
    "record_evidence",
    "sentences",
    "treatments",
]

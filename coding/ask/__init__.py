"""Ask: a fixed set of questions answered from rules, tables and notes. Pure: no Django, file or clock.

Whatever is no such question is not answered. See docs/ask.md.
"""

from coding.ask.answer import Answer, Cite, Line, Section
from coding.ask.asking import INTENTS, NOTE, ask, examples
from coding.ask.knowledge import Family, Knowledge, Release
from coding.ask.question import Question

__all__ = [
    "INTENTS",
    "NOTE",
    "Answer",
    "Cite",
    "Family",
    "Knowledge",
    "Line",
    "Question",
    "Release",
    "Section",
    "ask",
    "examples",
]

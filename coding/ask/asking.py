"""Asking: the documented questions in their order, and what is said where a text is none of them."""

import re
from collections.abc import Callable
from typing import NamedTuple

from coding.ask import both_sides, changes, details, differences, modifiers, notes, one_code, together, what_if
from coding.ask.answer import Answer, Line, section
from coding.ask.knowledge import CHECKS, Family, Knowledge
from coding.ask.question import WORD, Question
from coding.evidence import names_body

# So many questions are answered at once.
MOST_PARTS = 4
BETWEEN_QUESTIONS = re.compile(r"[?;\n]|\band\b", re.IGNORECASE)


class Intent(NamedTuple):
    """A kind of question: its name, words that hint at it, how it is asked, and what answers it."""

    name: str
    words: tuple[str, ...]
    example: Callable[[tuple[str, ...]], str]
    answer: Callable[[Question, Knowledge], Answer | None]


SHORT = tuple(
    Intent(module.NAME, module.WORDS, module.example, module.answer)
    for module in (what_if, modifiers, changes, details, together, differences, both_sides, one_code)
)
NOTE = Intent(notes.NAME, notes.WORDS, notes.example, notes.answer)
INTENTS = (*SHORT, NOTE)


def ask(question: Question, knowledge: Knowledge) -> Answer:
    """The answer of the first intent that takes the question; a long text is a note or nothing."""
    for intent in (*SHORT, NOTE) if question.is_short else (what_if_of(SHORT), NOTE):
        if answer := intent.answer(question, knowledge):
            return answer
    return _in_parts(question, knowledge) or _no_answer(question, knowledge)


def _in_parts(question: Question, knowledge: Knowledge) -> Answer | None:
    """The answers of a text that asks several things, where at least one of them is a documented question.

    A part that names no code is about the one code of the text.
    """
    parts = [part.strip() for part in BETWEEN_QUESTIONS.split(question.text) if WORD.search(part.lower())]
    if not 1 < len(parts) <= MOST_PARTS or not question.is_short:
        return None
    code = question.codes[0] if len(question.codes) == 1 else ""
    answers = [_answer_of_part(Question(part, code), knowledge) for part in parts]
    answered = [answer for answer in answers if answer]
    if not answered:
        return None
    left = [Line(f"“{part}”", knowledge.in_force) for part, answer in zip(parts, answers, strict=True) if not answer]
    sections = tuple(each for answer in answered for each in answer.sections)
    names = dict.fromkeys(answer.intent for answer in answered)
    titles = "; ".join(answer.title for answer in answered)
    return Answer(" and ".join(names), titles, (*sections, *section("I do not answer", left)))


def _answer_of_part(question: Question, knowledge: Knowledge) -> Answer | None:
    answers = (intent.answer(question, knowledge) for intent in SHORT)
    return next(filter(None, answers), None)


def what_if_of(intents: tuple[Intent, ...]) -> Intent:
    """The intent for lines, of which a claim may have more than a question has words."""
    return next(intent for intent in intents if intent.name == what_if.NAME)


def _no_answer(question: Question, knowledge: Knowledge) -> Answer:
    """What can be asked, the nearest first. Nothing is made up."""
    ranked = sorted(INTENTS, key=lambda intent: _hints(intent, question), reverse=True)
    nearest = [Line(example) for example in examples(question, knowledge, tuple(ranked))]
    unknown = [code for code in question.named if knowledge.family_of(code) is None]
    remarks = [Line(f"No rule set of {knowledge.day} has {code}.", knowledge.in_force) for code in unknown]
    if question.has_details_of_lines:
        text = "What stands behind a code is checked as lines only: “what if:”, then codes, modifiers and units alone."
        remarks.append(Line(text, CHECKS))
    if question.day(knowledge.day):
        text = f"Answers are of {knowledge.day}: another day goes into the field “On”."
        remarks.append(Line(text, knowledge.in_force))
    sections = (*section("Of what was asked", remarks), *section("What I can answer", nearest))
    return Answer("", "I do not answer that", sections)


def _hints(intent: Intent, question: Question) -> int:
    """How many of the words that hint at an intent the question has."""
    return sum(word in question.words for word in intent.words)


def examples(question: Question, knowledge: Knowledge, intents: tuple[Intent, ...] = INTENTS) -> list[str]:
    """How each intent is asked, with codes that are known on the day."""
    family = _family_meant(question, knowledge)
    codes = family.table.family if family else ()
    if len(codes) < 2:
        return []
    first = question.codes[0] if question.codes else ""
    if first in codes:
        codes = (first, *(code for code in codes if code != first))
    return [intent.example(codes) for intent in intents]


def _family_meant(question: Question, knowledge: Knowledge) -> Family | None:
    """The family of a code that is named, or of a part of the body that is; else any."""
    for code in question.codes:
        if family := knowledge.family_of(code):
            return family
    for family in knowledge.families:
        if family.lexicon and names_body(family.lexicon, question.text):
            return family
    return next(iter(knowledge.families), None)

"""Asking: the documented questions in their order, and what is said where a text is none of them."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from coding.ask import (
    both_sides,
    changes,
    details,
    differences,
    modifiers,
    notes,
    one_code,
    together,
    what_if,
)
from coding.ask.answer import Answer, Line, section
from coding.ask.knowledge import CHECKS, Family, Knowledge
from coding.ask.question import Question
from coding.evidence import names_body

# So many questions are answered at once.
MOST_PARTS = 4
QUESTION_MARK = re.compile(r"\?")
BETWEEN_QUESTIONS = re.compile(r"[?;\n]|\band\b", re.IGNORECASE)


class Intent(NamedTuple):
    """A kind of question: its name, words that hint at it, how it is asked, and what answers it."""

    name: str
    words: tuple[str, ...]
    example: Callable[[tuple[str, ...]], str]
    answer: Callable[[Question, Knowledge], Answer | None]


SHORT = tuple(
    Intent(module.NAME, module.WORDS, module.example, module.answer)
    for module in (
        what_if,
        modifiers,
        changes,
        details,
        together,
        differences,
        both_sides,
        one_code,
    )
)
NOTE = Intent(notes.NAME, notes.WORDS, notes.example, notes.answer)
INTENTS = (*SHORT, NOTE)


def ask(question: Question, knowledge: Knowledge) -> Answer:
    """The answer of the first intent that takes the question; a long text is a note or nothing.

    What is clearly several questions is divided before: an intent that takes the whole might mind one of them alone.
    """
    if answer := _of_marked_questions(question, knowledge) or _of_several_kinds(
        question, knowledge
    ):
        return answer
    for intent in (*SHORT, NOTE) if question.is_short else (what_if_of(SHORT), NOTE):
        if answer := intent.answer(question, knowledge):
            return answer
    return _in_parts(question, knowledge, BETWEEN_QUESTIONS) or _no_answer(question, knowledge)


def _of_marked_questions(question: Question, knowledge: Knowledge) -> Answer | None:
    """The answers of what question marks divide; a note with one in it stays whole."""
    answer = _in_parts(question, knowledge, QUESTION_MARK)
    return None if answer and NOTE.answer(question, knowledge) else answer


def _in_parts(question: Question, knowledge: Knowledge, between: re.Pattern[str]) -> Answer | None:
    """The answers of a text that asks several things, where at least one of them is a documented question."""
    parts = _parts(question, between)
    answers = [_answer_of_part(part, knowledge) for part in parts]
    asked = [
        None if _is_of_a_further_code(part, parts[0], answer) else answer
        for part, answer in zip(parts, answers, strict=True)
    ]
    return _joined(parts, asked, knowledge) if any(asked) else None


def _is_of_a_further_code(part: Question, first: Question, answer: Answer | None) -> bool:
    """Whether an answer tells when a code applies that but stands behind a question about another: not asked."""
    is_code_alone = bool(part.named) and part.is_only_of()
    is_when = answer is not None and answer.intent == one_code.NAME
    return is_when and is_code_alone and not first.is_only_of() and part.codes != first.codes


def _of_several_kinds(question: Question, knowledge: Knowledge) -> Answer | None:
    """The answers of parts that are documented questions, every one, of several kinds; a code alone is none here."""
    parts = _parts(question, BETWEEN_QUESTIONS)
    answers = [_answer_of_part(part, knowledge) for part in parts]
    kinds = {answer.intent if answer else "" for answer in answers}
    is_sure = len(kinds) > 1 and kinds.isdisjoint({"", one_code.NAME})
    return _joined(parts, answers, knowledge) if is_sure else None


def _joined(
    parts: Sequence[Question], answers: Sequence[Answer | None], knowledge: Knowledge
) -> Answer:
    """Answers as one, with the parts that have none."""
    answered = [answer for answer in answers if answer]
    asked_and_answered = zip(parts, answers, strict=True)
    left = [
        Line(f"“{part.text}”", knowledge.in_force)
        for part, answer in asked_and_answered
        if not answer
    ]
    sections = tuple(each for answer in answered for each in answer.sections)
    names = dict.fromkeys(answer.intent for answer in answered)
    titles = "; ".join(answer.title for answer in answered)
    return Answer(" and ".join(names), titles, (*sections, *section("I do not answer", left)))


def _parts(question: Question, between: re.Pattern[str]) -> list[Question]:
    """The parts of a text; of a code that they do not name, or call “it”, the one that was spoken of last.

    Before any was, that is the page's, or the only one of the text. None of a text that has one part, or too many.
    """
    if not question.is_short:
        return []
    spoken_of = question.code or (question.named[0] if len(question.named) == 1 else "")
    parts = []
    for text in filter(None, map(str.strip, between.split(question.text))):
        part = Question(text)
        is_about_it = not part.named or part.has("it")
        if not is_about_it and len(part.named) == 1:
            spoken_of = part.named[0]
        if part.named or part.numbers or not part.is_only_of():
            parts.append(Question(text, spoken_of if is_about_it else question.code))
    return parts if 1 < len(parts) <= MOST_PARTS else []


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
    remarks = [
        Line(f"No rule set of {knowledge.day} has {code}.", knowledge.in_force) for code in unknown
    ]
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


def examples(
    question: Question, knowledge: Knowledge, intents: tuple[Intent, ...] = INTENTS
) -> list[str]:
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

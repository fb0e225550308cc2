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
from coding.ask.answer import Answer, Line, joined, section
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


WHAT_IF = Intent(what_if.NAME, what_if.WORDS, what_if.example, what_if.answer)
# In this order they are tried: the narrower question before one that would take its words too.
SHORT = (
    WHAT_IF,
    Intent(modifiers.NAME, modifiers.WORDS, modifiers.example, modifiers.answer),
    Intent(changes.NAME, changes.WORDS, changes.example, changes.answer),
    Intent(details.NAME, details.WORDS, details.example, details.answer),
    Intent(together.NAME, together.WORDS, together.example, together.answer),
    Intent(differences.NAME, differences.WORDS, differences.example, differences.answer),
    Intent(both_sides.NAME, both_sides.WORDS, both_sides.example, both_sides.answer),
    Intent(one_code.NAME, one_code.WORDS, one_code.example, one_code.answer),
)
NOTE = Intent(notes.NAME, notes.WORDS, notes.example, notes.answer)
INTENTS = (*SHORT, NOTE)


def ask(question: Question, knowledge: Knowledge) -> Answer:
    """The answer of the first intent that takes the question; a long text is a note or nothing.

    What is clearly several questions is divided before: an intent that takes the whole might mind one of them alone.
    """
    of_several = _of_marked_questions(question, knowledge) or _of_several_kinds(question, knowledge)
    if of_several:
        return of_several

    # A claim may have more lines than a question has words.
    intents = INTENTS if question.is_short else (WHAT_IF, NOTE)
    for intent in intents:
        answer = intent.answer(question, knowledge)
        if answer:
            return answer

    return _in_parts(question, knowledge, BETWEEN_QUESTIONS) or _no_answer(question, knowledge)


def _of_marked_questions(question: Question, knowledge: Knowledge) -> Answer | None:
    """The answers of what question marks divide; a note with one in it stays whole."""
    answer = _in_parts(question, knowledge, QUESTION_MARK)
    if answer and NOTE.answer(question, knowledge):
        return None
    return answer


def _in_parts(question: Question, knowledge: Knowledge, between: re.Pattern[str]) -> Answer | None:
    """The answers of a text that asks several things, where at least one of them is a documented question."""
    parts = _parts(question, between)
    answers: list[Answer | None] = []
    for part in parts:
        answer = _answer_of_part(part, knowledge)
        if _is_of_a_further_code(part, parts[0], answer):
            answer = None
        answers.append(answer)
    if not any(answers):
        return None
    return _joined(parts, answers, knowledge)


def _is_of_a_further_code(part: Question, first: Question, answer: Answer | None) -> bool:
    """Whether an answer tells when a code applies that but stands behind a question about another: not asked."""
    is_code_alone = bool(part.named) and part.is_only_of()
    is_when = answer is not None and answer.intent == one_code.NAME
    return is_when and is_code_alone and not first.is_only_of() and part.codes != first.codes


def _of_several_kinds(question: Question, knowledge: Knowledge) -> Answer | None:
    """The answers of parts that are documented questions, every one, of several kinds; a code alone is none here."""
    parts = _parts(question, BETWEEN_QUESTIONS)
    answers = [_answer_of_part(part, knowledge) for part in parts]
    kinds = {answer.intent for answer in answers if answer}
    is_sure = all(answers) and len(kinds) > 1 and one_code.NAME not in kinds
    if not is_sure:
        return None
    return _joined(parts, answers, knowledge)


def _joined(
    parts: Sequence[Question], answers: Sequence[Answer | None], knowledge: Knowledge
) -> Answer:
    """Answers as one, with the parts that have none."""
    answered: list[Answer] = []
    left: list[Line] = []
    for part, answer in zip(parts, answers, strict=True):
        if answer:
            answered.append(answer)
        else:
            left.append(Line(f"“{part.text}”", knowledge.in_force))

    names = dict.fromkeys(answer.intent for answer in answered)
    titles = [answer.title for answer in answered]
    sections = joined(answer.sections for answer in answered)
    whole = Answer(" and ".join(names), "; ".join(titles), sections)
    return whole.followed_by(section("I do not answer", left))


def _parts(question: Question, between: re.Pattern[str]) -> list[Question]:
    """The parts of a text; of a code that they do not name, or call “it”, the one that was spoken of last.

    Before any was, that is the page's, or the only one of the text. None of a text that has one part, or too many.
    """
    if not question.is_short:
        return []

    spoken_of = question.code
    if not spoken_of and len(question.named) == 1:
        spoken_of = question.named[0]

    parts = []
    for divided in between.split(question.text):
        text = divided.strip()
        part = Question(text)
        is_about_it = not part.named or part.has("it")
        if not is_about_it and len(part.named) == 1:
            spoken_of = part.named[0]

        says_something = part.named or part.numbers or not part.is_only_of()
        if says_something:
            parts.append(Question(text, spoken_of if is_about_it else question.code))

    return parts if 1 < len(parts) <= MOST_PARTS else []


def _answer_of_part(question: Question, knowledge: Knowledge) -> Answer | None:
    for intent in SHORT:
        answer = intent.answer(question, knowledge)
        if answer:
            return answer
    return None


def _no_answer(question: Question, knowledge: Knowledge) -> Answer:
    """What can be asked, the nearest first. Nothing is made up."""
    ranked = sorted(INTENTS, key=lambda intent: _hints(intent, question), reverse=True)
    nearest = [Line(example) for example in examples(question, knowledge, tuple(ranked))]

    remarks = []
    for code in question.named:
        if knowledge.family_of(code) is None:
            text = f"No rule set of {knowledge.day} has {code}."
            remarks.append(Line(text, knowledge.in_force))
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
    asked = question.codes[0] if question.codes else ""
    if asked in codes:
        others = [code for code in codes if code != asked]
        codes = (asked, *others)
    return [intent.example(codes) for intent in intents]


def _family_meant(question: Question, knowledge: Knowledge) -> Family | None:
    """The family of a code that is named, or of a part of the body that is; else any."""
    for code in question.codes:
        own = knowledge.family_of(code)
        if own is not None:
            return own
    for family in knowledge.families:
        if family.lexicon and names_body(family.lexicon, question.text):
            return family
    return next(iter(knowledge.families), None)

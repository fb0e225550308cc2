"""Asking: the documented questions in their order, and what is said where a text is none of them."""

from collections.abc import Callable
from typing import NamedTuple

from coding.ask import both_sides, changes, details, differences, modifiers, notes, one_code, together, what_if
from coding.ask.answer import Answer, Line, section
from coding.ask.knowledge import Knowledge
from coding.ask.question import Question


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
    return _no_answer(question, knowledge)


def what_if_of(intents: tuple[Intent, ...]) -> Intent:
    """The intent for lines, of which a claim may have more than a question has words."""
    return next(intent for intent in intents if intent.name == what_if.NAME)


def _no_answer(question: Question, knowledge: Knowledge) -> Answer:
    """What can be asked, the nearest first. Nothing is made up."""
    ranked = sorted(INTENTS, key=lambda intent: -sum(word in question.words for word in intent.words))
    nearest = [Line(example) for example in examples(question, knowledge, tuple(ranked))]
    unknown = [code for code in question.named if knowledge.family_of(code) is None]
    codes = [Line(f"No rule set of {knowledge.day} has {code}.", knowledge.in_force) for code in unknown]
    return Answer("", "I do not answer that", (*section("Of the codes", codes), *section("What I can answer", nearest)))


def examples(question: Question, knowledge: Knowledge, intents: tuple[Intent, ...] = INTENTS) -> list[str]:
    """How each intent is asked, with codes that are known on the day."""
    family = knowledge.family_of(question.codes[0]) if question.codes else None
    family = family or next(iter(knowledge.families), None)
    codes = family.table.family if family else ()
    own = question.codes[0] if question.codes and question.codes[0] in codes else ""
    ordered = (own, *(code for code in codes if code != own)) if own else codes
    return [intent.example(ordered) for intent in intents] if len(ordered) > 1 else []

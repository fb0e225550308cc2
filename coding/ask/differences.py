"""Which of two codes: what tells them apart, and what comes of changing one answer alone."""

from coding.ask.answer import Answer, Line, section
from coding.ask.knowledge import Family, Knowledge
from coding.ask.question import Question
from coding.decision import DecisionError, Difference, contrast

NAME = "one code or the other"
WORDS = ("or", "versus", "vs", "difference", "differ", "differs", "between", "neither", "instead")


def example(codes: tuple[str, ...]) -> str:
    """How it is asked."""
    return f"{codes[0]} or {codes[1]}?"


def answer(question: Question, knowledge: Knowledge) -> Answer | None:
    """The fewest facts in which two codes of one family differ."""
    codes = question.named if len(question.named) != 1 else (question.code, *question.named)
    is_asked = question.has(*WORDS) or not question.words
    if len(codes) != 2 or codes[0] == codes[1] or not all(codes) or not is_asked:
        return None
    first, second = codes
    family = knowledge.family_of(first)
    if family is None or family is not knowledge.family_of(second):
        return None
    try:
        apart = contrast(family.table, first, second)
    except DecisionError:
        return None
    if apart is None:
        return None
    facts = " and ".join(difference.label for difference in apart.differences)
    several = len(apart.differences) > 1
    return Answer(
        NAME,
        f"{first} and {second} differ in {facts}",
        (
            *section(
                f"{first}: {family.label(first)}",
                (_needs(difference.label, difference.first, family, first) for difference in apart.differences),
            ),
            *section(
                f"{second}: {family.label(second)}",
                (_needs(difference.label, difference.second, family, second) for difference in apart.differences),
            ),
            *section(
                f"From {first}, with one of them changed alone",
                (_alone(difference, family) for difference in apart.differences if several),
            ),
        ),
    )


def _needs(label: str, words: str, family: Family, code: str) -> Line:
    return Line(f"{label}: {words}", family.rules_of(code))


def _alone(difference: Difference, family: Family) -> Line:
    changed = f"{difference.label}: {difference.second}"
    if difference.alone is None or difference.alone.outcome is None:
        return Line(f"{changed}. More would have to be asked.", (family.whole,))
    outcome = difference.alone.outcome
    return Line(f"{changed}. Then {outcome.name}: {outcome.message}", (family.rule(difference.alone.rule_id),))

"""Which of two codes: what tells them apart, and what comes of changing one answer alone."""

from itertools import combinations

from coding.ask.answer import Answer, Line, section
from coding.ask.knowledge import Family, Knowledge
from coding.ask.question import Question
from coding.decision import DecisionError, Difference, contrast

NAME = "one code or the other"
MOST_CODES = 5
WORDS = ("or", "versus", "vs", "difference", "differ", "differs", "between", "neither", "instead")


def example(codes: tuple[str, ...]) -> str:
    """How it is asked."""
    return f"{codes[0]} or {codes[1]}?"


def answer(question: Question, knowledge: Knowledge) -> Answer | None:
    """The fewest facts in which two codes of one family differ; of several codes, in which each two of them do."""
    codes = question.named if len(question.named) != 1 else (question.code, *question.named)
    codes = tuple(dict.fromkeys(filter(None, codes)))
    is_asked = question.has(*WORDS, "which") or not question.words
    family = knowledge.family_of(codes[0]) if codes else None
    if not is_asked or family is None or not set(codes) <= set(family.table.family):
        return None
    if not 2 <= len(codes) <= MOST_CODES or question.has_more_than_codes:
        return None
    try:
        apart = _of_two(family, *codes) if len(codes) == 2 else _of_several(family, codes)
    except DecisionError:
        return None
    left_out = section("Left out", knowledge.left_out(question.words_beyond(*WORDS)))
    return apart.followed_by(left_out) if apart else None


def _of_several(family: Family, codes: tuple[str, ...]) -> Answer:
    """Each two of the codes by what tells them apart."""
    sections = tuple(
        part
        for first, second in combinations(codes, 2)
        for part in section(f"{first} or {second}", _apart(family, first, second))
    )
    return Answer(NAME, f"What tells {', '.join(codes)} apart", sections)


def _apart(family: Family, first: str, second: str) -> list[Line]:
    apart = contrast(family.table, first, second)
    rests_on = (*family.rules_of(first), *family.rules_of(second))
    if apart is None:
        return [Line("No answers lead to one of them.", rests_on)]
    return [
        Line(f"{each.label}: {each.first} for {first}; {each.second} for {second}", rests_on)
        for each in apart.differences
    ]


def _of_two(family: Family, first: str, second: str) -> Answer | None:
    apart = contrast(family.table, first, second)
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
                (
                    _needs(difference.label, difference.first, family, first)
                    for difference in apart.differences
                ),
            ),
            *section(
                f"{second}: {family.label(second)}",
                (
                    _needs(difference.label, difference.second, family, second)
                    for difference in apart.differences
                ),
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
    return Line(
        f"{changed}. Then {outcome.name}: {outcome.message}",
        (family.rule(difference.alone.rule_id),),
    )

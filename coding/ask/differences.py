"""Which of two codes: what tells them apart, and what comes of changing one answer alone."""

from itertools import combinations

from coding.ask.answer import Answer, Line, joined, section
from coding.ask.knowledge import Family, Knowledge
from coding.ask.question import Question
from coding.decision import DecisionError, Difference, contrast

NAME = "one code or the other"
MOST_CODES = 5
WORDS = ("or", "versus", "vs", "difference", "differ", "differs", "between", "neither", "instead")


def example(codes: tuple[str, ...]) -> str:
    return f"{codes[0]} or {codes[1]}?"


def answer(question: Question, knowledge: Knowledge) -> Answer | None:
    """The fewest facts in which two codes of one family differ; of several codes, in which each two of them do."""
    codes = question.named
    is_on_page_of_another = bool(question.code) and question.code not in codes
    if len(codes) == 1 and is_on_page_of_another:
        # Beside one code alone, the page's is the other.
        codes = (question.code, *codes)
    is_asked = question.has(*WORDS, "which") or not question.words
    are_several = 2 <= len(codes) <= MOST_CODES
    if not is_asked or not are_several or question.has_more_than_codes:
        return None

    family = knowledge.family_of(codes[0])
    if family is None or not set(codes) <= set(family.table.family):
        return None
    try:
        apart = _told_apart(family, codes)
    except DecisionError:
        return None
    if apart is None:
        return None
    left_out = knowledge.left_out(question.words_beyond(*WORDS))
    return apart.followed_by(section("Left out", left_out))


def _told_apart(family: Family, codes: tuple[str, ...]) -> Answer | None:
    if len(codes) > 2:
        return _of_several(family, codes)
    first, second = codes
    return _of_two(family, first, second)


def _of_several(family: Family, codes: tuple[str, ...]) -> Answer:
    """Each two of the codes by what tells them apart."""
    sections = []
    for first, second in combinations(codes, 2):
        sections.append(section(f"{first} or {second}", _apart(family, first, second)))
    return Answer(NAME, f"What tells {', '.join(codes)} apart", joined(sections))


def _apart(family: Family, first: str, second: str) -> list[Line]:
    apart = contrast(family.table, first, second)
    rests_on = (*family.rules_of(first), *family.rules_of(second))
    if apart is None:
        return [Line("No answers lead to one of them.", rests_on)]
    lines = []
    for each in apart.differences:
        text = f"{each.label}: {each.first} for {first}; {each.second} for {second}"
        lines.append(Line(text, rests_on))
    return lines


def _of_two(family: Family, first: str, second: str) -> Answer | None:
    apart = contrast(family.table, first, second)
    if apart is None:
        return None

    of_first, of_second, alone = [], [], []
    for each in apart.differences:
        of_first.append(Line(f"{each.label}: {each.first}", family.rules_of(first)))
        of_second.append(Line(f"{each.label}: {each.second}", family.rules_of(second)))
        # Where they differ in one fact, to change it is to have the other code.
        if len(apart.differences) > 1:
            alone.append(_alone(each, family))

    facts = " and ".join(each.label for each in apart.differences)
    sections = (
        *section(f"{first}: {family.label(first)}", of_first),
        *section(f"{second}: {family.label(second)}", of_second),
        *section(f"From {first}, with one of them changed alone", alone),
    )
    return Answer(NAME, f"{first} and {second} differ in {facts}", sections)


def _alone(difference: Difference, family: Family) -> Line:
    changed = f"{difference.label}: {difference.second}"
    if difference.alone is None or difference.alone.outcome is None:
        return Line(f"{changed}. More would have to be asked.", (family.whole,))
    outcome = difference.alone.outcome
    text = f"{changed}. Then {outcome.name}: {outcome.message}"
    return Line(text, (family.rule(difference.alone.rule_id),))

"""When one code applies."""

from coding.ask.answer import Answer, Line, section
from coding.ask.knowledge import Knowledge, row_of, totals
from coding.ask.question import Question
from coding.claim import Tables
from coding.decision import DecisionError, code_region

NAME = "when a code applies"
WORDS = ("when", "applies", "apply", "mean", "means", "about", "explain")


def example(codes: tuple[str, ...]) -> str:
    return f"when does {codes[0]} apply"


def answer(question: Question, knowledge: Knowledge) -> Answer | None:
    """What every case of the code has; for a code without rules what the fee schedule holds."""
    if not _is_asked(question):
        return None
    [code] = question.codes
    tables = knowledge.look_up([code])
    values = [*_values(code, tables), *_limit(code, tables)]
    family = knowledge.family_of(code)
    if family is None:
        return _of_values_alone(code, values)
    try:
        region = code_region(family.table, code)
    except DecisionError:
        return None

    heading = "Every case of it has these"
    always = []
    if region is not None:
        if region.exact:
            heading = "Exactly when all of these hold"
        for asked in region.always:
            always.append(Line(f"{asked.fact.label}: {asked.words}", family.rules_of(code)))

    sections = (
        *section(heading, always),
        *section("Values", values or [Line("No value loaded.", knowledge.loaded)]),
        *section("Worked cases and precedents", knowledge.cases_of(code)),
    )
    return Answer(NAME, f"{code}: {family.label(code)}", sections)


def _of_values_alone(code: str, values: list[Line]) -> Answer | None:
    if not values:
        return None
    title = f"{code}: no rule set of this day has it"
    return Answer(NAME, title, section("Values", values))


def _is_asked(question: Question) -> bool:
    """Whether it is about one code, which it names or asks of in these words, and asks nothing else."""
    is_about_code = question.named or question.has("apply", "applies")
    is_more = question.has_more_than_codes or not question.is_only_of(*WORDS)
    return len(question.codes) == 1 and bool(is_about_code) and not is_more


def _limit(code: str, tables: Tables) -> list[Line]:
    limits = tables.unit_limits
    if limits is None or code not in limits.rows:
        return []
    limit = limits.rows[code]
    return [Line(f"most units {limit.units}", (row_of(limits, code),))]


def _values(code: str, tables: Tables) -> list[Line]:
    fee = tables.fee(code)
    if fee is None or tables.fees is None:
        return []
    days = fee.global_days or "no"
    text = f"work {fee.work}, {totals(fee)}, {days} global days"
    return [Line(text, (row_of(tables.fees, code),))]

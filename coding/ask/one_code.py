"""When one code applies."""

from coding.ask.answer import Answer, Cite, Line, section
from coding.ask.knowledge import Knowledge
from coding.ask.question import Question
from coding.claim import Tables
from coding.decision import DecisionError, code_region

NAME = "when a code applies"
WORDS = ("when", "applies", "apply", "mean", "means", "about", "explain")


def example(codes: tuple[str, ...]) -> str:
    """How it is asked."""
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
        title = f"{code}: no rule set of this day has it"
        return Answer(NAME, title, section("Values", values)) if values else None
    try:
        region = code_region(family.table, code)
    except DecisionError:
        return None
    always = region.always if region else ()
    whole = (
        "Exactly when all of these hold"
        if region and region.exact
        else "Every case of it has these"
    )
    rests_on = family.rules_of(code)
    return Answer(
        NAME,
        f"{code}: {family.label(code)}",
        (
            *section(
                whole, (Line(f"{asked.fact.label}: {asked.words}", rests_on) for asked in always)
            ),
            *section("Values", values or [Line("No value loaded.", knowledge.loaded)]),
            *section("Worked cases and precedents", knowledge.cases_of(code)),
        ),
    )


def _is_asked(question: Question) -> bool:
    """Whether it is about one code, which it names or asks of in these words, and asks nothing else."""
    is_about_code = question.named or question.has("apply", "applies")
    is_more = question.has_more_than_codes or not question.is_only_of(*WORDS)
    return len(question.codes) == 1 and bool(is_about_code) and not is_more


def _limit(code: str, tables: Tables) -> list[Line]:
    limits = tables.unit_limits
    limit = limits.rows.get(code) if limits else None
    return (
        [Line(f"most units {limit.units}", (Cite(f"{limits.name}, {code}"),))]
        if limits and limit
        else []
    )


def _values(code: str, tables: Tables) -> list[Line]:
    fee = tables.fee(code)
    if fee is None or tables.fees is None:
        return []
    text = f"work {fee.work}, facility {fee.facility_total}, office {fee.non_facility_total}, global {fee.global_days}"
    return [Line(text, (Cite(f"{tables.fees.name}, {code}"),))]

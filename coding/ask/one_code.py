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
    is_asked = question.named or question.has("apply", "applies")
    is_more = question.has_more_than_codes or not question.is_only_of(*WORDS)
    if len(question.codes) != 1 or not is_asked or is_more:
        return None
    [code] = question.codes
    tables = knowledge.look_up([code])
    family = knowledge.family_of(code)
    known = [*_values(code, tables), *_limit(code, tables)]
    if family is None and not known:
        return None
    values = known or [Line("No value loaded.", knowledge.loaded)]
    if family is None:
        return Answer(NAME, f"{code}: no rule set of this day has it", section("Values", values))
    try:
        region = code_region(family.table, code)
    except DecisionError:
        return None
    always = region.always if region else ()
    whole = "Exactly when all of these hold" if region and region.exact else "Every case of it has these"
    rests_on = family.rules_of(code)
    return Answer(
        NAME,
        f"{code}: {family.label(code)}",
        (
            *section(whole, (Line(f"{asked.fact.label}: {asked.words}", rests_on) for asked in always)),
            *section("Values", values),
            *section("Worked cases and precedents", knowledge.cases_of(code)),
        ),
    )


def _limit(code: str, tables: Tables) -> list[Line]:
    limits = tables.unit_limits
    limit = limits.rows.get(code) if limits else None
    return [Line(f"most units {limit.units}", (Cite(f"{limits.name}, {code}"),))] if limits and limit else []


def _values(code: str, tables: Tables) -> list[Line]:
    fee = tables.fee(code)
    if fee is None or tables.fees is None:
        return []
    text = f"work {fee.work}, facility {fee.facility_total}, office {fee.non_facility_total}, global {fee.global_days}"
    return [Line(text, (Cite(f"{tables.fees.name}, {code}"),))]

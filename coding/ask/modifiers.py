"""A modifier, alone or with a code: which rules yield it, and what the checks of claims say with it and without."""

from collections.abc import Iterable

from coding.ask.answer import Answer, Cite, Line, section
from coding.ask.knowledge import Family, Knowledge, of_finding
from coding.ask.question import Question
from coding.claim import Finding, Tables
from coding.decision import in_words

NAME = "a modifier"
WORDS = ("modifier", "modifiers")
# So many codes of visits are tried beside a code.
MOST_TRIED = 12


def example(codes: tuple[str, ...]) -> str:
    """How it is asked."""
    return f"modifier 25 with {codes[0]}"


def answer(question: Question, knowledge: Knowledge) -> Answer | None:
    """When rules yield the modifier; what changes with it on the code's line, and on a visit beside the code."""
    modifier = question.modifier
    if not modifier:
        return None
    code = question.codes[0] if question.codes else ""
    own = knowledge.family_of(code)
    families = [own] if own else knowledge.families if not code else ()
    by_rules = [line for family in families for line in _by_rules(family, modifier)]
    visits = _visits(knowledge) if code else ()
    tables = knowledge.look_up({code, *visits}) if code else None
    return Answer(
        NAME,
        f"Modifier {modifier}" + (f" with {code}" if code else ""),
        (
            *section("By the rules", by_rules or [_no_rule(own, modifier, code)]),
            *section(f"On the line of {code}", _on_the_line(code, modifier, knowledge, tables) if tables else ()),
            *section("On a visit beside it", _on_a_visit(code, modifier, visits, knowledge, tables) if tables else ()),
            *section("The code's days", _days(code, tables) if tables else ()),
        ),
    )


def _by_rules(family: Family, modifier: str) -> Iterable[Line]:
    facts = family.table.fact_by_key
    for row in family.table.modifiers:
        if row.modifier == modifier:
            ways = (
                "; ".join(f"{facts[cell.fact].label}: {in_words(facts[cell.fact], cell)}" for cell in cells)
                for cells in row.rows
            )
            yield Line(f"Reported when {' or '.join(ways)}", (family.whole,))


def _no_rule(family: Family | None, modifier: str, code: str) -> Line:
    if family:
        text = f"No answer of its rule set yields {modifier}: it follows from other lines, or not at all."
        return Line(text, (family.whole,))
    return Line(f"No rule set of this day has {code}." if code else f"No rule set of this day yields {modifier}.")


def _on_the_line(code: str, modifier: str, knowledge: Knowledge, tables: Tables) -> list[Line]:
    without = knowledge.findings([(code, (), 1)], tables)
    with_it = knowledge.findings([(code, (modifier,), 1)], tables)
    return _changed(without, with_it, modifier) or [Line("The checks say the same with it and without it.")]


def _on_a_visit(code: str, modifier: str, visits: Iterable[str], knowledge: Knowledge, tables: Tables) -> list[Line]:
    for visit in visits:
        if visit == code:
            continue
        without = knowledge.findings([(visit, (), 1), (code, (), 1)], tables)
        with_it = knowledge.findings([(visit, (modifier,), 1), (code, (), 1)], tables)
        if changed := _changed(without, with_it, f"{modifier} on the visit {visit}"):
            return changed
    return []


def _changed(without: list[Finding], with_it: list[Finding], what: str) -> list[Line]:
    before, after = {one.message for one in without}, {one.message for one in with_it}
    gone = [Line(f"Without {what}: {one.message}", of_finding(one)) for one in without if one.message not in after]
    new = [Line(f"With {what}: {one.message}", of_finding(one)) for one in with_it if one.message not in before]
    return gone + new


def _visits(knowledge: Knowledge) -> tuple[str, ...]:
    """Codes of visits, by the lists of the checks that speak of visits; last ones first, which are established."""
    lists = knowledge.checks.lists.codes
    names = {str(check.options.get("visits")) for check in knowledge.checks.checks}.intersection(lists)
    codes = [code for family in knowledge.families for code in family.table.family]
    return tuple(code for code in reversed(codes) if any(code in lists[name] for name in names))[:MOST_TRIED]


def _days(code: str, tables: Tables) -> list[Line]:
    fee = tables.fee(code)
    if fee is None or tables.fees is None:
        return [Line("No value loaded.")]
    return [Line(f"{code} has {fee.global_days or 'no'} global days.", (Cite(f"{tables.fees.name}, {code}"),))]

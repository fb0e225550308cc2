"""A modifier, alone or with a code: which rules yield it, and what the checks of claims say with it and without."""

from collections.abc import Iterable

from coding.ask.answer import Answer, Cite, Line, Section, section
from coding.ask.knowledge import CHECKS, Family, Knowledge, finding_line
from coding.ask.question import Question
from coding.ask.together import pair_lines
from coding.claim import Finding, Tables

NAME = "a modifier"
WORDS = ("modifier", "modifiers", "mod")
# Words with which a modifier is asked for by its number alone.
MORE_WORDS = (
    *(
        "required",
        "require",
        "requires",
        "with",
        "without",
        "and",
        "or",
        "versus",
        "vs",
        "open",
        "opens",
        "apply",
    ),
    *(
        "applies",
        "allowed",
        "append",
        "add",
        "put",
        "correct",
        "same",
        "day",
        "visit",
        "bundled",
        "pair",
    ),
    *("done", "performed", "procedure", "line", "separately"),
)
# So many codes of visits are tried beside a code.
MOST_TRIED = 12
MOST_CODES = 2
NO_CHANGE = Line("The checks say the same with it and without it.", CHECKS)


def example(codes: tuple[str, ...]) -> str:
    """How it is asked."""
    return f"modifier 25 with {codes[0]}"


def answer(question: Question, knowledge: Knowledge) -> Answer | None:
    """When rules yield a modifier; what changes with it on the lines of the codes, or on a visit beside one code."""
    modifiers = _modifiers(question, knowledge)
    codes = question.codes
    if not modifiers or len(codes) > MOST_CODES or question.has_details_of_lines:
        return None
    of_codes = _of_codes(codes, modifiers, knowledge)
    asked = (modifier.lower() for modifier in modifiers)
    left_out = section(
        "Left out", knowledge.left_out(question.words_beyond(*WORDS, *MORE_WORDS, *asked))
    )
    return of_codes.followed_by(left_out)


def _of_codes(codes: tuple[str, ...], modifiers: tuple[str, ...], knowledge: Knowledge) -> Answer:
    """The modifiers with no code, one or two."""
    named = " or ".join(modifiers)
    if not codes:
        lines = (
            section(f"{modifier} by the rules", _of_any_family(modifier, knowledge))
            for modifier in modifiers
        )
        return Answer(NAME, f"Modifier {named}", _joined(lines))
    if len(codes) == MOST_CODES:
        return Answer(
            NAME,
            f"Modifier {named} with {codes[0]} and {codes[1]}",
            _of_two(codes, modifiers, knowledge),
        )
    [code] = codes
    visits = _visits(knowledge)
    tables = knowledge.look_up({code, *visits})
    sections = _joined(_of_one(code, modifier, visits, knowledge, tables) for modifier in modifiers)
    days = section("The code's days", _days(code, tables, knowledge))
    return Answer(NAME, f"Modifier {named} with {code}", (*sections, *days))


def _modifiers(question: Question, knowledge: Knowledge) -> tuple[str, ...]:
    """The modifier that is asked about by that word; or those that stand there by their numbers, and nothing else."""
    numbers = tuple(dict.fromkeys(question.numbers))
    known = frozenset[str]().union(*knowledge.checks.lists.modifiers.values())
    by_number = numbers and known.issuperset(numbers) and question.is_only_of(*WORDS, *MORE_WORDS)
    if by_number:
        return numbers
    return question.modifiers if set(numbers) <= set(question.modifiers) else ()


def _joined(parts: Iterable[tuple[Section, ...]]) -> tuple[Section, ...]:
    return tuple(section for sections in parts for section in sections)


def _of_one(
    code: str, modifier: str, visits: tuple[str, ...], knowledge: Knowledge, tables: Tables
) -> tuple[Section, ...]:
    return (
        *section(f"{modifier} by the rules", _of_code(code, modifier, knowledge)),
        *section(
            f"{modifier} on the line of {code}", _on_the_line(code, modifier, knowledge, tables)
        ),
        *section(
            f"{modifier} on a visit beside it",
            _on_a_visit(code, modifier, visits, knowledge, tables),
        ),
    )


def _of_two(
    codes: tuple[str, ...], modifiers: Iterable[str], knowledge: Knowledge
) -> tuple[Section, ...]:
    """The pair of two codes, and what changes with each modifier on either of them."""
    tables = knowledge.look_up(codes)
    first, second = codes
    without = knowledge.findings([(first, (), 1), (second, (), 1)], tables)
    sections = list(section("Pairs", pair_lines(first, second, tables, knowledge)))
    for modifier in modifiers:
        for code in codes:
            lines = [(own, (modifier,) if own == code else (), 1) for own in codes]
            changed = _changed(without, knowledge.findings(lines, tables), f"{modifier} on {code}")
            sections += section(f"{modifier} on {code}", changed or [NO_CHANGE])
    return tuple(sections)


def _of_any_family(modifier: str, knowledge: Knowledge) -> list[Line]:
    lines = [line for family in knowledge.families for line in _by_rules(family, modifier)]
    return lines or [Line(f"No rule set of this day yields {modifier}.", knowledge.in_force)]


def _of_code(code: str, modifier: str, knowledge: Knowledge) -> list[Line]:
    family = knowledge.family_of(code)
    if family is None:
        return [Line(f"No rule set of this day has {code}.", knowledge.in_force)]
    silent = (
        f"No answer of its rule set yields {modifier}: it follows from other lines, or not at all."
    )
    return list(_by_rules(family, modifier)) or [Line(silent, (family.whole,))]


def _by_rules(family: Family, modifier: str) -> Iterable[Line]:
    for row in family.table.modifiers:
        if row.modifier == modifier:
            yield Line(f"Reported when {family.ways_to(row)}", (family.whole,))


def _on_the_line(code: str, modifier: str, knowledge: Knowledge, tables: Tables) -> list[Line]:
    without = knowledge.findings([(code, (), 1)], tables)
    with_it = knowledge.findings([(code, (modifier,), 1)], tables)
    return _changed(without, with_it, modifier) or [NO_CHANGE]


def _on_a_visit(
    code: str, modifier: str, visits: Iterable[str], knowledge: Knowledge, tables: Tables
) -> list[Line]:
    for visit in visits:
        if visit == code:
            continue
        without = knowledge.findings([(visit, (), 1), (code, (), 1)], tables)
        with_it = knowledge.findings([(visit, (modifier,), 1), (code, (), 1)], tables)
        if changed := _changed(without, with_it, f"{modifier} on the visit {visit}"):
            return changed
    return []


def _changed(without: list[Finding], with_it: list[Finding], what: str) -> list[Line]:
    before = {finding.message for finding in without}
    after = {finding.message for finding in with_it}
    gone = [
        finding_line(finding, f"Without {what}: ")
        for finding in without
        if finding.message not in after
    ]
    new = [
        finding_line(finding, f"With {what}: ")
        for finding in with_it
        if finding.message not in before
    ]
    if gone and not new:
        return [*gone, Line(f"With {what} these are gone, and nothing new is said.", CHECKS)]
    return gone + new


def _visits(knowledge: Knowledge) -> tuple[str, ...]:
    """Codes of visits, by the lists of the checks that speak of visits; last ones first, which are established."""
    lists = knowledge.checks.lists.codes
    names = {str(check.options.get("visits")) for check in knowledge.checks.checks}.intersection(
        lists
    )
    codes = [code for family in knowledge.families for code in family.table.family]

    def is_visit(code: str) -> bool:
        return any(code in lists[name] for name in names)

    return tuple(filter(is_visit, reversed(codes)))[:MOST_TRIED]


def _days(code: str, tables: Tables, knowledge: Knowledge) -> list[Line]:
    fee = tables.fee(code)
    if fee is None or tables.fees is None:
        return [Line("No value loaded.", knowledge.loaded)]
    return [
        Line(
            f"{code} has {fee.global_days or 'no'} global days.",
            (Cite(f"{tables.fees.name}, {code}"),),
        )
    ]

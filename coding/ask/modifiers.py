"""A modifier, alone or with a code: which rules yield it, and what the checks of claims say with it and without."""

from collections.abc import Iterable

from coding.ask.answer import Answer, Line, Section, joined, section
from coding.ask.knowledge import CHECKS, Family, Knowledge, finding_line, row_of
from coding.ask.question import AskedLine, Question, words_in
from coding.ask.together import pair_lines
from coding.claim import Finding, Tables
from coding.decision import CodeRegion

NAME = "a modifier"
WORDS = ("modifier", "modifiers", "mod")
# Words with which a modifier is asked for by its number alone.
MORE_WORDS = words_in(
    "required require requires with without and or versus vs open opens apply applies allowed "
    "append add put correct same day visit bundled pair done performed procedure line "
    "separately"
)
# So many codes of visits are tried beside a code.
MOST_TRIED = 12
MOST_CODES = 2
NO_CHANGE = Line("The checks say the same with it and without it.", CHECKS)


def example(codes: tuple[str, ...]) -> str:
    return f"modifier 25 with {codes[0]}"


def answer(question: Question, knowledge: Knowledge) -> Answer | None:
    """When rules yield a modifier; what changes with it on the lines of the codes, or on a visit beside one code."""
    modifiers = _modifiers(question, knowledge)
    codes = question.codes
    if not modifiers or len(codes) > MOST_CODES or question.has_details_of_lines:
        return None
    asked = [modifier.lower() for modifier in modifiers]
    left_out = knowledge.left_out(question.words_beyond(*WORDS, *MORE_WORDS, *asked))
    of_codes = _of_codes(codes, modifiers, knowledge)
    return of_codes.followed_by(section("Left out", left_out))


def _of_codes(codes: tuple[str, ...], modifiers: tuple[str, ...], knowledge: Knowledge) -> Answer:
    """The modifiers with no code, one or two."""
    named = " or ".join(modifiers)
    if not codes:
        by_rules = []
        for modifier in modifiers:
            lines = _of_any_family(modifier, knowledge)
            by_rules.append(section(f"{modifier} by the rules", lines))
        return Answer(NAME, f"Modifier {named}", joined(by_rules))

    if len(codes) == MOST_CODES:
        title = f"Modifier {named} with {codes[0]} and {codes[1]}"
        return Answer(NAME, title, _of_two(codes, modifiers, knowledge))

    [code] = codes
    visits = _visits(knowledge)
    tables = knowledge.look_up({code, *visits})
    sections = joined(_of_one(code, modifier, visits, knowledge, tables) for modifier in modifiers)
    days = section("The code's days", _days(code, tables, knowledge))
    return Answer(NAME, f"Modifier {named} with {code}", (*sections, *days))


def _modifiers(question: Question, knowledge: Knowledge) -> tuple[str, ...]:
    """The modifier that is asked about by that word; or those that stand there by their numbers, and nothing else."""
    numbers = tuple(dict.fromkeys(question.numbers))
    known = frozenset[str]().union(*knowledge.checks.lists.modifiers.values())
    are_known = bool(numbers) and known.issuperset(numbers)
    if are_known and question.is_only_of(*WORDS, *MORE_WORDS):
        return numbers

    other_numbers = set(numbers) - set(question.modifiers)
    return () if other_numbers else question.modifiers


def _of_one(
    code: str, modifier: str, visits: tuple[str, ...], knowledge: Knowledge, tables: Tables
) -> tuple[Section, ...]:
    by_rules = _of_code(code, modifier, knowledge)
    on_the_line = _on_the_line(code, modifier, knowledge, tables)
    on_a_visit = _on_a_visit(code, modifier, visits, knowledge, tables)
    return (
        *section(f"{modifier} by the rules", by_rules),
        *section(f"{modifier} on the line of {code}", on_the_line),
        *section(f"{modifier} on a visit beside it", on_a_visit),
    )


def _of_two(
    codes: tuple[str, ...], modifiers: Iterable[str], knowledge: Knowledge
) -> tuple[Section, ...]:
    """The pair of two codes, and what changes with each modifier on either of them."""
    tables = knowledge.look_up(codes)
    first, second = codes
    bare_first: AskedLine = (first, (), 1)
    bare_second: AskedLine = (second, (), 1)
    without = knowledge.findings([bare_first, bare_second], tables)

    sections = list(section("Pairs", pair_lines(first, second, tables, knowledge)))
    for modifier in modifiers:
        marked_first: AskedLine = (first, (modifier,), 1)
        marked_second: AskedLine = (second, (modifier,), 1)
        on_either = ((first, [marked_first, bare_second]), (second, [bare_first, marked_second]))
        for code, lines in on_either:
            where = f"{modifier} on {code}"
            with_it = knowledge.findings(lines, tables)
            changed = _changed(without, with_it, where)
            sections += section(where, changed or [NO_CHANGE])
    return tuple(sections)


def _of_any_family(modifier: str, knowledge: Knowledge) -> list[Line]:
    lines: list[Line] = []
    for family in knowledge.families:
        lines += _by_rules(family, modifier)
    return lines or [Line(f"No rule set of this day yields {modifier}.", knowledge.in_force)]


def _of_code(code: str, modifier: str, knowledge: Knowledge) -> list[Line]:
    family = knowledge.family_of(code)
    if family is None:
        return [Line(f"No rule set of this day has {code}.", knowledge.in_force)]
    lines = list(_by_rules(family, modifier, family.region(code)))
    if lines:
        return lines
    is_of_another_code = any(row.modifier == modifier for row in family.table.modifiers)
    if is_of_another_code:
        silent = f"No answer with which {code} is reported yields {modifier}."
    else:
        silent = f"No answer of its rule set yields {modifier}: it follows from other lines, or not at all."
    return [Line(silent, (family.whole,))]


def _by_rules(family: Family, modifier: str, region: CodeRegion | None = None) -> Iterable[Line]:
    """The answers that yield a modifier: of a code those alone that it leaves open."""
    for row in family.table.modifiers:
        if row.modifier != modifier:
            continue
        ways = family.ways_to(row, region)
        if ways:
            yield Line(f"Reported when {ways}", (family.whole,))


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
        changed = _changed(without, with_it, f"{modifier} on the visit {visit}")
        if changed:
            return changed
    return []


def _changed(without: list[Finding], with_it: list[Finding], what: str) -> list[Line]:
    before = {finding.message for finding in without}
    after = {finding.message for finding in with_it}
    gone = [finding for finding in without if finding.message not in after]
    new = [finding for finding in with_it if finding.message not in before]

    lines = [finding_line(finding, f"Without {what}: ") for finding in gone]
    lines += [finding_line(finding, f"With {what}: ") for finding in new]
    if gone and not new:
        lines.append(Line(f"With {what} these are gone, and nothing new is said.", CHECKS))
    return lines


def _visits(knowledge: Knowledge) -> tuple[str, ...]:
    """Codes of visits, by the lists of the checks that speak of visits; last ones first, which are established."""
    lists = knowledge.checks.lists.codes
    names = {str(check.options.get("visits")) for check in knowledge.checks.checks}
    of_visits = [lists[name] for name in names if name in lists]

    visits = []
    for family in knowledge.families:
        for code in family.table.family:
            if any(code in listed for listed in of_visits):
                visits.append(code)
    visits.reverse()
    return tuple(visits[:MOST_TRIED])


def _days(code: str, tables: Tables, knowledge: Knowledge) -> list[Line]:
    fee = tables.fee(code)
    if fee is None or tables.fees is None:
        return [Line("No value loaded.", knowledge.loaded)]
    days = fee.global_days or "no"
    text = f"{code} has {days} global days."
    return [Line(text, (row_of(tables.fees, code),))]

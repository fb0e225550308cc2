"""Whether one code is reported separately beside another."""

from collections.abc import Sequence
from typing import NamedTuple

from coding.ask import differences
from coding.ask.answer import Answer, Cite, Line, section
from coding.ask.knowledge import Knowledge, finding_line, finding_lines, row_of
from coding.ask.question import AskedLine, Question, words_in
from coding.claim import Finding, Severity, Tables

NAME = "reported together"
WORDS = words_in(
    "with together separately separate beside bundled bundle bundles unbundle also plus same "
    "ncci ptp pair included include includes inclusive part"
)
OF_ANOTHER_QUESTION = ("change", "changes", "changed", "bilateral", "bilaterally", "sides")
# Words with which “and” alone asks for both.
BY_AND = ("allowed", "billable", "both", "claim", "day", "ok", "okay", "session", "visit")


def example(codes: tuple[str, ...]) -> str:
    return f"is {codes[1]} reported separately with {codes[0]}"


def answer(question: Question, knowledge: Knowledge) -> Answer | None:
    """The pair of two codes, and what the checks say of both that they do not say of each."""
    codes = question.named
    if question.code and question.code not in codes:
        codes = (*codes, question.code)
    if len(codes) != 2 or question.has_more_than_codes or not _is_asked(question, codes, knowledge):
        return None

    first, second = codes
    tables = knowledge.look_up(codes)
    findings = _findings(codes, knowledge, tables)
    verdict = "nothing that is loaded speaks against it"
    if any(finding.severity is not Severity.INFO for finding in findings.of_both):
        verdict = "something speaks against it"

    left_out = knowledge.left_out(question.words_beyond(*WORDS, *BY_AND, *differences.WORDS))
    sections = (
        *section("Pairs", pair_lines(first, second, tables, knowledge)),
        *section("On one claim", finding_lines(findings.of_both)),
        *section("In a facility also", finding_lines(findings.in_facility)),
        *section("Rules", _rules(codes, knowledge)),
        *section("Not checked, and for information", map(finding_line, findings.infos)),
        *section("Left out", left_out),
    )
    return Answer(NAME, f"{first} with {second}: {verdict}", sections)


class _Findings(NamedTuple):
    """What the checks say of two codes on one claim.

    ``of_both`` is said of neither alone, ``in_facility`` only there; ``infos`` are said of one of them already.
    """

    of_both: list[Finding]
    in_facility: list[Finding]
    infos: list[Finding]


def _findings(codes: Sequence[str], knowledge: Knowledge, tables: Tables) -> _Findings:
    lines: list[AskedLine] = [(code, (), 1) for code in codes]
    on_one_claim = knowledge.findings(lines, tables)
    in_facility = _in_facility(lines, knowledge, tables)

    alone: set[str] = set()
    for line in lines:
        alone.update(finding.message for finding in knowledge.findings([line], tables))
    together = {finding.message for finding in on_one_claim}
    infos = [finding for finding in on_one_claim if finding.severity is Severity.INFO]
    return _Findings(
        of_both=[finding for finding in on_one_claim if finding.message not in alone],
        in_facility=[finding for finding in in_facility if finding.message not in together],
        infos=[finding for finding in infos if finding.message in alone],
    )


def _is_asked(question: Question, codes: Sequence[str], knowledge: Knowledge) -> bool:
    """Whether the words ask for both; codes of one family without a word ask which of them it is."""
    if not question.words:
        first, second = codes
        return knowledge.family_of(first) is not knowledge.family_of(second)
    asks_which = question.has(*differences.WORDS)
    if question.has("and") and question.is_only_of(*BY_AND) and not asks_which:
        return True
    return question.has(*WORDS) and not question.has(*OF_ANOTHER_QUESTION)


def _in_facility(lines: Sequence[AskedLine], knowledge: Knowledge, tables: Tables) -> list[Finding]:
    place = min(tables.facility_places, default="")
    if not place:
        return []
    return knowledge.findings(lines, tables, place)


def pair_lines(first: str, second: str, tables: Tables, knowledge: Knowledge) -> list[Line]:
    """Whether one code is part of the other, by the table of pairs."""
    if tables.pairs is None:
        text = "No pairs are loaded for this day: nobody could look whether they are one."
        return [Line(text, knowledge.loaded)]
    lines = []
    for column1, column2 in ((first, second), (second, first)):
        pair = tables.pair(column1, column2)
        if pair is not None:
            opens = "no modifier opens it (0)"
            if pair.may_be_opened:
                opens = "a modifier may open it (1)"
            text = f"{column2} is part of {column1}; {opens}. {pair.rationale}".strip()
            row = row_of(tables.pairs, f"{column1} with {column2}")
            lines.append(Line(text, (row,)))
    return lines or [Line("They are no pair.", (Cite(tables.pairs.name),))]


def _rules(codes: tuple[str, ...], knowledge: Knowledge) -> list[Line]:
    """The rules of one code's family whose message names the other."""
    first, second = codes
    lines = []
    for own, other in ((first, second), (second, first)):
        family = knowledge.family_of(own)
        if family is None:
            lines.append(Line(f"No rule set of this day has {own}.", knowledge.in_force))
            continue
        for rule in family.table.rules:
            if rule.code in (own, "") and other in rule.message:
                lines.append(Line(rule.message, (family.rule(rule.id),)))
    return list(dict.fromkeys(lines))

"""A plain reading of a table, cell by cell from its document, to hold the core against."""

from collections.abc import Iterator
from functools import lru_cache

from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    Facts,
    FactValue,
    Known,
    Line,
    Outcome,
    OutcomeKind,
    RuleTable,
)


@lru_cache(maxsize=8)
def document_of(table: RuleTable) -> dict:
    return table.to_document()


def applying(table: RuleTable, facts: Facts) -> Iterator[dict]:
    """The rules of which a row applies to complete answers, in order."""
    for rule in document_of(table)["rules"]:
        if any(row_applies(row, facts) for row in rule["rows"]):
            yield rule


def row_applies(row: dict[str, dict[str, list]], facts: Facts) -> bool:
    return all(passes(cell, facts[key]) for key, cell in row.items())


def plain_outcome(table: RuleTable, facts: Facts) -> tuple[str, Outcome] | None:
    """The first rule that applies and its outcome; None in a gap."""
    rule = next(applying(table, facts), None)
    if rule is None:
        return None
    document = document_of(table) if rule["outcome"] == "code" else {}
    modifiers = [row["modifier"] for row in document.get("modifiers", ()) if brings(row, facts)]
    lines = [
        Line(row["code"], units_of(row, facts))
        for row in document.get("lines", ())
        if brings(row, facts)
    ]
    outcome = Outcome(
        OutcomeKind(rule["outcome"]),
        rule.get("code", ""),
        tuple(modifiers),
        rule["message"],
        tuple(dict.fromkeys(line for line in lines if line.units)),
        tuple(rule.get("see", ())),
    )
    return rule["id"], outcome


def brings(line: dict, facts: Facts) -> bool:
    """Whether a modifier or a further line goes along."""
    return any(row_applies(row, facts) for row in line["rows"])


def units_of(line: dict, facts: Facts) -> int:
    """The units of a further line: a number, or the first at one number and a further one for each so many more."""
    units = line.get("units", 1)
    if isinstance(units, int):
        return units
    answer = facts[units["fact"]]
    more = answer.value - units["first"] if isinstance(answer, Known) else -1
    return more // units["each"] + 1 if more >= 0 else 0


def passes(cell: dict[str, list], answer: FactValue) -> bool:
    [(operator, listed)] = cell.items()
    if answer in (NOT_DOCUMENTED, CONFLICTING):
        return operator == "in" and answer.value in listed
    assert isinstance(answer, Known)
    value = answer.value
    match operator:
        case "in":
            return value in listed
        case "not":
            return value not in listed
        case "between":
            return (listed[0] is None or value >= listed[0]) and (
                listed[1] is None or value <= listed[1]
            )
    named = any(
        code == own or (own[-1] == "*" and code.startswith(own[:-1]))
        for code in value
        for own in listed
    )
    return named is (operator == "any_of")

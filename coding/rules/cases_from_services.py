"""Worked cases from real services: a combination of answers without anything that tells whose it was."""

from contextlib import suppress
from typing import Protocol

from coding.decision import (
    Band,
    FactDefinition,
    FactError,
    Facts,
    FactValue,
    Known,
    Line,
    OutcomeKind,
    RuleTable,
    facts_from_data,
)
from coding.models import FactProfile, RuleSetVersion, WorkedCase
from coding.rules import case_rows
from coding.rules.worked_cases import Case


def answers_of(profile: FactProfile, table: RuleTable) -> Facts:
    """The answers of a profile that a table knows and does not derive; of a band of numbers one that lies in it."""
    facts: dict[str, FactValue] = {}
    for fact in table.facts:
        if fact.derived or fact.key not in profile.facts:
            continue
        # An earlier version may have offered other answers.
        with suppress(FactError):
            answer = facts_from_data([fact], {fact.key: profile.facts[fact.key]})[fact.key]
            facts[fact.key] = _plain(fact, answer)
    return facts


def _plain(fact: FactDefinition, answer: FactValue) -> FactValue:
    """The answer, of a band of numbers the lowest that the fact can have, or else the highest."""
    match answer:
        case Known(Band(low, high)):
            lows = [end for end in (low, fact.minimum) if end is not None]
            highs = [end for end in (high, fact.maximum) if end is not None]
            if lows:
                return Known(max(lows))
            return Known(min(highs, default=0))
    return answer


class End(Protocol):
    """An outcome; for a code with its modifiers and further lines."""

    @property
    def outcome(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def modifiers(self) -> list[str]: ...
    @property
    def further_lines(self) -> list[tuple[str, int]]: ...


def case_of_profile(
    profile: FactProfile, table: RuleTable, expected: End, origin: str
) -> WorkedCase:
    """A profile as a case that expects what somebody reported for it. Its id is to be set by whoever keeps it."""
    lines = None
    if table.lines:
        lines = tuple(Line(code, units) for code, units in expected.further_lines)
    case = Case(
        id="",
        note="",
        facts=answers_of(profile, table),
        outcome=OutcomeKind(expected.outcome),
        code=expected.code,
        modifiers=tuple(expected.modifiers),
        origin=origin,
        lines=lines,
    )
    return case_rows.row_of(case, table)


def free_id(version: RuleSetVersion, begin: str) -> str:
    """An id that no case of the version has yet, such as ``S-3``."""
    alike = version.worked_cases.filter(case_id__startswith=begin)
    taken = set(alike.values_list("case_id", flat=True))
    number = 1
    while f"{begin}{number}" in taken:
        number += 1
    return f"{begin}{number}"

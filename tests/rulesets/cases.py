"""The worked cases of shipped rule sets as rows, and notes with the end that is expected of them."""

import csv
from collections.abc import Mapping
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from coding import rulesets
from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    FactDefinition,
    Facts,
    Kind,
    Known,
    RuleTable,
    decide,
)
from coding.evidence import Lexicon
from coding.rules.expected_notes import ExpectedNote, read_notes, standing_of
from coding.rules.from_note import Standing, end_of_note, standing
from coding.rules.worked_cases import Case, read_cases

EVIDENCE = Path(__file__).resolve().parents[1] / "evidence"
# Notes on hips, on other joints, and reports of all kinds.
FOREIGN = (
    "foreign_reports",
    "other_joints",
    "batches",
    "whole_notes",
    "short_notes",
    "other_short_notes",
)


def case_rows(key: str) -> list[dict[str, str]]:
    """The worked cases of a shipped rule set."""
    with rulesets.cases_file(key).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def decided(table: RuleTable, answers: Mapping[str, str]) -> str:
    """What complete answers come to: the code with its modifiers, or the kind of outcome. Others are not documented."""
    facts = {
        key: fact.answer_from_text(answers.get(key, "unknown"))
        for key, fact in table.fact_by_key.items()
        if not fact.derived
    }
    outcome = decide(table, {key: answer for key, answer in facts.items() if answer}).outcome
    assert outcome is not None
    return " ".join((outcome.code or str(outcome.kind), *outcome.modifiers))


def whole_space(table: RuleTable) -> SearchStrategy[Facts]:
    """Any complete answers."""
    return st.fixed_dictionaries(
        {
            fact.key: _numbers(fact)
            | st.sampled_from([*map(Known, fact.values()), NOT_DOCUMENTED, CONFLICTING])
            for fact in table.facts
            if not fact.derived
        }
    )


def _numbers(fact: FactDefinition) -> SearchStrategy[Known]:
    if fact.kind is not Kind.WHOLE_NUMBER:
        return st.nothing()
    return st.integers(fact.minimum, fact.maximum).map(Known)


def standings(table: RuleTable, lexicon: Lexicon, path: Path) -> dict[str, Standing]:
    """How the end of each note of a file stands beside the expected one."""
    with path.open(newline="", encoding="utf-8") as file:
        notes = list(read_notes(file))
    assert [note for note in notes if not isinstance(note, ExpectedNote)] == []
    return {
        note.name: standing_of(note, [end_of_note(table, lexicon, note.note)])
        for note in notes
        if isinstance(note, ExpectedNote)
    }


def standings_of_cases(table: RuleTable, lexicon: Lexicon) -> dict[str, Standing]:
    """How the note of each shipped worked case, read alone, stands beside the case's outcome."""
    with rulesets.cases_file(table.key).open(newline="", encoding="utf-8") as file:
        cases = [case for case in read_cases(file, table) if isinstance(case, Case)]
    return {case.id: standing(case, end_of_note(table, lexicon, case.note)) for case in cases}


def proposed(table: RuleTable, lexicon: Lexicon, note: str) -> dict[str, str]:
    """What a note proposes, by fact."""
    return {
        fact: proposal.text()
        for fact, proposal in end_of_note(table, lexicon, note).reading.proposals.items()
    }


def foreign_notes(key: str) -> list[str]:
    """Notes that are not of a rule set: those of hips and of other matters, and the cases of all other rule sets."""
    paths = [EVIDENCE / f"{name}.csv" for name in FOREIGN]
    shipped = rulesets.keys()
    paths += [rulesets.cases_file(other) for other in shipped if other != key]
    notes = []
    for path in paths:
        with path.open(newline="", encoding="utf-8") as file:
            notes += [row["note_text"] for row in csv.DictReader(file)]
    return notes

"""The hip lexicon on notes: of those it knows none is decided wrongly, and few are withheld."""

from collections import Counter
from pathlib import Path

import pytest

from coding import rulesets
from coding.cases import Case, read_cases
from coding.decision import NOT_DOCUMENTED, Known
from coding.note_facts import Standing, decide_note, facts_from_note, standing

HIP = rulesets.shipped("hip-dislocation")
LEXICON = rulesets.shipped_lexicon("hip-dislocation")
OWN = Path(__file__).with_name("notes.csv")


def cases(path: Path) -> list[Case]:
    with path.open(newline="", encoding="utf-8") as file:
        return [case for case in read_cases(file, HIP) if isinstance(case, Case)]


@pytest.mark.parametrize("case", cases(OWN), ids=lambda case: case.id)
def test_a_note_is_decided_as_expected_or_withheld(case: Case) -> None:
    assert standing(case, decide_note(HIP, LEXICON, case.note)) is not Standing.WRONG


@pytest.mark.parametrize("path", [OWN, rulesets.cases_file("hip-dislocation")], ids=["own", "shipped"])
def test_few_notes_are_withheld(path: Path) -> None:
    counts = Counter(standing(case, decide_note(HIP, LEXICON, case.note)) for case in cases(path))
    assert counts[Standing.WRONG] == 0
    assert counts[Standing.RIGHT] >= 0.95 * counts.total()


def test_facts_on_which_a_note_is_silent_are_not_documented() -> None:
    facts = facts_from_note(HIP, LEXICON, "Left hip dislocation.")
    assert facts["laterality"] == Known("left")
    assert facts["joint_state"] == Known("dislocated")
    assert facts["anesthesia"] is NOT_DOCUMENTED
    assert facts.keys() == HIP.fact_by_key.keys()


def test_a_query_where_more_was_expected_is_withheld_and_another_outcome_is_wrong() -> None:
    [left, *_] = [case for case in cases(OWN) if case.code == "27256"]
    assert standing(left, decide_note(HIP, LEXICON, "Left hip dislocation.")) is Standing.WITHHELD
    assert standing(left, decide_note(HIP, LEXICON, "The hip is located, not dislocated.")) is Standing.WRONG

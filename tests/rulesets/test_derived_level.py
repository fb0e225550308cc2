"""Office visits: the derived level says what three rows a rule over the elements say, and record and history count."""

import copy
from typing import Any

import pytest

from coding import rulesets
from coding.decision import RuleTable, changed_regions
from tests.rulesets.cases import decided

TABLE = rulesets.shipped("office-visit")
ELEMENTS = ("problems", "data", "risk")
LEVELS = ("minimal", "low", "moderate", "high")
SILENT = ("not_documented", "conflicting")
VISIT = {
    "purpose": "problem",
    "performer": "provider",
    "procedure_day": "none",
    "appropriate": "yes",
    "level_basis": "mdm",
    "problems": "low",
    "data": "minimal",
    "risk": "low",
}
BY_NOTE = {"place": "office", "patient_status": "new"}


def flat() -> RuleTable:
    """The shipped rules without the derived level: each of its cells written out over the three elements."""
    document = copy.deepcopy(TABLE.to_document())
    document["facts"] = [fact for fact in document["facts"] if fact["key"] != "visit_level"]
    for rule in document["rules"]:
        rule["rows"] = [written for row in rule["rows"] for written in written_out(row)]
        rule.pop("guards", None)
    return RuleTable.from_document(document)


def written_out(row: dict[str, Any]) -> list[dict[str, Any]]:
    """A row without its cell on the level, once for each two of the elements that reach it."""
    if "visit_level" not in row:
        return [row]
    rest = {key: cell for key, cell in row.items() if key != "visit_level"}
    [level] = row["visit_level"]["in"]
    reached = {"in": [*LEVELS[LEVELS.index(level.removeprefix("could_be_")) :]]}
    if level.startswith("could_be_"):
        reached["in"] += SILENT
    pairs = (("problems", "data"), ("problems", "risk"), ("data", "risk"))
    return [{**rest, one: reached, other: reached} for one, other in pairs]


def test_the_derived_level_is_equal_in_meaning_to_rows_over_the_elements() -> None:
    change = changed_regions(flat(), TABLE)
    assert (change.regions, change.count) == ((), 0)


@pytest.mark.parametrize(
    ("place_of_service", "place", "end"),
    [
        ("11", "unknown", "99203"),
        ("11", "emergency", "99203"),
        ("23", "office", "no_family_code"),
        ("22", "office", "99203"),
        ("22", "unknown", "provider_query"),
        ("unknown", "office", "99203"),
    ],
)
def test_the_record_tells_the_place_and_the_note_where_the_record_leaves_it_open(
    place_of_service: str, place: str, end: str
) -> None:
    assert (
        decided(TABLE, {**VISIT, **BY_NOTE, "place": place, "place_of_service": place_of_service})
        == end
    )


@pytest.mark.parametrize(
    ("seen", "status", "end"),
    [
        ("yes", "unknown", "99213"),
        ("yes", "new", "99213"),
        ("no", "new", "99203"),
        ("no", "established", "99213"),
        ("no", "unknown", "provider_query"),
        ("unknown", "new", "99203"),
    ],
)
def test_an_earlier_visit_settles_that_the_patient_is_established_and_its_absence_settles_nothing(
    seen: str, status: str, end: str
) -> None:
    assert (
        decided(TABLE, {**VISIT, **BY_NOTE, "patient_status": status, "established_patient": seen})
        == end
    )

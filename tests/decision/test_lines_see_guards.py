"""Further lines with units, rule sets to go on with, guards, supporting diagnoses by prefix, facts of claim checks."""

from typing import Any

import pytest

from coding.decision import (
    NOT_DOCUMENTED,
    Decision,
    FactValue,
    Flaw,
    Known,
    Line,
    RuleTable,
    changed_regions,
    decide,
    errors,
    flips,
    revisions,
    supports,
    verify,
)
from tests.decision import tables as make

MINUTES = make.fact("minutes", "whole_number", minimum=0, maximum=75)
GUIDED = make.fact("guided", "yes_no")
RULES = [make.rule("CODE", {"guided": {"in": [True, False]}}, code="00001"), make.rule("ASK", {})]
LINES: list[dict[str, Any]] = [
    {"code": "00010", "rows": [{"guided": {"in": [True]}}]},
    {"code": "00011", "rows": [{}], "units": {"fact": "minutes", "first": 15, "each": 15}},
]
TABLE = make.table([GUIDED, MINUTES], RULES, lines=LINES)


@pytest.mark.parametrize(
    ("minutes", "units"),
    [
        (Known(14), 0),
        (Known(15), 1),
        (Known(29), 1),
        (Known(30), 2),
        (Known(75), 5),
        (NOT_DOCUMENTED, 0),
    ],
)
def test_the_first_unit_begins_at_a_number_and_each_further_one_takes_so_many_more(
    minutes: FactValue, units: int
) -> None:
    outcome = decide(TABLE, {"guided": Known(False), "minutes": minutes}).outcome
    assert outcome is not None
    assert outcome.lines == ((Line("00011", units),) if units else ())


def test_lines_come_with_a_code_only_and_are_kept_with_the_decision() -> None:
    decision = decide(TABLE, {"guided": Known(True), "minutes": Known(31)})
    assert decision.outcome is not None
    assert decision.outcome.lines == (Line("00010", 1), Line("00011", 2))
    assert Decision.from_data(decision.to_data()) == decision
    asked = decide(TABLE, {"guided": NOT_DOCUMENTED}).outcome
    assert asked is not None
    assert asked.lines == ()


def test_another_count_of_units_is_another_outcome() -> None:
    answers = {"guided": Known(False), "minutes": Known(31)}
    assert {"minutes", "guided"} == {
        change.fact for flip in flips(TABLE, answers) for change in flip.changes
    }
    other = make.table([GUIDED, MINUTES], RULES, lines=[LINES[0], {**LINES[1], "units": 1}])
    change = changed_regions(TABLE, other)
    assert change.count
    region = change.regions[0]
    assert region.before
    assert region.after
    assert region.before.lines != region.after.lines
    assert [
        (rev.subject, edit.before, edit.after)
        for rev in revisions(TABLE, other)
        for edit in rev.edits
    ] == [("line 00011, 2", "first at 15, each 15 more of minutes", "1")]


@pytest.mark.parametrize(
    ("line", "error", "words"),
    [
        ({"units": 0}, errors.ImpossibleRange, "a number from 1 to 999, not 0"),
        ({"units": "2"}, errors.WrongType, "units is a number, or an object"),
        (
            {"units": {"fact": "guided", "first": 1, "each": 1}},
            errors.UnsuitableTest,
            "a number with a maximum",
        ),
        (
            {"units": {"fact": "hours", "first": 1, "each": 1}},
            errors.DanglingFact,
            "there is no fact “hours”",
        ),
        ({"units": {"fact": "minutes", "first": 15}}, errors.MissingKey, "give first and each"),
        (
            {"units": {"fact": "minutes", "first": 80, "each": 15}},
            errors.ImpossibleRange,
            "first lies up to 75",
        ),
        (
            {
                "rows": [{"minutes": {"between": [1, 2]}}],
                "units": {"fact": "minutes", "first": 1, "each": 1},
            },
            errors.UnsuitableTest,
            "no row of the line tests it",
        ),
    ],
)
def test_it_refuses_a_line_that_cannot_be_meant(
    line: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        make.table([GUIDED, MINUTES], RULES, lines=[{"code": "00010", "rows": [{}], **line}])


def elsewhere(*see: str) -> RuleTable:
    rule = {
        **make.rule("OTHER", {}),
        "outcome": "no_family_code",
        **({"see": list(see)} if see else {}),
    }
    return make.table([GUIDED], [rule])


def test_an_outcome_without_a_code_may_name_the_rule_sets_to_go_on_with() -> None:
    decision = decide(elsewhere("hip-dislocation"), {})
    assert decision.outcome is not None
    assert decision.outcome.see == ("hip-dislocation",)
    assert Decision.from_data(decision.to_data()) == decision
    assert changed_regions(elsewhere(), elsewhere("hip-dislocation")).count == 1
    assert changed_regions(elsewhere("a"), elsewhere("a")).count == 0


def test_only_an_outcome_without_a_code_goes_on_elsewhere() -> None:
    with pytest.raises(errors.UnsuitableTest, match="only an outcome of no_family_code"):
        make.table([GUIDED], [{**make.rule("R", {}), "see": ["hip"]}])


def test_a_cell_that_is_meant_as_a_guard_is_not_called_idle() -> None:
    row = {"guided": {"in": [False, "not_documented", "conflicting"]}}
    first = make.rule("FIRST", {"guided": {"in": [True]}}, code="00001")
    plain = make.table([GUIDED], [first, make.rule("SECOND", row)])
    meant = make.table([GUIDED], [first, {**make.rule("SECOND", row), "guards": ["guided"]}])
    idle = [(own.rules, own.fact) for own in verify(plain) if own.flaw is Flaw.IDLE_CELL]
    assert idle == [(("SECOND",), "guided")]
    assert not [own for own in verify(meant) if own.flaw in (Flaw.IDLE_CELL, Flaw.TELLING_GUARD)]


def test_a_guard_that_tests_something_is_reported() -> None:
    first = {**make.rule("FIRST", {"guided": {"in": [True]}}, code="00001"), "guards": ["guided"]}
    [finding] = [
        own
        for own in verify(make.table([GUIDED], [first, make.rule("REST", {})]))
        if own.rules == ("FIRST",)
    ]
    assert finding.flaw is Flaw.TELLING_GUARD
    assert finding.words == "FIRST, Guided: “yes” is marked as a guard, but it tests something."
    assert not finding.is_defect


def test_a_guard_names_a_fact_that_its_rule_tests() -> None:
    with pytest.raises(errors.DanglingFact, match="no cell of the rule tests “minutes”"):
        make.table([GUIDED, MINUTES], [{**make.rule("R", {}), "guards": ["minutes"]}])


def test_diagnoses_may_be_named_by_how_they_begin() -> None:
    diagnoses = [{"codes": ["S61.4*", "S71.10"], "rows": [{}]}]
    table = make.table([GUIDED], [make.rule("R", {})], diagnoses=diagnoses)
    assert supports(table, {}, "S61.412A")
    assert supports(table, {}, "S71.10")
    assert not supports(table, {}, "S71.101A")


def test_a_rule_set_says_by_role_which_fact_a_claim_check_asks_for() -> None:
    claim = {"anesthesia": {"fact": "guided", "codes": ["00100-01999"]}, "side": {"fact": "guided"}}
    table = make.table([GUIDED], [make.rule("R", {})], claim=claim)
    assert [(own.role, own.fact, own.codes) for own in table.claim] == [
        ("anesthesia", "guided", ("00100-01999",)),
        ("side", "guided", ()),
    ]
    assert table.to_document()["claim"] == claim
    with pytest.raises(errors.DanglingFact, match="claim, side: there is no fact “hand”"):
        make.table([GUIDED], [make.rule("R", {})], claim={"side": {"fact": "hand"}})


def test_the_document_keeps_what_is_set_and_writes_nothing_else() -> None:
    document = TABLE.to_document()
    assert RuleTable.from_document(document).to_document() == document
    assert document["lines"] == LINES
    assert not {"groups", "claim"} & document.keys()
    assert not {"see", "guards"} & document["rules"][0].keys()

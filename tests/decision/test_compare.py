"""Two versions by meaning: exactly the cases whose outcome changes, or the proof that none does."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import (
    Band,
    Condition,
    Facts,
    Known,
    RuleTable,
    changed_regions,
    decide,
    errors,
)
from tests import shipped_hip
from tests.decision import tables as make
from tests.decision.reading import plain_outcome

CASES = make.every_case()


def ending(table: RuleTable, case: Facts) -> tuple[str, str, tuple[str, ...]] | None:
    outcome = plain_outcome(table, case)
    return (
        None if outcome is None else (outcome[1].kind.value, outcome[1].code, outcome[1].modifiers)
    )


def holds(condition: Condition, case: Facts) -> bool:
    """Whether a case meets a condition on a choice or a number."""
    answer = case[condition.fact]
    bands = [
        own.value
        for own in condition.answers
        if isinstance(own, Known) and isinstance(own.value, Band)
    ]
    number = (
        isinstance(answer, Known)
        and isinstance(answer.value, int)
        and any(answer.value in band for band in bands)
    )
    return answer in condition.answers or number


@st.composite
def two_versions(draw: st.DrawFn) -> tuple[RuleTable, RuleTable]:
    """A random table, and the same with one rule moved, dropped, or replaced by a rule of another table."""
    before = draw(make.loose_documents())
    after = copy.deepcopy(before)
    place = draw(st.integers(0, len(after["rules"]) - 1))
    taken = after["rules"].pop(place)
    match draw(st.sampled_from(["move", "drop", "replace"])):
        case "move":
            after["rules"].insert(draw(st.integers(0, len(after["rules"]))), taken)
        case "replace":
            [other, *_] = draw(make.loose_documents())["rules"]
            after["rules"].insert(place, {**other, "id": taken["id"]})
    return RuleTable.from_document(before), RuleTable.from_document(after)


@settings(max_examples=60)
@given(two_versions())
def test_no_region_is_found_exactly_where_no_case_ends_differently(
    versions: tuple[RuleTable, RuleTable],
) -> None:
    before, after = versions
    change = changed_regions(before, after)
    differing = [case for case in CASES if ending(before, case) != ending(after, case)]
    assert bool(change.count) is bool(differing)
    assert len(change.regions) == min(change.count, 200)


@settings(max_examples=60)
@given(two_versions())
def test_the_regions_hold_exactly_the_cases_that_end_differently(
    versions: tuple[RuleTable, RuleTable],
) -> None:
    before, after = versions
    change = changed_regions(before, after)
    # A set of codes stands for its class in a region, so cases are counted for one set at a time.
    regions = [
        region for region in change.regions if all(c.fact != "codes" for c in region.conditions)
    ]
    if len(regions) < change.count:
        return
    for case in CASES:
        differs = ending(before, case) != ending(after, case)
        inside = [
            region
            for region in regions
            if all(holds(condition, case) for condition in region.conditions)
        ]
        assert len(inside) == differs


def changed_hip() -> tuple[RuleTable, RuleTable]:
    """Skin traction moved from the rule for 27256 to the one that asks a supervisor."""
    document = copy.deepcopy(shipped_hip.table().to_document())
    rules = {rule["id"]: rule for rule in document["rules"]}
    rules["R32"]["rows"][0]["stabilization"]["in"].remove("skin_traction")
    rules["R34"]["rows"][0]["stabilization"]["in"].append("skin_traction")
    return shipped_hip.table(), RuleTable.from_document(document)


def test_a_region_is_told_in_the_words_of_the_rule_set_with_a_case_that_shows_it() -> None:
    before, after = changed_hip()
    [region] = changed_regions(before, after).regions
    words = {condition.label: condition.words for condition in region.conditions}
    assert words["Holding method"] == "Skin traction"
    assert words["Manipulation"] == "Not manipulated or Positioned only"
    assert region.before is not None
    assert region.after is not None
    assert (region.before.name, region.after.name) == ("27256", "supervisor review")
    old, new = decide(before, region.witness).outcome, decide(after, region.witness).outcome
    assert old is not None
    assert new is not None
    assert (old.code, new.kind) == ("27256", region.after.kind)


def test_two_rules_that_exclude_each_other_may_change_places_without_a_change_of_meaning() -> None:
    document = copy.deepcopy(shipped_hip.table().to_document())
    document["rules"][31:33] = reversed(document["rules"][31:33])
    assert changed_regions(shipped_hip.table(), RuleTable.from_document(document)).count == 0


def test_a_value_that_only_the_later_version_knows_takes_part() -> None:
    rules = [make.rule("RED", {"colour": {"in": ["red"]}}, code="00001"), make.rule("REST", {})]
    wider = make.fact(
        "colour", choices=[*make.fact("colour")["choices"], {"value": "pink", "label": "Pink"}]
    )
    pink = [
        make.rule("RED", {"colour": {"in": ["red", "pink"]}}, code="00001"),
        make.rule("REST", {}),
    ]
    [region] = changed_regions(
        make.table([make.fact("colour")], rules), make.table([wider], pink)
    ).regions
    assert [condition.words for condition in region.conditions] == ["Pink"]


def test_a_change_of_a_modifier_alone_shows_the_modifiers() -> None:
    def version(modifier: str) -> RuleTable:
        lines = [{"modifier": modifier, "rows": [{}]}]
        return make.table(
            [make.fact("colour")], [make.rule("R", {}, code="00001")], modifiers=lines
        )

    [region] = changed_regions(version("LT"), version("RT")).regions
    assert [outcome and outcome.name for outcome in (region.before, region.after)] == [
        "00001-LT",
        "00001-RT",
    ]


def test_a_fact_that_changed_its_kind_cannot_be_compared() -> None:
    versions = [
        make.table([make.fact("f", kind)], [make.rule("R", {})]) for kind in ("choice", "yes_no")
    ]
    with pytest.raises(errors.Incomparable, match="f: it was choice and is yes_no now"):
        changed_regions(*versions)

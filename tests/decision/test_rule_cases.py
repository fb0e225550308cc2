"""A case of a rule: answers at which it decides, and none where it never does."""

from hypothesis import given

from coding.decision import Known, case_of_rule, decide, verify
from coding.decision.findings import Flaw
from tests.decision.tables import fact, rule, table, tables


@given(tables())
def test_at_its_case_a_rule_decides_and_a_rule_without_one_never_does(random_table):
    unreachable = {
        finding.rules[0] for finding in verify(random_table) if finding.flaw is Flaw.UNREACHABLE
    }
    for own in random_table.rules:
        case = case_of_rule(random_table, own.id)
        assert (case is None) == (own.id in unreachable)
        if case is not None and random_table.hit_policy == "first":
            assert decide(random_table, case).rule_id == own.id


def test_a_case_holds_numbers_and_no_ranges():
    ages = table([fact("age", kind="whole_number")], [rule("R1", {"age": {"between": [3, 9]}})])
    assert case_of_rule(ages, "R1") == {"age": Known(3)}


def test_a_rule_behind_one_that_always_applies_has_no_case():
    behind = table(
        [fact("colour")], [rule("R1", {}), rule("R2", {"colour": {"in": ["red"]}}, code="00001")]
    )
    assert case_of_rule(behind, "R2") is None
    assert case_of_rule(behind, "R9") is None

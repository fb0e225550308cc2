"""Which lines the claim of a visit has: what is final, else what was decided, else what was submitted."""

import pytest

from coding.models import FactProfile, Service, ServiceLine, Suggestion
from coding.rules.families import Families
from reviews.claims.claim import claim_lines_of
from reviews.coding_form.ledger import LedgerRow
from reviews.models import CodingDecision, FinalCode

DIAGNOSES = ("M00.1", "M00.2")


@pytest.fixture(autouse=True)
def families(monkeypatch):
    """Rule sets code 12345 and nothing else."""
    covering = Families({})
    monkeypatch.setattr(Families, "published", lambda: covering)
    monkeypatch.setattr(Families, "has", lambda self, code: code == "12345")


def submitted(code="12345", **values):
    return ServiceLine(
        code=code, **{"modifiers": [], "units": 1, "diagnosis_pointers": [], **values}
    )


def decided(code="54321", outcome="code", **values):
    return CodingDecision(outcome=outcome, code=code, units=1, **values)


def final(code="11111", outcome="code", **values):
    return FinalCode(outcome=outcome, code=code, units=1, **values)


def row(number=1, line=None, *, first=True, suggestion=None, **values):
    service = Service(pk=number, number=number, suggestion=suggestion)
    rest = {"decision": None, "ruling": None, "final": None, "query": None, "value": None}
    return LedgerRow(service=service, line=line, first=first, **{**rest, **values})


def lines_of(*rows):
    return [claim_line.line for claim_line in claim_lines_of(rows, DIAGNOSES)]


def codes_of(*rows):
    return [line.code for line in lines_of(*rows)]


def test_before_anybody_decides_every_submitted_line_stands():
    assert codes_of(row(1, submitted()), row(1, submitted("99999"), first=False)) == [
        "12345",
        "99999",
    ]


def test_what_was_decided_stands_for_the_line_and_what_is_final_for_both():
    assert codes_of(row(line=submitted(), decision=decided())) == ["54321"]
    assert codes_of(row(line=submitted(), decision=decided(), final=final())) == ["11111"]


def test_a_question_leaves_the_line_as_it_was_submitted():
    for outcome in ("provider_query", "supervisor_review"):
        assert codes_of(row(line=submitted(), decision=decided("", outcome))) == ["12345"]


def test_a_service_of_which_nothing_is_reported_has_no_line():
    nothing = final("", "no_family_code")
    assert codes_of(row(1, submitted(), final=nothing), row(2, submitted("99999"))) == ["99999"]


def test_a_decided_service_of_two_lines_is_reported_once():
    both = [row(1, submitted(), final=final()), row(1, submitted(), first=False, final=final())]
    assert codes_of(*both) == ["11111"]


def test_a_service_that_nobody_submitted_is_on_the_claim_once_it_has_a_code():
    assert codes_of(row()) == []
    assert codes_of(row(decision=decided())) == ["54321"]


def test_lines_stand_in_the_order_of_their_services_and_are_numbered_through():
    lines = lines_of(row(3, submitted("33333")), row(1, submitted("11111")))
    assert [(line.number, line.code) for line in lines] == [(1, "11111"), (2, "33333")]


def test_further_lines_follow_their_service_without_modifiers_and_count_as_coded():
    with_more = final(modifiers=["LT"], further_lines=[["22222", 3]], diagnosis_codes=["M00.2"])
    first, further, last = lines_of(row(1, final=with_more), row(2, submitted("99999")))
    assert (further.number, further.code, further.units) == (2, "22222", 3)
    assert (further.modifiers, further.covered, further.supported) == ((), True, None)
    assert further.pointers == first.pointers == (2,)
    assert last.number == 3


def test_a_line_says_what_was_submitted_word_for_word():
    [line] = lines_of(
        row(line=submitted(modifiers=["59", "LT"], units=4, diagnosis_pointers=[2, 1]))
    )
    assert (line.modifiers, line.units, line.pointers) == (("59", "LT"), 4, (2, 1))


def test_a_decided_line_points_to_the_diagnoses_that_are_still_there():
    [line] = lines_of(row(decision=decided(diagnosis_codes=["M00.2", "M99.9"])))
    assert line.pointers == (2,)


def test_a_line_is_covered_where_a_rule_set_codes_what_it_says():
    covered, uncovered = lines_of(row(1, submitted("12345")), row(2, submitted("99999")))
    assert (covered.covered, uncovered.covered) == (True, False)


def test_what_the_answers_come_to_is_told_unless_a_supervisor_ruled():
    profile = FactProfile(facts={"held": {"is": "yes"}})
    suggestion = Suggestion(outcome="code", code="12345", profile=profile)
    by_rules = row(1, submitted(), suggestion=suggestion)
    by_coder = row(2, submitted(), suggestion=suggestion, final=final())
    by_ruling = row(3, submitted(), suggestion=suggestion, final=final(ruling_id=7))
    assert [line.supported for line in lines_of(by_rules, by_coder, by_ruling)] == [
        "12345",
        "12345",
        None,
    ]
    assert lines_of(by_rules)[0].answers == {"held": {"is": "yes"}}


def test_answers_that_come_to_no_code_support_none():
    asks = Suggestion(outcome="provider_query", code="", profile=FactProfile(facts={}))
    [line] = lines_of(row(line=submitted(), suggestion=asks))
    assert line.supported is None

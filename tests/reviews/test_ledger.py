"""The ledger of a visit: one row a line, what stands in it and what it says of values."""

import re
from datetime import date
from decimal import Decimal

import pytest

from coding.intake.records import ServiceLineRecord
from reviews.actions import decisions, services
from reviews.actions.decisions import Judgement
from reviews.coding_form.ledger import ledger
from reviews.models import Choice, ProviderQuery, RulingKind
from tests import factories

HIP_LINE, OFFICE_LINE = ServiceLineRecord("27256", ("LT",)), ServiceLineRecord("99203")
KEEP = Judgement(Choice.KEEP)


@pytest.fixture
def listed(hip):
    """Values are loaded from 2026 on."""
    factories.fees(date(2026, 1, 1))


def rows(visit):
    return ledger(visit)


def page_of(client, people, visit):
    """What the encounter's page says, without its tags."""
    client.force_login(people["coder"])
    page = client.get(visit.get_absolute_url()).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page))


def test_lines_stand_in_the_order_of_the_claim_and_what_nobody_submitted_comes_last(people, hip):
    visit = factories.visit(people, OFFICE_LINE, HIP_LINE)
    services.add(people["coder"], visit, hip.rule_set)
    assert [str(row.line) for row in rows(visit)] == ["99203", "27256-LT", "None"]


def test_a_service_of_two_lines_is_told_in_the_first_of_its_rows(people, hip):
    visit = factories.visit(people, HIP_LINE, OFFICE_LINE, ServiceLineRecord("27257", ("LT",)))
    assert [(str(row.line), row.service.number, row.first) for row in rows(visit)] == [
        ("27256-LT", 1, True),
        ("99203", 2, True),
        ("27257-LT", 1, False),
    ]


def test_what_was_withdrawn_and_what_the_source_took_back_is_not_in_it(people, hip):
    visit = factories.visit(people, HIP_LINE, OFFICE_LINE)
    added = services.add(people["coder"], visit, hip.rule_set)
    services.withdraw(people["coder"], factories.service_of(added), "Opened by mistake.")
    factories.send_again(people, visit, service_lines=(HIP_LINE,))
    assert [str(row.line) for row in rows(visit)] == ["27256-LT"]


def test_an_open_query_and_the_latest_ruling_stand_beside_their_line(people, hip):
    visit = factories.visit(people, HIP_LINE)
    decision = factories.decide(people["coder"], visit, factories.PAVLIK, factories.insists())
    ruling = factories.rule(
        people["supervisor"], factories.case_of(decision), RulingKind.PROVIDER_QUERY
    )
    [row] = rows(visit)
    assert (row.query, row.ruling, row.final) == (ProviderQuery.objects.get(), ruling, None)
    assert row.decision == decision
    assert not row.is_in_question


def test_a_final_code_is_in_question_while_its_case_is_open(people, hip):
    visit = factories.visit(people, HIP_LINE)
    factories.decide(people["coder"], visit, factories.PAVLIK)
    [row] = rows(visit)
    assert not row.is_in_question
    factories.send_again(people, visit, payer="Union")
    [row] = rows(visit)
    assert row.is_in_question
    assert row.final.reported == "27256-LT"


def test_after_a_decision_was_taken_back_the_row_has_none(people, hip):
    visit = factories.visit(people, HIP_LINE)
    factories.decide(people["coder"], visit, factories.PAVLIK)
    decisions.take_back(people["coder"], factories.service_of(visit))
    [row] = rows(visit)
    assert (row.decision, row.final) == (None, None)


# --- Values.


@pytest.mark.parametrize(("place", "total"), [("11", "13.00"), ("22", "9.00")])
def test_a_value_is_that_of_the_place(people, listed, place, total):
    [row] = rows(factories.visit(people, HIP_LINE, place_of_service=place))
    assert (row.value.total, row.value.release) == (Decimal(total), "Made-up values")


def test_a_final_code_is_valued_in_place_of_the_submitted_one(people, listed):
    visit = factories.visit(people, HIP_LINE, place_of_service="22")
    factories.decide(people["coder"], visit, factories.REDUCED)
    [row] = rows(visit)
    assert row.final.code == "27257"
    assert row.value.total == Decimal("11.50")


@pytest.mark.parametrize(
    "values",
    [{"place_of_service": ""}, {"date_of_service": date(2025, 12, 31)}],
    ids=["nobody told the place", "before the first release"],
)
def test_what_cannot_be_valued_has_no_value(people, listed, values):
    [row] = rows(factories.visit(people, OFFICE_LINE, **values))
    assert row.value is None


def test_modifiers_that_change_the_price_are_named_in_place_of_a_value(people, listed):
    visit = factories.visit(people, ServiceLineRecord("73525", ("LT", "26", "22")), HIP_LINE)
    by_code = {row.line.code: row.price_depends_on for row in rows(visit)}
    assert by_code == {"73525": "22, 26", "27256": ""}


def test_the_final_codes_modifiers_decide_what_the_price_depends_on(people, listed):
    visit = factories.visit(people, ServiceLineRecord("99203", ("25",)))
    reduced = Judgement(Choice.OTHER_CODE, "99203", ("52",), "Less than the whole.")
    decision = decisions.decide(people["coder"], factories.service_for(visit, "99203"), reduced)
    [row] = rows(visit)
    assert row.price_depends_on == ""
    factories.rule(people["supervisor"], factories.case_of(decision))
    [row] = rows(visit)
    assert row.price_depends_on == "52"


def test_a_part_that_the_fee_schedule_lists_is_valued_as_that_part(people, listed):
    visit = factories.visit(people, ServiceLineRecord("73525", ("RT", "26")), HIP_LINE)
    assert [(row.value.total, row.price_depends_on) for row in rows(visit)] == [
        (Decimal("0.80"), ""),
        (Decimal("13.00"), ""),
    ]


def test_what_is_final_of_two_lines_is_valued_once(people, listed):
    visit = factories.visit(people, HIP_LINE, ServiceLineRecord("27257", ("LT",)))
    assert [row.value is not None for row in rows(visit)] == [True, True]
    factories.decide(people["coder"], visit, factories.PAVLIK)
    first, second = rows(visit)
    assert (first.reported, second.reported, second.value) == (first.final, None, None)


def test_where_nothing_is_reported_nothing_is_worth_something(people, listed):
    visit = factories.visit(people, OFFICE_LINE)
    nothing = Judgement(Choice.NOTHING, reason="Another practice reports it.")
    decision = decisions.decide(people["coder"], factories.service_for(visit, "99203"), nothing)
    factories.rule(people["supervisor"], factories.case_of(decision))
    [row] = rows(visit)
    assert (row.final.code, row.reported, row.value) == ("", None, None)


def test_the_page_says_what_each_row_is_worth(people, client, listed):
    visit = factories.visit(
        people,
        HIP_LINE,
        ServiceLineRecord("73525", ("26",), 2),
        ServiceLineRecord("99203", ("52",)),
        ServiceLineRecord("99999"),
    )
    page = page_of(client, people, visit)
    for words in ("13.00", "RVU, Made-up values", "RVU each", "depends on 52", "no value loaded"):
        assert words in page


# --- How lines and reports are written.


def test_units_and_the_order_of_modifiers_are_those_of_the_claim_in_every_column(
    people, client, listed
):
    visit = factories.visit(people, ServiceLineRecord("73525", ("LT", "26"), 3))
    service = factories.service_for(visit, "73525")
    fewer = Judgement(Choice.OTHER_CODE, "73525", ("LT", "26"), "Seen twice.", units=2)
    decision = decisions.decide(people["coder"], service, fewer)
    factories.rule(people["supervisor"], factories.case_of(decision))
    page = page_of(client, people, visit)
    assert "73525-26-LT × 3 1. no rule set" in page
    assert page.count("73525-26-LT × 2") >= 2
    assert "73525-LT" not in page


def test_what_is_done_with_a_row_is_named_by_its_line_or_else_by_its_service(people, hip):
    visit = factories.visit(people, HIP_LINE)
    services.add(people["coder"], visit, hip.rule_set)
    empty = factories.visit(people, external_id="EMPTY")
    services.report_nothing(people["coder"], empty, "The patient left.")
    names = [row.name for row in (*rows(visit), *rows(empty))]
    assert names == ["27256-LT", "service 2", "service 1"]

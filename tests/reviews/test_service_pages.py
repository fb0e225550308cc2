"""A visit's services as pages: a line without rules is decided, services are added, moved and withdrawn, once each."""

import uuid

import pytest
from django.urls import reverse

from coding.actions import encounters
from coding.intake.records import ServiceLineRecord
from coding.models import EncounterState, Service, ServiceState
from reviews.models import CodingDecision, FinalCode, ReviewCase, RouteReason
from tests import factories

LINES = (ServiceLineRecord("27256", ("LT",)), ServiceLineRecord("73525", ("26",), 2))


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


@pytest.fixture
def visit(people, hip):
    return encounters.enter(people["coder"], factories.record(service_lines=LINES))


@pytest.fixture
def line(visit):
    """The service of the line that no rule set codes."""
    return factories.service_of(visit.services.get(rule_set=None))


def page_of(name, target):
    return reverse(name, args=[target.public_id])


def reason(**data):
    return {"idempotency_key": uuid.uuid4(), "reason": "As the note says.", **data}


def decision(client, service, **data):
    form = client.get(service.get_absolute_url()).context["decision_form"]
    hidden = {name: form.initial[name] for name in ("seen", "revision", "idempotency_key")}
    return client.post(service.get_absolute_url(), {**hidden, "units": 1, **data})


# --- A line that no rule set codes.


def test_the_page_of_a_line_says_that_no_rules_speak_and_offers_to_keep_it(coder, line):
    response = coder.get(line.get_absolute_url())
    offered = dict(response.context["decision_form"].fields["choice"].choices)
    assert offered["keep"] == "Keep 73525-26 × 2 as it was submitted"
    assert "accept" not in offered
    page = response.content.decode()
    assert "No rule set codes this line" in page
    assert "checked" not in page.split('aria-labelledby="decide"')[1]


def test_a_kept_line_is_final_with_its_units(coder, line):
    factories.fees()
    response = decision(coder, line, choice="keep")
    assert response.url == line.encounter.get_absolute_url()
    final = FinalCode.objects.current().get(service=line)
    assert (final.reported, final.units) == ("73525-26", 2)


def test_another_code_needs_the_code_and_a_reason(coder, line):
    response = decision(coder, line, choice="other_code")
    assert response.status_code == 422
    assert set(response.context["decision_form"].errors) == {"code", "reason"}
    assert not CodingDecision.objects.exists()


def test_a_made_up_code_is_refused_at_its_field(coder, line):
    factories.fees()
    response = decision(coder, line, choice="other_code", code="99999", reason="Made up.")
    assert response.status_code == 422
    assert "not in the code list" in response.context["decision_form"].errors["code"][0]


def test_a_modifier_that_is_none_is_refused_at_its_field(coder, line):
    factories.fees()
    response = decision(
        coder, line, choice="other_code", code="73525", modifiers="26 XX", reason="Mistyped."
    )
    assert "XX is no modifier" in response.context["decision_form"].errors["modifiers"][0]


def test_without_a_list_a_code_is_confirmed_by_hand_and_a_supervisor_sees_it(coder, line):
    refused = decision(coder, line, choice="keep")
    assert refused.status_code == 422
    assert "No code list is loaded" in refused.content.decode()
    assert decision(coder, line, choice="keep", confirmed="on").status_code == 302
    routes = factories.case_of(line).routes.values_list("reason", flat=True)
    assert list(routes) == [RouteReason.UNLISTED_CODE]


def test_submit_and_next_goes_on_with_the_same_visit(people, hip, coder, visit, line):
    factories.fees()
    factories.service(people, hip, date_of_service=visit.date_of_service.replace(day=1))
    response = decision(coder, line, choice="keep", then="next")
    assert response.url == reverse("reading", args=[factories.service_of(visit).public_id])


# --- Adding, moving, withdrawing, nothing.


def test_a_service_is_added_once_however_often_the_form_is_sent(coder, hip, visit):
    data = {"idempotency_key": uuid.uuid4(), "rule_set": hip.rule_set_id}
    addresses = {coder.post(page_of("add-service", visit), data).url for _ in range(3)}
    added = visit.services.get(number=3)
    assert addresses == {added.get_absolute_url()}


def test_no_family_is_chosen_beforehand(coder, visit):
    assert 'value="" selected' in coder.get(page_of("add-service", visit)).content.decode()
    response = coder.post(page_of("add-service", visit), {"idempotency_key": uuid.uuid4()})
    assert response.status_code == 422
    assert "Choose the family that codes it." in response.content.decode()


def test_a_line_is_moved_to_a_family_once_and_asked_there(coder, hip, visit, line):
    data = reason(to=hip.rule_set_id)
    addresses = {coder.post(page_of("move-service", line), data).url for _ in range(3)}
    moved = visit.services.get(from_service=line)
    assert addresses == {moved.get_absolute_url()}
    assert coder.get(moved.get_absolute_url()).context["question"] is not None


def test_a_familys_line_is_moved_out_to_none(coder, visit):
    service = factories.service_of(visit)
    coder.post(page_of("move-service", service), reason(to="none"))
    assert visit.services.get(from_service=service).rule_set is None


def test_a_service_with_a_line_is_not_offered_to_be_withdrawn(coder, visit, line):
    page = coder.get(page_of("move-service", line))
    assert "withdraw" not in dict(page.context["form"].fields["to"].choices)
    assert coder.post(page_of("move-service", line), reason(to="withdraw")).status_code == 422
    assert factories.service_of(line).state == ServiceState.TO_CODE


def test_a_service_without_a_line_is_withdrawn_with_its_reason(people, coder, hip):
    encounter = factories.encounter(people, hip)
    coder.post(
        page_of("add-service", encounter),
        {"idempotency_key": uuid.uuid4(), "rule_set": hip.rule_set_id},
    )
    added = encounter.services.get(number=2)
    response = coder.post(page_of("move-service", added), reason(to="withdraw"), follow=True)
    assert "The service is withdrawn." in response.content.decode()
    assert Service.objects.standing().get(encounter=encounter).number == 1


def test_what_was_decided_before_is_not_moved(people, coder, hip, visit):
    service = factories.service_of(visit)
    factories.decide(people["coder"], service, factories.PAVLIK)
    coder.post(page_of("take-back", service))
    response = coder.post(page_of("move-service", service), reason(to="none"))
    assert response.status_code == 409
    assert "Decide on it again instead." in response.content.decode()


@pytest.mark.parametrize(
    "data", [{}, {"to": "none"}, {"to": "0", "reason": "x"}, {"to": "none", "reason": "  "}]
)
def test_a_move_needs_where_to_and_why(coder, line, data):
    assert (
        coder.post(
            page_of("move-service", line), {"idempotency_key": uuid.uuid4(), **data}
        ).status_code
        == 422
    )


def test_an_encounter_without_a_line_is_said_to_report_nothing_once(people, coder, hip):
    encounter = encounters.enter(people["coder"], factories.record())
    assert (
        page_of("report-nothing", encounter)
        in coder.get(encounter.get_absolute_url()).content.decode()
    )
    data = reason()
    for _ in range(3):
        assert (
            coder.post(page_of("report-nothing", encounter), data).url
            == encounter.get_absolute_url()
        )
    encounter.refresh_from_db()
    assert (encounter.state, CodingDecision.objects.count()) == (EncounterState.FINAL, 1)
    assert (
        page_of("report-nothing", encounter)
        not in coder.get(encounter.get_absolute_url()).content.decode()
    )


def test_a_decision_is_taken_back_from_the_ledger(people, coder, visit):
    service = factories.service_of(visit)
    factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    assert page_of("take-back", service) in coder.get(visit.get_absolute_url()).content.decode()
    coder.post(page_of("take-back", service))
    assert factories.service_of(service).state == ServiceState.TO_CODE
    assert ReviewCase.objects.get().state == "taken_back"


def test_the_old_address_of_a_visits_coding_leads_to_its_first_service_to_code(
    people, coder, visit, line
):
    for name in ("old-code", "old-answer", "old-decide"):
        assert coder.get(page_of(name, visit)).url == page_of(
            "reading", factories.service_of(visit)
        )
    factories.decide(people["coder"], visit, factories.PAVLIK)
    assert coder.get(page_of("old-code", visit)).url == line.get_absolute_url()

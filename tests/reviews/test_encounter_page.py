"""An encounter's page: what it shows to whom, which buttons stand there, and what they do."""

import pytest
from django.urls import reverse

from coding.actions import encounters
from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent, RuleSet
from reviews.actions import decisions, queries, reports, second_looks, services
from reviews.actions.decisions import Judgement
from reviews.models import Choice, ProviderQuery, RulingKind
from tests import factories

LINES = (ServiceLineRecord("27256", ("LT",)), ServiceLineRecord("99203"))
KEEP = Judgement(Choice.KEEP)


@pytest.fixture
def visit(people, hip):
    factories.fees()
    return factories.visit(people, *LINES, diagnoses=("Q65.02",))


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def text_of(client, encounter):
    return client.get(encounter.get_absolute_url()).content.decode()


def has(client, encounter, name, found=None):
    """Whether an address stands on an encounter's page."""
    return reverse(name, args=[(found or encounter).public_id]) in text_of(client, encounter)


def test_a_coder_takes_a_visit_and_gives_it_back(people, coder, visit):
    address = reverse("assign", args=[visit.public_id])
    page = coder.post(address, {"take": "yes"}, follow=True).content.decode()
    assert "The encounter is yours." in page
    assert f"Coder: {people['coder'].name}" in page
    assert "Give back" in page
    page = coder.post(address, {"take": "no"}, follow=True).content.decode()
    assert "The encounter is free for others." in page
    assert "Take it" in page
    assert AuditEvent.objects.filter(event="encounter.assigned").count() == 2


def test_what_somebody_else_codes_is_read_without_buttons(people, coder, visit):
    encounters.assign(people["coder", 2], visit, people["coder", 2])
    page = text_of(coder, visit)
    assert people["coder", 2].name in page
    for words in ("Take it", "Give back", "Code this encounter", "Add a service"):
        assert words not in page
    response = coder.post(reverse("assign", args=[visit.public_id]), {"take": "yes"})
    assert response.status_code == 409
    assert people["coder", 2].name in response.content.decode()


@pytest.mark.parametrize("role", ["supervisor", "auditor"])
def test_whoever_does_not_code_is_offered_nothing_of_it(people, client, visit, role):
    client.force_login(people[role])
    page = text_of(client, visit)
    for words in ("Take it", "Code this encounter", "Add a service", "Nothing to report"):
        assert words not in page


def test_the_page_leads_to_the_first_service_that_is_still_to_code(people, coder, visit):
    first, second = factories.service_for(visit, "27256"), factories.service_for(visit, "99203")
    assert coder.get(visit.get_absolute_url()).context["next_service"] == first
    factories.decide(people["coder"], first, factories.PAVLIK)
    assert coder.get(visit.get_absolute_url()).context["next_service"] == second
    decisions.decide(people["coder"], second, KEEP)
    assert coder.get(visit.get_absolute_url()).context["next_service"] is None


def test_a_report_is_offered_once_everything_is_settled(people, coder, visit):
    factories.decide(people["coder"], visit, factories.PAVLIK)
    assert not has(coder, visit, "report")
    decisions.decide(people["coder"], factories.service_for(visit, "99203"), KEEP)
    assert has(coder, visit, "report")


def test_an_encounter_without_services_says_what_can_be_done(people, hip, coder):
    empty = factories.visit(people)
    page = text_of(coder, empty)
    assert "No services yet" in page
    assert "Add one, or say that nothing is to be reported" in page
    assert has(coder, empty, "report-nothing")
    coder.force_login(people["auditor"])
    assert "no coder has added a service" in text_of(coder, empty)
    coder.force_login(people["coder"])
    services.add(people["coder"], empty, RuleSet.objects.get())
    assert not has(coder, empty, "report-nothing")


def test_the_decision_of_a_round_that_is_over_is_shown_no_longer(people, coder, visit):
    service = factories.service_for(visit, "27256")
    factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    page = text_of(coder, visit)
    assert "The note calls it a reduction." in page
    assert "Review case on service 1" in page
    decisions.take_back(people["coder"], factories.service_of(service))
    assert "The note calls it a reduction." not in text_of(coder, visit)


# --- Taking a decision back.


@pytest.fixture
def decided(people, visit):
    service = factories.service_for(visit, "27256")
    factories.decide(people["coder"], service, factories.PAVLIK)
    return factories.service_of(service)


def test_a_final_decision_is_taken_back_by_its_coder_only(people, client, coder, visit, decided):
    assert has(coder, visit, "take-back", decided)
    for who in (("coder", 2), "supervisor"):
        client.force_login(people[who])
        assert not has(client, visit, "take-back", decided)


def test_what_was_exported_is_not_offered_to_be_taken_back(people, coder, visit, decided):
    decisions.decide(people["coder"], factories.service_for(visit, "99203"), KEEP)
    assert has(coder, visit, "take-back", decided)
    reports.export(people["supervisor"], visit)
    assert not has(coder, visit, "take-back", decided)


def test_what_a_supervisor_ruled_is_not_offered_to_be_taken_back(people, coder, visit):
    service = factories.service_for(visit, "27256")
    decision = factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    assert has(coder, visit, "take-back", service)
    factories.rule(people["supervisor"], factories.case_of(decision))
    assert not has(coder, visit, "take-back", service)
    second_looks.rebut(people["coder"], factories.case_of(decision), "No.")
    assert not has(coder, visit, "take-back", service)


def test_what_was_decided_after_a_query_is_offered_to_be_taken_back(people, coder, visit):
    service = factories.service_for(visit, "27256")
    decision = factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    factories.rule(people["supervisor"], factories.case_of(decision), RulingKind.PROVIDER_QUERY)
    queries.close(people["supervisor"], ProviderQuery.objects.get(), "He left.")
    factories.decide(people["coder"], service, factories.PAVLIK)
    assert has(coder, visit, "take-back", service)


def test_what_was_decided_once_is_decided_again_and_neither_moved_nor_withdrawn(
    people, coder, visit
):
    service = factories.service_for(visit, "27256")
    assert has(coder, visit, "move-service", service)
    factories.decide(people["coder"], service, factories.PAVLIK)
    decisions.take_back(people["coder"], factories.service_of(service))
    assert not has(coder, visit, "move-service", service)


def test_the_message_says_that_the_answers_were_kept(coder, visit, decided):
    page = coder.post(reverse("take-back", args=[decided.public_id]), follow=True).content.decode()
    assert "Your decision is taken back. Your answers were kept." in page


# --- Cases.


def test_a_coder_sees_the_cases_of_their_own_decisions_and_a_supervisor_all(people, client, visit):
    decision = factories.decide(people["coder"], visit, factories.PAVLIK, factories.insists())
    case = factories.case_of(decision)
    for who, is_shown in (
        ("coder", True),
        (("coder", 2), False),
        ("supervisor", True),
        ("auditor", True),
    ):
        client.force_login(people[who])
        assert has(client, visit, "case", case) is is_shown, who


def test_each_case_of_a_visit_is_shown_with_its_ruling(people, coder, visit):
    decision = factories.decide(people["coder"], visit, factories.PAVLIK, factories.insists())
    factories.rule(people["supervisor"], factories.case_of(decision), RulingKind.RULES_UPHELD)
    second_looks.rebut(people["coder"], factories.case_of(decision), "No.")
    page = text_of(coder, visit)
    assert "Rebuttal" in page
    assert "<strong>Rules upheld</strong>: The note says so." in page
    assert "in question" in page


# --- The address of the time before there were services.


def test_of_a_visit_that_is_coded_the_old_address_leads_to_its_page(people, client, visit):
    client.force_login(people["supervisor"])
    for code in ("27256", "99203"):
        service = factories.service_for(visit, code)
        if service.rule_set:
            factories.decide(people["coder"], service, factories.PAVLIK)
        else:
            decisions.decide(people["coder"], service, KEEP)
    response = client.get(reverse("old-code", args=[visit.public_id]))
    assert response.url == visit.get_absolute_url()

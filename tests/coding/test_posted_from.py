"""Addresses of verbs without a page: opened they lead to the page of their button, and a refusal leads back there."""

import re
from datetime import date

import pytest
from django.urls import get_resolver, reverse

from reviews.actions import cases, shadows
from tests import factories

# A verb's address, and the page on which its button stands.
PAGES = {
    "assign": "encounter",
    "export-report": "report",
    "take-back": "service",
    "renew-version": "code",
    "release-service": "code",
    "worklist-filters": "worklist",
    "queue-filters": "queue",
    "my-cases-filters": "my-cases",
    "read-all": "my-cases",
    "start-import": "upload",
    "forget-columns": "upload",
    "forget-mapping": "mapping",
    "steer-upload": "upload",
    "old-columns": "upload",
    "claim": "case",
    "acknowledge": "case",
    "old-rule": "case",
    "launch-run": "run",
    "pause-run": "run",
    "resume-run": "run",
    "cancel-run": "run",
    "apply-run": "run",
    "end-shadow": "shadow",
    "keep-text": "home",
    "stay": "home",
    "leave-family": "code",
    "settle-proposal": "encounter",
    "answer-proposal": "encounter",
    "claim-next": "queue",
    "query-link": "query",
    "end-absence": "absences",
    "comment-done": "case-comments",
}
WITHOUT_ID = {"absences", "home", "my-cases", "queue", "worklist"}
ANY_ID = "7b0e8a34-0d0f-4a5e-9f0e-0d6c9d1a2b3c"


def takes_forms_only():
    """The names of all addresses of ours behind which ``posted_from`` stands."""
    names = set()
    for resolver in get_resolver().url_patterns:
        for pattern in getattr(resolver, "url_patterns", [resolver]):
            code = getattr(pattern.callback, "__code__", None)
            if code is not None and code.co_qualname.startswith("posted_from."):
                names.add(pattern.name)
    return names


def args_of(name):
    return [] if PAGES[name] in WITHOUT_ID else [ANY_ID]


def test_each_of_them_stands_in_the_table():
    assert takes_forms_only() == set(PAGES)


@pytest.mark.parametrize("name", sorted(PAGES))
@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_whatever_is_no_form_is_led_to_the_page(people, client, name, method):
    client.force_login(people["coder"])
    response = getattr(client, method)(reverse(name, args=args_of(name)))
    assert (response.status_code, response.url) == (302, reverse(PAGES[name], args=args_of(name)))


def standing(people, hip):
    return factories.case_of(
        factories.decide(
            people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists()
        )
    )


@pytest.fixture
def disputed(standing):
    return standing


def leads_back(response):
    """Where the page of a conflict leads."""
    assert response.status_code == 409
    return re.search(r'href="([^"]+)">Look at it again<', response.content.decode())[1]


def refused(client, people, role, name, target, **data):
    client.force_login(people[role])
    return client.post(reverse(name, args=[target.public_id]), data)


def test_a_case_that_somebody_else_holds_leads_back_to_the_case(people, client, disputed):
    cases.claim(people["supervisor", 2], disputed)
    assert (
        leads_back(refused(client, people, "supervisor", "claim", disputed))
        == disputed.get_absolute_url()
    )


def test_a_ruling_that_is_not_there_yet_leads_back_to_the_case(people, client, disputed):
    assert (
        leads_back(refused(client, people, "coder", "acknowledge", disputed))
        == disputed.get_absolute_url()
    )


def test_a_decision_that_cannot_be_taken_back_leads_back_to_its_encounter(people, client, disputed):
    cases.claim(people["supervisor"], disputed)
    service = disputed.service
    address = leads_back(refused(client, people, "coder", "take-back", service))
    assert address == reverse("service", args=[service.public_id])
    page = client.get(address)
    assert page.url == f"{service.encounter.get_absolute_url()}#service-{service.number}"


def test_an_encounter_that_is_not_final_leads_back_to_its_report(people, client, disputed):
    encounter = disputed.service.encounter
    address = leads_back(refused(client, people, "supervisor", "export-report", encounter))
    assert address == reverse("report", args=[encounter.public_id])
    assert client.get(address).status_code == 200


def test_an_encounter_of_somebody_else_leads_back_to_it(people, client, hip):
    service = factories.service(people, hip)
    factories.answer(people["coder", 2], service, factories.PAVLIK)
    response = refused(client, people, "coder", "assign", service.encounter, take="yes")
    assert leads_back(response) == service.encounter.get_absolute_url()


def test_a_version_that_is_the_one_in_force_leads_back_to_the_form(people, client, hip):
    service = factories.service(people, hip)
    factories.answer(people["coder"], service, factories.PAVLIK)
    assert (
        leads_back(refused(client, people, "coder", "renew-version", service))
        == service.get_absolute_url()
    )


def test_a_run_that_has_ended_leads_back_to_the_run(people, client, hip):
    run = factories.finished(people, hip)
    for name in ("launch-run", "pause-run", "resume-run", "cancel-run"):
        assert (
            leads_back(refused(client, people, "supervisor", name, run)) == run.get_absolute_url()
        )


def test_a_shadow_that_has_ended_leads_back_to_it(people, client, hip):
    watch = shadows.start(people["rule author"], hip)
    shadows.end(people["rule author"], watch)
    assert (
        leads_back(refused(client, people, "rule author", "end-shadow", watch))
        == watch.get_absolute_url()
    )


def test_an_upload_that_is_not_checked_leads_back_to_it(people, client, hip):
    upload = factories.upload(people, b"external_id,patient_reference\n1,2\n")
    for name, data in (("start-import", {}), ("steer-upload", {"verb": "dance"})):
        assert (
            leads_back(refused(client, people, "coder", name, upload, **data))
            == upload.get_absolute_url()
        )


def test_what_pages_of_a_version_send_leads_back_to_them_too(people, client, hip):
    """Sent after the session has ended, it is opened when its person has signed in again."""
    client.force_login(people["rule author"])

    def address(name, *more):
        return reverse(f"admin:coding_rulesetversion_{name}", args=[hip.pk, *more])

    assert client.get(address("changes")).url == address("grid")
    assert client.get(address("comments")).url == address("grid")
    assert client.get(address("take_back", 1)).url == address("editions")


def test_a_service_for_whose_day_no_rules_are_in_force_leads_back_to_its_encounter(
    people, client, hip
):
    service = factories.service(people, hip, date_of_service=date(2020, 1, 1))
    client.force_login(people["coder"])
    response = client.get(reverse("code", args=[service.public_id]))
    assert "No version of the rules is in force on 2020-01-01" in response.content.decode()
    assert leads_back(response) == service.encounter.get_absolute_url()


def test_a_page_that_takes_its_own_form_leads_back_to_itself(people, client, disputed):
    """An address with what was asked for in it is the page that was open."""
    reopen = reverse("reopen-case", args=[disputed.public_id])
    client.force_login(people["supervisor"])
    data = {"idempotency_key": ANY_ID, "reason": "Too early."}
    assert leads_back(client.post(reopen, data)) == reopen

"""Second codings: another coder codes blind, what differs comes to a supervisor; supervisors code blind too."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from coding.actions.errors import Conflict, NotAllowed
from coding.models import ServiceState
from reviews.actions import cases, comments, decisions, rulings, second_codings, shadows
from reviews.actions.adjudications import Adjudication
from reviews.actions.claims import judges_of
from reviews.actions.second_codings import BlindCode
from reviews.lists.queues import free_for
from reviews.models import ReviewCase, RouteReason, Ruling, RulingKind, RunMode, SecondCoding
from tests import factories
from tests.races import at_once

SAME, OTHER = BlindCode("27256", ("LT",)), BlindCode("27257", ("LT",), reason="A reduction.")


standing = factories.agreed


@pytest.fixture
def decision(standing):
    return standing


@pytest.fixture
def second(people, decision):
    return second_codings.ask(people["supervisor"], decision, people["coder", 2])


def reasons(decision):
    return [row.reason for row in factories.case_of(decision).routes.all()]


def test_what_a_second_coder_finds_too_opens_nothing_and_is_kept(people, decision, second):
    second_codings.code_blind(people["coder", 2], second, SAME)
    second.refresh_from_db()
    assert (second.agrees, second.words) == (True, "27256-LT")
    assert not ReviewCase.objects.exists()


def test_what_differs_comes_to_a_supervisor_and_the_first_agreement_stays(people, decision, second):
    second_codings.code_blind(people["coder", 2], second, OTHER)
    assert reasons(decision) == [RouteReason.SECOND_CODER]
    decision.refresh_from_db()
    assert decision.agrees
    assert factories.service_of(decision.service).state == ServiceState.IN_REVIEW


def test_who_coded_it_blind_does_not_judge_the_difference(people, decision):
    both = people["coder", 2]
    both.groups.add(*people["supervisor"].groups.all())
    second = second_codings.ask(people["supervisor"], decision, both)
    second_codings.code_blind(both, second, OTHER)
    case = factories.case_of(decision)
    with pytest.raises(NotAllowed, match="You coded this case"):
        cases.claim(both, case)
    assert both not in judges_of(case)
    assert not free_for(both, ReviewCase.objects.all()).exists()


def test_a_case_that_is_open_gets_it_as_one_more_reason_and_a_ruling_stays(people, hip):
    disputed = factories.decide(
        people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists()
    )
    second = second_codings.ask(people["supervisor"], disputed, people["coder", 2])
    second_codings.code_blind(people["coder", 2], second, SAME)
    assert reasons(disputed) == [RouteReason.OTHER_CODE, RouteReason.SECOND_CODER]
    ruled = factories.decide(
        people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists()
    )
    late = second_codings.ask(people["supervisor"], ruled, people["coder", 2])
    factories.rule(people["supervisor"], factories.case_of(ruled))
    second_codings.code_blind(people["coder", 2], late, SAME)
    assert factories.service_of(ruled.service).state == ServiceState.FINAL


def test_only_a_coder_who_decided_it_never_is_asked_and_only_they_code_it(people, decision):
    with pytest.raises(ValidationError, match="cannot code this blind"):
        second_codings.ask(people["supervisor"], decision, people["coder"])
    with pytest.raises(NotAllowed, match="may not ask for a second coding"):
        second_codings.ask(people["coder"], decision, people["coder", 2])
    second = second_codings.ask(people["supervisor"], decision, people["coder", 2])
    with pytest.raises(Conflict, match="asked already"):
        second_codings.ask(people["supervisor"], decision, people["coder", 2])
    with pytest.raises(NotAllowed, match="Somebody else"):
        second_codings.code_blind(people["coder", 3], second, SAME)
    assert SecondCoding.objects.get().done_at is None


def test_no_page_shows_a_second_coder_the_decision_before_they_coded_and_theirs_is_sent_once(
    client, people, decision, second
):
    client.force_login(people["coder", 2])
    encounter = decision.service.encounter.get_absolute_url()
    page = client.get(second.get_absolute_url())
    for shown in (page, client.get(encounter), client.get(f"{encounter}history/")):
        assert "27256" not in shown.content.decode()
        assert people["coder"].name not in shown.content.decode()
    assert client.get(f"{encounter}report/").url == encounter

    data = {
        "idempotency_key": page.context["form"]["idempotency_key"].value(),
        "fact-treatment": "closed",
    }
    assert client.post(second.get_absolute_url(), data).status_code == 422
    data |= {"code": "27257", "modifiers": "LT", "reason": "A reduction."}
    for _ in range(2):
        assert client.post(second.get_absolute_url(), data).url == reverse("my-cases")
    assert client.get(second.get_absolute_url()).url == reverse("my-cases")
    assert "27256" in client.get(encounter).content.decode()
    second.refresh_from_db()
    assert (
        second.profile.facts == {"treatment": {"is": "closed"}}
        or "treatment" in second.profile.facts
    )
    client.force_login(people["supervisor"])
    compared = client.get(factories.case_of(decision).get_absolute_url()).context["comparison"]
    assert compared.has_second


@pytest.mark.django_db(transaction=True)
def test_a_second_coding_that_is_sent_twice_at_once_is_kept_once(people, decision, second):
    results = at_once(
        2, lambda number: second_codings.code_blind(people["coder", 2], second, OTHER)
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]
    assert ReviewCase.objects.count() == 1


def test_under_blind_review_a_supervisor_codes_first_and_reads_names_after_the_ruling(
    client, people, hip, settings
):
    settings.REVIEW_BLIND = True
    supervisor = people["supervisor"]
    disputed = factories.decide(
        people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists()
    )
    case = factories.case_of(disputed)
    client.force_login(supervisor)
    assert "Claim it first" in client.get(case.get_absolute_url()).content.decode()
    cases.claim(supervisor, case)
    page = client.get(case.get_absolute_url())
    for hidden in ("27257", "27256", people["coder"].name):
        assert hidden not in page.content.decode()
    with pytest.raises(Conflict, match="ruled on blind"):
        rulings.rule(
            supervisor,
            factories.fresh_case(case),
            Adjudication(RulingKind.CODER_UPHELD, "As coded."),
        )

    key = page.context["form"]["idempotency_key"].value()
    sent = {"idempotency_key": key, "look": "yes", "code": "27256", "modifiers": "LT"}
    twice = [client.post(case.get_absolute_url(), sent) for _ in range(2)]
    assert {answer.headers.get("Location") for answer in twice} == {twice[0].url}
    shown = client.get(case.get_absolute_url()).content.decode()
    assert "27257" in shown
    assert people["coder"].name not in shown
    assert people["coder"].name not in client.get("/queue/").content.decode()
    with pytest.raises(Conflict, match="coded this case already"):
        second_codings.look(supervisor, case, SAME)
    rulings.rule(
        supervisor, factories.fresh_case(case), Adjudication(RulingKind.CODER_UPHELD, "As coded.")
    )
    assert Ruling.objects.exists()
    assert people["coder"].name in client.get(case.get_absolute_url()).content.decode()


def test_no_other_page_tells_a_supervisor_under_blind_review_whose_the_case_is_or_what_was_decided(
    client, people, hip, settings
):
    settings.REVIEW_BLIND = True
    service = factories.service(people, hip)
    case = factories.case_of(
        factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    )
    comments.comment(people["coder"], case, "Please look at it.", people["supervisor"])
    encounter = case.service.encounter
    pages = [
        "/queue/?column=coder&column=decided&column=suggested",
        "/encounters/?column=coder&column=final",
        "/cases/",
        encounter.get_absolute_url(),
        reverse("report", args=[encounter.public_id]),
        reverse("alike-cases", args=[case.public_id]),
        reverse("case-comments", args=[case.public_id]),
    ]
    client.force_login(people["supervisor"])
    for page in pages:
        shown = client.get(page, follow=True).content.decode()
        assert encounter.external_id in shown, page
        for hidden in (people["coder"].name, "27256-LT", "27257-LT"):
            assert hidden not in shown, page
    for asked in ("27256", "27257"):
        assert not list(client.get("/queue/", {"code": asked}).context["page"])
        assert not list(client.get("/encounters/", {"code": asked}).context["page"])
    client.force_login(people["auditor"])
    assert people["coder"].name in client.get(encounter.get_absolute_url()).content.decode()


def test_runs_clusters_and_shadows_list_nothing_that_waits_for_a_supervisor_who_is_kept_blind(
    client, people, hip, settings
):
    draft = factories.draft_without_harness(people, hip)
    watch = shadows.start(people["rule author"], draft)
    encounter = factories.encounter(people, hip)
    decision = factories.decide(people["coder"], encounter, factories.PAVLIK)
    run = factories.finished(
        people, factories.publish(people, draft, date(2026, 2, 1)), mode=RunMode.APPLY
    )
    pages = [reverse("run-changes", args=[run.public_id]), watch.get_absolute_url()]
    pages += [cluster.get_absolute_url() for cluster in run.clusters.all()]
    client.force_login(people["supervisor"])

    def pages_that_tell():
        return [
            page for page in pages if encounter.external_id in client.get(page).content.decode()
        ]

    assert len(pages) == 3
    assert pages_that_tell() == pages
    settings.REVIEW_BLIND = True
    assert pages_that_tell() == []
    assert "kept blind" in client.get(pages[0]).content.decode()
    file = client.post(reverse("export-run", args=[run.public_id, "csv"]))
    assert encounter.external_id not in b"".join(file.streaming_content).decode()

    settings.REVIEW_BLIND = False
    factories.rule(people["supervisor"], factories.case_of(decision), RulingKind.CODER_UPHELD)
    settings.REVIEW_BLIND = True
    assert pages_that_tell() == pages


def test_what_is_to_be_coded_again_has_no_decision_to_compare_with(people, decision):
    decisions.take_back(people["coder"], decision.service)
    again = factories.service_of(decision.service)
    assert not second_codings.has_counterpart(again, decision)
    with pytest.raises(Conflict, match="no decision to compare"):
        second_codings.ask(people["supervisor"], decision, people["coder", 2])


def test_a_second_coder_may_find_that_nothing_is_reported(people, decision, second):
    second_codings.code_blind(people["coder", 2], second, BlindCode(reason="An old injury."))
    second.refresh_from_db()
    assert (second.agrees, second.words) == (False, "Nothing to report")
    assert reasons(decision) == [RouteReason.SECOND_CODER]


def test_a_second_coder_is_asked_for_on_a_page_once(people, hip, client):
    case = factories.disputed(people, hip)
    asked = people["coder", 2]
    client.force_login(people["supervisor"])
    address = reverse("ask-second", args=[case.public_id])
    key = client.get(address).context["form"]["idempotency_key"].value()
    data = {"idempotency_key": key, "coder": asked.pk}
    assert client.post(address, data | {"coder": people["coder"].pk}).status_code == 422
    for _ in range(2):
        assert client.post(address, data).url == case.get_absolute_url()
    assert SecondCoding.objects.get().coder == asked


def test_a_code_that_cannot_be_is_refused_on_the_blind_page_at_its_field(client, people, second):
    client.force_login(people["coder", 2])
    form = client.get(second.get_absolute_url()).context["form"]
    data = {"code": "27257", "modifiers": "LT, LT", "units": 1}
    data |= {"idempotency_key": form["idempotency_key"].value(), "reason": "A reduction."}
    refused = client.post(second.get_absolute_url(), data)
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"modifiers"}
    second.refresh_from_db()
    assert second.done_at is None

"""Re-evaluation runs as pages: watching one, what it found, and setting it beside another."""

from datetime import date

import pytest
from django.urls import reverse

from coding.models import AuditEvent, JobState
from coding.tables.csv_lines import read_lines
from coding.work import leases
from reviews.actions import runs
from reviews.actions.runs import Scope
from reviews.models import Ending, ReviewCase, RunMode
from reviews.reevaluation.listing import COLUMNS
from tests import factories
from tests.signing import but_for_the_signature


def standing(people, hip):
    for facts in (factories.PAVLIK, factories.REDUCED):
        factories.decide(people["coder"], factories.encounter(people, hip, payer="Northern"), facts)
    return factories.draft_without_harness(people, hip)


@pytest.fixture
def draft(standing):
    return standing


@pytest.fixture
def published(people, draft):
    return factories.publish(people, draft, date(2026, 2, 1))


@pytest.fixture
def supervisor(people, client):
    client.force_login(people["supervisor"])
    return client


def text_of(client, run, name="run"):
    return client.get(reverse(name, args=[run.public_id])).content.decode()


# --- Watching it.


def test_without_a_run_the_list_says_what_one_is_for(people, client, hip):
    for role, is_offered in (("supervisor", True), ("auditor", False)):
        client.force_login(people[role])
        page = client.get(reverse("runs")).content.decode()
        assert "Start one to see what a version would change." in page
        assert (reverse("new-run") in page) is is_offered


def test_a_list_tells_where_each_run_stands(people, hip, supervisor, draft):
    runs.plan(people["supervisor"], draft, Scope())
    assert "Planning" in supervisor.get(reverse("runs")).content.decode()
    leases.pump()
    page = supervisor.get(reverse("runs")).content.decode()
    assert "Planning" not in page
    assert JobState.PLANNED.label in page


def test_the_buttons_fit_the_state_and_the_role(people, client, draft):
    run = factories.planned(people, draft)
    names = ("launch-run", "pause-run", "resume-run", "cancel-run")

    def offered(role):
        client.force_login(people[role])
        page = text_of(client, run)
        return {name for name in names if reverse(name, args=[run.public_id]) in page}

    assert offered("auditor") == offered("rule approver") == set()
    assert offered("supervisor") == offered("rule author") == {"launch-run", "cancel-run"}
    runs.launch(people["supervisor"], run)
    assert offered("supervisor") == {"pause-run", "cancel-run"}
    runs.pause(people["supervisor"], factories.fresh(run))
    assert offered("supervisor") == {"resume-run", "cancel-run"}
    runs.cancel(people["supervisor"], factories.fresh(run))
    assert offered("supervisor") == set()


def test_the_buttons_of_a_run_that_opens_cases_are_for_who_may_apply(people, client, published):
    run = factories.planned(people, published, mode=RunMode.APPLY)
    for role, is_offered in (("supervisor", True), ("rule author", False)):
        client.force_login(people[role])
        assert (reverse("launch-run", args=[run.public_id]) in text_of(client, run)) is is_offered


def test_a_run_asks_for_itself_until_it_has_ended_and_htmx_gets_the_part_alone(
    people, supervisor, draft
):
    run = runs.plan(people["supervisor"], draft, Scope())
    part = supervisor.get(run.get_absolute_url(), headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="_run" hx-get=')
    assert "HX-Request" in part["Vary"]
    run = factories.finished(people, draft)
    assert "hx-get" not in text_of(supervisor, run)


# --- What it found.


def test_a_finished_run_tells_the_matrix_the_rules_and_the_coders(people, supervisor, draft):
    page = text_of(supervisor, factories.finished(people, draft))
    assert "Services that get another outcome: 1" in page
    assert "Supervisor review" in page
    assert "Final codes that this version contradicts: 1" in page
    assert "0 of them were ruled by a supervisor." in page
    assert people["coder"].name in page
    assert "No value loaded: no fee schedule release lists these codes" in page


def test_values_are_shown_where_a_fee_schedule_lists_the_codes(people, supervisor, draft):
    factories.fees()
    page = text_of(supervisor, factories.finished(people, draft))
    assert "4.50" in page
    assert "13.00" in page
    assert "An outcome without a code counts as 0." in page


def test_a_run_in_which_nothing_changes_says_so_and_opens_nothing(people, hip, supervisor, draft):
    page = text_of(supervisor, factories.finished(people, hip))
    assert "Nothing changes" in page
    assert "Nothing to open." in page
    assert "Open review cases" not in page


def test_cases_are_opened_from_the_page_once_what_was_run_is_published(
    people, supervisor, published, client
):
    run = factories.finished(people, published)
    address = reverse("apply-run", args=[run.public_id])
    assert address in text_of(supervisor, run)
    response = supervisor.post(address, follow=True)
    assert (
        "The review cases are being opened. No final code is changed." in response.content.decode()
    )
    leases.pump()
    page = text_of(supervisor, run)
    assert f"Applied by {people['supervisor'].name}" in page
    assert "27256-LT → Supervisor review, final 27256-LT" in page
    assert ReviewCase.objects.count() == 1
    client.force_login(people["rule author"])
    assert address not in text_of(client, run)


def test_a_draft_says_when_its_cases_can_be_opened(people, supervisor, draft):
    run = factories.finished(people, draft)
    assert "Review cases can be opened once this content is published." in text_of(supervisor, run)
    response = supervisor.post(reverse("apply-run", args=[run.public_id]))
    assert response.status_code == 409
    assert "Publish the version and run it again" in response.content.decode()


# --- The list of changes.


def test_an_exported_row_tells_both_outcomes_and_that_it_contradicts_the_final_code(
    people, supervisor, draft
):
    run = factories.finished(people, draft)
    response = supervisor.post(reverse("export-run", args=[run.public_id, "csv"]))
    header, row = read_lines(b"".join(response.streaming_content))
    assert header.cells == COLUMNS
    values = dict(zip(header.cells, row.cells, strict=True))
    assert (values["old_outcome"], values["old_rule"]) == ("27256-LT", "R32")
    assert (values["new_outcome"], values["new_rule"]) == ("supervisor_review", "R34")
    assert (values["payer"], values["coder"], values["state"]) == (
        "Northern",
        people["coder"].name,
        "final",
    )
    assert (values["final_code"], values["contradicts_final_code"]) == ("27256-LT", "yes")
    assert values["ruled_by_supervisor"] == "no"
    assert "Pavlik" in values["deciding"]


def test_an_export_is_narrowed_as_the_list_is_and_noted_with_its_size(people, supervisor, draft):
    run = factories.finished(people, draft)
    address = reverse("export-run", args=[run.public_id, "csv"])
    response = supervisor.post(f"{address}?ending={Ending.ERROR}")
    assert len(read_lines(b"".join(response.streaming_content))) == 1
    assert response["Cache-Control"] == "no-store"
    event = AuditEvent.objects.get(event="run.exported")
    assert (but_for_the_signature(event.after), event.actor) == (
        {"format": "csv", "services": 0},
        people["supervisor"],
    )


def test_a_list_in_which_nothing_matches_says_so(people, hip, supervisor, draft):
    run = factories.finished(people, hip)
    assert "No service that changes matches." in text_of(supervisor, run, "run-changes")


# --- Beside another run.


def test_a_run_stands_beside_runs_of_its_own_rule_set_only_when_they_are_done(
    people, hip, supervisor, draft
):
    run = factories.finished(people, draft)
    assert "No other run" in text_of(supervisor, run, "compare-runs")
    factories.planned(people, hip)
    assert "No other run" in text_of(supervisor, run, "compare-runs")


def test_runs_with_different_filters_are_compared_with_a_warning(people, hip, supervisor, draft):
    run = factories.finished(people, draft)
    same, other = (
        factories.finished(people, draft),
        factories.finished(people, draft, Scope(payer="Northern")),
    )
    address = reverse("compare-runs", args=[run.public_id])
    alike = supervisor.get(address, {"other": same.public_id}).content.decode()
    apart = supervisor.get(address, {"other": other.public_id}).content.decode()
    assert "Both runs make the same of every service." in alike
    assert "The runs had different filters" not in alike
    assert "The runs had different filters" in apart
    assert supervisor.get(address, {"other": "nonsense"}).status_code == 200

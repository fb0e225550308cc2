"""Asking for a re-evaluation run: the form of its version and filter, and what it refuses at which field."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from coding.actions import rule_sets
from reviews.actions import runs
from reviews.actions.runs import Scope
from reviews.models import ReevaluationRun, RunMode
from tests import factories


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


def asked(version, **data):
    return {"idempotency_key": uuid.uuid4(), "version": version.pk, "mode": "dry_run", **data}


def text_of(client, run, name="run"):
    return client.get(reverse(name, args=[run.public_id])).content.decode()


def test_a_run_is_asked_for_once_however_often_the_form_is_sent(supervisor, draft):
    data = asked(draft, payer="Northern", code=" 27256 ", served_from="2026-01-01", state="final")
    addresses = {supervisor.post(reverse("new-run"), data).url for _ in range(3)}
    run = ReevaluationRun.objects.get()
    assert addresses == {run.get_absolute_url()}
    assert (run.payer, run.code, run.served_from, run.state) == (
        "Northern",
        "27256",
        date(2026, 1, 1),
        "final",
    )


def test_the_filter_of_a_run_is_told_in_words(people, supervisor, draft):
    day = date(2026, 5, 4)
    run = runs.plan(
        people["supervisor"],
        draft,
        Scope(day, day, "Northern", people["coder"], "27256", "in_review"),
    )
    words = "served from 2026-05-04, served until 2026-05-04, code 27256, payer Northern"
    page = text_of(supervisor, run)
    assert words in page
    assert f"coder {people['coder'].name}, status in review." in page


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"version": ""}, "version", "required"),
        ({"version": "0"}, "version", "not one of the available"),
        ({"mode": "apply"}, "mode", "Only a published version is applied"),
        ({"served_from": "05/04/2026"}, "served_from", "year-month-day"),
        (
            {"served_from": "2026-05-05", "served_until": "2026-05-04"},
            "served_until",
            "before the first one",
        ),
        ({"code": "272567"}, "code", "at most 5"),
        ({"state": "lost"}, "state", "valid choice"),
    ],
)
def test_what_cannot_be_run_is_refused_at_its_field(supervisor, draft, data, field, words):
    response = supervisor.post(reverse("new-run"), {**asked(draft), **data})
    assert response.status_code == 422
    assert words in " ".join(response.context["form"].errors[field])
    assert not ReevaluationRun.objects.exists()


def test_an_author_is_offered_dry_runs_only(people, client, published):
    client.force_login(people["rule author"])
    offered = dict(client.get(reverse("new-run")).context["form"].fields["mode"].choices)
    assert list(offered) == [RunMode.DRY_RUN]
    response = client.post(reverse("new-run"), asked(published, mode="apply"))
    assert response.status_code == 422
    assert not ReevaluationRun.objects.exists()


def test_a_retired_version_is_not_offered(people, hip, supervisor, draft):
    rule_sets.retire(people["rule approver"], hip)
    offered = supervisor.get(reverse("new-run")).context["form"].fields["version"].queryset
    assert list(offered) == [draft]

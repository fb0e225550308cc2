"""Scheduled: who holds a case or asked a provider is reminded once, and a query that nobody answers is told to all."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from coding.models import AuditEvent
from coding.trail import proof
from reviews.actions import cases, reminders
from reviews.actions.decisions import Judgement
from reviews.models import Choice, ProviderQuery, ReviewCase, RulingKind
from tests import factories

SILENT = {**factories.PAVLIK, "anesthesia": ""}
ASKS = Judgement(Choice.PROVIDER_QUERY, reason="Which?")
NOTHING = "0 holders of cases and 0 askers reminded, 0 queries escalated"


@pytest.fixture
def held(people, hip):
    decision = factories.decide(
        people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists()
    )
    case = factories.case_of(decision)
    cases.claim(people["supervisor"], case)
    return case


@pytest.fixture
def query(people, hip):
    decision = factories.decide(people["coder"], factories.service(people, hip), SILENT, ASKS)
    factories.rule(people["supervisor"], factories.case_of(decision), RulingKind.PROVIDER_QUERY)
    return ProviderQuery.objects.get()


def waited(monkeypatch, **span):
    """As if the scheduler ran so much later."""
    later = timezone.now() + timedelta(**span)
    monkeypatch.setattr(reminders.timezone, "now", lambda: later)


def with_mail(settings, *people):
    settings.EMAIL_IS_SET_UP = True
    for person in people:
        person.email = f"{person.username}@example.org".replace(" ", "-")
        person.save()


def events(*names):
    return list(
        AuditEvent.objects.filter(event__in=names).values_list("event", "actor_name", "encounter")
    )


def test_a_holder_is_reminded_once_and_again_only_when_the_case_came_back(
    people, held, settings, monkeypatch
):
    with_mail(settings, people["supervisor"])
    assert reminders.remind() == NOTHING
    waited(monkeypatch, hours=settings.CLAIM_REMINDER_HOURS + 1)
    assert reminders.remind().startswith("1 holders")
    assert reminders.remind() == NOTHING
    assert events("case.reminded") == [
        ("case.reminded", "Concord", held.service.encounter.public_id)
    ]
    [letter] = mail.outbox
    assert "You hold 1 review case " in letter.body
    assert held.service.encounter.external_id not in letter.body
    cases.release(people["supervisor"], factories.fresh_case(held))
    cases.claim(people["supervisor"], factories.fresh_case(held))
    assert ReviewCase.objects.get().reminded_at is None
    proof.prove()


def test_who_asked_a_provider_is_reminded_and_later_all_supervisors_are_told(
    people, query, settings, monkeypatch
):
    with_mail(settings, people["supervisor"], people["supervisor", 2], people["coder"])
    waited(monkeypatch, days=settings.QUERY_REMINDER_DAYS, hours=1)
    assert reminders.remind() == "0 holders of cases and 1 askers reminded, 0 queries escalated"
    assert [letter.to for letter in mail.outbox] == [[people["supervisor"].email]]
    waited(monkeypatch, days=settings.QUERY_ESCALATION_DAYS, hours=1)
    assert reminders.remind() == "0 holders of cases and 0 askers reminded, 1 queries escalated"
    assert reminders.remind() == NOTHING
    told = {address for letter in mail.outbox[1:] for address in letter.to}
    assert told == {people["supervisor"].email, people["supervisor", 2].email}
    assert [name for name, *_ in events("query.reminded", "query.escalated")] == [
        "query.reminded",
        "query.escalated",
    ]
    proof.prove()


def test_supervisors_find_what_waits_in_the_list_of_queries_and_its_number_in_the_navigation(
    people, query, client, settings, monkeypatch
):
    waited(monkeypatch, days=settings.QUERY_ESCALATION_DAYS, hours=1)
    reminders.remind()
    client.force_login(people["supervisor", 2])
    page = client.get(reverse("queries")).content.decode()
    assert query.get_absolute_url() in page
    assert "all supervisors, " in page
    items = {item.label: item.count for item in client.get(reverse("queries")).context["nav_items"]}
    assert items["Queries"] == "1"
    assert (
        query.get_absolute_url()
        not in client.get(reverse("queries") + "?state=answered").content.decode()
    )

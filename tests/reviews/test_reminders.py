"""Scheduled: who holds a case or asked a provider is reminded once, and a query that nobody answers is told to all."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from coding.actions.require import people_who_may
from coding.models import AuditEvent
from coding.trail import proof
from reviews.actions import cases, queries, reminders
from reviews.actions.decisions import Judgement
from reviews.models import Choice, ProviderQuery, RulingKind
from tests import factories

SILENT = {**factories.PAVLIK, "anesthesia": ""}
ASKS = Judgement(Choice.PROVIDER_QUERY, reason="Which?")
NOTHING = "0 holders of cases and 0 askers reminded, 0 queries escalated"


def standing(people, hip):
    """A case that waits for a supervisor, and one in which the coder asks the provider."""
    asking = factories.decide(people["coder"], factories.service(people, hip), SILENT, ASKS)
    return factories.disputed(people, hip), factories.case_of(asking)


@pytest.fixture
def held(people, standing):
    case, _ = standing
    cases.claim(people["supervisor"], case)
    return case


@pytest.fixture
def query(people, standing):
    _, asking = standing
    factories.rule(people["supervisor"], asking, RulingKind.PROVIDER_QUERY)
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


def letters():
    return {address: letter.body for letter in mail.outbox for address in letter.to}


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
    assert factories.fresh_case(held).reminded_at is None
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


def test_a_reminder_is_due_once_its_time_is_over_and_not_before(held, query, settings):
    held_for = timedelta(hours=settings.CLAIM_REMINDER_HOURS)
    asked_for = timedelta(days=settings.QUERY_REMINDER_DAYS)
    passed_on_after = timedelta(days=settings.QUERY_ESCALATION_DAYS)
    now = timezone.now()
    minute = timedelta(minutes=1)
    for due, rows in (
        (held_for, reminders.held_long),
        (asked_for, reminders.queries_to_remind_of),
        (passed_on_after, reminders.queries_to_escalate),
    ):
        assert not rows(now + due - minute).exists()
        assert rows(now + due + minute).exists()


def test_the_trail_says_of_each_reminder_which_service_waits_and_with_whom(
    people, held, query, settings, monkeypatch
):
    waited(monkeypatch, days=settings.QUERY_ESCALATION_DAYS, hours=1)
    reminders.remind()
    name = people["supervisor"].name
    told = {event.event: event.after for event in AuditEvent.objects.all()}
    assert told["case.reminded"] == {"service": 1, "held by": name}
    assert told["query.reminded"] == told["query.escalated"] == {"service": 1, "asked by": name}


def test_each_person_gets_one_letter_a_run_with_their_own_numbers(
    people, held, query, settings, monkeypatch
):
    supervisor, other = people["supervisor"], people["supervisor", 2]
    with_mail(settings, supervisor, other)
    waited(monkeypatch, days=settings.QUERY_ESCALATION_DAYS, hours=1)
    reminders.remind()
    assert {letter.subject for letter in mail.outbox} == {"Concord: what waits for you"}
    assert len(mail.outbox) == 2
    to_holder, to_other = letters()[supervisor.email], letters()[other.email]
    assert "You hold 1 review case " in to_holder
    assert "1 question that you asked a provider waits" in to_holder
    assert "You hold" not in to_other
    assert "you asked" not in to_other
    for letter in (to_holder, to_other):
        assert "1 question to providers has waited so long" in letter


def test_whoever_left_gets_no_letter_and_the_rest_goes_on(
    people, held, query, settings, monkeypatch
):
    supervisor = people["supervisor"]
    with_mail(settings, supervisor)
    supervisor.is_active = False
    supervisor.save()
    waited(monkeypatch, days=settings.QUERY_REMINDER_DAYS, hours=1)
    assert reminders.remind().startswith("1 holders of cases and 1 askers reminded")
    assert mail.outbox == []


def test_what_ended_in_time_reminds_nobody(people, held, query, settings, monkeypatch):
    cases.release(people["supervisor"], held)
    queries.close(people["supervisor"], query, "He left.")
    waited(monkeypatch, days=settings.QUERY_ESCALATION_DAYS, hours=1)
    assert reminders.remind() == NOTHING


def test_what_went_on_since_it_was_listed_is_left(held, query, settings):
    """Two schedulers list the same rows: the second one finds them told."""
    later = timezone.now() + timedelta(days=settings.QUERY_ESCALATION_DAYS, hours=1)
    for remind, row in (
        (reminders._remind_holder, held),
        (reminders._remind_asker, query),
        (reminders._escalate, query),
    ):
        assert remind(row.pk, later)
        assert not remind(row.pk, later)
    names = events("case.reminded", "query.reminded", "query.escalated")
    assert len(names) == 3


def test_whoever_may_do_everything_is_no_supervisor_and_gets_no_letter(people, query):
    root = people["coder", 9]
    root.is_superuser = True
    root.save()
    assert set(people_who_may(reminders.ANSWERS)) == {people["supervisor"]}

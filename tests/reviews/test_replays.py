"""The nightly proof: every stored suggestion is decided again and gives what is stored, or there is an alarm."""

from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from coding.models import AuditEvent, JobState, Suggestion
from coding.trail import guards
from coding.work import leases
from reviews.actions import replays
from reviews.models import ReplayDifference, ReplayProof
from reviews.reevaluation.nightly import prove_replay
from tests import factories

NIGHT = date(2026, 5, 4)


@pytest.fixture
def stored(people, hip):
    for facts in (factories.PAVLIK, factories.REDUCED):
        factories.decide(people["coder"], factories.encounter(people, hip), facts)


def tamper():
    """Somebody with a database shell changes a stored suggestion."""
    guards.lift(connection)
    suggestion = Suggestion.objects.first()
    Suggestion.objects.filter(pk=suggestion.pk).update(
        decision={**suggestion.decision, "rule": "R31"}
    )
    guards.install(connection)
    return suggestion


def test_what_is_stored_is_proved(stored):
    proof = replays.prove(NIGHT)
    leases.pump()
    proof.refresh_from_db()
    assert (proof.job.state, proof.suggestions) == (JobState.DONE, 2)
    assert not ReplayDifference.objects.exists()
    assert AuditEvent.objects.get(event="replay.proved").after == {
        "suggestions": 2,
        "differences": 0,
    }


def test_a_difference_raises_the_alarm_where_auditors_see_it(people, stored, client, caplog):
    changed = tamper()
    replays.prove(NIGHT)
    leases.pump()
    assert ReplayDifference.objects.get().suggestion == changed
    assert "replay_alarm" in caplog.text
    client.force_login(people["auditor"])
    assert "cannot be decided again" in client.get(reverse("trail")).content.decode()
    client.force_login(people["coder"])
    assert "cannot be decided again" not in client.get(reverse("worklist")).content.decode()


def test_two_schedulers_prove_a_night_once(stored):
    assert replays.prove(NIGHT)
    assert replays.prove(NIGHT) is None
    prove_replay()
    prove_replay()
    assert ReplayProof.objects.count() == 2


def test_an_empty_database_is_proved_too(db):
    proof = replays.prove(NIGHT)
    leases.pump()
    proof.job.refresh_from_db()
    assert proof.job.state == JobState.DONE

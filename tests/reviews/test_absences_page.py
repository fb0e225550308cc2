"""The page of absences: who is away and who stands in, a form for one more, and a button for who is back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coding.forms.parts import IdempotentForm
from reviews.actions import routing
from reviews.models import Absence

TODAY = timezone.localdate()
WEEK = timedelta(days=7)
PAGE = "absences"


@pytest.fixture
def supervisor(people, client):
    client.force_login(people["supervisor"])
    return client


def sent(people, **values):
    """The form as the page sends it: the second supervisor is away, the third one stands in."""
    return {
        "idempotency_key": IdempotentForm()["idempotency_key"].value(),
        "person": people["supervisor", 2].pk,
        "substitute": people["supervisor", 3].pk,
        "first_day": TODAY.isoformat(),
        "last_day": (TODAY + WEEK).isoformat(),
        **values,
    }


def test_an_absence_is_entered_and_stands_in_the_list_with_who_stands_in(people, supervisor):
    data = sent(people)
    page = supervisor.post(reverse(PAGE), data, follow=True).content.decode()
    assert f"{people['supervisor', 2].name} is away until {TODAY + WEEK}." in page
    for words in (people["supervisor", 3].name, "Is back"):
        assert words in page
    supervisor.post(reverse(PAGE), data)
    assert Absence.objects.count() == 1


def test_days_that_cannot_be_are_refused_at_their_field(people, supervisor):
    data = sent(people, last_day=(TODAY - WEEK).isoformat())
    refused = supervisor.post(reverse(PAGE), data)
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"last_day"}
    assert not Absence.objects.exists()


def test_who_is_back_is_away_no_longer(people, supervisor):
    absence = routing.enter_absence(
        people["supervisor"], people["supervisor", 2], TODAY - WEEK, TODAY + WEEK
    )
    page = supervisor.post(reverse("end-absence"), {"absence": absence.pk}, follow=True)
    assert f"{people['supervisor', 2].name} is back." in page.content.decode()
    absence.refresh_from_db()
    assert absence.last_day < TODAY


@pytest.mark.parametrize("named", ["", "x", "-1", "0", "٣", "9" * 40])
def test_what_names_no_absence_ends_none(supervisor, named):
    assert supervisor.post(reverse("end-absence"), {"absence": named}).status_code == 404


def test_nobody_is_away_where_nobody_said_so(supervisor):
    assert "Nobody is away" in supervisor.get(reverse(PAGE)).content.decode()

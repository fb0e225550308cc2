"""The addresses that keep a person's work while the session runs out: what is kept of a form, and who stays."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from coding.actions.kept_texts import kept
from coding.actions.once import once
from coding.models import AuditEvent, KeptText

FORM = f"ruling:{uuid.UUID(int=1)}"


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def keep(client, form=FORM, **fields):
    return client.post(reverse("keep-text"), {"form": form, **fields})


def test_a_text_is_kept_without_a_word_of_answer(people, coder):
    response = keep(coder, reason="The cast.")
    assert (response.status_code, response.content) == (204, b"")
    assert kept(people["coder"], FORM) == {"reason": "The cast."}


@pytest.mark.parametrize(
    "name", ["csrfmiddlewaretoken", "seen", "revision", "suggestion", "choice", "kind", "confirmed"]
)
def test_what_the_page_itself_put_into_a_form_is_not_kept(coder, name):
    keep(coder, reason="The cast.", **{name: "7"})
    assert KeptText.objects.get().fields == {"reason": "The cast."}


def test_fields_that_were_left_empty_are_not_kept(coder):
    keep(coder, reason="The cast.", code="")
    assert KeptText.objects.get().fields == {"reason": "The cast."}


def test_a_form_that_was_emptied_again_leaves_nothing_to_show(people, coder):
    keep(coder, reason="The cast.")
    keep(coder, reason="")
    assert kept(people["coder"], FORM) == {}


def test_the_forms_own_key_is_remembered_beside_its_text(people, coder):
    key = uuid.uuid4()
    keep(coder, reason="The cast.", idempotency_key=str(key))
    stored = KeptText.objects.get()
    assert (stored.key, stored.fields) == (key, {"reason": "The cast."})
    once(people["coder"], key, lambda: "/")
    assert kept(people["coder"], FORM) == {}


@pytest.mark.parametrize("key", ["", "7", "not-a-key", "\0"])
def test_a_key_that_is_none_does_not_lose_the_text(people, coder, key):
    assert keep(coder, reason="The cast.", idempotency_key=key).status_code == 204
    assert KeptText.objects.get().key is None
    assert kept(people["coder"], FORM) == {"reason": "The cast."}


@pytest.mark.parametrize(
    "form",
    [
        "",
        "ruling",
        "ruling:",
        "ruling:7",
        f"Ruling:{uuid.UUID(int=1)}",
        f":{uuid.UUID(int=1)}",
        f"{'r' * 31}:{uuid.UUID(int=1)}",
        f"ruling:{uuid.UUID(int=1)}0",
        f"ruling:{uuid.UUID(int=1)}\n",
        f"ruling:{'g' * 36}",
    ],
)
def test_a_form_that_is_none_of_ours_is_refused_and_nothing_is_kept(coder, form):
    response = keep(coder, form=form, reason="x")
    assert response.status_code == 400
    assert "This form is not known." in response.content.decode()
    assert not KeptText.objects.exists()


def test_what_is_typed_is_no_event_of_the_trail(coder):
    keep(coder, reason="The patient's mother called.")
    coder.post(reverse("stay"))
    assert not AuditEvent.objects.exists()


def test_whoever_wants_to_stay_has_the_whole_time_again(coder, settings):
    soon = timezone.now() + timedelta(seconds=20)
    Session.objects.update(expire_date=soon)
    assert coder.post(reverse("stay")).status_code == 204
    whole = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE - 60)
    assert Session.objects.get().expire_date > whole


def test_whose_session_has_ended_is_led_to_the_login(coder):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    response = coder.post(reverse("stay"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_every_page_tells_the_browser_how_long_the_session_lasts_and_where_to_keep_texts(
    coder, settings
):
    page = coder.get(reverse("worklist")).content.decode()
    assert f'data-session-seconds="{settings.SESSION_COOKIE_AGE}"' in page
    assert f'data-keep-address="{reverse("keep-text")}"' in page
    assert f'data-stay-address="{reverse("stay")}"' in page


def test_near_its_absolute_end_a_page_tells_how_little_is_left(coder, settings):
    settings.SESSION_LONGEST_SECONDS = settings.SESSION_COOKIE_AGE // 2
    response = coder.get(reverse("worklist"))
    assert response.context["session_seconds"] <= settings.SESSION_LONGEST_SECONDS


def test_a_page_for_nobody_keeps_nothing(client, db):
    page = client.get(reverse("account_login")).content.decode()
    assert "data-keep-address" not in page

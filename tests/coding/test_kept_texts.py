"""What people typed and did not send: kept for its author alone, and forgotten when the form is taken."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coding.actions import kept_texts
from coding.actions.errors import Conflict
from coding.actions.once import once
from coding.models import KeptText
from coding.work.nightly import forget_old_texts

FORM = f"ruling:{uuid.UUID(int=1)}"


@pytest.fixture
def supervisor(people, client):
    client.force_login(people["supervisor"])
    return client


def keep(client, **fields):
    return client.post(reverse("keep-text"), {"form": FORM, **fields})


def test_what_was_typed_last_is_kept(people, supervisor):
    keep(supervisor, reason="The cast")
    assert (
        keep(
            supervisor, reason="The cast position reduced it.", csrfmiddlewaretoken="x"
        ).status_code
        == 204
    )
    assert kept_texts.kept(people["supervisor"], FORM) == {
        "reason": "The cast position reduced it."
    }


def test_nobody_else_reads_it(people, supervisor):
    keep(supervisor, reason="Mine.")
    assert kept_texts.kept(people["supervisor", 2], FORM) == {}


def test_a_form_that_is_none_is_refused(supervisor):
    response = supervisor.post(reverse("keep-text"), {"form": "../../etc", "reason": "x"})
    assert response.status_code == 400
    assert not KeptText.objects.exists()


def test_without_a_session_nothing_is_kept(client, db):
    assert keep(client, reason="x").status_code == 302
    assert not KeptText.objects.exists()


def test_what_arrives_after_its_form_was_taken_is_not_shown_again_and_forgotten(people, supervisor):
    """A text is on its way to the server while the form is sent, and a busy server takes the form first."""
    key = uuid.uuid4()
    once(people["supervisor"], key, lambda: "/")
    keep(supervisor, reason="The cast position reduced it.", idempotency_key=str(key))
    assert kept_texts.kept(people["supervisor"], FORM) == {}
    forget_old_texts()
    assert not KeptText.objects.exists()


def test_what_stands_in_a_form_that_was_refused_is_kept(people, supervisor):
    key = uuid.uuid4()
    with pytest.raises(Conflict):
        once(people["supervisor"], key, refuse)
    keep(supervisor, reason="The cast position reduced it.", idempotency_key=str(key))
    forget_old_texts()
    assert kept_texts.kept(people["supervisor"], FORM) == {
        "reason": "The cast position reduced it."
    }


def refuse():
    raise Conflict("Somebody was faster.")


def test_what_nobody_came_back_for_is_forgotten(people, supervisor):
    keep(supervisor, reason="Old.")
    KeptText.objects.update(kept_at=timezone.now() - kept_texts.KEPT_FOR - timedelta(hours=1))
    forget_old_texts()
    assert not KeptText.objects.exists()

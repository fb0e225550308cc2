"""The page of those who look after Concord: scheduled work with its last runs, and living workers."""

import pytest
from django.urls import reverse

from coding.models import ScheduledRun
from coding.work import scheduled, signs
from reviews.scheduled_work import SCHEDULED_WORK


@pytest.fixture
def page(people, client):
    client.force_login(people["administrator"])
    return lambda: client.get(reverse("operation")).content.decode()


def test_on_a_new_copy_all_scheduled_work_is_shown_as_overdue(page):
    shown = page()
    assert all(work.label in shown for work in SCHEDULED_WORK)
    assert shown.count(">Overdue<") == len(SCHEDULED_WORK)
    assert "No worker gave a sign" in shown


def test_what_was_done_is_shown_with_its_result(page):
    scheduled.run_due()
    signs.give()
    shown = page()
    assert shown.count(">Done<") == len(SCHEDULED_WORK)
    assert "0 texts forgotten" in shown
    assert "1 worker gave a sign" in shown


def test_what_failed_or_still_runs_is_told(page):
    scheduled.run_due()
    ScheduledRun.objects.filter(key="anchor").update(failed=True, result="PermissionError")
    ScheduledRun.objects.filter(key="texts").update(ended_at=None)
    shown = page()
    assert ">Failed<" in shown
    assert "PermissionError" in shown
    assert ">Running<" in shown


def test_looking_changes_nothing(page):
    page()
    assert not ScheduledRun.objects.exists()

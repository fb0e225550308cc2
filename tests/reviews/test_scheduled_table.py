"""The table of scheduled work: each piece of it is done and says what came of it."""

from coding import trail
from coding.models import AuditEvent, ScheduledRun
from coding.work import scheduled
from reviews.models import ReplayProof
from reviews.scheduled_work import SCHEDULED_WORK


def test_all_of_it_is_done_on_a_new_copy_and_nothing_fails(people, hip):
    assert scheduled.run_due() == [work.key for work in SCHEDULED_WORK]
    assert list(ScheduledRun.objects.filter(failed=True)) == []
    assert ReplayProof.objects.count() == 1


def test_the_head_of_the_trail_is_anchored(people, hip):
    scheduled.run_due()
    assert trail.read_anchor().count == AuditEvent.objects.count()
    assert (
        ScheduledRun.objects.get(key="anchor").result
        == f"event {AuditEvent.objects.count()} is anchored"
    )


def test_keys_are_told_once():
    keys = [work.key for work in SCHEDULED_WORK]
    assert len(set(keys)) == len(keys)

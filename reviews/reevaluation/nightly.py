"""What the scheduler starts: it has no arguments, and starting it twice does it once."""

from celery import shared_task
from django.utils import timezone

from reviews.actions import replays


@shared_task(ignore_result=True)
def prove_replay() -> None:
    """Prove the stored suggestions, once a day."""
    replays.prove(timezone.localdate())

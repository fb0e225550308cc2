"""What the scheduler starts at night: it has no arguments, and starting it twice does it once."""

from celery import shared_task
from django.core.management import call_command

from coding.actions import kept_texts
from coding.importing.counts import keep_missing_counts
from coding.importing.kept_index import forget_indexes


@shared_task(ignore_result=True)
def forget_old_texts() -> None:
    """Forget what people typed into forms and did not come back for."""
    kept_texts.forget_old()


@shared_task(ignore_result=True)
def tidy_uploads() -> None:
    """Keep the counts of uploads that stopped, and forget the indexes of those that ended."""
    keep_missing_counts()
    forget_indexes()


@shared_task(ignore_result=True)
def clear_sessions() -> None:
    """Delete the rows of sessions that have ended."""
    call_command("clearsessions")

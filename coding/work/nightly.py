"""What the scheduler starts at night: it has no arguments, and starting it twice does it once."""

from celery import shared_task
from django.core.management import call_command

from coding.accounts import repeated
from coding.actions import kept_texts


@shared_task(ignore_result=True)
def forget_old_texts() -> None:
    """Forget what people typed into forms and did not come back for."""
    kept_texts.forget_old()


@shared_task(ignore_result=True)
def clear_sessions() -> None:
    """Delete the rows of sessions that have ended."""
    call_command("clearsessions")


@shared_task(ignore_result=True)
def tell_counts() -> None:
    """Write into the trail how often something was refused in the hours that are over."""
    repeated.tell_counts()

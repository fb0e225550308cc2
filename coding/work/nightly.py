"""What the scheduler starts at night: it has no arguments, and starting it twice does it once."""

from celery import shared_task
from django.core.management import call_command

from coding.actions import kept_texts, proofs

# Of the proof of the records: it reads the whole trail, which other tasks do not.
LONGEST_PROOF = 4 * 3600


@shared_task(ignore_result=True)
def forget_old_texts() -> None:
    """Forget what people typed into forms and did not come back for."""
    kept_texts.forget_old()


@shared_task(ignore_result=True, time_limit=LONGEST_PROOF)
def prove_records() -> None:
    """Prove final codes, rulings, decisions and states from the trail."""
    proofs.prove_records()


@shared_task(ignore_result=True)
def clear_sessions() -> None:
    """Delete the rows of sessions that have ended."""
    call_command("clearsessions")

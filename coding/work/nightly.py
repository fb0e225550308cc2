"""What the scheduler starts at night: it has no arguments, and starting it twice does it once."""

from celery import shared_task

from coding.actions import kept_texts


@shared_task(ignore_result=True)
def forget_old_texts() -> None:
    """Forget what people typed into forms and did not come back for."""
    kept_texts.forget_old()

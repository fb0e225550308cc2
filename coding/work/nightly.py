"""What is done every night (``reviews.scheduled_work``): doing it twice does it once."""

from django.core.management import call_command

from coding.accounts import repeated
from coding.actions import kept_texts, proofs
from coding.importing.counts import keep_missing_counts
from coding.importing.kept_index import forget_indexes
from coding.work import signs


def forget_old_texts() -> str:
    """Forget what people typed into forms and did not come back for."""
    return f"{kept_texts.forget_old()} texts forgotten"


def prove_records() -> str:
    """Prove final codes, rulings, decisions and states from the trail."""
    return proofs.prove_records() or "all are what the trail tells"


def tidy_uploads() -> str:
    """Keep the counts of uploads that stopped, and forget the indexes of those that ended."""
    keep_missing_counts()
    forget_indexes()
    return "counts kept, indexes forgotten"


def clear_sessions() -> str:
    """Delete the rows of sessions that have ended."""
    call_command("clearsessions")
    return "ended sessions deleted"


def forget_gone_workers() -> str:
    """Forget workers that gave no sign for a day."""
    return f"{signs.forget_gone()} forgotten"


def tell_counts() -> str:
    """Write into the trail how often something was refused in the hours that are over."""
    return f"{repeated.tell_counts()} counts written"

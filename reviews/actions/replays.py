"""The nightly verb: prove all stored suggestions by replay."""

from datetime import date

from django.db import IntegrityError, transaction

from coding.work import leases
from coding.work.celery import hint_after_commit
from reviews.models import ReplayProof
from reviews.reevaluation.replay import REPLAY, chunks


def prove(day: date) -> ReplayProof | None:
    """Begin the proof of a day; None if it was begun before: two schedulers do it once."""
    if ReplayProof.objects.filter(day=day).exists():
        return None
    parts = chunks()
    try:
        with transaction.atomic():
            job = leases.start(REPLAY, None, parts)
            proof = ReplayProof.objects.create(
                day=day, job=job, suggestions=sum(size for size, _ in parts)
            )
            hint_after_commit()
    except IntegrityError:
        return None
    return proof

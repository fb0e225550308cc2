"""The verb on licensed descriptors: load a file of a house that has a licence."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict
from coding.models import DescriptorRelease
from coding.reference.descriptors import descriptors_of, folder, hash_of, keep
from coding.tables.days import fault_of_start


def load(content: bytes, valid_from: date) -> DescriptorRelease:
    """Keep the descriptors of a file from a day on. At the console alone: whoever loads them answers for the licence.

    Raises FileError for what cannot be read, Conflict where none may be loaded or a release of the day is there.
    """
    apart = folder()
    if apart is None:
        raise Conflict(
            "Set DESCRIPTORS_FOLDER first: it names where the descriptors of your licence are kept."
        )
    if fault := fault_of_start(valid_from, timezone.localdate()):
        raise Conflict(fault)
    descriptors = descriptors_of(content)
    # Before the row: a release whose file is missing would be worse than a file that no release names.
    keep(descriptors, apart)
    try:
        with transaction.atomic():
            release = DescriptorRelease.objects.create(
                valid_from=valid_from, content_hash=hash_of(descriptors), codes=len(descriptors)
            )
            after = {
                "in force from": str(valid_from),
                "codes": release.codes,
                "content": release.content_hash,
            }
            trail.record(None, "descriptors.loaded", release, after=after)
    except IntegrityError:
        raise Conflict(
            f"Descriptors from {valid_from} are loaded already. A release is never overwritten."
        ) from None
    return release

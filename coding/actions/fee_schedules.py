"""The verb on fee schedules: load a file of releases."""

from dataclasses import asdict
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.require import require
from coding.models import FeeScheduleDetail, FeeScheduleRelease, FeeScheduleValue, User
from coding.reference.fee_file import read_fee_file
from coding.reference.fee_rows import Release, Row
from coding.tables.days import fault_of_start
from coding.tables.errors import FileError


def load(
    actor: User | None, data: bytes, valid_from: date | None, name: str, file_name: str = ""
) -> list[FeeScheduleRelease]:
    """Load the releases of a file and return those that are new or completed; all of them or none.

    What is loaded already with the same values is passed over, or completed by the indicators that it lacks. Without
    an actor it is the command that loads.
    Raises FileError for a file with errors, Conflict for other values under a date that is taken.
    """
    if actor is not None:
        require(actor, "coding.add_feeschedulerelease", "load fee schedules")
    releases = read_fee_file(data, valid_from, name, file_name)
    _check_days(releases)
    try:
        with transaction.atomic():
            rows = [(_store(actor, release), release) for release in _new(releases)]
            rows += _completed(releases)
            trail.record_all(actor, [_entry(row, release) for row, release in rows])
    except IntegrityError:
        raise Conflict(
            "Somebody else loaded a release of the same date meanwhile. Nothing of yours is loaded: look at the"
            " releases and load the file again if one is missing."
        ) from None
    return [row for row, _ in rows]


def _check_days(releases: list[Release]) -> None:
    """Refuse first days that cannot be meant, all of them at once."""
    today = timezone.localdate()
    faults = []
    for release in releases:
        fault = fault_of_start(release.valid_from, today)
        if fault:
            faults.append(f"The first day of a release: {fault}")
    if faults:
        raise FileError("\n".join(faults))


def _new(releases: list[Release]) -> list[Release]:
    """The releases whose date is free. A release is never overwritten: values that were shown stay traceable."""
    days = [release.valid_from for release in releases]
    loaded = FeeScheduleRelease.objects.filter(valid_from__in=days).order_by()
    known = dict(loaded.values_list("valid_from", "content_hash"))

    new = []
    taken = []
    for release in releases:
        content_hash = known.get(release.valid_from)
        if content_hash is None:
            new.append(release)
        elif content_hash != release.content_hash:
            taken.append(str(release.valid_from))
    if taken:
        raise Conflict(
            f"A release with other values is loaded already for {', '.join(taken)}. Releases are never overwritten,"
            " and nothing was loaded: correct the date, or take these rows out of the file."
        )
    return new


def _completed(releases: list[Release]) -> list[tuple[FeeScheduleRelease, Release]]:
    """The releases that were loaded without indicators, with those of the file."""
    with_details = {release.valid_from: release for release in releases if release.details}
    lacking = FeeScheduleRelease.objects.filter(valid_from__in=with_details, details=None)
    completed = [(row, with_details[row.valid_from]) for row in lacking]
    for row, release in completed:
        _store_details(row, release)
    return completed


def _store(actor: User | None, release: Release) -> FeeScheduleRelease:
    source = "CMS Physician Fee Schedule"
    if release.file:
        source += f", file {release.file}"
    row = FeeScheduleRelease.objects.create(
        name=release.name,
        valid_from=release.valid_from,
        source=source,
        content_hash=release.content_hash,
        loaded_by=actor,
    )
    values = [_value(row, value) for value in release.rows.values()]
    FeeScheduleValue.objects.bulk_create(values, batch_size=2000)
    _store_details(row, release)
    return row


def _value(release: FeeScheduleRelease, value: Row) -> FeeScheduleValue:
    return FeeScheduleValue(
        release=release,
        code=value.code,
        modifier=value.modifier,
        status=value.status,
        work_rvu=value.work_rvu,
        facility_total=value.facility_total,
        non_facility_total=value.non_facility_total,
        global_days=value.global_days,
    )


def _store_details(row: FeeScheduleRelease, release: Release) -> None:
    details = []
    for (code, modifier), detail in release.details.items():
        details.append(
            FeeScheduleDetail(release=row, code=code, modifier=modifier, **asdict(detail))
        )
    FeeScheduleDetail.objects.bulk_create(details, batch_size=1000)


def _entry(row: FeeScheduleRelease, release: Release) -> trail.Entry:
    after = {
        "name": row.name,
        "valid_from": str(row.valid_from),
        "values": len(release.rows),
        "content": row.content_hash,
    }
    return trail.Entry("fee_schedule.loaded", row, after=after, rows=[row])

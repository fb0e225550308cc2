"""Events that somebody outside can cause as often as they like, folded so that they do not fill the trail.

The first of an hour, from one client, against one account, is recorded at once, the number when the hour is over.
Of one kind an hour holds ``MOST`` such counts: what further clients do is one count more. So an hour of attack is
some hundred events at most, whoever takes part in it, and no attempt is left out of the counts.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from coding import trail
from coding.models import RepeatedEvent, User

log = structlog.get_logger(__name__)
MOST = 200
FURTHER = "further clients"
# So many counts are written by one transaction.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """What is counted together: the fields of ``RepeatedEvent`` but its count."""

    hour: datetime
    event: str
    account: str
    client: str
    what: str


def repeat(
    event: str, client: str, what: str, account: User | None = None, actor: User | None = None
) -> None:
    """Count it; the first of its kind this hour is an event of the trail."""
    kind = Kind(_this_hour(), event, str(account.pk) if account else "", client, what)
    with transaction.atomic():
        if _counted(kind):
            return
        if RepeatedEvent.objects.filter(hour=kind.hour, event=event).count() >= MOST:
            kind, account, actor = replace(kind, account="", client=FURTHER, what=""), None, None
            if _counted(kind):
                return
        row = _first(kind)
        if row is None:
            _counted(kind)
            return
        tell_counts()
        trail.record(
            actor, event, account or row, after=_filled(client=kind.client, what=kind.what)
        )
    log.warning(
        "refused_at_the_door", kind=event, account=kind.account, client=kind.client, what=kind.what
    )


def tell_counts() -> int:
    """Write the counts of the hours that are over; how many were written. Safe to run again, and twice at once."""
    with transaction.atomic():
        over = RepeatedEvent.objects.filter(hour__lt=_this_hour()).order_by("pk")
        rows = list(over.select_for_update(skip_locked=True)[:AT_ONCE])
        accounts = User.objects.in_bulk([int(row.account) for row in rows if row.account])
        further = [
            _count(row, accounts.get(int(row.account or 0))) for row in rows if row.times > 1
        ]
        if further:
            trail.record_all(None, further)
        RepeatedEvent.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        if row.times > 1:
            log.warning(
                "refused_often",
                kind=row.event,
                account=row.account,
                client=row.client,
                times=row.times,
            )
    return len(rows)


def _count(row: RepeatedEvent, account: User | None) -> trail.Entry:
    after = _filled(client=row.client, what=row.what, times=row.times, hour=row.hour.isoformat())
    return trail.Entry(row.event, account or row, after=after)


def _filled(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value}


def _counted(kind: Kind) -> bool:
    """Whether it was there already; then it counts once more."""
    return bool(RepeatedEvent.objects.filter(**asdict(kind)).update(times=F("times") + 1))


def _first(kind: Kind) -> RepeatedEvent | None:
    """The new row, or None where another request made it a moment ago."""
    try:
        with transaction.atomic():
            return RepeatedEvent.objects.create(**asdict(kind))
    except IntegrityError:
        return None


def _this_hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)

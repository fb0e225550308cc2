"""Signs of life: workers tell the database that they run, on its own clock."""

import os
import socket
from datetime import timedelta

from coding.models import WorkerSign
from coding.work.leases import ClockTime

SIGN_SECONDS = 10
# Who gave none for this long is taken for gone.
ALIVE_FOR = timedelta(seconds=30)
FORGET_AFTER = timedelta(days=1)


def give() -> None:
    """Say that this process runs."""
    name = f"{socket.gethostname()}:{os.getpid()}"[:200]
    WorkerSign.objects.update_or_create(name=name, defaults={"seen_at": ClockTime()})


def living() -> int:
    """How many workers gave a sign of late."""
    return WorkerSign.objects.filter(seen_at__gt=ClockTime() - ALIVE_FOR).count()


def forget_gone() -> int:
    """Forget the workers that are long gone; how many."""
    return WorkerSign.objects.filter(seen_at__lt=ClockTime() - FORGET_AFTER).delete()[0]

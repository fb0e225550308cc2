"""Half an hour at load (G32): whether the memory of any process grows, or the number of connections to the database.

``python -m bench.soak [MINUTES]`` runs Concord as ``make audit`` does: PostgreSQL and Redis of its own, TLS, three web
processes and a worker. Clients of three roles open pages one after the other; files with some hundred encounters are
uploaded, checked and imported all the while. Memory and connections are looked at every ten seconds, and the
last quarter of the time is compared with the second one: before that, processes fill what they keep.
"""

import argparse
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import mean

from bench.goals import goal
from tools.audit.site import Site, site

EVERY = 10
ROWS = 300
PAGES = {
    "coder": (
        "/encounters/",
        "/encounters/?state=to_code",
        "/codes/",
        "/uploads/",
        "/cases/",
        "/ask/",
    ),
    "supervisor": ("/queue/", "/queries/", "/runs/", "/encounters/?state=final"),
    "auditor": ("/trail/", "/operation/", "/duties/"),
}
COLUMNS = "external_id,patient_reference,date_of_service,place_of_service,provider,payer,note\n"


@dataclass
class Watched:
    """What was seen: answers, files, and samples in the order of time."""

    answers: list[int] = field(default_factory=list)
    files: int = 0
    memory: dict[str, list[float]] = field(default_factory=dict)
    connections: list[int] = field(default_factory=list)


def resident(pid: int) -> float:
    """Megabytes that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def children(pid: int) -> list[int]:
    """The processes that a process started and that still run."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def sample(at: Site, seen: Watched) -> None:
    """Take down the memory of web server and worker with their children, and the connections to the database."""
    from django.db import connection

    for name, first in at.processes.items():
        seen.memory.setdefault(name, []).append(sum(map(resident, [first, *children(first)])))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        )
        seen.connections.append(cursor.fetchone()[0])


def open_pages(at: Site, role: str, seen: Watched, over: threading.Event) -> None:
    """One client: its pages one after the other, again and again."""
    for number in count():
        if over.is_set():
            return
        pages = PAGES[role]
        seen.answers.append(at.ask(pages[number % len(pages)], role).status)


def send_files(seen: Watched, over: threading.Event) -> None:
    """Upload a file every half minute and import it, by the verbs that people use."""
    from coding.actions import uploads
    from coding.models import Upload, User

    coder = User.objects.filter(groups__name="coder").order_by("pk")[0]
    for number in count():
        rows = "".join(rows_of(number))
        upload = uploads.receive(coder, [(COLUMNS + rows).encode()], "csv", "soak", None)
        while not Upload.objects.filter(pk=upload.pk, check_job__state="done").exists():
            if over.wait(1):
                return
        uploads.start_import(coder, Upload.objects.get(pk=upload.pk))
        seen.files += 1
        if over.wait(30):
            return


def rows_of(number: int) -> Iterator[str]:
    """The lines of one file."""
    for row in range(ROWS):
        yield f"S{number}-{row},P{row},2026-05-31,11,Dr. Falk,Union Mutual,The left hip was examined. No treatment.\n"


def soak(at: Site, minutes: float) -> Watched:
    """Load for so many minutes."""
    seen, over = Watched(), threading.Event()
    clients = [threading.Thread(target=open_pages, args=(at, role, seen, over)) for role in PAGES]
    clients.append(threading.Thread(target=send_files, args=(seen, over)))
    for client in clients:
        client.start()
    end = time.monotonic() + minutes * 60
    while time.monotonic() < end:
        time.sleep(EVERY)
        sample(at, seen)
    over.set()
    for client in clients:
        client.join()
    return seen


def quarters(values: list[float] | list[int]) -> tuple[float, float]:
    """The means of the second and of the last quarter."""
    quarter = len(values) // 4
    return mean(values[quarter : 2 * quarter]), mean(values[-quarter:])


def main() -> None:
    """Soak and tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("minutes", type=float, nargs="?", default=30)
    minutes = parser.parse_args().minutes
    with site() as at:
        seen = soak(at, minutes)
    errors = sum(status >= 500 for status in seen.answers)
    print(
        f"{minutes:g} minutes: {len(seen.answers):,} pages, {errors} errors, {seen.files} files of {ROWS} imported"
    )
    for name, values in seen.memory.items():
        early, late = quarters(values)
        print(f"{name}: {early:.0f} MB in the second quarter, {late:.0f} MB in the last")
        goal(f"G32 growth of {name}", 100 * (late / early - 1), at_most=10, unit=" %")
    early, late = quarters(seen.connections)
    print(
        f"connections: {early:.1f} in the second quarter, {late:.1f} in the last, {max(seen.connections)} at most"
    )


if __name__ == "__main__":
    main()

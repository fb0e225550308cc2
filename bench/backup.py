"""Back up and restore a database of 100,000 encounters on PostgreSQL, with every proof that a restore makes.

``python -m bench.backup [ENCOUNTERS]`` starts a PostgreSQL and a Redis of its own, fills them, backs up, restores into
an empty database, and prints what each step took. Its peer is pg_dump and pg_restore by themselves.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from bench.processes import ROOT, again_beside_servers

PORTION = 2000
RESTORED = "restored"
Made = TypeVar("Made")


def timed(step: str, act: Callable[[], Made]) -> Made:
    """Do a step and print how long it took."""
    began = time.monotonic()
    made = act()
    print(f"{step:<42}{time.monotonic() - began:8.1f} s", flush=True)
    return made


def fill(count: int) -> None:
    """Encounters that were decided and are final, with events of them in the trail."""
    from django.db import connection, transaction

    from bench.encounters import Department
    from coding import trail

    with connection.cursor() as cursor:
        # Making the rows takes longer than a page may idle.
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
    Department("backup", 7).grow(count)
    complete_encounters()
    entries = (entry for service in decided_services() for entry in events_of(service))
    for portion in portions(entries):
        with transaction.atomic():
            trail.record_all(None, portion)
    trail.write_anchor()


def complete_encounters() -> None:
    """What the encounters say, by its hash, which events tell; and whose they are, by the registers."""
    from django.db import transaction

    from coding.importing.write_encounters import REGISTER_COLUMNS, record_of
    from coding.models import Encounter
    from coding.registers.recognise import recognise

    there = Encounter.objects.prefetch_related("diagnoses", "service_lines").order_by("pk")
    for portion in portions(there.iterator(chunk_size=PORTION)):
        records = [record_of(encounter) for encounter in portion]
        with transaction.atomic():
            rows = recognise(records, "bench")
            for encounter, record in zip(portion, records, strict=True):
                encounter.content_hash = record.content_hash
                for column, key in zip(REGISTER_COLUMNS, rows.ids(record), strict=True):
                    setattr(encounter, column, key)
            Encounter.objects.bulk_update(
                portion, ["content_hash", *REGISTER_COLUMNS], batch_size=500
            )


def decided_services() -> Iterator[Any]:
    """All services, each with what was written when it was decided."""
    from django.db.models import Prefetch

    from coding.models import Service
    from reviews.models import CodingDecision

    decisions = CodingDecision.objects.select_related("coding_round")
    services = Service.objects.select_related("encounter").defer(
        "encounter__note", "encounter__documents"
    )
    related = services.prefetch_related("lines", "final_codes", Prefetch("decisions", decisions))
    return related.order_by("pk").iterator(chunk_size=PORTION)


def events_of(service: Any) -> Iterator[Any]:
    """What the trail tells of an encounter that was typed and decided: every row with its values."""
    from coding import trail

    [decision] = service.decisions.all()
    entered = [service.encounter, service, *service.lines.all()]
    yield trail.Entry("encounter.entered", service, service.encounter, rows=entered)
    rows = [decision.coding_round, decision, *service.final_codes.all()]
    yield trail.Entry(
        "decision.made", decision, service.encounter, after={"code": decision.reported}, rows=rows
    )


def portions(items: Iterable[Made]) -> Iterator[list[Made]]:
    """Lists of some thousand."""
    rest = iter(items)
    while portion := list(islice(rest, PORTION)):
        yield portion


def by_themselves(folder: Path, address: str) -> None:
    """What pg_dump and pg_restore need without us."""
    file, other = folder / "peer.dump", address.replace("/postgres", "/peer")
    subprocess.run(
        ["psql", "--quiet", "--command", "CREATE DATABASE peer TEMPLATE template0", address],
        check=True,
    )
    timed(
        "peer: pg_dump",
        lambda: subprocess.run(["pg_dump", "-Fc", f"--file={file}", address], check=True),
    )
    timed(
        "peer: pg_restore",
        lambda: subprocess.run(["pg_restore", "-d", other, str(file)], check=True),
    )


def proved(name: str, address: str) -> str:
    """What a proof says, in a process of its own: its last line. Prints its time, processor time and memory."""
    command = [sys.executable, "manage.py", name]
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    took, peak = time.monotonic() - began, used.ru_maxrss / 1024
    print(
        f"{'prove: ' + name:<42}{took:8.1f} s, {used.ru_utime:.1f} s of processor, {peak:.0f} MB",
        flush=True,
    )
    last_line = said.strip().splitlines()[-1:]
    return f"exit {status}, {last_line}"


def measure(count: int, folder: Path) -> None:
    """Fill, back up, restore and prove."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["AUDIT_ANCHOR_FILE"] = str(folder / "anchor")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from coding.operation import backup, restore
    from coding.operation.restore import PROOFS

    call_command("migrate", verbosity=0)
    timed(f"fill with {count} encounters", lambda: fill(count))
    by_themselves(folder, os.environ["DATABASE_URL"])
    made = timed("back up", lambda: backup.back_up(folder))
    size = sum(file.stat().st_size for file in made.iterdir()) / 1024**2
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()) / 1048576")
        [database] = cursor.fetchone()
        cursor.execute(f"CREATE DATABASE {RESTORED} TEMPLATE template0")
    connection.close()
    connection.settings_dict["NAME"] = RESTORED
    stored = timed("restore", lambda: restore.restore(made))
    differing = timed("count rows", lambda: restore.differing_rows(stored))
    connection.close()
    proven = {
        name: proved(name, os.environ["DATABASE_URL"].replace("/postgres", f"/{RESTORED}"))
        for name in PROOFS
    }
    print(
        f"{sum(stored.rows.values())} rows, {stored.events} events; {database} MB, back-up {size:.0f} MB"
    )
    print(f"tables that differ: {differing or 'none'}; proofs: {proven}")


def main() -> None:
    """Measure, beside servers of its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("encounters", type=int, nargs="?", default=100_000)
    options = parser.parse_args()
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        again_beside_servers("bench.backup")
    with tempfile.TemporaryDirectory() as folder:
        measure(options.encounters, Path(folder))


if __name__ == "__main__":
    main()

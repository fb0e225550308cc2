"""What taking in a file costs, beside writing the same rows to the same tables with nothing checked.

``python -m bench.intake`` starts a PostgreSQL and a Redis of its own and two worker processes; ``--quick`` takes a
tenth of the rows and leaves the large file and the million of scattered encounters out. A third file is checked by
workers that are killed at two fifths of it. The file is CSV, seeded, one row in a hundred is bad in one of five
ways. Concord's time runs from the stored file to the last imported encounter: read, checked against the code set and
what is stored, shown as a dry run, imported with its audit events. The peers get the good rows as Python values and
write them to encounters, diagnoses and service lines: by bare COPY, and by Django's ``bulk_create``.
"""

import argparse
import os
import random
import signal
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from bench.processes import again_beside_servers

if TYPE_CHECKING:
    from coding.intake.records import EncounterRecord
    from coding.models import RuleSet, User

ROWS = 100_000
LARGE_BYTES = 1024**3
HEADER = (
    "external_id,patient_reference,birth_date,sex,date_of_service,place_of_service,provider,payer,note,diagnoses,"
    "service_lines\n"
)
FIRST_DAY = date(2026, 5, 4)
NOTE = (
    "Seen for the hip. Ultrasound shows the femoral head outside the acetabulum; it comes in with flexion and"
    " abduction. A harness was fitted, straps marked. No anesthesia, no manipulation. Recheck in {days} days."
)
BAD = (
    ("2026-05", "05.2026-"),
    (",11,", ",1l,"),
    ("Q65.02", "Q65.0"),
    ("27256-LT", "27256LT"),
    ("Seen for", '"Seen for'),
)


def main() -> None:
    """Start the servers, then measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a small size, in under a minute")
    options = parser.parse_args()
    if "DATABASE_URL" not in os.environ:
        again_beside_servers("bench.intake")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    prepare()
    measure(ROWS // 10 if options.quick else ROWS, large=not options.quick)


def prepare() -> None:
    """A rule set to take encounters in for, and the code set that their diagnoses are checked against."""
    from django.core.management import call_command

    from coding import rulesets
    from coding.models import RuleSet

    call_command("load_icd10cm", verbosity=0)
    table = rulesets.shipped("hip-dislocation")
    RuleSet.objects.create(key=table.key, name=table.name)


def lines(rows: int, seed: int = 1) -> Iterator[str]:
    """The rows of a seeded file; every hundredth is bad."""
    chance = random.Random(seed)
    for number in range(rows):
        served = FIRST_DAY + timedelta(days=number % 28)
        patient = number % 9000
        # Of one patient every row tells the same birth date and sex.
        born, sex = FIRST_DAY - timedelta(days=20 + patient % 380), "FM"[patient % 2]
        text = (
            f"E-{seed}-{number},P-{patient},{born},{sex},{served},11,"
            f"Dr. {chance.choice(('Falk', 'Weiss', 'Tanaka'))},Northern Health,"
            f"{NOTE.format(days=chance.randrange(5, 20)).replace(',', ';')},Q65.02,27256-LT x1 for 1\n"
        )
        if number % 100 == 99:
            text = text.replace(*BAD[number // 100 % len(BAD)], 1)
        yield text


def measure(rows: int, *, large: bool) -> None:
    """All figures."""
    from bench import hostile, scattered
    from bench.goals import goal
    from bench.processes import peak_megabytes, workers

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "encounters.csv"
        file.write_text(HEADER + "".join(lines(rows)), encoding="utf-8")
        with workers() as pids:
            take_in(small_file(Path(folder)), "warm")
            seconds = take_in(file, "his")
            worker = max(map(peak_megabytes, pids()))
        counts, written = account("his")
        copied, inserted = peers()
        size = file.stat().st_size / 1e6
    print(f"\n{rows:,} rows, {size:.0f} MB: {counts}")
    for name, taken in (
        ("Concord: checked", seconds["check"]),
        ("Concord: imported", seconds["import"]),
        ("bare COPY of the good rows", copied),
        ("bulk_create of the good rows", inserted),
    ):
        print(f"  {name:32} {taken:6.2f} s {rows / taken:10,.0f} rows/s")
    whole = seconds["check"] + seconds["import"]
    print()
    goal(f"{rows:,} rows accounted for", sum(counts.values()), at_least=rows, at_most=rows)
    goal("good rows imported", counts.get("imported", 0), at_least=written, at_most=written)
    goal("check and import, times a bare COPY of the same rows", whole / copied, at_most=6)
    goal("check and import, times bulk_create of the same rows", whole / inserted, at_most=6)
    goal("memory of a worker process", worker, at_most=300, unit=" MB")
    if rows == ROWS:
        goal("check and import of 100,000 rows", whole, at_most=30, unit=" s")
    killed(rows)
    hostile.measure(coder(), 50 if large else 5)
    scattered.measure(rows)
    if large:
        scattered.measure(10 * rows)
        stream()


def small_file(folder: Path) -> Path:
    """A file to warm up with."""
    file = folder / "warm.csv"
    file.write_text(HEADER + "".join(lines(200, seed=2)), encoding="utf-8")
    return file


def take_in(file: Path, source: str) -> dict[str, float]:
    """Store a file, and time its check and its import by the workers."""
    from bench.processes import until
    from coding.actions import uploads
    from coding.models import JobState, RuleSet, Upload

    actor, rule_set = coder(), RuleSet.objects.get()
    with file.open("rb") as content:
        upload = uploads.receive(
            actor, iter(lambda: content.read(1 << 20), b""), "csv", source, rule_set
        )
    begun = perf_counter()
    until(lambda: Upload.objects.filter(pk=upload.pk, check_job__state=JobState.DONE).exists())
    checked = perf_counter()
    uploads.start_import(actor, upload)
    until(lambda: Upload.objects.filter(pk=upload.pk, import_job__state=JobState.DONE).exists())
    return {"check": checked - begun, "import": perf_counter() - checked}


def killed(rows: int) -> None:
    """A file whose workers are killed at two fifths of its check, and that others go on with and import."""
    from bench.goals import goal
    from bench.processes import peak_megabytes, until, workers
    from coding.actions import uploads
    from coding.models import JobState, RuleSet, Upload

    actor = coder()
    content = (HEADER + "".join(lines(rows, seed=3))).encode()
    upload = uploads.receive(actor, [content], "csv", "killed", RuleSet.objects.get())
    with workers() as pids:
        until(lambda: upload.rows.count() >= 2 * rows // 5)
        for pid in reversed(pids()):
            os.kill(pid, signal.SIGKILL)
    begun = perf_counter()
    with workers() as pids:
        until(lambda: Upload.objects.filter(pk=upload.pk, check_job__state=JobState.DONE).exists())
        uploads.start_import(actor, upload)
        until(lambda: Upload.objects.filter(pk=upload.pk, import_job__state=JobState.DONE).exists())
        taken, worker = perf_counter() - begun, max(map(peak_megabytes, pids()))
    states, stored = account("killed")
    print(
        f"\n{rows:,} rows, workers killed at two fifths of the check: {states}; from then on {taken:.1f} s"
    )
    goal(
        "killed and gone on with: rows accounted for",
        sum(states.values()),
        at_least=rows,
        at_most=rows,
    )
    goal(
        "killed and gone on with: good rows imported once",
        states["imported"],
        at_least=stored,
        at_most=stored,
    )
    goal("killed and gone on with: memory of a worker process", worker, at_most=256, unit=" MB")


def account(source: str) -> tuple[dict[str, int], int]:
    """The items of an upload by their states, and how many encounters there are."""
    from coding.importing.dry_run import totals
    from coding.models import Encounter, Upload

    upload = Upload.objects.filter(source=source).latest("pk")
    return totals(upload), Encounter.objects.filter(source=source).count()


def peers() -> tuple[float, float]:
    """The seconds of a bare COPY of the imported rows to tables like theirs, and of ``bulk_create`` of them."""
    from django.db import connection, transaction

    from coding.importing.write_encounters import record_of
    from coding.models import Encounter, RuleSet

    tables = ("coding_encounter", "coding_diagnosis", "coding_service", "coding_serviceline")
    content = {}
    with connection.cursor() as cursor:
        # Making a hundred thousand rows in memory may take longer on a busy machine than a transaction may idle.
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
        for table in tables:
            cursor.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                content[table] = [bytes(block) for block in copy]
        begun = perf_counter()
        with transaction.atomic():
            for table in tables:
                with cursor.copy(f"COPY bench_{table} FROM STDIN") as copy:
                    for block in content[table]:
                        copy.write(block)
        copied = perf_counter() - begun
    stored = Encounter.objects.filter(source="his").prefetch_related("diagnoses", "service_lines")
    records = [record_of(encounter) for encounter in stored]
    begun = perf_counter()
    with transaction.atomic():
        by_django(records, RuleSet.objects.get())
    return copied, perf_counter() - begun


def by_django(records: "list[EncounterRecord]", rule_set: "RuleSet") -> None:
    """The rows as Django writes them."""
    from coding.importing.write_encounters import COLUMNS
    from coding.models import Diagnosis, Encounter, Service, ServiceLine

    encounters = Encounter.objects.bulk_create(
        (
            Encounter(source="peer", **{name: getattr(record, name) for name in COLUMNS})
            for record in records
        ),
        batch_size=2000,
    )
    pairs = list(zip(encounters, records, strict=True))
    Diagnosis.objects.bulk_create(
        (
            Diagnosis(encounter=encounter, position=position, code=code)
            for encounter, record in pairs
            for position, code in enumerate(record.diagnoses, start=1)
        ),
        batch_size=2000,
    )
    services = Service.objects.bulk_create(
        (
            Service(
                encounter=encounter,
                number=1,
                rule_set=rule_set,
                day=record.date_of_service,
                payer=record.payer,
            )
            for encounter, record in pairs
        ),
        batch_size=2000,
    )
    ServiceLine.objects.bulk_create(
        (
            ServiceLine(
                encounter=service.encounter,
                service=service,
                number=position,
                position=position,
                code=line.code,
                modifiers=list(line.modifiers),
            )
            for service, (_, record) in zip(services, pairs, strict=True)
            for position, line in enumerate(record.service_lines, start=1)
        ),
        batch_size=2000,
    )


def stream() -> None:
    """A file of a gigabyte, read to its end from parts in the database."""
    from bench.goals import goal
    from bench.processes import peak_megabytes, until, workers
    from coding.actions import uploads
    from coding.models import JobState, RuleSet, Upload

    def content() -> Iterator[bytes]:
        yield HEADER.encode()
        written, seed = 0, 100
        while written < LARGE_BYTES:
            block = "".join(lines(2_000, seed)).encode()
            written, seed = written + len(block), seed + 1
            yield block

    upload = uploads.receive(coder(), content(), "csv", "large", RuleSet.objects.get())
    with workers() as pids:
        begun = perf_counter()
        until(lambda: Upload.objects.filter(pk=upload.pk, check_job__state=JobState.DONE).exists())
        taken = perf_counter() - begun
        worker = max(map(peak_megabytes, pids()))
    items = sum(account("large")[0].values())
    print(
        f"\n{upload.size / 1e6:,.0f} MB, {items:,} rows checked in {taken:.0f} s ({items / taken:,.0f} rows/s)"
    )
    goal("a file of 1 GB: memory of a worker process", worker, at_most=300, unit=" MB")


def coder() -> "User":
    """Who takes the files in."""
    from django.contrib.auth.models import Group

    from coding.models import User

    user, is_new = User.objects.get_or_create(username="bench-coder")
    if is_new:
        user.groups.add(Group.objects.get(name="coder"))
    return user


if __name__ == "__main__":
    main()

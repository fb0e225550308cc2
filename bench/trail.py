"""How many events a second the audit trail takes from several writers at once, and how long proving them takes.

``python -m bench.trail [EVENTS]`` starts a PostgreSQL of its own. Writers are processes; each event is a transaction of
its own, as a verb's is, and tells a row. The head is locked from there to the commit, so writers wait for each other.
Its peer is the same events in one transaction of a thousand, as an import writes them.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.backup import portions, proved
from bench.goals import goal
from bench.processes import ROOT, again_beside_servers

WRITERS = 8
WRITE = "--write"


def begin() -> None:
    """Let Django stand."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()


def write(count: int) -> None:
    """One writer: so many events, each in a transaction of its own."""
    from django.db import transaction

    from coding import trail
    from coding.models import Team

    team = Team.objects.get()
    for number in range(count):
        with transaction.atomic():
            trail.record(None, "team.saved", team, after={"number": number})


def write_in_bulk(count: int) -> None:
    """The rest of the events, a thousand or two in a transaction."""
    from django.db import transaction

    from coding import trail
    from coding.models import Team

    team = Team.objects.get()
    for portion in portions(
        trail.Entry("team.saved", team, after={"number": number}) for number in range(count)
    ):
        with transaction.atomic():
            trail.record_all(None, portion)


def together(each: int) -> float:
    """Seconds from when all writers stood until the last of them ended."""
    command = [sys.executable, "-m", "bench.trail", str(each), WRITE]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    writers = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(WRITERS)]
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.readline()
    began = time.monotonic()
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.close()
    for writer in writers:
        writer.wait()
    return time.monotonic() - began


def measure(count: int) -> None:
    """A tenth of the events by writers at once, the rest in bulk; then the proof."""
    begin()
    from django.core.management import call_command

    from coding.models import Team

    call_command("migrate", verbosity=0)
    Team.objects.create(name="Bench")
    each = count // 10 // WRITERS
    busy = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    took = together(each)
    busy = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - busy
    print(
        f"{each * WRITERS:,} events by {WRITERS} writers: {took:.1f} s, {busy:.1f} s of their processors"
    )
    goal("G31 events a second", each * WRITERS / took, at_least=500)
    began = time.monotonic()
    write_in_bulk(count - each * WRITERS)
    print(f"{count - each * WRITERS:,} events in bulk: {time.monotonic() - began:.1f} s")
    print(proved("verify_trail", os.environ["DATABASE_URL"]))


def main() -> None:
    """Measure, beside servers of its own; or be one of the writers."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("events", type=int, nargs="?", default=100_000)
    parser.add_argument(WRITE, action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        begin()
        from coding.models import Team

        Team.objects.get()
        print("ready", flush=True)
        sys.stdin.read()
        return write(options.events)
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        again_beside_servers("bench.trail")
    with tempfile.TemporaryDirectory() as folder:
        # The trail of another database may be anchored where the settings say.
        os.environ["AUDIT_ANCHOR_FILE"] = str(Path(folder) / "anchor")
        measure(options.events)
    return None


if __name__ == "__main__":
    main()

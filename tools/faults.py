"""Fault runs of the bulk re-evaluation: real workers and private servers that are killed, frozen and filled up.

Each scenario's run is compared with an undisturbed one over the same data. The table goes to docs/faults.md.
``tools/faults.py [WORD …]`` runs the scenarios whose name holds one of the words, and writes nothing.
"""

import datetime
import os
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docs" / "faults.md"
WORDS = {True: "met", False: "short", None: "not run"}


def main(words: list[str]) -> int:
    """Run the scenarios; 1 if a goal is missed."""
    sys.path.insert(0, str(ROOT))
    from tests.faults.servers import servers

    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as other_folder:
        # PostgreSQL's own user has to get through.
        Path(folder).chmod(0o755)
        with servers(folder, other_folder) as (postgres, redis):
            os.environ |= {
                "DATABASE_URL": postgres.url,
                "REDIS_URL": redis.url,
                "LOG_LEVEL": "CRITICAL",
            }
            os.environ["AUDIT_ANCHOR_FILE"] = f"{other_folder}/anchor"
            rows, note = play(postgres, redis, words)
    if not words:
        FILE.write_text(page(rows, note), encoding="utf-8")
    return int(any(row.met is False for row in rows))


def play(postgres: object, redis: object, words: list[str]) -> tuple[list, str]:
    """The table's rows, and what was the same in all scenarios."""
    # Static files are not served here.
    warnings.filterwarnings("ignore", "No directory at")
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    from tests.faults import scenarios
    from tests.faults.stage import LEASE, SWEEP, Row, Stage

    stage = Stage(postgres, redis)
    note = (
        f"{datetime.datetime.now(datetime.UTC):%d %B %Y}, {os.cpu_count()} cores, shared. Lease {LEASE} s, sweep every"
        f" {SWEEP} s. {stage.undisturbed.profiles:,} suggestions of {stage.undisturbed.services:,} services in"
        f" {stage.undisturbed.job.chunks.count()} chunks of half a second; undisturbed with two processes"
        f" {stage.undisturbed_seconds:.1f} s."
    )
    print(note)
    rows = []
    for scenario in scenarios.ALL:
        if not words or any(word in scenario.__name__ for word in words):
            begun = time.monotonic()
            new = []
            try:
                with stage.play():
                    for row in scenario(stage):
                        new.append(row)
                        print(line(row), flush=True)
            except Exception as error:
                # The others shall still be run.
                new.append(
                    Row("", scenario.__name__, f"broken off: {type(error).__name__}", "", False)
                )
                traceback.print_exc()
            print(f"  ({scenario.__name__}: {time.monotonic() - begun:.0f} s)", flush=True)
            rows += new
    return rows, note


def line(row: object) -> str:
    """A row of the table."""
    return f"| {row.goal} | {row.test} | {row.figure} | {row.bound} | {WORDS[row.met]} |"


def page(rows: list, note: str) -> str:
    """The document."""
    head = ["# Fault runs", "", "Written by `make faults`.", "", note, ""]
    head += [
        "“Lost” are planned suggestions and services without an ending, “double” those with two. The result is"
    ]
    head += [
        "the matrix, the changed suggestions and how each suggestion ended; it is compared with the undisturbed run's."
    ]
    head += ["Times run from the fault.", ""]
    return "\n".join(
        [*head, "| | test | figure | goal | |", "|---|---|---|---|---|", *map(line, rows), ""]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

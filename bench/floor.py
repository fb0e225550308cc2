"""What a re-evaluation's steps cost beside the same work as bare SQL and bare Python, in processor time.

``python -m bench.floor`` starts a PostgreSQL of its own (a quarter of an hour, a million services); ``--quick`` takes a
small size. One process does everything. Added up is what this process and the server's process for it spent on a
processor, so other work on the machine counts less than in ``bench.reevaluation``, and waiting not at all. Bare are the
SELECTs that the step itself sent, sent again by hand. Multiples are of ``SELECT count(*)`` over the services.
"""

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any

from bench.processes import again_beside_servers

if TYPE_CHECKING:
    from coding.models import RuleSetVersion, User
    from reviews.models import ReevaluationRun

PASSES = 7
ANSWERS = """
    SELECT p.answers FROM coding_suggestion s JOIN coding_factprofile p ON p.id = s.profile_id
    WHERE s.id IN (SELECT suggestion_id FROM coding_service)
"""
COPY_CHANGES = """
    INSERT INTO reviews_runchange
        (run_id, suggestion_id, ending, new_report, new_code, new_rule, problem, services)
    SELECT %s, suggestion_id, ending, new_report, new_code, new_rule, problem, services
    FROM reviews_runchange WHERE run_id = %s
"""


class Meter:
    """Processor time of this process and of the server's process for it, and the statements sent, by step."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.spent: dict[str, list[tuple[float, float, int]]] = {}
        ask("SET max_parallel_workers_per_gather = 0")
        [[pid]] = ask("SELECT pg_backend_pid()")
        self.server = Path(f"/proc/{pid}/schedstat")

    def note(self, execute: Callable[..., Any], sql: str, parameters: Any, *rest: Any) -> Any:
        """Keep a statement, and let it go on."""
        self.sent.append((sql, parameters))
        return execute(sql, parameters, *rest)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Take the time of what is done within."""
        self.sent.clear()
        here, there = process_time(), self._server_time()
        yield
        row = process_time() - here, self._server_time() - there, len(self.sent)
        self.spent.setdefault(name, []).append(row)

    def again(self, name: str) -> None:
        """Send the SELECTs of the step before once more, without Django, and take their time."""
        selects = [
            row for row in self.sent if row[0].startswith("SELECT") and " FOR " not in row[0]
        ]
        with self.step(name):
            for sql, parameters in selects:
                ask(sql, parameters)

    def _server_time(self) -> float:
        return int(self.server.read_text().split()[0]) / 1e9

    def print(self) -> None:
        """Medians over all passes but the first."""
        floor = sum(map(median, list(zip(*self.spent["counting"][1:], strict=True))[:2]))
        print(f"{'':44}{'Python':>10}{'server':>10}{'statements':>12}{'times counting':>16}")
        for name, rows in self.spent.items():
            here, there, statements = map(median, zip(*rows[1:], strict=True))
            print(f"{name:44}{here * 1000:7.0f} ms{there * 1000:7.0f} ms", end="")
            print(f"{statements:12.0f}{(here + there) / floor:16.1f}")


def ask(sql: str, parameters: Any = None) -> list[Any]:
    """All rows of a statement, by a bare cursor."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def main() -> None:
    """Start a server, fill it, and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a small size, in under a minute")
    options = parser.parse_args()
    if "DATABASE_URL" not in os.environ:
        again_beside_servers("bench.floor")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from bench.encounters import Department

    department = Department("hip", seed=1)
    department.grow(20_000 if options.quick else 1_000_000)
    measure(department.supervisor, department.draft)


def measure(supervisor: "User", draft: "RuleSetVersion") -> None:
    """All steps, one pass after the other."""
    from django.db import connection

    from reviews.actions import runs
    from reviews.actions.runs import Scope

    empty = runs.plan(supervisor, draft, Scope())
    runs.cancel(supervisor, empty)
    meter = Meter()
    with connection.execute_wrapper(meter.note):
        for _ in range(PASSES + 1):
            run = a_run(meter, supervisor, draft)
            by_hand(meter, run, empty)
    meter.print()


def a_run(meter: Meter, supervisor: "User", draft: "RuleSetVersion") -> "ReevaluationRun":
    """A dry run as workers do it, one chunk after the other."""
    from bench.reevaluation import current
    from coding.work import leases
    from reviews.actions import runs
    from reviews.actions.runs import Scope
    from reviews.reevaluation.scope import flips

    with meter.step("counting"):
        ask("SELECT count(*) FROM coding_service")
    run = runs.plan(supervisor, draft, Scope())
    with meter.step("plan"):
        leases.close_finished()
    meter.again("  its SELECTs by hand")
    run = current(run)
    runs.launch(supervisor, run)
    with meter.step("decide and store"):
        while (chunk := leases.claim()) is not None:
            leases.work_on(chunk)
    meter.again("  reading suggestions with answers by hand")
    with meter.step("list of what changes"):
        list(flips(run).values_list("pk", flat=True))
    meter.again("  its SELECT by hand")
    with meter.step("close: matrix, worth, agreement"):
        leases.close_finished()
    meter.again("  matrix, worth, agreement by hand")
    return run


def by_hand(meter: Meter, run: "ReevaluationRun", empty: "ReevaluationRun") -> None:
    """What deciding and storing is at least, beside the reading."""
    from django.db import transaction

    from coding.rules import profiles

    decide = profiles.decider(run.version.rule_set_id, run.document)
    answers = [packed for [packed] in ask(ANSWERS)]
    with meter.step("  intersecting answers in memory"):
        decide(answers)
    with transaction.atomic():
        with meter.step("  inserting the changes by hand"):
            ask(COPY_CHANGES, [empty.pk, run.pk])
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()

"""What a re-evaluation costs, as multiples of counting the services, beside the ways in which it is usually done.

``python -m bench.reevaluation`` starts a PostgreSQL and a Redis of its own and two worker processes (about half an
hour, five million services); ``--quick`` takes a small size, ``--sqlite`` a small size on SQLite without workers.
The services are those of ``bench.encounters``, one an encounter. The floor is ``SELECT count(*)`` over them, vacuumed
and in memory, in the same run. Times of runs are medians.
"""

import argparse
import os
import tempfile
from statistics import median, quantiles
from time import perf_counter
from typing import TYPE_CHECKING, Any

from bench.processes import again_beside_servers, peak_megabytes, until, workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.encounters import Department
    from coding.models import RuleSetVersion
    from reviews.models import ReevaluationRun

REPEATS = 5


def main() -> None:
    """Choose the servers, then run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a small size, in under a minute")
    parser.add_argument(
        "--sqlite", action="store_true", help="a small size on SQLite, in one process"
    )
    options = parser.parse_args()
    if options.sqlite:
        os.environ["DATABASE_URL"] = f"sqlite:///{tempfile.mkdtemp()}/bench.sqlite3"
    elif "DATABASE_URL" not in os.environ:
        again_beside_servers("bench.reevaluation")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    if options.sqlite:
        on_sqlite()
    else:
        on_servers(
            [2_000, 20_000] if options.quick else [100_000, 1_000_000, 5_000_000],
            quick=options.quick,
        )


def on_sqlite() -> None:
    """One process: the web server's and the worker's work by turns."""
    from bench.encounters import Department
    from bench.goals import goal

    department = Department("hip", seed=1)
    department.grow(20_000)
    floor = count_services()
    times = [in_process(department, department.draft) for _ in range(REPEATS)]
    plan, decided, finished = (median(part) for part in zip(*times, strict=True))
    print(
        f"SQLite, 20,000 services, {len(department.suggestions):,} profiles; counting takes {floor * 1000:.1f} ms"
    )
    print(
        f"  plan {plan * 1000:.0f} ms, decide and store {decided * 1000:.0f} ms, matrix {finished * 1000:.0f} ms"
    )
    goal(
        "SQLite, 20,000 services, whole dry run in seconds",
        plan + decided + finished,
        at_most=5,
        unit=" s",
    )


def on_servers(sizes: list[int], *, quick: bool) -> None:
    """Grow the department from size to size and measure each; the goals are told of the middle and the last."""
    from bench.encounters import Department
    from bench.goals import goal
    from coding.actions import rule_sets

    department = Department("hip", seed=1)
    measured: dict[int, dict[str, float]] = {}
    for size in sizes:
        department.grow(size - len(department.stream.drawn))
        measured[size] = at_size(department)
    size = sizes[-2] if len(sizes) > 2 else sizes[-1]
    spent = measured[size]
    print()
    goal(
        f"decide and store, {size:,} services, times count",
        spent["decided"] / spent["floor"],
        at_most=2,
    )
    goal(
        "whole dry run to the stored matrix, times count", spent["run"] / spent["floor"], at_most=10
    )
    listed = spent["listed"] / spent["floor"]
    goal("what-if of one edited rule with its services listed, times count", listed, at_most=3)
    for name, least in (
        ("executemany", 300),
        ("COPY and UPDATE", 20),
        ("zen-engine and saves", 1000),
    ):
        goal(f"{name}, times decide and store", spent[name] / spent["decided"], at_least=least)
    small, large = sizes[-2:]
    growth = measured[large]["run"] / measured[small]["run"]
    goal(f"dry run, {large:,} services, times {small:,}", growth, at_most=3 * (large / small) / 5)
    goal(
        "memory of a worker process",
        max(row["worker"] for row in measured.values()),
        at_most=400,
        unit=" MB",
    )
    latency(department)
    # No two families in force claim the same codes.
    rule_sets.retire(department.approver, department.version)
    uniform(5_000 if quick else 200_000)


def at_size(department: "Department") -> dict[str, float]:
    """All figures at the size that the department has now; times in seconds, memory in megabytes."""
    from bench import per_encounter

    services = len(department.stream.drawn)
    floor = count_services()
    alone = [in_process(department, department.draft) for _ in range(REPEATS)]
    with workers() as pids:
        for _ in range(2):
            by_workers(department, department.draft)
        runs = [by_workers(department, department.draft) for _ in range(REPEATS)]
        worker = max(map(peak_megabytes, pids()))
    planned, decided, listed, whole = (median(part) for part in zip(*runs, strict=True))
    print(
        f"\n{services:,} services, {len(department.suggestions):,} profiles; counting {floor * 1000:.1f} ms"
    )
    for name, taken in (
        ("plan", planned),
        ("decide and store", decided),
        ("affected listed", listed),
        ("run", whole),
    ):
        print(f"  {name:32} {taken * 1000:8.0f} ms {taken / floor:8.1f} times counting")
    plan, decide, finish = (median(part) for part in zip(*alone, strict=True))
    print(
        f"  in one process: plan {plan * 1000:.0f} ms, decide and store {decide * 1000:.0f} ms,",
        end=" ",
    )
    print(f"matrix {finish * 1000:.0f} ms")
    print(f"  memory at most: worker {worker:.0f} MB")
    figures = {"floor": floor, "decided": decided, "listed": listed, "run": whole, "worker": worker}
    rows = min(services, 100_000)
    per_encounter.prepare(rows)
    document = department.draft.document
    for name, way, slice_ in (
        ("executemany", per_encounter.by_executemany, min(rows, 20_000)),
        ("COPY and UPDATE", per_encounter.by_copy, rows),
        ("zen-engine and saves", per_encounter.by_saves, min(rows, 1_000)),
    ):
        figures[name] = per_encounter.scaled(way, document, slice_, services)
        print(
            f"  {name:32} {figures[name]:8.1f} s  {figures[name] / floor:8.0f} times counting",
            end=" ",
        )
        print(f"(measured on {slice_:,})")
    return figures


def count_services() -> float:
    """The floor."""
    from django.db import connection

    times = []
    with connection.cursor() as cursor:
        for _ in range(9):
            begun = perf_counter()
            cursor.execute("SELECT count(*) FROM coding_service")
            cursor.fetchone()
            times.append(perf_counter() - begun)
    return median(times)


def in_process(department: "Department", version: "RuleSetVersion") -> tuple[float, float, float]:
    """Plan, decide and close a run here, without workers; the seconds of each."""
    from coding.work import leases
    from reviews.actions import runs
    from reviews.actions.runs import Scope

    begun = perf_counter()
    run = runs.plan(department.supervisor, version, Scope())
    leases.close_finished()
    planned = perf_counter()
    runs.launch(department.supervisor, current(run))
    launched = perf_counter()
    while (chunk := leases.claim()) is not None:
        leases.work_on(chunk)
    decided = perf_counter()
    leases.close_finished()
    return planned - begun, decided - launched, perf_counter() - decided


def by_workers(
    department: "Department", version: "RuleSetVersion"
) -> tuple[float, float, float, float]:
    """The seconds that workers take to plan a run, and three from its launch on.

    To all parts stored; to the affected services listed here; to the stored matrix.
    """
    from reviews.actions import runs
    from reviews.actions.runs import Scope
    from reviews.reevaluation.scope import flips

    begun = perf_counter()
    run = runs.plan(department.supervisor, version, Scope())
    until(
        lambda: holds(
            "SELECT job_id IS NOT NULL FROM reviews_reevaluationrun WHERE id = %s", run.pk
        )
    )
    planned = perf_counter()
    run = current(run)
    runs.launch(department.supervisor, run)
    launched = perf_counter()
    decided_all = "SELECT bool_and(state = 'done') FROM coding_jobchunk WHERE job_id = %s"
    until(lambda: holds(decided_all, run.job_id))
    decided = perf_counter()
    affected = list(flips(run).values_list("pk", flat=True))
    listed = perf_counter()
    until(lambda: holds("SELECT state = 'done' FROM coding_job WHERE id = %s", run.job_id))
    assert affected
    return planned - begun, decided - launched, listed - launched, perf_counter() - launched


def holds(question: str, key: int) -> bool:
    """The answer to a question in SQL, which costs the cores that the workers need as little as it can."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(question, [key])
        return bool(cursor.fetchone()[0])


def current(run: "ReevaluationRun") -> "ReevaluationRun":
    """The run as it is now."""
    from reviews.models import ReevaluationRun

    return ReevaluationRun.objects.select_related("job", "plan_job", "version__rule_set").get(
        pk=run.pk
    )


def latency(department: "Department") -> None:
    """The coder's page, asked again and again, without and with runs going on."""
    from bench.goals import goal
    from bench.web import coder_page

    with coder_page(department) as (ask, web_pid), workers():
        quiet = [ask() for _ in range(200)]
        busy: list[float] = []
        while len(busy) < 200:
            busy += during_a_run(department, ask)
        web = peak_megabytes(web_pid)
    print("\nThe coder's page (the next question), one request after the other")
    for name, times in (("quiet", quiet), ("during runs", busy)):
        middle, slow = median(times) * 1000, quantiles(times, n=20)[-1] * 1000
        print(f"  {name:32} median {middle:6.1f} ms, 95th of 100 {slow:6.1f} ms")
    goal("coder's page during runs, median, times quiet", median(busy) / median(quiet), at_most=3)
    goal("memory of the web process", web, at_most=400, unit=" MB")


def during_a_run(department: "Department", ask: "Callable[[], float]") -> list[float]:
    """Times of the page while one run is planned and decided."""
    from coding.models import JobState
    from reviews.actions import runs
    from reviews.actions.runs import Scope

    run = runs.plan(department.supervisor, department.draft, Scope())
    times, launched = [], False
    while True:
        now = current(run)
        if now.job is not None and not launched:
            runs.launch(department.supervisor, now)
            launched = True
        elif launched and now.job.state == JobState.DONE:
            return times
        times.append(ask())


def uniform(count: int) -> None:
    """The worst case: every service has its own profile."""
    from bench.encounters import Department

    department = Department("uniform", seed=2, uniform=True)
    department.grow(count)
    with workers() as pids:
        by_workers(department, department.draft)
        figures: Any = by_workers(department, department.draft)
        worker = max(map(peak_megabytes, pids()))
    planned, decided, _, whole = figures
    print(f"\nWorst case: {count:,} services, as many profiles")
    print(
        f"  plan {planned:.2f} s, decide and store {decided:.2f} s ({count / decided:,.0f} profiles/s),",
        end=" ",
    )
    print(f"run {whole:.2f} s, worker at most {worker:.0f} MB")


if __name__ == "__main__":
    main()

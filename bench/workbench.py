"""Pages of the rule workbench: server time and number of queries of each, in a small and in a large department.

``python -m bench.workbench [SERVICES]`` starts a PostgreSQL of its own, fills it with a twentieth of so many services
(200,000 unless said) and asks every page, then with all of them and asks again. Requests go through no network.
"""

import argparse
import os
from datetime import date
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from bench.processes import again_beside_servers

if TYPE_CHECKING:
    from django.test import Client

    from bench.encounters import Department

PASSES = 5
STEPS = ("submit", "cases", "services")
MOST_MILLISECONDS = 1000.0


def main() -> None:
    """Fill, ask, fill, ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("services", nargs="?", type=int, default=200_000)
    asked = parser.parse_args()
    if "DATABASE_URL" not in os.environ:
        again_beside_servers("bench.workbench")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from bench.encounters import Department
    from coding.models import RuleSetVersion, User

    department = Department("workbench", 1)
    User.objects.filter(pk=department.author.pk).update(is_staff=True)
    # In force from a day that has passed: the page of submitting counts the services that it concerns.
    RuleSetVersion.objects.filter(pk=department.draft.pk).update(effective_from=date(2026, 3, 1))
    department.grow(asked.services // 20)
    small = measured(department)
    department.grow(asked.services - asked.services // 20)
    tell(asked.services, small, measured(department))


def measured(department: "Department") -> dict[str, tuple[float, int]]:
    """Milliseconds and queries of each page."""
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(HTTP_HOST="localhost")
    client.force_login(department.author)
    pages = {"rule set": reverse("admin:coding_ruleset_change", args=[department.rule_set.pk])}
    pages |= {
        step: reverse(f"admin:coding_rulesetversion_{step}", args=[department.draft.pk])
        for step in STEPS
    }
    return {name: ask(client, address) for name, address in pages.items()}


def ask(client: "Client", address: str) -> tuple[float, int]:
    """The median time in milliseconds, and the number of queries."""
    from bench.pages import counted

    with counted() as queries:
        response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address} was not served: status {response.status_code}.")
    times = []
    for _ in range(PASSES):
        begun = perf_counter()
        client.get(address)
        times.append(1000 * (perf_counter() - begun))
    return median(times), len(queries)


def tell(
    services: int, small: dict[str, tuple[float, int]], large: dict[str, tuple[float, int]]
) -> None:
    """A line for each page, then its goals."""
    from bench.goals import goal

    for name, (milliseconds, queries) in large.items():
        before, _ = small[name]
        print(
            f"  {name:10} {before:7.0f} ms at {services // 20:,}, {milliseconds:7.0f} ms at {services:,}; {queries}"
        )
    for name, (milliseconds, queries) in large.items():
        goal(f"{name}, median", milliseconds, at_most=MOST_MILLISECONDS, unit=" ms")
        goal(
            f"{name}, queries more than in a small department", queries - small[name][1], at_most=0
        )


if __name__ == "__main__":
    main()

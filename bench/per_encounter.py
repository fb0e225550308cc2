"""The same work service by service, as it is usually written: three ways to store an outcome for each row.

Each is measured on the first ``rows`` services and scaled to all of them: none of the three gets cheaper by the
row. The outcome goes to a narrow table of its own (``bench_outcome``), which favours them: an update of the wide
table of services would cost more.
"""

import io
import json
from collections.abc import Callable
from time import perf_counter

from django.db import connection, models

from bench.peers import Zen
from coding.decision import decide, facts_from_data
from coding.models import RuleDocument, Service
from coding.models.reported import short_of
from coding.rules import rulebook


class Outcome(models.Model):
    """A row per service with what the rules make of it now."""

    service = models.BigIntegerField(primary_key=True)
    reported = models.CharField(max_length=60)

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "bench_outcome"

    def __str__(self) -> str:
        return self.reported


def prepare(rows: int) -> None:
    """The table with an old outcome for each of the first services."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_outcome")
        cursor.execute(
            "CREATE TABLE bench_outcome (service bigint PRIMARY KEY, reported varchar(60) NOT NULL)"
        )
        cursor.execute(
            "INSERT INTO bench_outcome SELECT v.id, s.reported FROM coding_service v JOIN coding_suggestion s"
            " ON s.id = v.suggestion_id ORDER BY v.id LIMIT %s",
            [rows],
        )
        cursor.execute("ANALYZE bench_outcome")


def by_executemany(document: RuleDocument, rows: int) -> None:
    """Read the facts, decide each row, and send one UPDATE a row with ``executemany``."""
    table = rulebook.table_of(document)
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE bench_outcome SET reported = %s WHERE service = %s",
            [(_reported(table, facts), service) for service, facts in _facts(rows)],
        )


def by_copy(document: RuleDocument, rows: int) -> None:
    """Copy the facts out, decide each distinct one once, copy the outcomes in, and UPDATE by one join."""
    table = rulebook.table_of(document)
    known: dict[str, str] = {}
    with connection.cursor() as cursor:
        out = io.BytesIO()
        with cursor.copy(
            f"COPY (SELECT v.id, p.facts FROM coding_service v JOIN coding_factprofile p ON p.id = v.profile_id"
            f" ORDER BY v.id LIMIT {rows}) TO STDOUT"
        ) as copy:
            for block in copy:
                out.write(block)
        decided = []
        for line in out.getvalue().decode().splitlines():
            service, text = line.split("\t", 1)
            if text not in known:
                known[text] = _reported(table, json.loads(text))
            decided.append(f"{service}\t{known[text]}\n")
        cursor.execute("CREATE TEMP TABLE bench_decided (service bigint, reported text)")
        with cursor.copy("COPY bench_decided FROM STDIN") as copy:
            copy.write("".join(decided))
        cursor.execute(
            "UPDATE bench_outcome o SET reported = d.reported FROM bench_decided d WHERE o.service = d.service"
        )
        cursor.execute("DROP TABLE bench_decided")


def by_saves(document: RuleDocument, rows: int) -> None:
    """A Django object a row, decided with zen-engine, saved one by one."""
    table = rulebook.table_of(document)
    zen = Zen(table)
    services = Service.objects.select_related("profile").order_by("pk")[:rows]
    for service in services.iterator():
        [prepared] = zen.prepare([facts_from_data(table.facts, service.profile.facts)])
        outcome = Outcome.objects.get(pk=service.pk)
        outcome.reported = zen.decide(prepared)
        outcome.save()


def _facts(rows: int) -> list[tuple[int, dict[str, object]]]:
    services = Service.objects.order_by("pk").values_list("pk", "profile__facts")
    return list(services[:rows])


def _reported(table: object, facts: dict[str, object]) -> str:
    outcome = decide(table, facts_from_data(table.facts, facts)).outcome
    return short_of(outcome) if outcome else ""


def scaled(
    way: Callable[[RuleDocument, int], None], document: RuleDocument, rows: int, services: int
) -> float:
    """The seconds that a way takes for all services, measured on ``rows`` of them."""
    begun = perf_counter()
    way(document, rows)
    return (perf_counter() - begun) * services / rows

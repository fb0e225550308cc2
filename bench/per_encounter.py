"""The same work encounter by encounter, as it is usually written: three ways to store an outcome for each row.

Each is measured on the first ``rows`` encounters and scaled to all of them: none of the three gets cheaper by the
row. The outcome goes to a narrow table of its own (``bench_outcome``), which favours them: an update of the wide
table of encounters would cost more.
"""

import io
import json
from collections.abc import Callable
from time import perf_counter

from django.db import connection, models

from bench.peers import Zen
from coding.decision import decide, facts_from_data
from coding.models import RuleDocument, Service
from coding.models.reported import in_short
from coding.rules import rulebook


class Outcome(models.Model):
    """A row per encounter with what the rules make of it now."""

    encounter = models.BigIntegerField(primary_key=True)
    reported = models.CharField(max_length=60)

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "bench_outcome"

    def __str__(self) -> str:
        return self.reported


def prepare(rows: int) -> None:
    """The table with an old outcome for each of the first encounters."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_outcome")
        cursor.execute("CREATE TABLE bench_outcome (encounter bigint PRIMARY KEY, reported varchar(60) NOT NULL)")
        cursor.execute(
            "INSERT INTO bench_outcome SELECT e.id, s.reported FROM coding_service e JOIN coding_suggestion s"
            " ON s.id = e.suggestion_id ORDER BY e.id LIMIT %s",
            [rows],
        )
        cursor.execute("ANALYZE bench_outcome")


def by_executemany(document: RuleDocument, rows: int) -> None:
    """Read the facts, decide each row, and send one UPDATE a row with ``executemany``."""
    table = rulebook.table_of(document)
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE bench_outcome SET reported = %s WHERE encounter = %s",
            [(_reported(table, facts), encounter) for encounter, facts in _facts(rows)],
        )


def by_copy(document: RuleDocument, rows: int) -> None:
    """Copy the facts out, decide each distinct one once, copy the outcomes in, and UPDATE by one join."""
    table = rulebook.table_of(document)
    known: dict[str, str] = {}
    with connection.cursor() as cursor:
        out = io.BytesIO()
        with cursor.copy(
            f"COPY (SELECT e.id, p.facts FROM coding_service e JOIN coding_factprofile p ON p.id = e.profile_id"
            f" ORDER BY e.id LIMIT {rows}) TO STDOUT"
        ) as copy:
            for block in copy:
                out.write(block)
        decided = []
        for line in out.getvalue().decode().splitlines():
            encounter, text = line.split("\t", 1)
            if text not in known:
                known[text] = _reported(table, json.loads(text))
            decided.append(f"{encounter}\t{known[text]}\n")
        cursor.execute("CREATE TEMP TABLE bench_decided (encounter bigint, reported text)")
        with cursor.copy("COPY bench_decided FROM STDIN") as copy:
            copy.write("".join(decided))
        cursor.execute(
            "UPDATE bench_outcome o SET reported = d.reported FROM bench_decided d WHERE o.encounter = d.encounter"
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
    found = Service.objects.order_by("pk").values_list("pk", "profile__facts")
    return list(found[:rows])


def _reported(table: object, facts: dict[str, object]) -> str:
    outcome = decide(table, facts_from_data(table.facts, facts)).outcome
    return in_short(outcome.kind.value, outcome.code, outcome.modifiers) if outcome else ""


def scaled(way: Callable[[RuleDocument, int], None], document: RuleDocument, rows: int, encounters: int) -> float:
    """The seconds that a way takes for all encounters, measured on ``rows`` of them."""
    begun = perf_counter()
    way(document, rows)
    return (perf_counter() - begun) * encounters / rows

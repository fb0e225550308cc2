"""``REPLACE INTO`` by a shell that knows no ``recursive_triggers``: SQLite calls no guard, and the proofs find it."""

import pytest
from django.db import connection

from coding import trail
from coding.models import AuditEvent
from coding.trail import guards, proof
from reviews.models import FinalCode
from tests import factories


@pytest.fixture
def final(people, hip):
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    return FinalCode.objects.get()


def replace(row, **changes):
    """Put another row in the place of one, as such a shell does; elsewhere by deleting it first, without guards.

    ``changes`` are expressions of SQL.
    """
    model = type(row)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA recursive_triggers = OFF")
        else:
            guards.lift(connection)
        columns = [field.column for field in model._meta.concrete_fields]
        values = [changes.get(name, name) for name in columns]
        table = model._meta.db_table
        cursor.execute(
            f"CREATE TEMPORARY TABLE other AS SELECT {', '.join(values)} FROM {table} WHERE id = {row.pk}"
        )
        if connection.vendor != "sqlite":
            cursor.execute(f"DELETE FROM {table} WHERE id = {row.pk}")
        verb = "REPLACE" if connection.vendor == "sqlite" else "INSERT"
        cursor.execute(f"{verb} INTO {table} ({', '.join(columns)}) SELECT * FROM other")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA recursive_triggers = ON")


def test_a_replaced_event_is_found_by_its_hash(final):
    event = AuditEvent.objects.get(event="decision.made")
    replace(event, reason="'Other words.'")
    assert trail.verify().problem == f"event {event.sequence} was changed after it was written"


def test_a_replaced_final_code_is_found_by_the_trail(final):
    replace(final, finalised_at="CURRENT_TIMESTAMP")
    assert trail.verify() is None
    with pytest.raises(
        proof.Differs, match=f"final code {final.pk} has another finalised_at than event"
    ):
        proof.prove()

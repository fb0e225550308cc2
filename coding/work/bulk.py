"""Many new rows at once: one statement on PostgreSQL, a fraction of an INSERT's cost, and INSERTs elsewhere.

COPY would be faster still. But a worker that is frozen in the middle of one keeps its locks for ever: while the server
waits for a client's rows no time-out of its own applies.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.utils import timezone


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[int]:
    """Write new rows, given as the values of some columns, and return their ids in order. Part of a transaction.

    Columns are named as attributes (``encounter_id``); the others get their defaults. No model's ``save`` is called:
    it is for rows that are written as they come.
    """
    given = list(rows)
    if not given:
        return []
    if connection.vendor == "postgresql":
        return _insert_document(model, columns, given)
    objects = [model(**dict(zip(columns, row, strict=True))) for row in given]
    return [row.pk for row in model._base_manager.bulk_create(objects, batch_size=500)]


def insert_missing(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write new rows as ``insert`` does, and leave out those that a unique key refuses. Part of a transaction.

    Of what another transaction is writing at this moment the end is waited for: rows in one order, or two wait in a
    circle.
    """
    given = list(rows)
    if not given:
        return
    if connection.vendor == "postgresql":
        _insert_document(model, columns, given, " ON CONFLICT DO NOTHING")
        return
    objects = [model(**dict(zip(columns, row, strict=True))) for row in given]
    model._base_manager.bulk_create(objects, batch_size=500, ignore_conflicts=True)


def update(objects: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Write some columns of rows that are there: one statement on PostgreSQL. Part of a transaction."""
    if not objects:
        return
    model = type(objects[0])
    if connection.vendor != "postgresql":
        model._base_manager.bulk_update(objects, columns, batch_size=500)
        return
    own: Any = model._meta
    fields = [own.pk, *(own.get_field(name) for name in columns)]
    quote = connection.ops.quote_name
    document = [{field.column: getattr(row, field.attname) for field in fields} for row in objects]
    changed = ", ".join(f"{quote(field.column)} = document.{quote(field.column)}" for field in fields[1:])
    typed = ", ".join(f"{quote(field.column)} {_type(field)}" for field in fields)
    # The names are those of our own table and columns; values are parameters.
    statement = f"UPDATE {quote(own.db_table)} SET {changed}"  # noqa: S608
    statement += f" FROM json_to_recordset(%s::json) AS document({typed})"
    statement += f" WHERE {quote(own.db_table)}.{quote(own.pk.column)} = document.{quote(own.pk.column)}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(document, default=str, ensure_ascii=False)])


def _insert_document(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]], otherwise: str = ""
) -> list[int]:
    own: Any = model._meta
    by_name = {field.attname: field for field in own.concrete_fields}
    left_out = [field for name, field in by_name.items() if name not in columns and not field.primary_key]
    fields = [own.pk, *(by_name[name] for name in columns), *left_out]
    names = [field.column for field in fields]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [own.db_table, own.pk.column, len(rows)],
        )
        ids = [number for (number,) in cursor.fetchall()]
        document = [
            dict(zip(names, (number, *row, *map(_default, left_out)), strict=True))
            for number, row in zip(ids, rows, strict=True)
        ]
        listed = ", ".join(map(quote, names))
        typed = ", ".join(f"{quote(field.column)} {_type(field)}" for field in fields)
        statement = f"INSERT INTO {quote(own.db_table)} ({listed}) SELECT {listed}"
        statement += f" FROM json_to_recordset(%s::json) AS document({typed}){otherwise}"
        cursor.execute(statement, [json.dumps(document, default=str, ensure_ascii=False)])
    return ids


def _type(field: Any) -> str:
    """The type of a column; texts without their length, to which they would be cut in silence."""
    return "text" if isinstance(field, models.CharField) else field.db_type(connection)


def _default(field: Any) -> Any:
    """The value of a column that is not given."""
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return timezone.now()
    return field.get_default()

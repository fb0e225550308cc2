"""Many new rows at once: one statement on PostgreSQL, a fraction of an INSERT's cost, and INSERTs elsewhere.

COPY would be faster still. But a worker that is frozen in the middle of one keeps its locks for ever: while the server
waits for a client's rows no time-out of its own applies. This statement is sent whole, or not at all: a client that is
frozen before it idles in its transaction, which the server ends.
"""

import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection, models
from django.utils import timezone


class _Inserted(NamedTuple):
    """The ids that were drawn for some rows, and how many of the rows were written."""

    ids: list[int]
    written: int


def insert(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> list[int]:
    """Write new rows, given as the values of some columns, and return their ids in order. Part of a transaction.

    Columns are named as attributes (``encounter_id``); the others get their defaults. No model's ``save`` is called:
    it is for rows that are written as they come.
    """
    values = list(rows)
    if not values:
        return []
    if connection.vendor == "postgresql":
        return _insert_columns(model, columns, values).ids
    objects = _objects(model, columns, values)
    return [row.pk for row in model._base_manager.bulk_create(objects, batch_size=500)]


def insert_missing(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int | None:
    """Write new rows as ``insert`` does, and leave out those that a unique key refuses. Part of a transaction.

    Returns how many were written, None where the database does not say.

    Of what another transaction is writing at this moment the end is waited for: rows in one order, or two wait in a
    circle.
    """
    values = list(rows)
    if not values:
        return 0
    if connection.vendor == "postgresql":
        return _insert_columns(model, columns, values, " ON CONFLICT DO NOTHING").written
    objects = _objects(model, columns, values)
    model._base_manager.bulk_create(objects, batch_size=500, ignore_conflicts=True)
    return None


def _objects(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> list[models.Model]:
    return [model(**dict(zip(columns, row, strict=True))) for row in rows]


def update(objects: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Write some columns of rows that are there: one statement on PostgreSQL. Part of a transaction."""
    if not objects:
        return
    model = type(objects[0])
    if connection.vendor != "postgresql":
        model._base_manager.bulk_update(objects, columns, batch_size=500)
        return

    meta: Any = model._meta
    changing = [meta.get_field(name) for name in columns]
    fields = [meta.pk, *changing]
    document = []
    for row in objects:
        document.append({field.column: getattr(row, field.attname) for field in fields})

    quote = connection.ops.quote_name
    table, key = quote(meta.db_table), quote(meta.pk.column)
    names = [quote(field.column) for field in changing]
    changed = ", ".join(f"{name} = document.{name}" for name in names)
    typed = ", ".join(f"{quote(field.column)} {_type(field)}" for field in fields)
    # The names are those of our own table and columns; values are parameters.
    statement = f"UPDATE {table} SET {changed}"  # noqa: S608
    statement += f" FROM json_to_recordset(%s::json) AS document({typed})"
    statement += f" WHERE {table}.{key} = document.{key}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(document, default=str, ensure_ascii=False)])


def _insert_columns(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    otherwise: str = "",
) -> _Inserted:
    """Each column goes as one array of texts, which the server reads in a fraction of a document's time."""
    meta: Any = model._meta
    by_name = {field.attname: field for field in meta.concrete_fields}
    given = [meta.pk, *(by_name[name] for name in columns)]
    left_out = [field for field in meta.concrete_fields if field not in given]

    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in (*given, *left_out))
    values = [f"given.{quote(field.column)}{_cast(field)}" for field in given]
    values += [_default_marked(field) for field in left_out]
    defaults = [_text(field, _default(field)) for field in left_out if not _is_drawn(field)]
    marks = ", ".join(["%s::text[]"] * len(given))
    listed = ", ".join(quote(field.column) for field in given)
    table, selected = quote(meta.db_table), ", ".join(values)
    statement = f"INSERT INTO {table} ({names}) SELECT {selected}"
    statement += f" FROM unnest({marks}) AS given({listed}){otherwise}"

    with connection.cursor() as cursor:
        # Drawn before: RETURNING promises no order, and the ids are wanted in that of the rows.
        cursor.execute(
            "WITH own AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, %s)::regclass AS name)"
            " SELECT nextval(own.name) FROM own, generate_series(1, %s)",
            [meta.db_table, meta.pk.column, len(rows)],
        )
        ids = [number for (number,) in cursor.fetchall()]
        with_ids = ((number, *row) for number, row in zip(ids, rows, strict=True))
        by_column = zip(*with_ids, strict=True)
        arrays = [_array(field, column) for field, column in zip(given, by_column, strict=True)]
        cursor.execute(statement, [*defaults, *arrays])
        return _Inserted(ids, cursor.rowcount)


def _array(field: Any, values: Iterable[Any]) -> str:
    """A column as PostgreSQL writes an array of texts."""
    written = _as_json if isinstance(field, models.JSONField) else str
    texts = []
    for value in values:
        texts.append("NULL" if value is None else _quoted(written(value)))
    return "{" + ",".join(texts) + "}"


def _quoted(text: str) -> str:
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _text(field: Any, value: Any) -> str | None:
    """A value as a text that its column's type reads."""
    if value is None:
        return None
    return _as_json(value) if isinstance(field, models.JSONField) else str(value)


def _as_json(value: Any) -> str:
    # Most lists of a row are empty.
    return "[]" if value == [] else json.dumps(value, ensure_ascii=False)


def _cast(field: Any) -> str:
    """How a text becomes the type of a column; texts without their length, to which they would be cut in silence."""
    if isinstance(field, (models.CharField, models.TextField)):
        return ""
    return f"::{field.db_type(connection)}"


def _default_marked(field: Any) -> str:
    """A column that is not given: the same value in each row, but for identifiers, which the server draws."""
    return "gen_random_uuid()" if _is_drawn(field) else f"%s::{_type(field)}"


def _is_drawn(field: Any) -> bool:
    return field.default is uuid.uuid4


def _type(field: Any) -> str:
    return "text" if isinstance(field, models.CharField) else field.db_type(connection)


def _default(field: Any) -> Any:
    """The value of a column that is not given."""
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return timezone.now()
    return field.get_default()


def refresh_statistics(model: type[models.Model]) -> None:
    """Let PostgreSQL look at a table that many rows were just written to, some 20 ms. Part of a transaction.

    Until it did so by itself, it expects one row where there are thousands, and joins them one by one.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")

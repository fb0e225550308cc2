"""Many new rows at once: by COPY on PostgreSQL, which costs a fraction of an INSERT, and by INSERT elsewhere."""

import json
from collections.abc import Callable, Iterable, Sequence
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
        return _copy(model, columns, given)
    objects = [model(**dict(zip(columns, row, strict=True))) for row in given]
    return [made.pk for made in model._base_manager.bulk_create(objects, batch_size=500)]


def _copy(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[int]:
    own: Any = model._meta
    names = {field.attname: field for field in own.concrete_fields}
    defaults = [_default(field) for name, field in names.items() if name not in columns and not field.primary_key]
    left_out = [field for name, field in names.items() if name not in columns and not field.primary_key]
    fields = [own.pk, *(names[name] for name in columns), *left_out]
    as_json = [place for place, name in enumerate(columns) if isinstance(names[name], models.JSONField)]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [own.db_table, own.pk.column, len(rows)],
        )
        ids = [number for (number,) in cursor.fetchall()]
        listed = ", ".join(quote(field.column) for field in fields)
        statement = f"COPY {quote(own.db_table)} ({listed}) FROM STDIN"
        with connection.wrap_database_errors, cursor.copy(statement) as copy:
            for number, row in zip(ids, rows, strict=True):
                values = list(row)
                for place in as_json:
                    values[place] = _json(values[place])
                copy.write_row([number, *values, *(default() for default in defaults)])
    return ids


def _default(field: Any) -> Callable[[], Any]:
    """What makes the value of a column that is not given."""
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        now = timezone.now()
        return lambda: now
    if isinstance(field, models.JSONField):
        return lambda: _json(field.get_default())
    return field.get_default


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value)

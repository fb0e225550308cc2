"""What the events of the trail tell of rows: each row that a verb wrote, with its values as they stand at its end.

An event keeps them as ``{"reviews.finalcode": {"17": {"units": 1, …}}}``: by model, id and column. Of rows that
were written in bulk one digest is kept for each run of ids, ``{"coding.encounter": {"1-1000": {"digest": "…"}}}``.
What people or sources wrote, and data that is longer than a few words, stand as their digest: the trail holds no copy
of a note. ``coding.trail.proof`` compares them.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, TextField

from coding.decision import canonical_json
from coding.models import User
from coding.models.append_only import Recorded
from coding.trail import accounts

Told = dict[str, dict[str, dict[str, Any]]]
# The values of rows, by model and id.
Values = dict[tuple[type[Model], int], dict[str, Any]]

# Longer data is kept as its digest.
LONGEST_DATA = 64
# What began alike in rows that were written in bulk before events said how.
FIRST_BEGINS = {"state", "round", "revision"}
# Rows that are read at once.
PORTION = 2_000


@dataclass(frozen=True, slots=True)
class Rows:
    """What an event is to tell: rows by themselves, and in bulk the ids of new ones with what they began with."""

    single: Sequence[Model] = ()
    bulk: Sequence[tuple[type[Recorded], Sequence[int]]] = ()


def told_models() -> list[type[Recorded]]:
    """The models of whose rows events tell."""
    recorded = [model for model in apps.get_models() if issubclass(model, Recorded)]
    return [model for model in recorded if model.told_columns()]


def tell(all_rows: Sequence[Rows]) -> list[Told]:
    """What each of several events of one verb tells, in their order, as the database has it now.

    A row that several name is told by the first. One query for each model, however many rows there are.
    """
    values = _values_now(all_rows)
    return [_told_by_one(rows, values) for rows in all_rows]


def _values_now(all_rows: Iterable[Rows]) -> Values:
    keys: dict[type[Recorded | User], set[int]] = defaultdict(set)
    for rows in all_rows:
        for row in rows.single:
            keys[_model_of(row)].add(row.pk)

    values: Values = {}
    for model, own_keys in keys.items():
        for key, told in _read(model, own_keys):
            values[model, key] = told
    return values


def _told_by_one(rows: Rows, values: Values) -> Told:
    """What one event tells. Its rows are taken out of the values: no later event tells them again."""
    told: Told = defaultdict(dict)
    for row in rows.single:
        model = _model_of(row)
        own = values.pop((model, row.pk), None)
        if own is not None:
            told[label(model)][str(row.pk)] = own
    for bulk_model, ids in rows.bulk:
        for first, last in runs(ids):
            told[label(bulk_model)][f"{first}-{last}"] = in_bulk(bulk_model, first, last)
    return dict(told)


def label(model: type[Model]) -> str:
    """How an event calls a model."""
    return model._meta.label_lower


def _model_of(row: Model) -> type[Recorded | User]:
    model = type(row)
    if issubclass(model, User):
        return model
    if not issubclass(model, Recorded) or not model.told_columns():
        raise TypeError(
            f"Events tell nothing of {model._meta.verbose_name_plural}: its model has no TOLD."
        )
    return model


def _read(
    model: type[Recorded | User], keys: Iterable[int]
) -> Iterator[tuple[int, dict[str, Any]]]:
    if issubclass(model, User):
        yield from accounts.read(keys)
        return
    rows = model._base_manager.filter(pk__in=keys)
    for key, *values in rows.values_list("pk", *model.told_columns()):
        yield key, as_told(model, key, values)


def as_told(model: type[Recorded], key: int, values: Iterable[Any]) -> dict[str, Any]:
    """The values of a row's ``told_columns``, and the digests of its contents, as an event keeps them."""
    texts = _texts(model)
    told: dict[str, Any] = {}
    for column, value in zip(model.told_columns(), values, strict=True):
        is_text = column in texts and value
        told[column] = _digest(value) if is_text else _value(value)
    for name in model.CONTENTS:
        told[name] = _digest_of_contents(model, key, name)
    return told


def _digest_of_contents(model: type[Recorded], key: int, name: str) -> str:
    """SHA-256 over all that the rows say which point to a row by a relation, in the order of their ids.

    A table may have millions of them: they are encoded by the portion.
    """
    relation: Any = model._meta.get_field(name)
    rows = relation.related_model._base_manager.filter(**{relation.field.attname: key})
    values = rows.order_by("pk").values_list().iterator(chunk_size=PORTION)
    digest = hashlib.sha256()
    while portion := list(islice(values, PORTION)):
        digest.update(json.dumps(portion, default=str).encode())
    return f"sha256 {digest.hexdigest()}"


@cache
def _texts(model: type[Recorded]) -> set[str]:
    """The columns that hold what people wrote."""
    return {field.attname for field in model._meta.concrete_fields if isinstance(field, TextField)}


def _value(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
    text = canonical_json(value)
    return value if len(text) <= LONGEST_DATA else _digest(text)


def _digest(text: str) -> str:
    return f"sha256 {hashlib.sha256(text.encode()).hexdigest()}"


def runs(ids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The ids as first and last of each run without a gap, and of no more than a portion."""
    run: list[int] = []
    for key in sorted(ids):
        has_gap = bool(run) and key != run[-1] + 1
        if has_gap or len(run) == PORTION:
            yield run[0], run[-1]
            run = []
        run.append(key)
    if run:
        yield run[0], run[-1]


def in_bulk(model: type[Recorded], first: int, last: int) -> dict[str, Any]:
    """What is told of a run of new ids together: a digest, of which columns, and how the others began.

    A later version may tell more.
    """
    return digested(model, first, last) | {"begins": dict(model.BEGINS)}


def digested(model: type[Recorded], first: int, last: int) -> dict[str, Any]:
    """The digest of a run of ids, and of which columns it is."""
    columns = model.told_for_good()
    return {"digest": digest_of(model, first, last, columns), "columns": columns}


def began(run: Mapping[str, Any], model: type[Recorded]) -> dict[str, Any]:
    """How what changes of the rows of a run began; of a time before events said so, as far as they were proven then."""
    begins: dict[str, Any] | None = run.get("begins")
    if begins is not None:
        return begins
    return {name: model.BEGINS[name] for name in model.BEGINS if name in FIRST_BEGINS}


def digest_of(model: type[Recorded], first: int, last: int, columns: Iterable[str]) -> str:
    """SHA-256 over what the rows of a run of ids said in these columns when they were written, in order."""
    digest = hashlib.sha256()
    rows = model._base_manager.filter(pk__gte=first, pk__lte=last).order_by("pk")
    for values in model.first_values(rows, columns).iterator(chunk_size=PORTION):
        digest.update(canonical_json([_value(value) for value in values]).encode())
    return digest.hexdigest()


def differing(values: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The columns that say something else than an event tells; of a column that it does not tell nothing is known."""
    return [column for column, value in values.items() if column in now and now[column] != value]

"""Long lists, a stretch at a time: from the beginning, behind a row, before a row, or from a day on.

A page number would make the database count through all rows before it, and an exact count through all that there are.
Here an index leads to the row where a stretch begins, and counting ends at ``MOST_COUNTED``. An address names rows by
their random ids.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DateTimeField, Model, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date

from coding.views import pages

MOST_COUNTED = 1_000
MOST_DIGITS = 18
AFTER, BEFORE, JUMP = "after", "before", "jump"
# What an address says of a stretch: a link to another one says it anew.
PLACES = (AFTER, BEFORE, JUMP)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some rows of a list that stand side by side; ``number`` is how many there are in all, bounded.

    ``previous`` and ``next`` are keys of rows behind which, and before which, there are others; empty where there are
    none. ``is_first`` says that the list begins here, ``goes_by_day`` that it is sorted by days: it can be opened at
    one.
    """

    rows: list[Any] = field(default_factory=list)
    number: str = "0"
    is_first: bool = True
    previous: str = ""
    next: str = ""
    goes_by_day: bool = False

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: int) -> Any:
        return self.rows[place]


def bounded_count(queryset: QuerySet, most: int = MOST_COUNTED) -> str:
    """How many rows there are, in words: ``26``, or ``1,000+``."""
    number = queryset.order_by().values("pk")[: most + 1].count()
    return f"{most:,}+" if number > most else f"{number:,}"


def stretch_of(
    asked: Mapping[str, Any],
    queryset: QuerySet,
    *,
    with_all: Callable[[QuerySet], QuerySet] | None = None,
    key: str = "public_id",
) -> Stretch:
    """The stretch that an address, or a form, asks for; the first one where it asks for none that there is.

    ``with_all`` has rows read with all that is shown of them. ``key`` is the field that names a row in addresses. The
    queryset is sorted by columns that are never null.
    """
    order = _total_order(queryset)
    place = _place(asked, queryset.model, key, order)
    ordered = queryset.order_by(*order)
    wanted = ordered.reverse() if place.backwards else ordered
    # One row more than is shown: by it one knows that the list goes on.
    shown = _rows(wanted.filter(place.beginning)[: pages.ROWS + 1], with_all)
    goes_on = len(shown) > pages.ROWS
    shown = shown[: pages.ROWS]
    if place.backwards:
        shown.reverse()
        has_previous, has_next = goes_on, True
    else:
        has_previous, has_next = bool(place.beginning), goes_on

    previous_key, next_key = "", ""
    if shown and has_previous:
        previous_key = str(getattr(shown[0], key))
    if shown and has_next:
        next_key = str(getattr(shown[-1], key))
    return Stretch(
        rows=shown,
        number=bounded_count(queryset),
        is_first=not place.beginning,
        previous=previous_key,
        next=next_key,
        goes_by_day=_day_field(queryset.model, order) is not None,
    )


class _Sorting(NamedTuple):
    """A column by which a list is sorted, and whether its values fall in the direction in which one reads."""

    column: str
    descends: bool

    @classmethod
    def of(cls, name: str, *, backwards: bool = False) -> Self:
        """From a name as ``order_by`` takes it; ``backwards`` one reads towards the beginning of the list."""
        return cls(name.lstrip("-"), name.startswith("-") != backwards)

    @property
    def beyond(self) -> str:
        """The lookup of what comes after a value."""
        return f"{self.column}__{'lt' if self.descends else 'gt'}"

    @property
    def from_on(self) -> str:
        """The lookup of a value and what comes after it."""
        return f"{self.beyond}e"


class _Place(NamedTuple):
    """Where a stretch begins, and whether it is read from there towards the beginning of the list."""

    beginning: Q
    backwards: bool


def _place(asked: Mapping[str, Any], model: type[Model], key: str, order: list[str]) -> _Place:
    """Behind the row that is named, or before it; else from the day that is named, or all from the beginning."""
    backwards = BEFORE in asked
    sent = asked.get(BEFORE) if backwards else asked.get(AFTER, "")
    values = _values(model, key, str(sent), order)
    if values:
        return _Place(_beyond(order, values, backwards=backwards), backwards)
    return _Place(_from_day(model, order, str(asked.get(JUMP, ""))), backwards=False)


def _rows(wanted: QuerySet, with_all: Callable[[QuerySet], QuerySet] | None) -> list[Any]:
    """The wanted rows with all that is read beside them, in two steps.

    Where they stand is found by ids alone: asked for with its relations, a database joins all before it sorts. Then
    they are read by their ids, without another look at what they were narrowed to.
    """
    keys = list(wanted.values_list("pk", flat=True))
    if not keys:
        return []
    rows = wanted.model._default_manager.filter(pk__in=keys)
    if with_all is not None:
        rows = with_all(rows)
    by_key = {row.pk: row for row in rows}
    return [by_key[key] for key in keys if key in by_key]


def _total_order(queryset: QuerySet) -> list[str]:
    """The columns of the order, ended by the row's own number in the direction of the last one before it."""
    named = [str(name) for name in queryset.query.order_by or queryset.model._meta.ordering]
    by_pk = {"id": "pk", "-id": "-pk"}
    order = [by_pk.get(name, name) for name in named]
    last = order[-1] if order else ""
    if last.lstrip("-") != "pk":
        order.append("-pk" if last.startswith("-") else "pk")
    return order


def _values(model: type[Model], key: str, sent: str, order: list[str]) -> tuple[Any, ...] | None:
    """What the named row has in the columns of the order; None where no row is named."""
    named: UUID | int
    try:
        # No database has numbers of more digits than these.
        named = UUID(sent) if key == "public_id" else int(sent[:MOST_DIGITS])
    except ValueError:
        return None
    columns = [_Sorting.of(name).column for name in order]
    return model._base_manager.filter(**{key: named}).values_list(*columns).first()


def _beyond(order: list[str], values: tuple[Any, ...], *, backwards: bool) -> Q:
    """The rows that come after a row with these values; with ``backwards``, those before it."""
    # (a > 1) or (a = 1 and b > 2) or (a = 1 and b = 2 and c > 3), and so on.
    behind, alike = Q(), Q()
    for name, value in zip(order, values, strict=True):
        sorting = _Sorting.of(name, backwards=backwards)
        behind |= alike & Q(**{sorting.beyond: value})
        alike &= Q(**{sorting.column: value})

    # Said once more of the first column alone: by this an index leads to the place.
    first = _Sorting.of(order[0], backwards=backwards)
    return Q(**{first.from_on: values[0]}) & behind


def _from_day(model: type[Model], order: list[str], sent: str) -> Q:
    """From a day on in the list's own direction; all rows where no day is named, or the list is not sorted by days."""
    day_field = _day_field(model, order)
    try:
        day = parse_date(sent)
    except ValueError:
        day = None
    if day is None or day_field is None:
        return Q()
    sorting = _Sorting.of(order[0])
    bound: date | datetime = day
    if isinstance(day_field, DateTimeField):
        # From a day backwards begins with its last moment.
        moment = time.max if sorting.descends else time.min
        bound = timezone.make_aware(datetime.combine(day, moment))
    return Q(**{sorting.from_on: bound})


def _day_field(model: type[Model], order: list[str]) -> DateField | None:
    """The field that the list is sorted by first, if it holds days or times."""
    owner: Any = model
    *steps, last = order[0].lstrip("-").split("__")
    try:
        for step in steps:
            owner = owner._meta.get_field(step).related_model
        sorted_by = owner._meta.pk if last == "pk" else owner._meta.get_field(last)
    except FieldDoesNotExist:
        return None
    return sorted_by if isinstance(sorted_by, DateField) else None

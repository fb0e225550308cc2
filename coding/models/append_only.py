"""What is written once and then kept as it is: in whole, or but for the columns that verbs change."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Never

from django.db import models

# In ``TOLD``: all columns.
EVERY_COLUMN = ("*",)


def refused_moves(allowed: Iterable[tuple[str, str]]) -> str:
    """The condition of SQL under which a state moves otherwise than these pairs of from and to say."""
    pairs = " OR ".join(f"OLD.state = '{start}' AND NEW.state = '{end}'" for start, end in sorted(allowed))
    return f"NOT (NEW.state = OLD.state OR {pairs})"


class Kept(models.Model):
    """A row that stays, of which the columns ``MAY_CHANGE`` alone are written again.

    The database holds it too, by the triggers of ``coding.trail.guards``. Conditions of SQL say more: on OLD and NEW
    ``REFUSED_CHANGE``, under which it refuses a change of even those columns, and on NEW ``REFUSED_WHEN``, under which
    it refuses a new row.

    ``TOLD`` are the fields that the events of the trail tell when a row is written (``coding.trail.records``), so that
    ``verify_records`` finds another value, a row too many and one that is gone. Of rows that were written in bulk
    ``BEGINS`` are the first values of those that change.
    """

    MAY_CHANGE: ClassVar[tuple[str, ...]] = ()
    REFUSED_CHANGE: ClassVar[str] = ""
    REFUSED_WHEN: ClassVar[str] = ""
    TOLD: ClassVar[tuple[str, ...]] = ()
    BEGINS: ClassVar[Mapping[str, Any]] = {}

    class Meta:
        abstract = True

    @classmethod
    def fixed_columns(cls) -> list[str]:
        """The columns that are written once."""
        fixed = [field for field in cls._meta.concrete_fields if field.name not in cls.MAY_CHANGE]
        return [field.column for field in fixed if field.column]

    @classmethod
    def told_columns(cls) -> list[str]:
        """What events tell of a row, beside its id, by the names of attributes; empty where they tell nothing."""
        fields = [field for field in cls._meta.concrete_fields if not field.primary_key]
        return [field.attname for field in fields if cls.TOLD == EVERY_COLUMN or field.name in cls.TOLD]

    @classmethod
    def told_for_good(cls) -> list[str]:
        """Those of ``told_columns`` that never change."""
        changing = {field.attname for field in cls._meta.concrete_fields if field.name in cls.MAY_CHANGE}
        return [name for name in cls.told_columns() if name not in changing]

    @classmethod
    def first_values(cls, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Of each row the id and what it said when it was written, whatever it says now."""
        return rows.values_list("pk", *cls.told_for_good())


class AppendOnly(Kept):
    """A row that is written once. Nothing of it changes."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row; a row that is there already is not written again."""
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refused: what was decided and said is kept."""
        raise TypeError(f"{self._meta.verbose_name} rows are never deleted.")

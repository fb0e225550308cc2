"""What the trail tells of, and what is written once and then kept: in whole, or but for columns that verbs change."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Never

from django.db import models

# In ``TOLD`` and ``MAY_CHANGE``: all columns.
EVERY_COLUMN = ("*",)


def refused_moves(allowed: Iterable[tuple[str, str]]) -> str:
    """The condition of SQL under which a state moves otherwise than these pairs of from and to say."""
    pairs = " OR ".join(
        f"OLD.state = '{start}' AND NEW.state = '{end}'" for start, end in sorted(allowed)
    )
    return f"NOT (NEW.state = OLD.state OR {pairs})"


class Recorded(models.Model):
    """A row of which the trail tells, and which is not deleted.

    ``TOLD`` are the fields that its events tell when a row is written (``coding.trail.records``), so that
    ``verify_records`` finds another value, a row too many and one that is gone. Of rows that were written in bulk
    ``BEGINS`` are the first values of those that change. All but ``MAY_CHANGE`` stay as they were written.

    Of a row ``CONTENTS`` are the relations to rows that are told with it, as one digest. ``UNTOLD_AS_BEGUN``: a row is
    told when it changes first, and until then it is as ``BEGINS`` says. ``FEW``: so few that rows of before are told
    one by one.
    """

    MAY_CHANGE: ClassVar[tuple[str, ...]] = EVERY_COLUMN
    TOLD: ClassVar[tuple[str, ...]] = ()
    BEGINS: ClassVar[Mapping[str, Any]] = {}
    CONTENTS: ClassVar[tuple[str, ...]] = ()
    UNTOLD_AS_BEGUN: ClassVar[bool] = False
    FEW: ClassVar[bool] = False

    class Meta:
        abstract = True

    @classmethod
    def _is_fixed(cls, field: "models.Field[Any, Any]") -> bool:
        return cls.MAY_CHANGE != EVERY_COLUMN and field.name not in cls.MAY_CHANGE

    @classmethod
    def told_columns(cls) -> list[str]:
        """What events tell of a row, beside its id, by the names of attributes; empty where they tell nothing."""
        fields = [field for field in cls._meta.concrete_fields if not field.primary_key]
        if cls.TOLD != EVERY_COLUMN:
            fields = [field for field in fields if field.name in cls.TOLD]
        return [field.attname for field in fields]

    @classmethod
    def told_for_good(cls) -> list[str]:
        """Those of ``told_columns`` that never change."""
        fixed = {field.attname for field in cls._meta.concrete_fields if cls._is_fixed(field)}
        return [name for name in cls.told_columns() if name in fixed]

    @classmethod
    def first_values(
        cls, rows: models.QuerySet[Any], columns: Iterable[str]
    ) -> models.QuerySet[Any]:
        """Of each row the id and what these columns, which never change, said when it was written."""
        return rows.values_list("pk", *columns)


class Kept(Recorded):
    """A row that stays, of which the columns ``MAY_CHANGE`` alone are written again.

    The database holds it too, by the triggers of ``coding.trail.guards``. Conditions of SQL say more: on OLD and NEW
    ``REFUSED_CHANGE``, under which it refuses a change of even those columns, and on NEW ``REFUSED_WHEN``, under which
    it refuses a new row.
    """

    MAY_CHANGE: ClassVar[tuple[str, ...]] = ()
    REFUSED_CHANGE: ClassVar[str] = ""
    REFUSED_WHEN: ClassVar[str] = ""

    class Meta:
        abstract = True

    @classmethod
    def fixed_columns(cls) -> list[str]:
        """The columns that are written once."""
        fixed = [field for field in cls._meta.concrete_fields if cls._is_fixed(field)]
        return [field.column for field in fixed if field.column]


class AppendOnly(Kept):
    """A row that is written once. Nothing of it changes."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row; a row that is there already is not written again."""
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refused: what was decided and said is kept."""
        raise TypeError(f"{self._meta.verbose_name} rows are never deleted.")

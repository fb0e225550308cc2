"""What is written once and then kept as it is."""

from typing import Any, ClassVar, Never

from django.db import models


class AppendOnly(models.Model):
    """A row that is written once. The database refuses changes too, by the triggers of ``coding.trail.guards``."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row; a row that is there already is not written again."""
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refused: what was decided and said is kept."""
        raise TypeError(f"{self._meta.verbose_name} rows are never deleted.")


class Kept(models.Model):
    """A row that stays, of which the columns ``MAY_CHANGE`` alone are written again. The database holds it too.

    ``REFUSED_CHANGE`` is a condition of SQL on the row OLD and NEW under which it refuses even that.
    """

    MAY_CHANGE: ClassVar[tuple[str, ...]] = ()
    REFUSED_CHANGE: ClassVar[str] = ""

    class Meta:
        abstract = True

    @classmethod
    def fixed_columns(cls) -> list[str]:
        """The columns that are written once."""
        fixed = [field for field in cls._meta.concrete_fields if field.name not in cls.MAY_CHANGE]
        return [field.column for field in fixed if field.column]

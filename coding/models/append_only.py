"""What is written once and then kept as it is."""

from typing import Any, Never

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

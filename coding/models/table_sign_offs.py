"""That somebody went through what new tables change for the rules, and put their name under it."""

from django.conf import settings
from django.db import models

from coding.models.append_only import EVERY_COLUMN, AppendOnly


class TableSignOff(AppendOnly):
    """The end of an update of tables: what the releases of a day change for rule sets, and what becomes of each.

    ``content`` is ``TablesUpdate.to_data()`` with the rule sets whose version stands as it is;
    ``update_hash`` is that of the update alone: another one was not signed.
    """

    TOLD = EVERY_COLUMN

    day = models.DateField()
    content = models.JSONField()
    update_hash = models.CharField(max_length=64)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "update_hash"], name="an_update_of_tables_is_signed_once"
            ),
        ]

    @property
    def standing(self) -> list[str]:
        """The keys of the rule sets whose version stands as it is."""
        keys: list[str] = self.content["stands as it is"]
        return keys

    def __str__(self) -> str:
        return f"tables of {self.day}"

"""Links by which a provider answers a query without an account."""

from django.conf import settings
from django.db import models

from coding.models.append_only import EVERY_COLUMN, AppendOnly
from reviews.models.queries import ProviderQuery


class QueryLink(AppendOnly):
    """A one-time link to a query. Its token is kept nowhere, only the token's SHA-256.

    It is good until its time, while the query is open, and while it is the newest one of the query.
    """

    TOLD = EVERY_COLUMN

    query = models.ForeignKey(ProviderQuery, on_delete=models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    good_until = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Link to {self.query}"

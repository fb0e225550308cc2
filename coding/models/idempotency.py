"""Forms that were received, so that the same form sent twice acts once."""

import uuid

from django.conf import settings
from django.db import models


class ReceivedForm(models.Model):
    """A form's idempotency key and where its first submission led."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    leads_to = models.CharField(max_length=300)
    received_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.key)

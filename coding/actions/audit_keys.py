"""The verb that changes the key which signs the trail."""

from django.db import transaction

from coding import trail
from coding.models import AuditHead
from coding.trail import keys


def change_key() -> str | None:
    """Let the first of the keys sign, note it in the trail and anchor it; the id of the one before.

    None where it signs already. The next event would be signed by it anyway: this says when, and anchors it at once.
    """
    with transaction.atomic():
        head = AuditHead.objects.select_for_update().filter(pk=1).first()
        if head is None or head.key == keys.current():
            return None
        before = head.key
        trail.record(
            None, "trail.key_changed", head, before={"key": before}, after={"key": keys.current()}
        )
    trail.write_anchor()
    return before

"""Verbs on shadow versions: start and end a watch."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.require import require
from coding.models import RuleSetVersion, User
from reviews.models import ShadowWatch


def start(actor: User, version: RuleSetVersion) -> ShadowWatch:
    """Evaluate new decisions under this version too, as it is now."""
    require(actor, "reviews.add_shadowwatch", "set shadow versions")
    if version.document is None:
        raise Conflict(f"{version} has errors. Mend it before you set it as shadow.")
    try:
        with transaction.atomic():
            watch = ShadowWatch.objects.create(
                version=version, document=version.document, started_by=actor
            )
            trail.record(actor, "shadow.started", watch, after={"version": str(version)})
    except IntegrityError:
        raise Conflict(f"{version} is a shadow already.") from None
    return watch


def end(actor: User, watch: ShadowWatch) -> None:
    """Evaluate nothing more under it; what was found stays."""
    require(actor, "reviews.add_shadowwatch", "end shadow versions")
    with transaction.atomic():
        going_on = ShadowWatch.objects.filter(pk=watch.pk, ended_at=None)
        if not going_on.update(ended_at=timezone.now()):
            raise Conflict("The shadow has ended already.")
        trail.record(actor, "shadow.ended", watch)

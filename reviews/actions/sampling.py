"""Which decisions a supervisor sees although coder and rules agree; and the verb on the rates."""

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from coding import trail
from coding.actions.require import require
from coding.models import User
from reviews.models import CodingDecision, RouteReason, SamplingRate

MAY_SET_RATES = "reviews.change_samplingrate"
SALT = "reviews.sampling"


def reasons_to_look(decision: CodingDecision) -> list[RouteReason]:
    """Why a decision that agrees with the rules is looked at all the same; empty for most. Part of the decision."""
    reasons = []
    if _is_among_the_first(decision):
        reasons.append(RouteReason.NEW_VERSION)
    if is_drawn(decision, rate_of(decision.coder)):
        reasons.append(RouteReason.SAMPLED)
    return reasons


def rate_of(coder: User) -> int:
    """The percentage of a coder's decisions that are drawn: their own rate, or else that of all others."""
    rates = SamplingRate.objects.filter(coder=coder) | SamplingRate.objects.filter(coder=None)
    rate = rates.order_by(F("coder").desc(nulls_last=True)).first()
    return rate.percent if rate else 0


def is_drawn(decision: CodingDecision, percent: int) -> bool:
    """Whether a decision is drawn. The same for ever, and known to nobody who lacks the secret key."""
    name = f"{decision.service.public_id} {decision.round}"
    digest = salted_hmac(SALT, name, algorithm="sha256").digest()
    # In hundredths of a percent.
    share = int.from_bytes(digest[:8]) % 10_000
    return share < percent * 100


def _is_among_the_first(decision: CodingDecision) -> bool:
    """Whether the version has decided no more than ``REVIEW_FIRST_OF_VERSION`` services yet."""
    most: int = settings.REVIEW_FIRST_OF_VERSION
    if not most or decision.version is None:
        return False
    # Not counted: of a version that decided a million services no more than these few are read.
    by_version = CodingDecision.objects.filter(version=decision.version).order_by()
    first_ones = by_version.values_list("pk", flat=True)[: most + 1]
    return len(first_ones) <= most


def save_rate(actor: User, rate: SamplingRate) -> None:
    """Set how many of a coder's decisions are drawn. It counts from the next decision on."""
    require(actor, MAY_SET_RATES, "set sampling rates")
    before = {"rate": str(SamplingRate.objects.get(pk=rate.pk))} if rate.pk else {}
    with transaction.atomic():
        rate.full_clean()
        rate.save()
        after = {"rate": str(rate)}
        trail.record(
            actor,
            "sampling_rate.saved",
            rate,
            before=before,
            after=after,
            reason=rate.reason,
            rows=[rate],
        )

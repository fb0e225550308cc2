"""Who may not judge a case: whoever coded its service, in any round, or a line that an overridden check names."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from coding.models import User
from reviews.models import CodingDecision, NamedService, ReviewCase


def coders_of(case: ReviewCase) -> QuerySet[CodingDecision]:
    """The decisions on what a case is about."""
    named = NamedService.objects.filter(override__case=case).values("service")
    return CodingDecision.objects.filter(Q(service=case.service_id) | Q(service__in=named))


def not_coded_by(user: User, cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """The cases of which the person coded nothing, and to whose ruling nobody objects in them."""
    coded = CodingDecision.objects.filter(service=OuterRef("service"), coder=user)
    named = NamedService.objects.filter(override__case=OuterRef("pk"), service__decisions__coder=user)
    others = cases.exclude(Q(coder=user) | Q(first_supervisor=user))
    return others.exclude(Exists(coded) | Exists(named))

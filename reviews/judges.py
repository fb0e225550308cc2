"""Who may not judge a case.

That is whoever coded its service, in any round or blind beside a decision, or a line that an overridden check names.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from coding.models import User
from reviews.models import CodingDecision, NamedService, ReviewCase, SecondCoding


def coders_of(case: ReviewCase) -> set[int]:
    """Everybody, by id, who coded what a case is about, or was asked to code it blind."""
    named = NamedService.objects.filter(override__case=case).values_list("service", flat=True)
    # As a list: joined, all decisions would be looked through.
    services = [case.service_id, *named]
    decided = CodingDecision.objects.filter(service__in=services).values_list("coder")
    seconds = _second_codings().filter(service=case.service_id).values_list("coder")
    return {coder for (coder,) in decided.union(seconds)}


def not_coded_by(user: User, cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """The cases of which the person coded nothing, and to whose ruling nobody objects in them."""
    coded = CodingDecision.objects.filter(service=OuterRef("service"), coder=user)
    named = NamedService.objects.filter(override__case=OuterRef("pk"), service__decisions__coder=user)
    seconds = _second_codings().filter(service=OuterRef("service"), coder=user)
    others = cases.exclude(Q(coder=user) | Q(first_supervisor=user))
    return others.exclude(Exists(coded) | Exists(named) | Exists(seconds))


def _second_codings() -> QuerySet[SecondCoding]:
    """Those of coders: what a supervisor codes before the ruling is part of judging."""
    return SecondCoding.objects.filter(is_supervisor=False, coder__isnull=False).order_by()

"""Who may not judge a case.

That is whoever coded its service, in any round or blind beside a decision, or a line that an overridden check names.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from coding.models import User
from reviews.models import CodingDecision, NamedService, ReviewCase, SecondCoding


def coders_of(case: ReviewCase) -> set[int]:
    """Everybody, by id, who coded what a case is about, or was asked to code it blind."""
    decided = CodingDecision.objects.filter(service=case.service_id).values_list("coder")
    named = NamedService.objects.filter(override__case=case, service__decisions__isnull=False)
    of_named = named.order_by().values_list("service__decisions__coder")
    seconds = _second_codings().filter(service=case.service_id).values_list("coder")
    # Each by itself: asked for one or the other, the database would look through all decisions.
    coders = decided.union(of_named, seconds)
    return {coder for (coder,) in coders}


def not_coded_by(user: User, cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """The cases of which the person coded nothing, and to whose ruling nobody objects in them."""
    if not _has_coded(user):
        # What most supervisors see: a database that has nothing to exclude knows how many cases it will read.
        return cases.exclude(first_supervisor=user)
    coded = CodingDecision.objects.filter(service=OuterRef("service"), coder=user)
    named = NamedService.objects.filter(
        override__case=OuterRef("pk"), service__decisions__coder=user
    )
    seconds = _second_codings().filter(service=OuterRef("service"), coder=user)
    others = cases.exclude(Q(coder=user) | Q(first_supervisor=user))
    return others.exclude(Exists(coded) | Exists(named) | Exists(seconds))


def _has_coded(user: User) -> bool:
    """Whether a person ever coded anything, or was asked to."""
    decided = CodingDecision.objects.filter(coder=user)
    seconds = _second_codings().filter(coder=user)
    # In one query for both.
    coded = Exists(decided) | Exists(seconds)
    return User.objects.filter(coded, pk=user.pk).exists()


def _second_codings() -> QuerySet[SecondCoding]:
    """Those of coders: what a supervisor codes before the ruling is part of judging."""
    return SecondCoding.objects.filter(is_supervisor=False, coder__isnull=False).order_by()

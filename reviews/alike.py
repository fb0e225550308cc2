"""Cases that are alike: the same answers under the same rule set, and the same code decided."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from coding.decision import OutcomeKind
from coding.models.reported import report_in_words
from reviews.models import CaseState, ReviewCase, Ruling

# Beyond so many a page says "or more": counting all would cost more than it tells.
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Precedent:
    """What rulings on the same answers found, and how often."""

    words: str
    times: int


def alike(case: ReviewCase) -> QuerySet[ReviewCase]:
    """The queued cases with the answers of this one, in which a coder decided the same; none without rules."""
    if case.suggestion is None:
        return ReviewCase.objects.none()
    same_answers = ReviewCase.objects.filter(suggestion__profile=case.suggestion.profile_id)
    same = same_answers.filter(decision__outcome=case.decision.outcome, decision__code=case.decision.code)
    return same.filter(state=CaseState.QUEUED).exclude(pk=case.pk)


def count_alike(case: ReviewCase) -> int:
    """How many there are, up to ``MOST_COUNTED``."""
    return len(alike(case).order_by().values_list("pk", flat=True)[:MOST_COUNTED])


def precedents(case: ReviewCase) -> list[Precedent]:
    """What was ruled before on the same answers, the most frequent first. A query to a provider found nothing."""
    if case.suggestion is None:
        return []
    rulings = Ruling.objects.filter(case__suggestion__profile=case.suggestion.profile_id).exclude(case=case.pk)
    settled = rulings.exclude(outcome=OutcomeKind.PROVIDER_QUERY.value)
    counted = settled.order_by().values("outcome", "code").annotate(times=Count("pk")).order_by("-times", "code")
    return [Precedent(row["code"] or report_in_words(row["outcome"]), row["times"]) for row in counted]

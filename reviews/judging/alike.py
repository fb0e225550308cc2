"""Cases that are alike: the same rule spoke, the coder decided the same, and the same answers explain the difference.

And what was ruled before: on the same answers, and where the same rule spoke against the same decision.
"""

from collections import Counter
from dataclasses import dataclass
from operator import attrgetter

from django.db.models import QuerySet

from coding.decision import OutcomeKind, facts_from_data
from coding.models import FactProfile
from coding.models.reported import report_in_words
from coding.rules import rulebook
from reviews.coding_form.difference import differing_facts, needed_for
from reviews.models import CaseState, ReviewCase, Ruling

# Beyond so many a page says "or more": counting all would cost more than it tells.
MOST_COUNTED = 100
# Rulings that are counted: more of them tell no more.
MOST_RULINGS = 200
# Combinations of answers that are compared; those of newer cases come first.
MOST_PROFILES = 50


@dataclass(frozen=True, slots=True)
class RuledBefore:
    """What rulings found, and how often."""

    words: str
    times: int


def alike(case: ReviewCase) -> QuerySet[ReviewCase]:
    """The queued cases that differ from the rules as this one does; none without rules."""
    suggestion = case.suggestion
    if suggestion is None:
        return ReviewCase.objects.none()
    same = ReviewCase.objects.filter(
        state=CaseState.QUEUED,
        service__rule_set=case.service.rule_set_id,
        suggestion__document=suggestion.document_id,
        suggestion__rule_id=suggestion.rule_id,
        suggestion__reported=suggestion.reported,
        decision__reported=case.decision.reported,
    ).exclude(pk=case.pk)
    return same.filter(suggestion__profile__in=_profiles(case, same))


def _profiles(case: ReviewCase, same: QuerySet[ReviewCase]) -> list[int]:
    """The combinations of answers among some cases of which the same answers would have to be otherwise."""
    if case.suggestion is None:
        return []
    table = rulebook.table_of(case.suggestion.document)
    here = differing_facts(case)
    keys = same.order_by().values_list("suggestion__profile", flat=True).distinct()[:MOST_PROFILES]
    differing_alike = []
    # Asked of the rules themselves: no index knows which answers tell a code from another.
    for profile in FactProfile.objects.filter(pk__in=list(keys)).defer("answers"):
        facts = facts_from_data(table.facts, profile.facts)
        if needed_for(table, facts, case.decision.code).keys() == here:
            differing_alike.append(profile.pk)
    return differing_alike


def count_alike(case: ReviewCase) -> int:
    """How many there are, up to ``MOST_COUNTED``."""
    return len(alike(case).order_by().values_list("pk", flat=True)[:MOST_COUNTED])


def ruled_on_same_answers(case: ReviewCase) -> list[RuledBefore]:
    """What was ruled before on the same answers, the most frequent first."""
    if case.suggestion is None:
        return []
    same_answers = Ruling.objects.filter(case__suggestion__profile=case.suggestion.profile_id)
    return _counted(same_answers.exclude(case=case.pk))


def ruled_on_same_difference(case: ReviewCase) -> list[RuledBefore]:
    """What was ruled where the same rule spoke on other answers, against the same decision."""
    suggestion = case.suggestion
    if suggestion is None:
        return []
    same_rule = Ruling.objects.filter(
        case__suggestion__document=suggestion.document_id,
        case__suggestion__rule_id=suggestion.rule_id,
        case__decision__reported=case.decision.reported,
    )
    return _counted(same_rule.exclude(case__suggestion__profile=suggestion.profile_id))


def _counted(rulings: QuerySet[Ruling]) -> list[RuledBefore]:
    """What rulings settled, of some of them: all are not looked through. A query to a provider settled nothing."""
    settled = rulings.exclude(outcome=OutcomeKind.PROVIDER_QUERY.value)
    times = Counter(settled.order_by().values_list("outcome", "code")[:MOST_RULINGS])
    ruled = []
    for (outcome, code), number in sorted(times.items()):
        ruled.append(RuledBefore(code or report_in_words(outcome), number))
    # Of those that are as frequent the order above stays.
    return sorted(ruled, key=attrgetter("times"), reverse=True)

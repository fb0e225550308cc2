"""Rounds: opened and ended here alone. Parts of verbs, within their transaction and under their locks.

Each gives back the rows that it wrote, for the event of the verb to tell.
"""

from collections.abc import Iterable

from django.db.models import Model
from django.utils import timezone

from coding.models import Answer, AnswerSource, Service, User
from reviews.actions.service_lines import let_go_earlier
from reviews.models import CodingRound, ProviderQuery, ReviewCase, RoundEnd, RoundReason


def open_round(
    actor: User,
    service: Service,
    reason: RoundReason,
    *,
    ask_again: Iterable[str] = (),
    query: ProviderQuery | None = None,
    case: ReviewCase | None = None,
) -> list[Model]:
    """Begin the next round of a locked service. Answers stand, but for the facts that are asked again.

    The round has no version yet: it keeps the one of its first answer. The database allows one open round a service.
    """
    service.round += 1
    service.version = None
    begun = CodingRound.objects.create(
        service=service,
        number=service.round,
        reason=reason,
        revision=service.encounter.revision,
        query=query,
        case=case,
    )
    unanswered = [_unanswered(actor, service, fact) for fact in ask_again]
    Answer.objects.bulk_create(unanswered)
    if unanswered:
        # What is asked again is answered by nobody now: the rules suggest nothing.
        earlier = service.suggestion
        service.profile = service.suggestion = None
        let_go_earlier(service, earlier)
    service.save(update_fields=["round", "version", "profile", "suggestion"])
    return [begun, service, *unanswered]


def _unanswered(actor: User, service: Service, fact: str) -> Answer:
    """An answer without a value: as the latest of its fact, it takes back what was answered before."""
    return Answer(
        service=service,
        round=service.round,
        fact=fact,
        value=None,
        source=AnswerSource.CODER,
        revision=service.encounter.revision,
        answered_by=actor,
    )


def open_first_round(actor: User, service: Service) -> list[Model]:
    """Begin the first round of a locked service, if it has none: the first answer or decision does."""
    if service.round > 0:
        return []
    return open_round(actor, service, RoundReason.INITIAL)


def end_round(service: Service, how: RoundEnd) -> list[Model]:
    """End the open round of a locked service, if there is one."""
    open_now = list(CodingRound.objects.filter(service=service, closed_at=None))
    rounds = CodingRound.objects.filter(pk__in=[row.pk for row in open_now])
    rounds.update(closed_at=timezone.now(), ended=how)
    return [*open_now]

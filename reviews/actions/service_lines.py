"""Which service answers for which submitted lines; the codes by which lists look services up follow the lines."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from coding.importing.kept_codes import Kept, keep
from coding.models import Service, ServiceCode, ServiceLine, ServiceState, Suggestion
from reviews.models import CodingDecision, FinalCode, ReviewCase


def give_lines(lines: QuerySet[ServiceLine], owner: Service) -> list[ServiceLine]:
    """Let a service answer for lines that others of its encounter answered for; those lines, for the trail.

    Each keeps under which service it came. By what its source took back nobody looks a service up. Part of verbs.
    """
    moved = list(lines.select_related("service__suggestion"))
    submitted = [line for line in moved if line.gone_in is None]
    rows = ServiceLine.objects.filter(pk__in=[line.pk for line in moved])
    rows.update(first_service=Coalesce("first_service", "service"), service=owner)
    keep(Kept(owner.encounter_id, owner.pk, line.code) for line in submitted)
    for line in moved:
        _let_go(line.service, [line.code])
    return moved


def let_go_unsubmitted(service: Service) -> None:
    """Look a service up no more by codes that its source took back. Part of a correction."""
    gone = service.lines.exclude(gone_in=None)
    _let_go(service, gone.order_by().values_list("code", flat=True))


def let_go_suggested(service: Service) -> None:
    """Look a service up no more by what was suggested for it: it was withdrawn. Part of verbs."""
    if service.suggestion:
        _let_go(service, [service.suggestion.code])


def let_go_earlier(service: Service, earlier: Suggestion | None) -> None:
    """Look a service up no more by what was suggested before, in whose place another stands, or none. Part of verbs."""
    if earlier and earlier != service.suggestion:
        _let_go(service, [earlier.code])


def _let_go(service: Service, codes: Iterable[str]) -> None:
    left = set(codes) - _standing(service)
    ServiceCode.objects.filter(
        code__in=left, encounter=service.encounter_id, service=service
    ).delete()


def _standing(service: Service) -> set[str]:
    """The codes by which a service is looked up: submitted, suggested, decided in some round, or final."""
    submitted = service.lines.standing().order_by().values_list("code")
    decided = CodingDecision.objects.filter(service=service).order_by().values_list("code")
    final = FinalCode.objects.filter(service=service).order_by().values_list("code")
    judged = ReviewCase.objects.filter(service=service).exclude(suggestion=None).order_by()
    codes = submitted.union(decided, final, judged.values_list("suggestion__code"))
    standing = {code for (code,) in codes}
    if service.suggestion and service.state != ServiceState.WITHDRAWN:
        standing.add(service.suggestion.code)
    return standing

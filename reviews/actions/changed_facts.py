"""Scheduled: what history and registers give to decided services is looked up again where it may have changed.

A visit that arrives late makes a new patient an established one, a merge joins two histories, an option of a payer is
put right. What was decided stands, and where the rules end otherwise by now a person looks again.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import chain

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from coding import trail
from coding.actions.locks import lock_services
from coding.models import (
    Answer,
    AnswerSource,
    AuditEvent,
    Encounter,
    Patient,
    Payer,
    Provider,
    ScheduledRun,
    Service,
    ServiceState,
    Suggestion,
)
from coding.models.registers import RegisterRow
from coding.work.scheduled import LOST_AFTER
from reviews.actions.answers import renew_changed
from reviews.actions.opening import add_reason, open_case
from reviews.actions.standing import Step, settle
from reviews.models import OPEN_STATES, CodingDecision, ReviewCase, RouteReason

KEY = "facts"
FIRST_LOOK_BACK = timedelta(days=1)
DECIDED = (ServiceState.FINAL, ServiceState.IN_REVIEW)
# An encounter that was corrected may have been of another day before.
ANOTHER_BEFORE = ("encounter.corrected", "encounter.voided")
ANOTHER_CODE = ("service.settled",)
OF_REGISTERS = ("register.completed", "register.merged", "register.taken_apart")
# Patients whose services are sought at once.
PORTION = 500


def look_again() -> str:
    """Look at the decided services that a change since the last run may concern; how many, and how many changed."""
    since = _last_look()
    looked_at, changed = 0, 0
    for key in _concerned(since):
        looked_at += 1
        changed += _look_at(key)
    return f"{looked_at} services looked at, {changed} with other facts"


def _last_look() -> datetime:
    """The end of the last run that ended well, less the time that it may have taken: nothing falls between two runs."""
    last = ScheduledRun.objects.filter(key=KEY).values_list("succeeded_at", flat=True).first()
    if last is None:
        return timezone.now() - FIRST_LOOK_BACK
    return last - LOST_AFTER


def _look_at(key: int) -> bool:
    with transaction.atomic():
        [service] = lock_services([key]).values()
        if service.state not in DECIDED:
            return False
        decision = CodingDecision.objects.filter(service=service).latest("round")
        decision.service = service
        before = service.suggestion

        entries = renew_changed(decision.coder, service)
        if not entries:
            return False
        if not _ends_alike(before, service.suggestion):
            entries += _show(service, decision)
        trail.record_all(None, entries)
    return True


def _ends_alike(before: Suggestion | None, now: Suggestion | None) -> bool:
    if before is None or now is None:
        return before is now
    same_code = (before.outcome, before.code) == (now.outcome, now.code)
    return same_code and before.modifiers == now.modifiers


def _show(service: Service, decision: CodingDecision) -> list[trail.Entry]:
    """Have a person look: a case, or one more reason for the one that is open."""
    reason = RouteReason.FACTS_CHANGED
    if service.state == ServiceState.IN_REVIEW:
        case = ReviewCase.objects.get(service=service, state__in=OPEN_STATES)
        case.service = service
        entry = add_reason(case, reason, suggestion=service.suggestion)
        return [entry] if entry else []
    opened = open_case(decision, [reason], service.suggestion)
    return [*opened, *settle("look again", [Step(service, ServiceState.IN_REVIEW)])]


def _concerned(since: datetime) -> Iterator[int]:
    """The ids of decided services to which a change since then may give something else."""
    events = AuditEvent.objects.filter(at__gte=since)
    registers = list(events.filter(event__in=OF_REGISTERS))

    arrived = Encounter.objects.filter(received_at__gte=since)
    coded = _told_by(events, ANOTHER_CODE)
    corrected = _told_by(events, ANOTHER_BEFORE)
    providers = _numbers(Provider, registers)
    of_providers = Encounter.objects.filter(registered_provider__in=providers)

    changed: dict[int, date] = {}
    for patient, day in chain(_first_days(arrived), _first_days(coded)):
        changed[patient] = min(day, changed.get(patient, day))
    # The group of whoever saw the patient counts on that day, and on all later ones.
    for patient, _ in chain(_first_days(corrected), _first_days(of_providers)):
        changed[patient] = date.min
    for patient in _numbers(Patient, registers):
        changed[patient] = date.min

    payers = _numbers(Payer, registers)
    of_payers = _with_answers(AnswerSource.SETUP).filter(encounter__registered_payer__in=payers)
    return iter(dict.fromkeys(chain(_later_ones(changed), of_payers.values_list("pk", flat=True))))


def _told_by(events: QuerySet[AuditEvent], names: Sequence[str]) -> QuerySet[Encounter]:
    told = events.filter(event__in=names, encounter__isnull=False)
    return Encounter.objects.filter(public_id__in=told.values("encounter"))


def _first_days(encounters: QuerySet[Encounter]) -> Iterator[tuple[int, date]]:
    """Of each known patient the day of the first of these encounters."""
    by_patient = encounters.exclude(patient=None).order_by().values_list("patient")
    yield from by_patient.annotate(day=Min("date_of_service")).iterator()


def _numbers(model: type[RegisterRow], events: Iterable[AuditEvent]) -> Collection[int]:
    """The rows of a register of which events tell, and all that are merged with them."""
    keys = set()
    for event in events:
        if event.subject_type == model._meta.label_lower:
            # A merge tells of the other row, too.
            others = {event.before.get("row"), event.after.get("row")} - {None}
            keys |= {int(event.subject_id), *others}
    return _with_merged(model, keys)


def _with_merged(model: type[RegisterRow], keys: Iterable[int]) -> dict[int, int]:
    """These rows and all that are merged with them, each with the id of the row that counts for it."""
    rows = model._default_manager
    counting = set(rows.filter(pk__in=keys).values_list(Coalesce("survivor", "pk"), flat=True))
    same = rows.filter(Q(pk__in=counting) | Q(survivor__in=counting))
    return dict(same.values_list("pk", Coalesce("survivor", "pk")))


def _later_ones(changed: Mapping[int, date]) -> Iterator[int]:
    """Services with facts of the history, of patients whose history changed on a day before."""
    patients = sorted(changed)
    for begin in range(0, len(patients), PORTION):
        portion = patients[begin : begin + PORTION]
        person_of = _with_merged(Patient, portion)
        first_day: dict[int, date] = {}
        for patient in portion:
            person, day = person_of[patient], changed[patient]
            first_day[person] = min(day, first_day.get(person, day))

        services = _with_answers(AnswerSource.HISTORY).filter(encounter__patient__in=person_of)
        rows = services.values_list("pk", "encounter__patient", "encounter__date_of_service")
        for key, patient, day in rows:
            if day > first_day[person_of[patient]]:
                yield key


def _with_answers(source: AnswerSource) -> QuerySet[Service]:
    given = Answer.objects.filter(service=OuterRef("pk"), source=source)
    return Service.objects.filter(Exists(given), state__in=DECIDED).order_by("pk")

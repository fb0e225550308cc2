"""Scheduled: what history and registers give to services is looked up again where it may have changed.

A visit that arrives late makes a new patient an established one, a merge joins two histories, an option of a payer is
put right. What was decided stands, and where the rules end otherwise by now a person looks again. What is being coded
goes on with what is given now.
"""

from collections import defaultdict
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
    EncounterRevision,
    FeeScheduleRelease,
    Job,
    JobChunk,
    Patient,
    Payer,
    Provider,
    ScheduledRun,
    Service,
    ServiceState,
    Suggestion,
)
from coding.models.registers import RegisterRow
from coding.work import leases
from coding.work.celery import hint_after_commit
from coding.work.scheduled import LOST_AFTER
from reviews.actions.answers import renew_changed
from reviews.actions.opening import add_reason, open_case, rules_on
from reviews.actions.standing import Step, settle
from reviews.coding_form.given_facts import FROM_PAYER, WITHIN_GLOBAL_DAYS
from reviews.models import OPEN_STATES, CodingDecision, ReviewCase, RouteReason

KEY = "facts"
FIRST_LOOK_BACK = timedelta(days=1)
# While a provider is asked nothing is looked up: the round that follows does.
LOOKED_AT = (ServiceState.TO_CODE, ServiceState.IN_REVIEW, ServiceState.FINAL)
# An encounter that was corrected may have been of another day before.
ANOTHER_BEFORE = ("encounter.corrected", "encounter.voided")
ANOTHER_CODE = ("service.settled",)
COMPLETED = "register.completed"
OF_REGISTERS = (COMPLETED, "register.merged", "register.taken_apart")
# What is given by a patient's history, and by a payer's row in the register.
OF_HISTORY = Q(source=AnswerSource.HISTORY)
OF_PAYER = Q(source=AnswerSource.SETUP) | Q(source=AnswerSource.RECORD, fact__in=FROM_PAYER)
# Patients whose services are sought at once.
PORTION = 500
LOOK_AGAIN = "look_again"
CHUNK_SERVICES = 200


def look_again() -> str:
    """Have workers look at the services that a change since the last run may concern; how many."""
    keys = list(_concerned(_last_look()))
    if keys:
        with transaction.atomic():
            leases.start(LOOK_AGAIN, None, leases.in_chunks(keys, CHUNK_SERVICES))
            hint_after_commit()
    return f"{len(keys)} services to look at"


class LookAgain:
    """Looks at the services of a chunk, each by itself; doing so again changes nothing."""

    def compute(self, chunk: JobChunk) -> None:
        """Whoever codes or rules on one of them waits for that one only."""
        for portion in leases.portions(chunk, chunk.payload, int):
            for key in portion:
                _look_at(key)

    def write(self, chunk: JobChunk, results: None) -> None:
        """Everything is written already."""

    def finish(self, job: Job) -> None:
        """The trail tells of each service what changed."""


def _last_look() -> datetime:
    """The end of the last run that ended well, less the time that it may have taken: nothing falls between two runs."""
    last = ScheduledRun.objects.filter(key=KEY).values_list("succeeded_at", flat=True).first()
    if last is None:
        return timezone.now() - FIRST_LOOK_BACK
    return last - LOST_AFTER


def _look_at(key: int) -> None:
    with transaction.atomic():
        [service] = lock_services([key]).values()
        if service.state not in LOOKED_AT:
            return
        before = service.suggestion

        entries = renew_changed(service)
        if entries:
            trail.record_all(None, entries + _show(service, before))


def _show(service: Service, before: Suggestion | None) -> list[trail.Entry]:
    """Have a person look: in the case that is open, or in a new one where the rules end otherwise than before."""
    match service.state:
        case ServiceState.IN_REVIEW:
            return _tell_its_case(service)
        case ServiceState.FINAL if _report(service.suggestion) != _report(before):
            return _open_case(service)
    return []


def _report(suggestion: Suggestion | None) -> str | None:
    return suggestion.reported if suggestion else None


def _tell_its_case(service: Service) -> list[trail.Entry]:
    case = ReviewCase.objects.get(service=service, state__in=OPEN_STATES)
    case.service = service
    entry = add_reason(case, RouteReason.FACTS_CHANGED, rules_on(case))
    return [entry] if entry else []


def _open_case(service: Service) -> list[trail.Entry]:
    decision = CodingDecision.objects.filter(service=service).latest("round")
    decision.service = service
    opened = open_case(decision, [RouteReason.FACTS_CHANGED], service.suggestion)
    return [*opened, *settle("look again", [Step(service, ServiceState.IN_REVIEW)])]


def _concerned(since: datetime) -> Iterator[int]:
    """The ids of services to which a change since then may give something else."""
    events = AuditEvent.objects.filter(at__gte=since)
    registers = list(events.filter(event__in=OF_REGISTERS))
    arrived = Encounter.objects.filter(received_at__gte=since)

    changed: dict[int, date] = {}
    for patient, day in chain(_first_days(arrived), _histories(events, registers)):
        changed[patient] = min(day, changed.get(patient, day))
    services = chain(_later_ones(changed), _of_payers(registers), _of_global_days(since))
    return iter(dict.fromkeys(services))


def _histories(
    events: QuerySet[AuditEvent], registers: Sequence[AuditEvent]
) -> Iterator[tuple[int, date]]:
    """Patients of whose history events tell, each with the day after which it may be another."""
    yield from _first_days(_encounters_of(events, ANOTHER_CODE))

    corrected = _encounters_of(events, ANOTHER_BEFORE)
    of_corrected = corrected.exclude(patient=None).values_list("patient", flat=True)
    joined = _by_day(Patient, registers).values()
    for patient in chain(of_corrected, _patients_before(corrected), *joined):
        yield patient, date.min

    for day, providers in _by_day(Provider, registers).items():
        seen = Encounter.objects.filter(registered_provider__in=providers, date_of_service__gte=day)
        for patient, first in _first_days(seen):
            # The group of whoever saw the patient counts on that day, and on all later ones.
            yield patient, first - timedelta(days=1)


def _of_payers(registers: Sequence[AuditEvent]) -> Iterator[int]:
    """Services with facts of payers that tell something else by now, from the day on from which they do."""
    for day, payers in _by_day(Payer, registers).items():
        services = _with_answers(OF_PAYER).filter(encounter__registered_payer__in=payers)
        yield from services.filter(day__gte=day).values_list("pk", flat=True)


def _of_global_days(since: datetime) -> Iterator[int]:
    """Services that may lie within other global days, as a fee schedule of their time was loaded."""
    loaded = FeeScheduleRelease.objects.filter(loaded_at__gte=since)
    first_day = loaded.aggregate(first=Min("valid_from"))["first"]
    if first_day is not None:
        services = _with_answers(OF_HISTORY & Q(fact=WITHIN_GLOBAL_DAYS))
        yield from services.filter(day__gte=first_day).values_list("pk", flat=True)


def _encounters_of(events: QuerySet[AuditEvent], names: Sequence[str]) -> QuerySet[Encounter]:
    of_encounters = events.filter(event__in=names, encounter__isnull=False)
    return Encounter.objects.filter(public_id__in=of_encounters.values("encounter"))


def _patients_before(corrected: QuerySet[Encounter]) -> dict[int, int]:
    """Whom corrected encounters were of by another number before; more than those, where several have the number."""
    earlier = EncounterRevision.objects.filter(encounter__in=corrected)
    numbers = earlier.values_list("record__patient_reference", flat=True)
    patients = Patient.objects.filter(identifier__in=list(numbers))
    return _with_merged(Patient, patients.values_list("pk", flat=True))


def _first_days(encounters: QuerySet[Encounter]) -> Iterator[tuple[int, date]]:
    """Of each known patient the day of the first of these encounters."""
    by_patient = encounters.exclude(patient=None).order_by().values_list("patient")
    yield from by_patient.annotate(day=Min("date_of_service")).iterator()


def _by_day(model: type[RegisterRow], events: Iterable[AuditEvent]) -> dict[date, Collection[int]]:
    """The rows of a register of which events tell, and all that are merged with them, by the day from which on."""
    told: dict[date, set[int]] = defaultdict(set)
    for event in events:
        day = _told_from(event)
        if day is not None and event.subject_type == model._meta.label_lower:
            # A merge tells of the other row, too.
            others = {event.before.get("row"), event.after.get("row")} - {None}
            told[day] |= {int(event.subject_id), *others}
    return {day: _with_merged(model, keys) for day, keys in told.items()}


def _told_from(event: AuditEvent) -> date | None:
    """The day from which on a row of a register tells something else; None where it tells nothing dated."""
    if event.event != COMPLETED:
        return date.min
    first_day = event.after.get("from")
    return date.fromisoformat(first_day) if first_day else None


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

        services = _with_answers(OF_HISTORY).filter(encounter__patient__in=person_of)
        rows = services.values_list("pk", "encounter__patient", "encounter__date_of_service")
        for key, patient, day in rows:
            if day > first_day[person_of[patient]]:
                yield key


def _with_answers(given: Q) -> QuerySet[Service]:
    answers = Answer.objects.filter(given, service=OuterRef("pk"))
    return Service.objects.filter(Exists(answers), state__in=LOOKED_AT).order_by("pk")

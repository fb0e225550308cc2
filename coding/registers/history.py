"""A patient's history: the encounters before one, and whether the same group and specialty saw the patient then."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from coding.claim.days import years_before
from coding.models import (
    Encounter,
    EncounterQuerySet,
    EncounterState,
    Patient,
    ProviderAffiliation,
    Sex,
)

# "New" and "established" patients are told apart over this time (CPT, Evaluation and Management, guidelines).
YEARS = 3


@dataclass(frozen=True, slots=True)
class EarlierEncounter:
    """An encounter before another one of the same patient.

    ``same_group`` and ``same_specialty`` compare the providers as each stood on the day of their own encounter; None
    where the register does not know one of them. ``doubtful`` says that birth date, sex or name differ: the
    number may be another patient's.
    """

    encounter: Encounter
    same_group: bool | None
    same_specialty: bool | None
    doubtful: bool

    @property
    def same_group_and_specialty(self) -> bool | None:
        """Whether both are the same; None where that is not known."""
        both = (self.same_group, self.same_specialty)
        if False in both:
            return False
        return None if None in both else True


def history(encounter: Encounter) -> list[EarlierEncounter]:
    """What came before an encounter, on earlier days of the last three years, the latest first: three queries at most.

    Merged patients and providers count as their survivors. The day three years before belongs to it.
    """
    since = years_before(encounter.date_of_service, YEARS)
    before = others_of_patient(encounter).filter(
        date_of_service__gte=since, date_of_service__lt=encounter.date_of_service
    )
    rows = list(_affiliated(before))
    if not rows:
        return []
    # By itself: asked for one or the other, the database looks through all encounters.
    own = _affiliated(Encounter.objects.filter(pk=encounter.pk).defer("note")).get()
    compared = []
    for earlier in rows:
        beside = EarlierEncounter(
            encounter=earlier,
            same_group=_same(own.group, earlier.group),
            same_specialty=_same(own.specialty, earlier.specialty),
            doubtful=is_doubtful(encounter, earlier),
        )
        compared.append(beside)
    return compared


def others_of_patient(encounter: Encounter) -> EncounterQuerySet:
    """The other encounters of a patient, under all merged numbers, the latest first; none where nobody is known.

    A void one tells of nothing that happened.
    """
    if encounter.patient_id is None:
        return Encounter.objects.none()
    keys = _numbers_of_patient(encounter.patient_id)
    others = Encounter.objects.filter(patient__in=keys).exclude(pk=encounter.pk)
    others = others.exclude(state=EncounterState.VOID)
    return others.defer("note").order_by("-date_of_service", "-pk")


def _numbers_of_patient(patient: int) -> list[int]:
    """The rows of the register that are the same patient.

    As a list: a few numbers, by which the index is read. Joined, a million rows would be looked through.
    """
    counting = Patient.objects.filter(pk=patient).values(counting=Coalesce("survivor_id", "pk"))
    patients = Patient.objects.filter(Q(pk=Subquery(counting)) | Q(survivor=Subquery(counting)))
    return list(patients.values_list("pk", flat=True))


def _affiliated(encounters: QuerySet[Encounter]) -> QuerySet[Any]:
    """Each with the group and the specialty of its provider on its day, as ``group`` and ``specialty``."""
    provider = Coalesce(
        OuterRef("registered_provider__survivor_id"), OuterRef("registered_provider_id")
    )
    then = ProviderAffiliation.objects.filter(provider_id=provider).on(OuterRef("date_of_service"))
    group = Subquery(then.values("group")[:1])
    specialty = Subquery(then.values("specialty")[:1])
    return encounters.annotate(group=group, specialty=specialty)


def _same(own: str | None, other: str | None) -> bool | None:
    if not own or not other:
        return None
    return own.casefold() == other.casefold()


def is_doubtful(encounter: Encounter, other: Encounter) -> bool:
    """Whether two encounters of one number tell of different people: another birth date, another sex or name."""
    pairs = [
        (encounter.birth_date, other.birth_date),
        (encounter.name_sum, other.name_sum),
        (_known_sex(encounter), _known_sex(other)),
    ]
    # What one of the two does not tell contradicts nothing.
    told_of_both = [pair for pair in pairs if all(pair)]
    return any(own != others for own, others in told_of_both)


def _known_sex(encounter: Encounter) -> str:
    return "" if encounter.sex == Sex.UNKNOWN else encounter.sex

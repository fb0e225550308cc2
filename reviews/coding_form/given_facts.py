"""Facts that are not asked: what record, registers and history give for a service, each with its origin.

Each name is the fact's for which it is given; a rule set takes those that it defines. What nothing tells is *not
documented*. Options of a payer stand under their own names, so that a set-up fact finds the option of its key; the
record's names count before them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models.functions import Coalesce

from coding.decision import (
    NOT_DOCUMENTED,
    FactDefinition,
    FactValue,
    RuleTable,
    Source,
    known,
)
from coding.decision.modifiers import OPERATION_ONLY
from coding.models import (
    Encounter,
    FeeScheduleRelease,
    FeeScheduleValue,
    Payer,
    PayerKind,
    PayerTerms,
    Service,
    Sex,
)
from coding.registers.history import EarlierEncounter, history
from reviews.models import FinalCode

ESTABLISHED = "established_patient"
WITHIN_GLOBAL_DAYS = "within_global_days"
# Facts of the record that the register of payers tells: the name and the kind of the row that counts on the day.
FROM_PAYER = ("payer", "payer_kind")
# The names that can be given, by the source that a fact of a rule set says. A set-up fact has any option's.
NAMES = {
    Source.RECORD: ("age_years", "sex", "place_of_service", "diagnoses", *FROM_PAYER),
    Source.HISTORY: (ESTABLISHED, WITHIN_GLOBAL_DAYS),
}
# Classes of a fee schedule that begin no period of their own: XXX, the concept does not apply; ZZZ, an add-on code.
# Of others that are no number, maternity (MMM) and what the payer sets (YYY), nothing is known here.
NO_DAYS = frozenset({"XXX", "ZZZ"})


class Given(NamedTuple):
    """An answer that nobody is asked for, and in words where it comes from."""

    answer: FactValue
    origin: str


@dataclass(frozen=True, slots=True)
class EarlierService:
    """A final code of an earlier encounter, and the number of its global days; None where no fee schedule tells."""

    earlier: EarlierEncounter
    code: str
    global_days: int | None

    @property
    def day(self) -> date:
        """The day of service."""
        return self.earlier.encounter.date_of_service

    @property
    def last_day(self) -> date | None:
        """The last one of its global days; None where no fee schedule tells."""
        if self.global_days is None:
            return None
        return self.day + timedelta(days=self.global_days)


def never_given(table: RuleTable) -> Iterator[str]:
    """The facts of a table whose source gives nothing of their name, so that they wait for ever; in words."""
    for fact in table.facts:
        if not can_be_given(fact):
            names = ", ".join(NAMES[fact.source])
            yield f"{fact.label}: the {fact.source.value} gives no “{fact.key}”, but {names}."


def can_be_given(fact: FactDefinition) -> bool:
    """Whether a fact's source gives something of its name, or is one that has any name."""
    names = NAMES.get(fact.source)
    return names is None or fact.key in names


def given_facts(service: Service) -> dict[str, Given]:
    """All that is given for a service, by name; a fixed number of queries."""
    encounter = service.encounter
    before = history(encounter) if encounter.patient_id else []
    diagnoses = [diagnosis.code for diagnosis in encounter.diagnoses.all()]
    given = from_payer(encounter)
    # A payer's option that is called as a fact of the record does not take its place.
    given |= from_record(encounter, diagnoses)
    given |= from_history(encounter, before, _earlier_services(before))
    return given


def from_record(encounter: Encounter, diagnoses: Iterable[str]) -> dict[str, Given]:
    """Age on the day in years, sex, place of service, and diagnoses, as the record has them."""
    born = encounter.birth_date
    age = age_on(born, encounter.date_of_service)
    sex = encounter.sex if encounter.sex != Sex.UNKNOWN else ""
    place = encounter.place_of_service
    codes = frozenset(diagnoses)
    return {
        "age_years": _given(age, f"from the record: born {born}"),
        "sex": _given(sex, f"from the record: {encounter.get_sex_display().lower()}"),
        "place_of_service": _given(place, f"from the record: {place}"),
        "diagnoses": _given(codes, f"from the record: {', '.join(sorted(codes))}"),
    }


def from_payer(encounter: Encounter) -> dict[str, Given]:
    """The payer, its kind, and its options, as the register has them for the day. Two queries."""
    payer = _counting_payer(encounter)
    name = payer.name if payer else encounter.payer
    terms = None
    if payer:
        terms = PayerTerms.objects.filter(payer=payer).on(encounter.date_of_service).first()

    given: dict[str, Given] = {}
    kind, origin = "", ""
    if terms:
        origin = f"payer register: {name}, from {terms.valid_from}"
        kind = terms.kind if terms.kind != PayerKind.NOT_KNOWN else ""
        for option, value in terms.options.items():
            given[option] = _given(_as_answer(value), f"{origin}, {option}: {value}")
    given["payer"] = _given(name, f"from the record: {name}")
    given["payer_kind"] = _given(kind, origin, "payer register")
    return given


def from_history(
    encounter: Encounter, before: Iterable[EarlierEncounter], services: Iterable[EarlierService]
) -> dict[str, Given]:
    """Whether the same group and specialty saw the patient within three years, or treats within global days. Pure."""
    if encounter.patient_id is None:
        nobody = Given(NOT_DOCUMENTED, "history: the register does not know whose encounter it is")
        return {ESTABLISHED: nobody, WITHIN_GLOBAL_DAYS: nobody}
    return {
        ESTABLISHED: _established(before),
        WITHIN_GLOBAL_DAYS: _within_global_days(encounter, services),
    }


def age_on(born: date | None, day: date) -> int | None:
    """Whole years of age on a day; None where the birth is not known or lies behind the day."""
    if born is None or born > day:
        return None
    years = day.year - born.year
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return years if had_birthday else years - 1


def _established(before: Iterable[EarlierEncounter]) -> Given:
    first_doubt = ""
    for earlier in before:
        is_same = _is_same(earlier)
        seen = f"seen {earlier.encounter.date_of_service} by {earlier.encounter.provider}"
        if is_same:
            return Given(known(True), f"history: {seen}")
        if is_same is None:
            first_doubt = first_doubt or seen

    if first_doubt:
        origin = f"history: {first_doubt}, and the registers do not tell whether it is the same"
        return Given(NOT_DOCUMENTED, origin)
    return Given(known(False), "history: not seen within three years by this group and specialty")


def _within_global_days(encounter: Encounter, services: Iterable[EarlierService]) -> Given:
    first_doubt = ""
    for service in services:
        day, days, until = service.day, service.global_days, service.last_day
        is_same = _is_same(service.earlier)
        is_over = until is not None and until < encounter.date_of_service
        if is_same is False or is_over:
            continue
        if is_same and until is not None:
            origin = f"history: {service.code} of {day} has {days} global days, until {until}"
            return Given(known(True), origin)
        first_doubt = first_doubt or f"{service.code} of {day}"

    if first_doubt:
        origin = f"history: {first_doubt}; its provider or its global days are not known"
        return Given(NOT_DOCUMENTED, origin)
    return Given(
        known(False),
        "history: no earlier service of this group and specialty whose global days last",
    )


def _is_same(earlier: EarlierEncounter) -> bool | None:
    """Whether the same group and specialty saw the patient; None where that, or whose encounter it is, is not known."""
    return None if earlier.doubtful else earlier.same_group_and_specialty


def _earlier_services(before: Iterable[EarlierEncounter]) -> list[EarlierService]:
    """The final codes of earlier encounters that may have global days, the latest first. Three queries."""
    by_encounter = {earlier.encounter.pk: earlier for earlier in before}
    if not by_encounter:
        return []
    current = FinalCode.objects.current().filter(service__encounter__in=by_encounter)
    latest_first = current.exclude(code="").order_by("-service__day", "pk")
    rows = latest_first.values_list("service__encounter", "code", "modifiers")
    # Who operated only leaves the days after the operation to somebody else.
    treated = [(key, code) for key, code, modifiers in rows if OPERATION_ONLY not in modifiers]

    days = _global_days({code for _, code in treated})
    services = []
    for key, code in treated:
        earlier = by_encounter[key]
        global_days = days(code, earlier.encounter.date_of_service)
        services.append(EarlierService(earlier, code, global_days))
    return services


class _GlobalDays(NamedTuple):
    """The global days of some codes in every release that is loaded, held in memory."""

    releases: list[tuple[int, date]]
    classes: Mapping[tuple[int, str], str]

    def __call__(self, code: str, day: date) -> int | None:
        """By the release in force on a day; 0 where the class says that there are none."""
        release = next((key for key, since in self.releases if since <= day), None)
        days = self.classes.get((release, code)) if release else None
        if days is None:
            return None
        if days in NO_DAYS:
            return 0
        return int(days) if days.isdecimal() else None


def _global_days(codes: set[str]) -> _GlobalDays:
    newest_first = FeeScheduleRelease.objects.order_by("-valid_from")
    releases = list(newest_first.values_list("pk", "valid_from"))
    values = FeeScheduleValue.objects.filter(code__in=codes, modifier="")
    rows = values.values_list("release", "code", "global_days")
    classes = {(release, code): days for release, code, days in rows}
    return _GlobalDays(releases, classes)


def _counting_payer(encounter: Encounter) -> Payer | None:
    """The row of the payer that counts: the survivor of merged ones."""
    if encounter.registered_payer_id is None:
        return None
    named = Payer.objects.filter(pk=encounter.registered_payer_id)
    return Payer.objects.filter(pk__in=named.values(counting=Coalesce("survivor_id", "pk"))).first()


def _as_answer(option: object) -> str | bool:
    """An option as a fact has it: yes and no are truth values."""
    text = str(option).strip()
    return {"yes": True, "no": False}.get(text.lower(), text)


def _given(value: str | bool | int | frozenset[str] | None, origin: str, place: str = "") -> Given:
    """A value with its origin; an empty one is not documented, in the place where it was looked for."""
    if value is None or value == "" or value == frozenset():
        return Given(NOT_DOCUMENTED, f"{place or origin.partition(':')[0]}: not documented")
    return Given(known(value), origin)

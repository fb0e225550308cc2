"""The worklist: what it can be narrowed to. The patient reference is none of it: it would stand in the address."""

from datetime import date
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from coding.models import (
    Diagnosis,
    Encounter,
    EncounterState,
    Payer,
    Provider,
    RuleSet,
    Service,
    ServiceCode,
    ServiceLine,
    ServiceState,
    UploadRow,
    User,
)
from coding.views.filters import (
    CleanTextFilter,
    ListFilter,
    SinceDay,
    TotalOrderingFilter,
    UntilDay,
    day,
)
from reviews.judging.blind import is_blind
from reviews.lists.people import PersonFilter
from reviews.models import ServiceHold

# A name that more rows of a register hold says little: of so many the first are looked for.
MOST_NAMED = 500
# Of what fewer rows have a list is led by these rows; of what is more frequent, by its own order.
MOST_LISTED = 10_000
# The trigrams by which a database finds a part of a text are of three letters.
SHORTEST_PART = 3


def coders(request: Any) -> QuerySet[User]:
    """Those who may code, and those who coded."""
    of_them = Service.objects.filter(assigned_to=OuterRef("pk"))
    return User.objects.filter(Exists(of_them)).order_by("last_name", "first_name", "pk")


def part_of(field: str, text: str) -> Q:
    """Texts with this part; of one shorter than ``SHORTEST_PART`` those that begin with it."""
    lookup = "icontains" if len(text) >= SHORTEST_PART else "istartswith"
    return Q(**{f"{field}__{lookup}": text})


def of_encounters(encounters: QuerySet[Encounter], rows: QuerySet[Any]) -> QuerySet[Encounter]:
    """The encounters that some rows are of."""
    few = few_of(rows, "encounter")
    if few is None:
        return encounters.filter(Exists(rows.filter(encounter=OuterRef("pk"))))
    return encounters.filter(pk__in=few)


def few_of(rows: QuerySet[Any], name: str) -> QuerySet[Any] | None:
    """What some rows name, to be read first; None where they are too many.

    How rare something is the database does not know: for what hardly any encounter has it would look through all.
    """
    limited = rows.order_by().values(name)[: MOST_LISTED + 1]
    return limited if limited.count() <= MOST_LISTED else None


def of_provider(text: str, path: str = "") -> Q:
    """Encounters of the providers with this part in their name, through the register: it is short.

    ``path`` leads to the encounter, such as ``service__encounter__``.
    """
    named = Provider.objects.filter(name__icontains=text).values_list("pk", flat=True)
    return Q(**{f"{path}registered_provider__in": list(named[:MOST_NAMED])})


def of_payer(text: str, path: str = "") -> Q:
    """Encounters of the payers with this part in their name."""
    named = Payer.objects.filter(name__icontains=text).values_list("pk", flat=True)
    return Q(**{f"{path}registered_payer__in": list(named[:MOST_NAMED])})


def _remarked() -> QuerySet[UploadRow]:
    """The items of uploads of which intake said something, and that came to an encounter."""
    return UploadRow.objects.order_by().filter(has_remarks=True, encounter__isnull=False)


class EncounterFilter(ListFilter):
    """The worklist's filters."""

    FOLDED = frozenset(
        [
            "diagnosis",
            "payer",
            "provider",
            "coder",
            "family",
            "remarks",
            "remark",
            "received_from",
            "received_until",
        ]
    )
    WHOSE = [("mine", "Mine"), ("unassigned", "Unassigned")]
    HOLDS = [("on", "On hold"), ("off", "Not on hold")]
    REMARKS = [("yes", "With remarks")]
    whose = django_filters.ChoiceFilter(
        label="Whose", choices=WHOSE, method="by_assignee", empty_label="All"
    )
    state = django_filters.ChoiceFilter(choices=EncounterState, empty_label="Any but void")
    search = CleanTextFilter(label="Id or provider", method="by_text")
    code = CleanTextFilter(method="by_code", label="Code")
    diagnosis = CleanTextFilter(method="by_diagnosis", label="Diagnosis")
    payer = CleanTextFilter(method="by_payer", label="Payer")
    provider = CleanTextFilter(method="by_provider", label="Provider")
    coder = PersonFilter(queryset=coders, method="by_coder", label="Coder", empty_label="Any coder")
    family = django_filters.ModelChoiceFilter(
        queryset=RuleSet.objects.order_by("name"),
        to_field_name="key",
        method="by_family",
        label="Rule set",
        empty_label="Any rule set",
    )
    hold = django_filters.ChoiceFilter(
        choices=HOLDS, method="by_hold", label="Hold", empty_label="Any"
    )
    remarks = django_filters.ChoiceFilter(
        choices=REMARKS, method="by_remarks", label="Intake", empty_label="Any"
    )
    remark = CleanTextFilter(method="by_remark", label="Remark of intake says")
    served_from = day(field_name="date_of_service", lookup_expr="gte", label="Served from")
    served_until = day(field_name="date_of_service", lookup_expr="lte", label="until")
    received_from = day(SinceDay, field_name="received_at", label="Received from")
    received_until = day(UntilDay, field_name="received_at", label="until")
    upload = django_filters.UUIDFilter(method="by_upload", widget=forms.HiddenInput)
    order = TotalOrderingFilter(
        label="Sort",
        fields=[
            ("date_of_service", "date_of_service"),
            ("external_id", "external_id"),
            ("received_at", "received_at"),
        ],
        field_labels={
            "date_of_service": "Date of service",
            "external_id": "External id",
            "received_at": "Received",
        },
        empty_label="Oldest service first",
    )

    class Meta:
        model = Encounter
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whose a case in review is would be told by asking for it.
        if is_blind(self.request.user):
            del self.filters["coder"]

    def filter_queryset(self, queryset: QuerySet[Encounter]) -> QuerySet[Encounter]:
        """What is void is listed only where it is asked for, by its state or by the upload that brought it."""
        chosen = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        if asked["state"] or asked["upload"]:
            return chosen
        return chosen.exclude(state=EncounterState.VOID)

    def by_upload(
        self, queryset: QuerySet[Encounter], name: str, value: UUID
    ) -> QuerySet[Encounter]:
        """Those that an upload brought or corrected."""
        of_upload = UploadRow.objects.filter(encounter=OuterRef("pk"), upload__public_id=value)
        return queryset.filter(Exists(of_upload))

    def by_assignee(
        self, queryset: QuerySet[Encounter], name: str, value: str
    ) -> QuerySet[Encounter]:
        """With a service of mine, or with one to code that is nobody's."""
        # Looked up, not joined: a join would list an encounter once for each of its services.
        own = Service.objects.standing().filter(encounter=OuterRef("pk"))
        if value == "mine":
            return queryset.filter(Exists(own.filter(assigned_to=self.request.user)))
        free = own.filter(assigned_to=None, state=ServiceState.TO_CODE)
        # With a service to code, or with none at all, an encounter is to code: so few are looked at.
        to_code = queryset.filter(state=EncounterState.TO_CODE)
        return to_code.filter(Exists(free) | ~Exists(own))

    def by_text(self, queryset: QuerySet[Encounter], name: str, value: str) -> QuerySet[Encounter]:
        """Part of the external id or of the provider's name."""
        in_ids = part_of("external_id", value)
        if not Encounter.objects.filter(in_ids).exists():
            # Asked of one column alone, its index leads through the list; asked of either, none does.
            return queryset.filter(of_provider(value))
        return queryset.filter(in_ids | of_provider(value))

    def by_code(self, queryset: QuerySet[Encounter], name: str, value: str) -> QuerySet[Encounter]:
        """Those in which a code stands on a submitted line, in a suggestion, or as final."""
        codes: QuerySet[Any] = ServiceCode.objects.all()
        if is_blind(self.request.user):
            # What is suggested and decided of a case in review would be told by asking for it.
            codes = ServiceLine.objects.standing().order_by()
        return of_encounters(queryset, codes.filter(code=value.strip().upper()))

    def by_diagnosis(
        self, queryset: QuerySet[Encounter], name: str, value: str
    ) -> QuerySet[Encounter]:
        """Those with a diagnosis that begins so, with or without its dot."""
        bare = value.strip().upper().replace(".", "")
        written_so = Q(code__startswith=bare)
        if len(bare) > 3:
            written_so |= Q(code__startswith=f"{bare[:3]}.{bare[3:]}")
        return of_encounters(queryset, Diagnosis.objects.order_by().filter(written_so))

    def by_payer(self, queryset: QuerySet[Encounter], name: str, value: str) -> QuerySet[Encounter]:
        """Part of the payer's name."""
        return queryset.filter(of_payer(value))

    def by_provider(
        self, queryset: QuerySet[Encounter], name: str, value: str
    ) -> QuerySet[Encounter]:
        """Part of the provider's name."""
        return queryset.filter(of_provider(value))

    def by_coder(
        self, queryset: QuerySet[Encounter], name: str, value: User
    ) -> QuerySet[Encounter]:
        """With a service of this coder."""
        own = Service.objects.standing().order_by().filter(assigned_to=value, **self._days())
        return of_encounters(queryset, own)

    def by_family(
        self, queryset: QuerySet[Encounter], name: str, value: RuleSet
    ) -> QuerySet[Encounter]:
        """With a service of this rule set."""
        return of_encounters(
            queryset, Service.objects.standing().order_by().filter(rule_set=value, **self._days())
        )

    def _days(self) -> dict[str, date]:
        """The days of service that are asked for, as services have a copy of them: so few services are looked at."""
        asked = self.form.cleaned_data
        days = {"day__gte": asked.get("served_from"), "day__lte": asked.get("served_until")}
        return {name: value for name, value in days.items() if value}

    def by_hold(self, queryset: QuerySet[Encounter], name: str, value: str) -> QuerySet[Encounter]:
        """With a service on hold, or without one."""
        holds = ServiceHold.objects.order_by().filter(released_at=None)
        on_hold = Q(pk__in=holds.values("service__encounter"))
        return queryset.filter(on_hold if value == "on" else ~on_hold)

    def by_remarks(
        self, queryset: QuerySet[Encounter], name: str, value: str
    ) -> QuerySet[Encounter]:
        """Of which intake left something out, or doubted it."""
        return of_encounters(queryset, _remarked())

    def by_remark(
        self, queryset: QuerySet[Encounter], name: str, value: str
    ) -> QuerySet[Encounter]:
        """Part of what intake said of what it left out or doubted."""
        return of_encounters(queryset, _remarked().filter(remarks__icontains=value))

"""What the list of uploads can be narrowed to. The name of a file is none of it: it would stand in the address."""

import django_filters
from django.db.models import Q, QuerySet

from coding.intake.formats import FORMATS
from coding.models import JobState, Upload
from coding.views.filters import CleanTextFilter, ListFilter, day

STOPPED = (JobState.PAUSED, JobState.CANCELLED, JobState.FAILED)
# How far a file has come: an earlier job says nothing of it any more.
IS_CHECKED = Q(import_job=None, check_job__isnull=False)
IS_LOOKED_AT = Q(check_job=None, preview__isnull=True)
CHECK_RUNS = IS_CHECKED & Q(check_job__state=JobState.RUNNING)
CHECK_STOPPED = IS_CHECKED & Q(check_job__state__in=STOPPED)
LOOK_RUNS = IS_LOOKED_AT & Q(look_job__state=JobState.RUNNING)
LOOK_STOPPED = IS_LOOKED_AT & Q(look_job__state__in=STOPPED)
# What a person has to do next, or what the workers do.
STANDINGS = {
    "ask": (
        "Waiting for its system or columns",
        Q(cancelled_at=None) & (Q(source="") | Q(check_job=None, preview__isnull=False)),
    ),
    "import": (
        "Checked, waiting for its import",
        Q(import_job=None, check_job__state=JobState.DONE),
    ),
    "imported": ("Imported", Q(import_job__state=JobState.DONE)),
    "working": (
        "Being read or imported",
        Q(import_job__state=JobState.RUNNING) | CHECK_RUNS | LOOK_RUNS,
    ),
    "stopped": (
        "Paused, cancelled or failed",
        Q(cancelled_at__isnull=False)
        | Q(import_job__state__in=STOPPED)
        | CHECK_STOPPED
        | LOOK_STOPPED,
    ),
}


class UploadFilter(ListFilter):
    """The filters of the list of uploads."""

    WHOSE = [("mine", "Mine")]
    source = CleanTextFilter(lookup_expr="iexact", label="System")
    format = django_filters.ChoiceFilter(
        choices=[(key, kind.label) for key, kind in FORMATS.items()], empty_label="Any format"
    )
    standing = django_filters.ChoiceFilter(
        choices=[(key, words) for key, (words, _) in STANDINGS.items()],
        method="by_standing",
        label="State",
        empty_label="Any state",
    )
    whose = django_filters.ChoiceFilter(
        choices=WHOSE, method="by_person", label="Whose", empty_label="Everybody's"
    )
    from_day = day(field_name="uploaded_at", lookup_expr="date__gte", label="From")
    until_day = day(field_name="uploaded_at", lookup_expr="date__lte", label="until")

    class Meta:
        model = Upload
        fields: list[str] = []

    def by_standing(self, uploads: QuerySet[Upload], name: str, value: str) -> QuerySet[Upload]:
        """By what comes next."""
        _, condition = STANDINGS[value]
        return uploads.filter(condition)

    def by_person(self, uploads: QuerySet[Upload], name: str, value: str) -> QuerySet[Upload]:
        """Those that I sent."""
        return uploads.filter(uploaded_by=self.request.user)

"""Fee schedules: releases are loaded from files here and read; they are neither edited nor deleted."""

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from coding.actions import fee_schedules as actions
from coding.admin.loaded import LoadedAdmin, ReadOnlyAdmin
from coding.forms.parts import can_be_a_start
from coding.models import FeeScheduleRelease, FeeScheduleValue
from coding.reference.fee_columns import LONGEST_NAME
from coding.reference.fee_file import LARGEST_FILE
from coding.views.access import user_of


class FeeFileForm(forms.Form):
    """A file of the CMS Physician Fee Schedule, and what it does not say itself."""

    file = forms.FileField(
        label="CSV file",
        help_text="The RVU file of the CMS Physician Fee Schedule as CMS publishes it, or with its columns named in the"
        " first line, at most 20 MB. Descriptions in it are ignored.",
    )
    valid_from = forms.DateField(
        label="Valid from",
        required=False,
        validators=[can_be_a_start],
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty if the file's name tells the day, or its column date_start.",
    )
    name = forms.CharField(
        max_length=LONGEST_NAME,
        required=False,
        help_text="Empty takes the name from the column source_file.",
    )

    def clean_file(self) -> bytes:
        """The file's content."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError("The file is larger than 20 MB. Split it by release.")
        # Names of CMS tell the first day.
        self.file_name = str(file.name)
        return file.read()


@admin.register(FeeScheduleRelease)
class ReleaseAdmin(LoadedAdmin):
    """The releases."""

    file_form = FeeFileForm
    load_title = "Load a fee schedule"

    list_display = ["name", "valid_from", "number_of_values", "source", "loaded_at"]
    ordering = ["-valid_from"]
    fields = [
        "name",
        "valid_from",
        "number_of_values",
        "source",
        "content_hash",
        "loaded_by",
        "loaded_at",
    ]
    readonly_fields = ["number_of_values"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FeeScheduleRelease]:
        """With the number of values, in one query."""
        return super().get_queryset(request).annotate(count=Count("values"))

    @admin.display(description="values", ordering="count")
    def number_of_values(self, release: FeeScheduleRelease) -> str:
        """A link to the values of the release."""
        address = reverse(
            "admin:coding_feeschedulevalue_changelist", query={"release__id__exact": release.pk}
        )
        return format_html('<a href="{}">{}</a>', address, release.count)  # type: ignore[attr-defined]

    def load(self, request: HttpRequest, form: FeeFileForm) -> str:
        """By the verb."""
        data = form.cleaned_data
        loaded = actions.load(
            user_of(request), data["file"], data["valid_from"], data["name"], form.file_name
        )
        names = ", ".join(release.name for release in loaded)
        return f"Loaded: {names}." if loaded else "Everything in it is loaded already."


@admin.register(FeeScheduleValue)
class ValueAdmin(ReadOnlyAdmin):
    """The values, by release and code."""

    list_display = [
        "code",
        "modifier",
        "status",
        "work_rvu",
        "facility_total",
        "non_facility_total",
        "global_days",
        "release",
    ]
    list_filter = ["release"]
    list_select_related = ["release"]
    list_per_page = 100
    search_fields = ["code__startswith"]
    search_help_text = "A code or its beginning."
    ordering = ["-release__valid_from", "code", "modifier"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Values come with their release."""
        return False

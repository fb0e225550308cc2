"""Tables for claims in the administration: what is loaded, and the form that loads files of a release."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest

from coding.actions import claim_tables as actions
from coding.actions.claim_tables import TableFile
from coding.admin.loaded import LoadedAdmin
from coding.forms.parts import can_be_a_start
from coding.models import Program, TableKind, TablePart, TableRelease
from coding.reference.fee_file import LARGEST_FILE
from coding.views.access import user_of


class TableFileForm(forms.Form):
    """A file of a table as CMS publishes it, and what its name does not say."""

    table = forms.ChoiceField(choices=TableKind)
    file = forms.FileField(
        help_text="Text, CSV or XLSX as CMS publishes it, at most 20 MB. A whole quarter of NCCI pairs is loaded by the"
        " command load_ncci_ptp."
    )
    program = forms.ChoiceField(choices=Program, initial=Program.MEDICARE, label="Whose table")
    valid_from = forms.DateField(
        required=False,
        validators=[can_be_a_start],
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty if the file's name tells the day.",
    )
    dry_run = forms.BooleanField(
        required=False, initial=True, label="Only look", help_text="Read all of the file, and load nothing."
    )

    def clean_file(self) -> UploadedFile:
        """A file that a request can load."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError("The file is larger than 20 MB. Load it by the command.")
        return file

    def load(self, request: HttpRequest) -> list[TablePart]:
        """By the verb. Raises FileError and Conflict."""
        data = self.cleaned_data
        return actions.load(
            user_of(request),
            TableKind(data["table"]),
            [TableFile(str(data["file"].name), data["file"].file)],
            data["valid_from"],
            Program(data["program"]),
            dry_run=data["dry_run"],
        )


class PartInline(admin.TabularInline):
    """The files of a release."""

    model = TablePart
    fields = readonly_fields = ("file_name", "rows", "left_out", "loaded_by", "loaded_at", "content_hash")
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Parts come with their file."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the release."""
        return request.user.has_perm("coding.view_tablerelease")


@admin.register(TableRelease)
class TableReleaseAdmin(LoadedAdmin):
    """What is loaded, newest first."""

    file_form = TableFileForm
    load_title = "Load a table for claims"

    list_display = ["__str__", "program", "valid_from", "number_of_parts", "number_of_rows", "number_left_out"]
    list_filter = ["table", "program"]
    ordering = ["-valid_from", "table"]
    fields = ["table", "program", "valid_from"]
    inlines = [PartInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TableRelease]:
        """With the sums of its parts, in one query."""
        sums = {"part_count": Count("parts"), "row_sum": Sum("parts__rows"), "left_out_sum": Sum("parts__left_out")}
        return super().get_queryset(request).annotate(**sums)

    @admin.display(description="parts", ordering="part_count")
    def number_of_parts(self, release: Any) -> int:
        """How many files."""
        return int(release.part_count)

    @admin.display(description="rows", ordering="row_sum")
    def number_of_rows(self, release: Any) -> int:
        """Rows that the files gave."""
        return release.row_sum or 0

    @admin.display(description="left out", ordering="left_out_sum")
    def number_left_out(self, release: Any) -> int:
        """Rows that had ended before."""
        return release.left_out_sum or 0

    def load(self, request: HttpRequest, form: TableFileForm) -> str:
        """By the verb, or read only."""
        return _said(form.load(request), dry_run=form.cleaned_data["dry_run"])


def _said(parts: list[TablePart], *, dry_run: bool) -> str:
    if not parts:
        return "Everything in it is loaded already."
    verb = "would be loaded, and nothing was" if dry_run else "loaded"
    return "; ".join(
        f"{part.file_name}: {part.rows:,} rows of {part.release} {verb}, {part.left_out:,} had ended" for part in parts
    )

"""Tables for claims in the administration: what is loaded, and the form that loads files of a release."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat

from coding.actions import table_loads
from coding.actions.table_loads import SentFile
from coding.admin.loaded import LoadedAdmin, ReadOnlyAdmin
from coding.forms.parts import can_be_a_start
from coding.models import ChunkState, Program, TableKind, TableLoad, TablePart, TableRelease
from coding.views.access import user_of


class FilesInput(forms.ClearableFileInput):
    """Takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each checked as one."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files."""
        return [super(FilesField, self).clean(file, initial) for file in data or [None]]


class TableFileForm(forms.Form):
    """The files of a release as CMS publishes them, and what their names do not say."""

    table = forms.ChoiceField(choices=TableKind)
    file = FilesField(
        label="Files",
        help_text="Text, CSV or XLSX as CMS publishes it. The parts of a quarter are chosen together: all of them are"
        " loaded, or none.",
    )
    program = forms.ChoiceField(choices=Program, initial=Program.MEDICARE, label="Whose table")
    valid_from = forms.DateField(
        required=False,
        validators=[can_be_a_start],
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty if the files' names tell the day.",
    )
    only_look = forms.BooleanField(
        required=False,
        initial=True,
        label="Only look",
        help_text="Read all of it, and load nothing.",
    )

    def clean_file(self) -> list[UploadedFile]:
        """Files that the server takes."""
        files: list[UploadedFile] = self.cleaned_data["file"]
        if sum(file.size or 0 for file in files) > settings.UPLOAD_BYTES:
            most = filesizeformat(settings.UPLOAD_BYTES)
            raise forms.ValidationError(
                f"Together they are larger than {most}. Load them by the command."
            )
        return files

    def ask(self, request: HttpRequest) -> TableLoad:
        """By the verb."""
        data = self.cleaned_data
        files = [SentFile(str(file.name), file.chunks()) for file in data["file"]]
        return table_loads.ask(
            user_of(request),
            TableKind(data["table"]),
            files,
            data["valid_from"],
            Program(data["program"]),
            only_look=data["only_look"],
        )


class PartInline(admin.TabularInline):
    """The files of a release."""

    model = TablePart
    fields = readonly_fields = (
        "file_name",
        "rows",
        "left_out",
        "loaded_by",
        "loaded_at",
        "content_hash",
    )
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
    leads_to = "admin:coding_tableload_changelist"

    list_display = [
        "__str__",
        "program",
        "valid_from",
        "number_of_parts",
        "number_of_rows",
        "number_left_out",
    ]
    list_filter = ["table", "program"]
    ordering = ["-valid_from", "table"]
    fields = ["table", "program", "valid_from"]
    inlines = [PartInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TableRelease]:
        """With the sums of its parts, in one query."""
        sums = {
            "part_count": Count("parts"),
            "row_sum": Sum("parts__rows"),
            "left_out_sum": Sum("parts__left_out"),
        }
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
        """Let the workers do it."""
        load = form.ask(request)
        return f"{load}: received. The workers read it; reload this page to see how far they are."


@admin.register(TableLoad)
class TableLoadAdmin(ReadOnlyAdmin):
    """Files that were sent: how far they are, what was loaded, or why nothing was."""

    list_display = ["__str__", "names", "how_far", "result", "problem", "asked_by"]
    list_filter = ["table"]
    list_select_related = ["job", "asked_by"]
    fields = readonly_fields = (
        "table",
        "program",
        "valid_from",
        "only_look",
        "names",
        "how_far",
        "result",
        "problem",
        "asked_by",
        "asked_at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Files are sent from the list of releases."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the releases."""
        return request.user.has_perm("coding.view_tablerelease")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever sees the releases."""
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[TableLoad]:
        """With its files and how many of its steps are done, in two queries."""
        steps = (
            Count("job__chunks"),
            Count("job__chunks", filter=Q(job__chunks__state=ChunkState.DONE)),
        )
        rows = super().get_queryset(request).annotate(steps=steps[0], done=steps[1])
        return rows.prefetch_related("files")

    @admin.display(description="files")
    def names(self, load: TableLoad) -> str:
        """The names of its files."""
        return ", ".join(file.name for file in load.files.all())

    @admin.display(description="how far")
    def how_far(self, load: Any) -> str:
        """The state of its job, and the steps: each file is read, then all are loaded."""
        return f"{load.job.get_state_display()}, {load.done} of {load.steps} steps"

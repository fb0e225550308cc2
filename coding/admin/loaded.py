"""What is loaded from files of others: it is read here, and a form takes the next file."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from coding.actions.errors import Conflict
from coding.admin.kept_texts import KeepsTexts
from coding.tables.errors import FileError


class ReadOnlyAdmin(KeepsTexts):
    """What is loaded stays as it is."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody edits."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes."""
        return False


class LoadedAdmin(ReadOnlyAdmin):
    """Releases of files; adding one means loading a file, whose field in the form is ``file``."""

    file_form: ClassVar[type[forms.Form]]
    load_title: ClassVar[str]
    # The list that says what became of the file; empty where it is this one.
    leads_to: ClassVar[str] = ""

    def load(self, request: HttpRequest, form: Any) -> str:
        """Load what a valid form holds, and say what was loaded. Raises FileError and Conflict."""
        raise NotImplementedError

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form that takes a file. It says what is wrong with the file."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.file_form(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                messages.success(request, self.load(request, form))
            except (FileError, Conflict) as refusal:
                form.add_error("file", forms.ValidationError(str(refusal).splitlines()))
            else:
                own = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
                return redirect(reverse(self.leads_to or own))
        context = {
            **self.admin_site.each_context(request),
            "title": self.load_title,
            "adminform": helpers.AdminForm(form, [(None, {"fields": list(form.fields)})], {}),  # type: ignore[arg-type]
            "errors": helpers.AdminErrorList(form, []),  # type: ignore[arg-type]
            "inline_admin_formsets": [],
            "media": self.media + form.media,
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            **(extra_context or {}),
        }
        return self.render_change_form(request, context, add=True, form_url=form_url)

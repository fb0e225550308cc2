"""Registers of patients, providers and payers: rows come with files; here they are completed, merged, taken apart."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from coding.actions import registers as actions
from coding.actions.errors import Conflict
from coding.admin.kept_texts import KeepsTexts
from coding.forms.registers import (
    MergeForm,
    PatientForm,
    PayerForm,
    ProviderForm,
    TakeApartForm,
    option_lines,
)
from coding.models import (
    Patient,
    Payer,
    PayerTerms,
    Provider,
    ProviderAffiliation,
    RegisterState,
)
from coding.views.access import user_of

# More are not looked at one by one on a page.
MOST_AT_ONCE = 20
MOST_FOUND = 50
UNDER_SEVERAL_NAMES = (
    "They were sent under different names. Twins share all else: merge them only if you know that one person's name"
    " changed, or is spelt in two ways."
)


class RegisterAdmin(KeepsTexts):
    """What the three registers have in common. A merged row is read only."""

    list_filter = ["state"]
    list_select_related = ["survivor"]
    list_per_page = 50
    # At a million rows a count is dear: it is shown to whoever asks for it.
    show_facets = admin.ShowFacets.ALLOW
    show_full_result_count = False
    ordering = ["-id"]
    actions = ["merge_rows", "take_apart_rows"]
    shown_fields: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What files sent."""
        return [*self.shown_fields, "state", "survivor", "merged_here", "first_seen_at"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What files sent, then what is completed; a merged row shows the first only."""
        own = [] if obj and obj.state == RegisterState.MERGED else list(self.form.base_fields)
        return [*self.get_readonly_fields(request, obj), *own]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows come with encounters."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are kept: encounters point to them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of a merged row the survivor is completed."""
        return super().has_change_permission(request, obj) and (
            obj is None or obj.state != RegisterState.MERGED
        )

    @admin.display(description="merged into this row")
    def merged_here(self, row: Any) -> str:
        """How many rows this one counts for, with a link to them."""
        count = row.merged_rows.count()
        if not count:
            return "none"
        address = reverse(
            f"admin:coding_{row._meta.model_name}_changelist", query={"survivor__exact": row.pk}
        )
        return format_html('<a href="{}">{}</a>', address, count)

    @admin.action(description="Merge into one of them", permissions=["change"])
    def merge_rows(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        """Ask which of the rows counts, and why they are the same."""
        if not 2 <= rows.count() <= MOST_AT_ONCE:
            messages.error(request, f"Choose the rows that are the same: from 2 to {MOST_AT_ONCE}.")
            return None
        form = MergeForm(
            request.POST if "confirm" in request.POST else None, rows=rows.order_by("pk")
        )
        form.fields["survivor"].label_from_instance = self.in_words  # type: ignore[attr-defined]
        if not form.is_valid():
            return self._asked(
                request,
                form,
                rows,
                "merge_rows",
                "Merge",
                "One row counts for the others",
                self.doubt(rows),
            )
        survivor, reason = form.cleaned_data["survivor"], form.cleaned_data["reason"]
        others = [row for row in rows if row.pk != survivor.pk]
        done = f"{len(others)} merged into {survivor}."
        self._carry_out(
            request, lambda: actions.merge(user_of(request), others, survivor, reason), done
        )
        return None

    @admin.action(description="Take apart what was merged", permissions=["change"])
    def take_apart_rows(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        """Ask why the rows are not what they were merged into."""
        if rows.count() > MOST_AT_ONCE or rows.exclude(state=RegisterState.MERGED).exists():
            messages.error(
                request, f"Choose merged rows only, at most {MOST_AT_ONCE}; the filter finds them."
            )
            return None
        form = TakeApartForm(request.POST if "confirm" in request.POST else None)
        if not form.is_valid():
            return self._asked(
                request,
                form,
                rows,
                "take_apart_rows",
                "Take apart",
                "Each row counts for itself again",
            )
        chosen, reason = list(rows), form.cleaned_data["reason"]
        done = f"{len(chosen)} taken apart."
        self._carry_out(request, lambda: actions.take_apart(user_of(request), chosen, reason), done)
        return None

    def doubt(self, rows: QuerySet[Any]) -> str:
        """What whoever merges rows is to know of them; empty where there is nothing."""
        return ""

    def in_words(self, row: Any) -> str:
        """A row as the page of a merge shows it."""
        return f"{row} ({row.get_state_display().lower()})"

    def _asked(
        self,
        request: HttpRequest,
        form: forms.Form,
        rows: QuerySet[Any],
        action: str,
        verb: str,
        title: str,
        lead: str = "",
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "lead": lead,
            "opts": self.opts,
            "form": form,
            "rows": [(row.pk, self.in_words(row)) for row in rows.order_by("pk")],
            "action": action,
            "verb": verb,
        }
        return TemplateResponse(request, "admin/coding/register_action.html", context)

    def _carry_out(self, request: HttpRequest, verb: Callable[[], object], done: str) -> None:
        try:
            verb()
        except (Conflict, PermissionDenied) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)


class DatedInline(admin.TabularInline):
    """What holds from which day on; it is added by the fields above."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may read the row."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the verb only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the verb only."""
        return False


class AffiliationInline(DatedInline):
    """Groups and specialties."""

    model = ProviderAffiliation
    verbose_name_plural = "groups and specialties"
    fields = ["valid_from", "group", "specialty"]


class TermsInline(DatedInline):
    """Kinds and options."""

    model = PayerTerms
    verbose_name_plural = "kinds and options"
    fields = ["valid_from", "kind", "options_in_lines"]
    readonly_fields = ["options_in_lines"]

    @admin.display(description="options")
    def options_in_lines(self, terms: PayerTerms) -> str:
        """As they are written above."""
        return option_lines(terms.options)


@admin.register(Provider)
class ProviderAdmin(RegisterAdmin):
    """Providers by the names that files send."""

    form = ProviderForm
    list_display = ["name", "state", "survivor", "email", "first_seen_at"]
    search_fields = ["name"]
    shown_fields = ("name",)
    inlines = [AffiliationInline]

    def save_model(self, request: HttpRequest, obj: Provider, form: Any, change: bool) -> None:
        """Complete the row by its verb."""
        seen = form.cleaned_data["seen_edition"]
        actions.complete_provider(
            user_of(request), obj, seen, form.cleaned_data["email"], form.affiliation
        )


@admin.register(Payer)
class PayerAdmin(RegisterAdmin):
    """Payers by the names that files send."""

    form = PayerForm
    list_display = ["name", "state", "survivor", "first_seen_at"]
    search_fields = ["name"]
    shown_fields = ("name",)
    inlines = [TermsInline]

    def save_model(self, request: HttpRequest, obj: Payer, form: Any, change: bool) -> None:
        """Complete the row by its verb."""
        actions.complete_payer(user_of(request), obj, form.cleaned_data["seen_edition"], form.terms)


@admin.register(Patient)
class PatientAdmin(RegisterAdmin):
    """Patients by their identifiers. They are looked for by a form that is sent, so that no address holds one."""

    form = PatientForm
    list_display = [
        "identifier",
        "issuer",
        "member",
        "birth_date",
        "sex",
        "state",
        "survivor",
        "first_seen_at",
    ]
    shown_fields = ("identifier", "authority", "source", "member")
    actions = ["accept_rows", "merge_rows", "take_apart_rows"]
    change_list_template = "admin/coding/patients.html"

    def get_urls(self) -> list[URLPattern]:
        """With the form that finds patients."""
        find = path("find/", self.admin_site.admin_view(self.find), name="coding_patient_find")
        return [find, *super().get_urls()]

    def find(self, request: HttpRequest) -> HttpResponse:
        """The list, narrowed to the patients of some identifiers."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        listed = "admin:coding_patient_changelist"
        identifiers = request.POST.get("identifiers", "").replace("\0", "").split()[:MOST_FOUND]
        if not identifiers:
            return redirect(listed)
        patients = (
            Patient.objects.filter(identifier__in=identifiers)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        keys = ",".join(map(str, patients[:MOST_FOUND]))
        if not keys:
            messages.warning(
                request, "No patient has such an identifier. Write it as files send it."
            )
        return redirect(reverse(listed, query={"id__in": keys}) if keys else listed)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, or what was found; which patients were shown is noted."""
        response = super().changelist_view(request, extra_context)
        changes = getattr(response, "context_data", {}).get("cl")
        if request.method == "GET" and changes is not None and changes.result_list:
            actions.view_list(user_of(request), list(changes.result_list))
        return response

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A patient's row; that it was opened is noted."""
        response = super().change_view(request, object_id, form_url, extra_context)
        patient = Patient.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        if request.method == "GET" and response.status_code == 200 and patient:
            actions.view(user_of(request), patient)
        return response

    def save_model(self, request: HttpRequest, obj: Patient, form: Any, change: bool) -> None:
        """Complete the row by its verb."""
        data = form.cleaned_data
        actions.complete_patient(
            user_of(request), obj, data["seen_edition"], data["birth_date"], data["sex"]
        )

    @admin.action(description="Complete as they are", permissions=["change"])
    def accept_rows(self, request: HttpRequest, rows: QuerySet[Patient]) -> None:
        """Nothing is missing of these patients."""
        chosen = list(rows[: MOST_FOUND + 1])
        if len(chosen) > MOST_FOUND:
            messages.error(request, f"Choose at most {MOST_FOUND}: each is to be looked at.")
            return
        self._carry_out(
            request, lambda: actions.accept(user_of(request), chosen), f"{len(chosen)} complete."
        )

    def doubt(self, rows: QuerySet[Any]) -> str:
        """That members of a payer were sent under different names."""
        names = {patient.name_sum for patient in rows if patient.name_sum}
        return UNDER_SEVERAL_NAMES if len(names) > 1 else ""

    def in_words(self, row: Any) -> str:
        """With what tells patients apart."""
        born = row.birth_date or "birth date not known"
        as_sent = f", as sent {row.member}" if row.member else ""
        return f"{row.identifier}, {row.issuer}, {born}, {row.get_sex_display().lower()}{as_sent}"

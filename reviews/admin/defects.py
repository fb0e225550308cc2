"""The register of rule defects, and the page that closes one."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from coding.actions.errors import Conflict
from coding.admin.loaded import ReadOnlyAdmin
from coding.views.access import user_of
from coding.views.acting_once import redirect_once
from coding.views.form_pages import kept_on_page
from reviews.actions import curing
from reviews.actions.defects import CLOSE, older_rulings, take_in_older
from reviews.forms.defects import CloseDefectForm
from reviews.models import DefectState, RuleDefect, Ruling, RulingKind


@admin.register(RuleDefect)
class RuleDefectAdmin(ReadOnlyAdmin):
    """The defects that rulings found, the newest first; what they say is read here."""

    list_display = [
        "__str__",
        "reason",
        "state",
        "number_of_services",
        "opened_at",
        "closed_by_version",
    ]
    list_filter = ["state", "rule_set"]
    list_select_related = ["version__rule_set", "closed_by_version__rule_set"]
    search_fields = ["rule_id", "reason"]
    show_full_result_count = False
    fields = readonly_fields = (
        "rule_set",
        "version",
        "rule_id",
        "reason",
        "state",
        "number_of_services",
        "opened_by",
        "opened_at",
        "closed_by",
        "closed_at",
        "closed_by_version",
        "closing_reason",
    )
    change_form_template = "admin/reviews/defect.html"
    change_list_template = "admin/reviews/defects.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[RuleDefect]:
        """With the number of services whose rulings point to it, in one query."""
        pointing = Count("rulings__case__service", distinct=True)
        of_before = Coalesce(Subquery(_of_before()), 0)
        return super().get_queryset(request).annotate(services=pointing + of_before)

    @admin.display(description="services")
    def number_of_services(self, defect: Any) -> int:
        """On how many services rulings found it."""
        return int(defect.services)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rulings open them."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """With the page that closes one, and the button that takes in those of before."""
        pages = [
            path(
                "<int:key>/close/",
                self.admin_site.admin_view(self.close),
                name="reviews_ruledefect_close",
            ),
            path(
                "older/",
                self.admin_site.admin_view(self.take_in_older),
                name="reviews_ruledefect_older",
            ),
        ]
        return [*pages, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With how many rulings of before found a defect that is not here."""
        more = {
            "older": older_rulings().count(),
            "may_take_in": request.user.has_perm(CLOSE.permission),
        }
        return super().changelist_view(request, {**(extra_context or {}), **more})

    def take_in_older(self, request: HttpRequest) -> HttpResponse:
        """Open the defects that rulings of before the register found."""
        if request.method == "POST":
            opened = take_in_older(user_of(request))
            noun = "rule defect" if opened == 1 else "rule defects"
            messages.success(request, f"Taken into the register: {opened} {noun}.")
        return redirect("admin:reviews_ruledefect_changelist")

    def close(self, request: HttpRequest, key: int) -> HttpResponse:
        """By the version that mends the rule, or with the reason why nothing is to mend."""
        if not request.user.has_perm(CLOSE.permission):
            raise PermissionDenied
        related = RuleDefect.objects.select_related("version__rule_set", "case__service")
        defect = get_object_or_404(related, pk=key)
        if defect.state != DefectState.OPEN:
            messages.warning(request, f"{defect} is closed already.")
            return redirect(reverse("admin:reviews_ruledefect_change", args=[defect.pk]))
        form = CloseDefectForm(request.POST or None, defect=defect)
        if request.method == "POST" and form.is_valid():
            try:
                return redirect_once(user_of(request), form, lambda: self._close(request, form))
            except Conflict as refusal:
                form.add_error(None, str(refusal))
        return self._closing_page(request, defect, form)

    def _closing_page(
        self, request: HttpRequest, defect: RuleDefect, form: CloseDefectForm
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"Close the defect: {defect}",
            "opts": self.opts,
            "defect": defect,
            "form": form,
        }
        context |= kept_on_page(request, context)
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/reviews/defect_close.html", context, status=status)

    def _close(self, request: HttpRequest, form: CloseDefectForm) -> str:
        data = form.cleaned_data
        run = curing.close(user_of(request), form.defect, data["version"], data["reason"])
        opened = " A run over its services is opened." if run else ""
        messages.success(request, f"{form.defect} is closed.{opened}")
        return reverse("admin:reviews_ruledefect_change", args=[form.defect.pk])


def _of_before() -> QuerySet[Any]:
    """How many services a defect was found on by rulings of before the register: these point to none."""
    same_rule = Ruling.objects.filter(
        kind=RulingKind.RULE_DEFECT,
        defect=None,
        case__suggestion__document=OuterRef("version__document"),
        case__suggestion__rule_id=OuterRef("rule_id"),
    )
    by_rule = same_rule.order_by().values("case__suggestion__rule_id")
    counted = by_rule.annotate(of_before=Count("case__service"))
    return counted.values("of_before")

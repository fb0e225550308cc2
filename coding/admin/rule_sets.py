"""Rule set versions: drafts are edited here, others are read; publishing takes a second person."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from coding.actions import rule_sets as actions
from coding.actions.errors import Conflict
from coding.actions.version_gate import Refused
from coding.admin.signing import signed_action
from coding.admin.version_forms import PartForm, VersionForm
from coding.forms.signing import SignedForm
from coding.models import Fact, Meaning, ModifierRule, Rule, RuleSetVersion, SupportingDiagnosis, User
from coding.signing.asking import Signing
from coding.signing.confirmation import Confirmation
from coding.signing.content import version_content
from coding.views.access import user_of


class Part(admin.StackedInline):
    """A part of a version; editable as long as the version is a draft."""

    form = PartForm
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 90})}}

    def get_extra(self, request: HttpRequest, obj: RuleSetVersion | None = None, **kwargs: Any) -> int:
        """Where there is no row yet, an empty one to begin with."""
        rows = self.model._default_manager.filter(version=obj)
        return int(self._editable(obj) and not rows.exists())

    def _editable(self, obj: RuleSetVersion | None) -> bool:
        return obj is not None and obj.is_draft

    def has_add_permission(self, request: HttpRequest, obj: RuleSetVersion | None = None) -> bool:
        """To drafts only."""
        return self._editable(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: RuleSetVersion | None = None) -> bool:
        """In drafts only."""
        return self._editable(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: RuleSetVersion | None = None) -> bool:
        """From drafts only."""
        return self._editable(obj) and super().has_delete_permission(request, obj)


class FactInline(Part):
    """The questions."""

    model = Fact
    verbose_name = "question"


class RuleInline(Part):
    """The rules."""

    model = Rule


class ModifierInline(Part):
    """The modifiers."""

    model = ModifierRule


class DiagnosisInline(Part):
    """The supporting diagnoses."""

    model = SupportingDiagnosis


@admin.register(RuleSetVersion)
class VersionAdmin(admin.ModelAdmin):
    """Read every version, edit drafts, and move versions on by the actions of the list."""

    form = VersionForm
    list_display = ["__str__", "state", "effective_from", "author", "last_editor", "approver", "read"]
    list_filter = ["rule_set", "state"]
    list_select_related = ["rule_set", "author", "last_editor", "approver"]
    ordering = ["rule_set", "-number"]
    fields = [
        "rule_set",
        "number",
        "state",
        "effective_from",
        "payer_kind",
        "payer_name",
        "place",
        "change_note",
        "description",
        "notes",
        "family",
        "hit_policy",
        "worked_cases",
        "lexicon_terms",
        "further",
        "opening",
        "lexicon_frame",
        "seen_edition",
    ]
    readonly_fields = ["rule_set", "number", "state", "worked_cases", "lexicon_terms"]
    inlines = [FactInline, RuleInline, ModifierInline, DiagnosisInline]
    actions = ["copy_as_draft", "discard", "submit", "send_back", "publish", "retire"]

    @admin.display(description="rules")
    def read(self, version: RuleSetVersion) -> str:
        """A link to the rules in words."""
        return format_html('<a href="{}">read</a>', version.get_absolute_url())

    @admin.display(description="worked cases")
    def worked_cases(self, version: RuleSetVersion) -> str:
        """How many there are, and how they fare."""
        address = reverse("worked-cases", args=[version.rule_set.key, version.number])
        return _counted(version.worked_cases.count(), address, "see how they fare", "workedcase", version)

    @admin.display(description="lexicon")
    def lexicon_terms(self, version: RuleSetVersion) -> str:
        """How many phrases there are; without any, notes are not read."""
        address = reverse("admin:coding_lexiconterm_changelist", query={"version__id__exact": version.pk})
        return _counted(version.lexicon_terms.count(), address, "see them", "lexiconterm", version)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A version begins as a copy, by the action; the first one of a rule set begins with it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RuleSetVersion | None = None) -> bool:
        """Versions are kept."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: RuleSetVersion | None = None) -> bool:
        """Only drafts are edited."""
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def save_model(self, request: HttpRequest, obj: RuleSetVersion, form: Any, change: bool) -> None:
        """Write what was changed and nothing else: the rest of the row is as it was when the page was asked for."""
        changed = [name for name in form.changed_data if name in VersionForm.Meta.fields]
        obj.save(update_fields=[*changed, "for_payer", "for_place"])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows, then take them up as the draft's content; errors are told and nothing is lost."""
        super().save_related(request, form, formsets, change)
        problem = actions.save(user_of(request), form.instance)
        if problem:
            messages.warning(request, f"Saved, but it makes no rule table yet: {problem}")

    @admin.action(description="Copy as a new draft", permissions=["change"])
    def copy_as_draft(self, request: HttpRequest, versions: QuerySet[RuleSetVersion]) -> None:
        """Begin a draft with the content of a version."""
        self._each(request, versions, lambda version: actions.draft_from(user_of(request), version), "copied")

    @admin.action(description="Discard the draft", permissions=["change"])
    def discard(self, request: HttpRequest, versions: QuerySet[RuleSetVersion]) -> None:
        """Put drafts away; copied, they are drafts again."""
        self._each(request, versions, lambda version: actions.discard(user_of(request), version), "discarded")

    @admin.action(description="Submit for review", permissions=["change"])
    def submit(self, request: HttpRequest, versions: QuerySet[RuleSetVersion]) -> None:
        """Hand drafts to the approvers."""
        self._each(request, versions, lambda version: actions.submit(user_of(request), version), "submitted")

    @admin.action(description="Return to the author", permissions=["publish"])
    def send_back(self, request: HttpRequest, versions: QuerySet[RuleSetVersion]) -> None:
        """Give versions in review back."""
        self._each(request, versions, lambda version: actions.send_back(user_of(request), version), "returned")

    @admin.action(description="Publish from its date on", permissions=["publish"])
    def publish(self, request: HttpRequest, versions: QuerySet[RuleSetVersion]) -> HttpResponse | None:
        """Publish versions in review with the date that stands in them, signed."""
        return self._signed(request, versions, Meaning.APPROVAL, actions.publish, "publish", "published")

    @admin.action(description="Retire", permissions=["publish"])
    def retire(self, request: HttpRequest, versions: QuerySet[RuleSetVersion]) -> HttpResponse | None:
        """Take published versions out of force, signed."""
        return self._signed(request, versions, Meaning.RETIREMENT, actions.retire, "retire", "retired")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """For the actions of approvers."""
        return request.user.has_perm("coding.publish_rulesetversion")

    def _signed(
        self,
        request: HttpRequest,
        versions: QuerySet[RuleSetVersion],
        meaning: Meaning,
        verb: Callable[[User, RuleSetVersion, Confirmation | None], None],
        action: str,
        done: str,
    ) -> HttpResponse | None:
        """Ask for the signature, unless it is not asked again, and carry the verb out on each version."""
        versions = versions.select_related("rule_set", "document", "lexicon").defer("lexicon__document")
        signing = Signing(request, meaning)
        sent = "confirm" in request.POST or not signing.fields
        form = SignedForm(request.POST if sent else None, signing=signing)
        if form.is_valid() and form.confirm():
            actor, confirmation = user_of(request), form.confirmation
            self._each(request, versions, lambda version: verb(actor, version, confirmation), done)
            return None
        rows = [(version.pk, _to_sign(version)) for version in versions]
        return signed_action(self, request, form, rows, action)

    def _each(
        self,
        request: HttpRequest,
        versions: QuerySet[RuleSetVersion],
        verb: Callable[[RuleSetVersion], object],
        done: str,
    ) -> None:
        for version in versions.select_related("rule_set", "document"):
            try:
                verb(version)
            except (Refused, Conflict, PermissionDenied) as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, f"{version} {done}.")

    def get_view_on_site_url(self, obj: RuleSetVersion | None = None) -> str | None:
        """The rules in words."""
        return reverse("rule-set-version", args=[obj.rule_set.key, obj.number]) if obj else None


def _counted(count: int, address: str, words: str, part: str, version: RuleSetVersion) -> str:
    """A number with a link to what is counted, and in drafts to a new one."""
    shown = format_html('{} · <a href="{}">{}</a>', count, address, words) if count else "none"
    if not version.is_draft:
        return shown
    new = reverse(f"admin:coding_{part}_add", query={"version": version.pk})
    return format_html('{} · <a href="{}">add one</a>', shown, new)


def _to_sign(version: RuleSetVersion) -> str:
    """A version as the page shows it on which it is signed."""
    return f"{version}, in force from {version.effective_from}: content sha256 {version_content(version).sha256}"

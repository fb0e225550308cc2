"""Rule set versions: drafts are edited here, others are read; publishing takes a second person."""

from collections.abc import Callable
from datetime import date
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
from coding.admin.signing import signed_action
from coding.decision.opening import MEMBERS
from coding.forms.parts import can_be_a_start
from coding.forms.signing import SignedForm
from coding.models import Fact, Meaning, ModifierRule, Rule, RuleSetVersion, SupportingDiagnosis, User
from coding.signing.asking import Signing
from coding.signing.confirmation import Confirmation
from coding.signing.content import version_content
from coding.views.access import user_of


class VersionForm(forms.ModelForm):
    """Remembers which edition of the draft was on the page."""

    seen_edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = RuleSetVersion
        fields = ["effective_from", "change_note", "description", "notes", "family", "hit_policy", "opening"]
        fields += ["lexicon_frame"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen_edition"] = self.instance.edition

    def clean_effective_from(self) -> date | None:
        """A day from which rules can be in force."""
        day: date | None = self.cleaned_data["effective_from"]
        if day:
            can_be_a_start(day)
        return day

    def clean_opening(self) -> dict[str, Any]:
        """Empty means none; what no document has is refused here, and what no fact has when the rules are read."""
        opening = self.cleaned_data["opening"] or {}
        known = isinstance(opening, dict) and set(opening) <= set(MEMBERS)
        if not known:
            raise forms.ValidationError(f"Write an object with {', '.join(MEMBERS)} in it, or leave it empty.")
        return opening

    def clean_lexicon_frame(self) -> dict[str, Any]:
        """Empty means none."""
        frame = self.cleaned_data["lexicon_frame"] or {}
        if not isinstance(frame, dict):
            raise forms.ValidationError('Write an object such as {"groups": {}}, or leave it empty.')
        return frame

    def clean(self) -> dict[str, Any]:
        """An edit of an older edition would overwrite somebody's work unseen.

        The version stays locked until the page's transaction ends: of two saves at the same instant the second one
        sees the first one's edition, and nobody submits the draft in between.
        """
        data = super().clean() or {}
        if self.instance.pk:
            now = actions.lock(self.instance)
            if not now.is_draft:
                raise forms.ValidationError(
                    f"{now} is {now.get_state_display().lower()} by now and not edited any more. Copy it as a draft."
                )
            if data.get("seen_edition") != now.edition:
                raise forms.ValidationError(
                    f"{now.last_editor.name} saved this draft meanwhile. Nothing of yours is saved: open the draft"
                    " in a second window and take over your changes."
                )
        return data


class Part(admin.StackedInline):
    """A part of a version; editable as long as the version is a draft."""

    extra = 0
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 90})}}

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
        "change_note",
        "description",
        "notes",
        "family",
        "hit_policy",
        "opening",
        "lexicon_frame",
        "seen_edition",
    ]
    readonly_fields = ["rule_set", "number", "state"]
    inlines = [FactInline, RuleInline, ModifierInline, DiagnosisInline]
    actions = ["copy_as_draft", "submit", "send_back", "publish", "retire"]

    @admin.display(description="rules")
    def read(self, version: RuleSetVersion) -> str:
        """A link to the rules in words."""
        return format_html('<a href="{}">read</a>', version.get_absolute_url())

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A version begins as a copy, by the action."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RuleSetVersion | None = None) -> bool:
        """Versions are kept."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: RuleSetVersion | None = None) -> bool:
        """Only drafts are edited."""
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def save_model(self, request: HttpRequest, obj: RuleSetVersion, form: Any, change: bool) -> None:
        """Write what was changed and nothing else: the rest of the row is as it was when the page was asked for."""
        changed = [name for name in form.changed_data if name in form.Meta.fields]
        if changed:
            obj.save(update_fields=changed)

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
            except (actions.Refused, Conflict, PermissionDenied) as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, f"{version} {done}.")

    def get_view_on_site_url(self, obj: RuleSetVersion | None = None) -> str | None:
        """The rules in words."""
        return reverse("rule-set-version", args=[obj.rule_set.key, obj.number]) if obj else None


def _to_sign(version: RuleSetVersion) -> str:
    """A version as the page shows it on which it is signed."""
    return f"{version}, in force from {version.effective_from}: content sha256 {version_content(version).sha256}"

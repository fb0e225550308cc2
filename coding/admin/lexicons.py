"""The terms of lexicons: those of drafts are edited here, others are read."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from coding.actions import rule_sets as actions
from coding.models import LexiconTerm, RuleSetVersion, VersionState
from coding.rules import rulebook
from coding.rules.from_note import values_of
from coding.rules.lexicons import TERM_FIELDS
from coding.rules.trial import problem_of
from coding.views.access import user_of


class VersionFilter(admin.RelatedOnlyFieldListFilter):
    """The versions that have terms. A version's name holds its rule set's: all are read in one query."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Each version with its name."""
        versions = RuleSetVersion.objects.filter(pk__in=LexiconTerm.objects.values("version"))
        return [(str(version.pk), str(version)) for version in versions.select_related("rule_set")]


@admin.register(LexiconTerm)
class LexiconTermAdmin(admin.ModelAdmin):
    """One row a phrase. Each saved row is taken up into its draft at once; what is wrong with it is told."""

    list_display = ["phrase", "fact", "value", "negated", "strength", "version"]
    list_filter = [("version", VersionFilter), "fact", "strength"]
    list_select_related = ["version__rule_set"]
    search_fields = ["phrase", "value"]
    # By the number: a relation sorts as its own table does, and turned around that is the oldest version first.
    ordering = ["version__rule_set", "-version__number", "fact", "phrase"]
    fields = ["version", *TERM_FIELDS, "problem", "trial"]
    # Deleting many at once would pass by the drafts that they belong to.
    actions = None

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Terms are added to drafts."""
        if db_field.name == "version":
            kwargs["queryset"] = RuleSetVersion.objects.filter(state=VersionState.DRAFT).select_related("rule_set")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: LexiconTerm | None = None) -> list[str]:
        """A term stays in its version: the one that it left would keep a lexicon that its rows no longer make."""
        return ["version", "problem", "trial"] if obj else ["problem", "trial"]

    @admin.display(description="what is wrong with it")
    def problem(self, term: LexiconTerm) -> str:
        """Why the row as it is stored cannot be read."""
        if term.pk is None:
            return "not stored yet"
        frame = term.version.lexicon_frame
        document = term.version.document
        values = values_of(rulebook.table_of(document)) if document else None
        return problem_of(term, frame.get("groups") or {}, values) or "nothing"

    @admin.display(description="on a note")
    def trial(self, term: LexiconTerm) -> str:
        """The way to the page that reads a note with the version's rows."""
        if term.pk is None:
            return "once it is stored"
        address = reverse("try-lexicon", args=[term.version.rule_set.key, term.version.number])
        return format_html('<a href="{}">Try the lexicon on a note</a>', address)

    def has_change_permission(self, request: HttpRequest, obj: LexiconTerm | None = None) -> bool:
        """In drafts only."""
        return super().has_change_permission(request, obj) and (obj is None or obj.version.is_draft)

    def has_delete_permission(self, request: HttpRequest, obj: LexiconTerm | None = None) -> bool:
        """From drafts only."""
        return super().has_delete_permission(request, obj) and obj is not None and obj.version.is_draft

    def save_model(self, request: HttpRequest, obj: LexiconTerm, form: Any, change: bool) -> None:
        """Save the row and take it up."""
        super().save_model(request, obj, form, change)
        self._take_up(request, obj.version)

    def delete_model(self, request: HttpRequest, obj: LexiconTerm) -> None:
        """Delete the row and take up what is left."""
        super().delete_model(request, obj)
        self._take_up(request, obj.version)

    def _take_up(self, request: HttpRequest, version: RuleSetVersion) -> None:
        problem = actions.save(user_of(request), version)
        if problem:
            messages.warning(request, f"Saved, but the draft reads no notes yet: {problem}")

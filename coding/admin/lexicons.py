"""The terms of lexicons: those of drafts are edited here, others are read."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest

from coding.actions import rule_sets as actions
from coding.models import LexiconTerm, RuleSetVersion, VersionState
from coding.rules.lexicons import TERM_FIELDS
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
    fields = ["version", *TERM_FIELDS]
    # Deleting many at once would pass by the drafts that they belong to.
    actions = None

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Terms are added to drafts."""
        if db_field.name == "version":
            kwargs["queryset"] = RuleSetVersion.objects.filter(state=VersionState.DRAFT).select_related("rule_set")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: LexiconTerm | None = None) -> list[str]:
        """A term stays in its version: the one that it left would keep a lexicon that its rows no longer make."""
        return ["version"] if obj else []

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

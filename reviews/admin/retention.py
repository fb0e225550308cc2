"""Administration of how long records are kept."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from coding.admin.older_pages import OlderPagesAreRefused
from coding.forms.older_pages import RefusesOlderPages
from coding.views.access import user_of
from reviews.actions import retention as actions
from reviews.models.retention import CountedFrom, RecordKind, RetentionRule
from reviews.operation.retention import events_of


class RetentionForm(RefusesOlderPages):
    """A rule; the years of a kind are counted from an event that it has."""

    class Meta:
        model = RetentionRule
        fields = ["kind", "counted_from", "years", "reason"]

    def clean(self) -> dict[str, Any]:
        """Name the events that the kind has."""
        data = super().clean() or {}
        kind = data.get("kind") or self.instance.kind
        known = events_of(kind)
        if data.get("counted_from") and data["counted_from"] not in known:
            events = " or ".join(CountedFrom(event).label for event in known)
            self.add_error("counted_from", f"{RecordKind(kind).label}: count from {events}.")
        return data


@admin.register(RetentionRule)
class RetentionRuleAdmin(OlderPagesAreRefused):
    """The rules, one a kind; the page “Retention” shows what is due by them."""

    form = RetentionForm
    list_display = ["kind", "years", "counted_from", "set_by", "set_at"]
    list_select_related = ["set_by"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A rule stays with its kind."""
        return ["kind"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A rule is changed, not deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By the verb."""
        rule = actions.set_rule(
            user_of(request), RecordKind(obj.kind), obj.counted_from, obj.years, obj.reason
        )
        obj.pk = rule.pk

"""Teams of coders."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from coding import trail
from coding.admin.older_pages import OlderPagesAreRefused
from coding.models import Team
from coding.views.access import user_of


@admin.register(Team)
class TeamAdmin(OlderPagesAreRefused):
    """Coders who see each other's work, where the setting says so."""

    list_display = ["name"]
    search_fields = ["name"]
    filter_horizontal = ["members"]

    def has_delete_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        """A team that is no more has no members."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the members and tell the audit trail who sees whose work."""
        team = form.instance
        before = {"members": _members(team)}
        with transaction.atomic():
            super().save_related(request, form, formsets, change)
            after = {"name": team.name, "members": _members(team)}
            trail.record(user_of(request), "team.saved", team, before=before, after=after)


def _members(team: Team) -> list[str]:
    return sorted(team.members.values_list("username", flat=True))

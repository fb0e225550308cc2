"""People and their roles."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest

from coding import trail
from coding.models import User
from coding.views.access import user_of

admin.site.unregister(Group)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Accounts with their roles. Nobody changes their own roles, and single permissions are not given."""

    list_display = ["username", "name", "is_active", "is_staff"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Name", {"fields": ["first_name", "last_name", "email"]}),
        ("Roles", {"fields": ["is_active", "is_staff", "groups"]}),
    ]
    filter_horizontal = ["groups"]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """One's own roles are for somebody else to change."""
        return ["is_active", "is_staff", "groups"] if obj is not None and obj.pk == request.user.pk else []

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Accounts are made inactive; what they did keeps their name."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the roles and tell the audit trail."""
        before = sorted(form.instance.groups.values_list("name", flat=True))
        with transaction.atomic():
            super().save_related(request, form, formsets, change)
            after = sorted(form.instance.groups.values_list("name", flat=True))
            event = "user.roles_changed" if before != after else "user.saved"
            trail.record(user_of(request), event, form.instance, before={"roles": before}, after={"roles": after})

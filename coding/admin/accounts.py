"""Second factors and sessions of others, for superusers: seen and taken away, without their secrets."""

from allauth.mfa.admin import AuthenticatorAdmin
from allauth.mfa.models import Authenticator
from allauth.usersessions.admin import UserSessionAdmin
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.http import HttpRequest

admin.site.unregister([Authenticator, UserSession])


@admin.register(Authenticator)
class FactorAdmin(AuthenticatorAdmin):
    """Whoever lost their telephone and their codes has the factor removed here, and sets up another one."""

    fields = readonly_fields = ["user", "type", "created_at", "last_used_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A factor is set up by its owner."""
        return False


@admin.register(UserSession)
class SessionAdmin(UserSessionAdmin):
    """Sessions of all, to look at; they are ended in the list of people."""

    fields = readonly_fields = ["user", "created_at", "ip", "user_agent"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A session begins at the sign-in."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: UserSession | None = None) -> bool:
        """Without its row a session would go on unseen."""
        return False

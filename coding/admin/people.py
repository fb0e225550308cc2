"""People and their roles."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context as allauth
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from coding import trail
from coding.actions import addresses, sessions
from coding.actions.signatures import sign
from coding.admin.signing import SignedAccessForm, with_signature
from coding.models import Meaning, User
from coding.signing.asking import Signing
from coding.signing.content import access_content
from coding.signing.shown import latest_signatures
from coding.views.access import user_of

admin.site.unregister(Group)
# As the trail names them.
SWITCHES = {"is_active": "may sign in", "is_staff": "may use the administration"}


class PersonForm(SignedAccessForm):
    """An account with roles that one person may hold together. What changes its access is signed."""

    def clean_groups(self) -> Any:
        """Superusers are no exception."""
        groups = self.cleaned_data["groups"]
        names = {group.name for group in groups}
        for first, second in settings.ROLES_APART:
            if {first, second} <= names:
                raise forms.ValidationError(
                    f"Nobody is {first} and {second} at once. Give one of the two to somebody else."
                )
        return groups


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Accounts with their roles. Nobody changes their own roles, and single permissions are not given."""

    form = PersonForm
    list_display = ["username", "name", "is_active", "is_staff"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Name", {"fields": ["first_name", "last_name", "email"]}),
        ("Roles", {"fields": ["is_active", "is_staff", "groups", "signed"]}),
    ]
    filter_horizontal = ["groups"]
    actions = ["end_sessions"]

    @admin.action(description="End all sessions of the chosen people", permissions=["change"])
    def end_sessions(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Whoever is signed in as one of them has to sign in again."""
        theirs = [person for person in people.order_by("pk") if self.has_change_permission(request, person)]
        with transaction.atomic():
            for person in theirs:
                sessions.end_all(user_of(request), person)
        messages.success(request, f"Ended all sessions of {', '.join(person.name for person in theirs) or 'nobody'}.")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """One's own roles are for somebody else to change."""
        is_own = obj is not None and obj.pk == request.user.pk
        return ["signed", *(["is_active", "is_staff", "groups"] if is_own else [])]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """With the fields that sign, where they are asked for."""
        fieldsets = super().get_fieldsets(request, obj)
        return with_signature(fieldsets, Signing(request, Meaning.ROLES)) if obj is not None else fieldsets

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The form knows whom to ask for the signature."""
        # Made anew for each request, so what is set on it is this request's.
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.signing = Signing(request, Meaning.ROLES)
        return form

    @admin.display(description="signatures")
    def signed(self, person: User) -> str:
        """Who signed which access of this account."""
        signatures = latest_signatures(person, access_content)
        return render_to_string("includes/_signatures.html", {"signatures": signatures}) or "none"

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A superuser's account, and its password, are for superusers: an administrator would become one by it."""
        if obj is not None and obj.is_superuser and not user_of(request).is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Accounts are made inactive; what they did keeps their name."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the roles and tell the audit trail, also whether the account may sign in, here and in the admin."""
        person = form.instance
        switches = {SWITCHES[name]: form.initial.get(name) for name in form.changed_data if name in SWITCHES}
        before = {"roles": _roles(person), **(switches if change else {})}
        with transaction.atomic():
            super().save_related(request, form, formsets, change)
            switched = {SWITCHES[name]: getattr(person, name) for name in form.changed_data if name in SWITCHES}
            after = {"roles": _roles(person), **switched}
            event = "user.roles_changed" if before["roles"] != after["roles"] else "user.saved"
            after |= _sign(user_of(request), person, form)
            trail.record(user_of(request), event, person, before=before, after=after)
            if "is_active" in form.changed_data and not person.is_active:
                sessions.end_all(user_of(request), person, "The account was made inactive.")
            if change and "email" in form.changed_data:
                addresses.set_by_other(user_of(request), person, person.email)
                self._tell_former_address(request, person, form.initial["email"])

    def _tell_former_address(self, request: HttpRequest, person: User, former: str) -> None:
        """Or whoever writes their own address into an account would take it over unseen."""
        context = {"from_email": former, "to_email": person.email or "none"}
        if former:
            self._mail(request, "email_changed", person, context, email=former)

    def _mail(self, request: HttpRequest, name: str, person: User, *context: Any, **address: str) -> None:
        """Send it when all is done: nobody waits for a mail server with the trail's head locked."""

        def send() -> None:
            with allauth.request_context(request):
                get_adapter(request).send_notification_mail(f"account/email/{name}", person, *context, **address)

        transaction.on_commit(send)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 - Django names it so
        """Set another person's password; the audit trail tells who did."""
        with transaction.atomic():
            before = User.objects.filter(pk=id).values_list("password", flat=True).first()
            response = super().user_change_password(request, id, form_url)
            person = User.objects.filter(pk=id).first()
            if person is not None and person.password != before:
                trail.record(user_of(request), "user.password_set", person)
                self._mail(request, "password_set_by_other", person)
        return response


def _sign(actor: User, person: User, form: Any) -> dict[str, str]:
    """Sign what changes an account's access; what the event says of it."""
    if not getattr(form, "changes_access", False):
        return {}
    return sign(actor, Meaning.ROLES, [access_content(person)], form.confirmation).in_trail(person)


def _roles(person: User) -> list[str]:
    return sorted(person.groups.values_list("name", flat=True))

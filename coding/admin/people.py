"""People, their roles and teams. Nobody types another person's password: they get a one-time link."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UsernameField
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from coding import trail
from coding.actions import accounts
from coding.actions.errors import Conflict
from coding.models import AccountProposal, Team, User
from coding.people import pairs
from coding.people.links import Link
from coding.views.access import user_of
from coding.views.links import show_once

admin.site.unregister(Group)
# As the trail names them. An address to which a link would be mailed is told of without the address.
SWITCHES = {"is_active": "may sign in", "is_staff": "may use the administration"}
PROPOSED = "{role} is proposed for {person}. Another administrator approves it."


class PersonForm(UserChangeForm):
    """An account with roles that one person may hold together. Of its password nothing is shown."""

    password = None  # type: ignore[assignment]

    def clean_groups(self) -> Any:
        """Superusers are no exception."""
        groups = self.cleaned_data["groups"]
        for pair in pairs.held_together({group.name for group in groups}):
            raise forms.ValidationError(pairs.in_words(pair))
        return groups


class NewPersonForm(forms.ModelForm):
    """A new account. Its person chooses the password by a one-time link."""

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email"]
        field_classes = {"username": UsernameField}

    def save(self, commit: bool = True) -> User:
        """Without a password nobody signs in."""
        self.instance.set_unusable_password()
        person: User = super().save(commit)
        return person


class RolesHeldTogether(admin.SimpleListFilter):
    """Those who hold roles that nobody may hold together."""

    title = "roles held together"
    parameter_name = "apart"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Only who holds such a pair is to be found."""
        return [("yes", "That nobody may hold together")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """The holders."""
        return queryset.filter(pk__in=pairs.holders().order_by()) if self.value() == "yes" else queryset


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Accounts with their roles. Nobody changes their own roles, and single permissions are not given."""

    form = PersonForm
    add_form = NewPersonForm
    add_form_template = None
    list_display = ["username", "name", "is_active", "is_staff"]
    list_filter = ["is_staff", "is_superuser", "is_active", "groups", RolesHeldTogether]
    fieldsets = [
        (None, {"fields": ["username", "new_password"]}),
        ("Name", {"fields": ["first_name", "last_name", "email"]}),
        ("Roles", {"fields": ["is_active", "is_staff", "groups"]}),
    ]
    add_fieldsets = [(None, {"fields": NewPersonForm.Meta.fields})]
    filter_horizontal = ["groups"]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """One's own roles are for somebody else to change; where links are mailed for who decides, for them alone."""
        if obj is None:
            return []
        if obj.pk == request.user.pk:
            return ["new_password", "is_active", "is_staff", "groups"]
        return ["new_password", *(["email"] if accounts.takes_two(obj) else [])]

    @admin.display(description="Password")
    def new_password(self, person: User) -> str:
        """The way to another one, and whether there is one."""
        address = reverse("admin:auth_user_password_change", args=[person.pk])
        lacks = "" if person.has_usable_password() else "The account has none. "
        return format_html('{}<a href="{}">One-time link to a new one</a>', lacks, address)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A superuser's account, and its password, are for superusers: an administrator would become one by it."""
        if obj is not None and obj.is_superuser and not user_of(request).is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Accounts are made inactive; what they did keeps their name."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the roles that one administrator gives, propose the others, and tell the audit trail.

        It tells also whether the account may sign in, here and in the administration, and that its mail changed.
        """
        actor, person = user_of(request), form.instance
        switches = {SWITCHES[name]: form.initial.get(name) for name in form.changed_data if name in SWITCHES}
        before = {"roles": accounts.roles_of(person), **(switches if change else {})}
        with transaction.atomic():
            proposed = self._hold_back(form, person)
            super().save_related(request, form, formsets, change)
            for role in proposed:
                self._propose(request, actor, person, role.name)
            after = {"roles": accounts.roles_of(person), **self._switched(form, change)}
            event = "user.roles_changed" if before["roles"] != after["roles"] else "user.saved"
            trail.record(actor, event, person, before=before, after=after)

    def _hold_back(self, form: Any, person: User) -> list[Group]:
        """Take the roles that need a second administrator out of what is saved."""
        chosen = form.cleaned_data.get("groups")
        if chosen is None:
            return []
        proposed = accounts.to_propose(person, chosen)
        form.cleaned_data["groups"] = [role for role in chosen if role not in proposed]
        return proposed

    def _propose(self, request: HttpRequest, actor: User, person: User, role: str) -> None:
        try:
            accounts.propose_role(actor, person, role)
        except Conflict as refusal:
            messages.warning(request, f"{role}: {refusal}")
        else:
            messages.info(request, PROPOSED.format(role=role.capitalize(), person=person.name))

    def _switched(self, form: Any, change: bool) -> dict[str, object]:
        switched = {SWITCHES[name]: getattr(form.instance, name) for name in form.changed_data if name in SWITCHES}
        if change and "email" in form.changed_data:
            switched["e-mail address"] = "changed"
        return switched

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        """A new account needs a password next."""
        messages.success(request, f"The account {obj.get_username()} is made. Make the link to its password.")
        return redirect("admin:auth_user_password_change", obj.pk)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 - Django names it so
        """Make a one-time link, by which the person chooses a password; where it takes two, propose it."""
        person = self.get_object(request, unquote(id))
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if person is None:
            raise Http404
        if person == request.user:
            return redirect("account_change_password")
        if request.method == "POST":
            return self._make_link(request, person)
        context = {
            **self.admin_site.each_context(request),
            "title": f"One-time link for {person.name}",
            "opts": self.opts,
            "original": person,
            "takes_two": accounts.takes_two(person),
        }
        return TemplateResponse(request, "admin/coding/one_time_link.html", context)

    def _make_link(self, request: HttpRequest, person: User) -> HttpResponse:
        account = reverse("admin:coding_user_change", args=[person.pk])
        try:
            made: Link | AccountProposal = accounts.make_link(user_of(request), person)
        except Conflict as refusal:
            messages.error(request, str(refusal))
            return redirect(account)
        if isinstance(made, AccountProposal):
            messages.info(request, PROPOSED.format(role="A one-time link", person=person.name))
            return redirect(account)
        return show_once(request, made, account)


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
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

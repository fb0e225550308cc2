"""People and their roles. Nobody types another person's password: they get a one-time link."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context as allauth
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
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
from coding.accounts import roles_apart
from coding.accounts.links import Link
from coding.actions import accounts, addresses, sessions
from coding.actions.errors import Conflict
from coding.actions.signatures import Signed, sign
from coding.admin.older_pages import OlderPagesAreRefused
from coding.admin.people_forms import NewPersonForm, PersonForm, proposed_by
from coding.admin.signing import signatures_under, with_signature
from coding.models import AccountProposal, Meaning, User
from coding.signing.asking import Signing
from coding.signing.content import access_content
from coding.views.access import user_of
from coding.views.links import show_once

admin.site.unregister(Group)
# As the trail names them.
SWITCHES = {"is_active": "may sign in", "is_staff": "may use the administration"}
PROPOSED = "{role} is proposed for {person}. Another administrator approves it."


class RolesHeldTogether(admin.SimpleListFilter):
    """Those who hold roles that nobody may hold together."""

    title = "roles held together"
    parameter_name = "apart"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Only who holds such a pair is to be found."""
        return [("yes", "That nobody may hold together")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """The holders."""
        return (
            queryset.filter(pk__in=roles_apart.holders().order_by())
            if self.value() == "yes"
            else queryset
        )


@admin.register(User)
class PersonAdmin(OlderPagesAreRefused, UserAdmin):
    """Accounts with their roles. Nobody changes their own roles, and single permissions are not given."""

    form = PersonForm
    add_form = NewPersonForm
    add_form_template = None
    list_display = ["username", "name", "is_active", "is_staff"]
    list_filter = ["is_staff", "is_superuser", "is_active", "groups", RolesHeldTogether]
    fieldsets = [
        (None, {"fields": ["username", "new_password"]}),
        ("Name", {"fields": ["first_name", "last_name", "email"]}),
        ("Roles", {"fields": ["is_active", "is_staff", "groups", "signed"]}),
    ]
    add_fieldsets = [(None, {"fields": NewPersonForm.Meta.fields})]
    filter_horizontal = ["groups"]
    actions = ["end_sessions"]

    @admin.action(description="End all sessions of the chosen people", permissions=["change"])
    def end_sessions(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Whoever is signed in as one of them has to sign in again."""
        theirs = [
            person
            for person in people.order_by("pk")
            if self.has_change_permission(request, person)
        ]
        # Each by itself: whoever holds the head of the trail does not wait for another account.
        for person in theirs:
            sessions.end_all(user_of(request), person)
        messages.success(
            request,
            f"Ended all sessions of {', '.join(person.name for person in theirs) or 'nobody'}.",
        )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """One's own roles are for somebody else to change; where links are mailed for who decides, for them alone."""
        if obj is None:
            return []
        if obj.pk == request.user.pk:
            return ["new_password", "signed", "is_active", "is_staff", "groups"]
        return ["new_password", "signed", *(["email"] if accounts.takes_two(obj) else [])]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """With the fields that sign, where they are asked for."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        return with_signature(fieldsets, Signing(request, Meaning.ROLES))

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form knows whom to ask for the signature."""
        # Made anew for each request, so what is set on it is this request's.
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.signing = Signing(request, Meaning.ROLES)
        return form

    @admin.display(description="signatures")
    def signed(self, person: User) -> str:
        """Who signed which access of this account."""
        return signatures_under(person, access_content)

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
        """Accounts are made inactive: what they did keeps their name."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the roles that one administrator gives, propose the others, and tell the audit trail.

        It tells also whether the account may sign in, here and in the administration.
        """
        actor, person = user_of(request), form.instance
        switches = {
            SWITCHES[name]: form.initial.get(name) for name in form.changed_data if name in SWITCHES
        }
        before = {"roles": accounts.roles_of(person), **(switches if change else {})}
        with transaction.atomic():
            super().save_related(request, form, formsets, change)
            for role in proposed_by(form):
                self._propose(request, actor, person, role.name)
            switched = {
                SWITCHES[name]: getattr(person, name)
                for name in form.changed_data
                if name in SWITCHES
            }
            after = {"roles": accounts.roles_of(person), **switched}
            event = "user.roles_changed" if before["roles"] != after["roles"] else "user.saved"
            signed = _sign(actor, person, form)
            after |= signed.in_trail(person)
            trail.record(
                actor,
                event,
                person,
                before=before,
                after=after,
                rows=[person, *signed.rows(person)],
            )
            if "is_active" in form.changed_data and not person.is_active:
                sessions.end_all(actor, person, "The account was made inactive.")
            if change and "email" in form.changed_data:
                addresses.set_by_other(actor, person, person.email)
                _tell_former_address(request, person, form.initial["email"])

    def _propose(self, request: HttpRequest, actor: User, person: User, role: str) -> None:
        try:
            accounts.propose_role(actor, person, role)
        except Conflict as refusal:
            messages.warning(request, f"{role}: {refusal}")
        else:
            messages.info(request, PROPOSED.format(role=role.capitalize(), person=person.name))

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        """A new account needs a password next."""
        messages.success(
            request, f"The account {obj.get_username()} is made. Make the link to its password."
        )
        return redirect("admin:auth_user_password_change", obj.pk)

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002 - Django names it so
        form_url: str = "",
    ) -> HttpResponse:
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
            outcome: Link | AccountProposal = accounts.make_link(user_of(request), person)
        except Conflict as refusal:
            messages.error(request, str(refusal))
            return redirect(account)
        if isinstance(outcome, AccountProposal):
            messages.info(request, PROPOSED.format(role="A one-time link", person=person.name))
            return redirect(account)
        return show_once(request, outcome, account)


def _tell_former_address(request: HttpRequest, person: User, former: str) -> None:
    """Or whoever writes their own address into an account would take it over unseen.

    It is sent when all is done: nobody waits for a mail server with the trail's head locked.
    """
    context = {"from_email": former, "to_email": person.email or "none"}

    def send() -> None:
        with allauth.request_context(request):
            get_adapter(request).send_notification_mail(
                "account/email/email_changed", person, context, email=former
            )

    if former:
        transaction.on_commit(send)


def _sign(actor: User, person: User, form: Any) -> Signed:
    """Sign what changes an account's access; the signature, for the event."""
    if not getattr(form, "changes_access", False):
        return Signed()
    return sign(actor, Meaning.ROLES, [access_content(person)], form.confirmation)

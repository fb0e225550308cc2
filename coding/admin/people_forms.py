"""The forms of accounts in the administration: a new one, and its roles, which are signed or proposed."""

from functools import cached_property
from typing import Any

from django import forms
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import Group

from coding.accounts import roles_apart
from coding.actions import accounts
from coding.admin.signing import SignedAccessForm
from coding.forms.older_pages import RefusesOlderPages
from coding.models import User


class PersonForm(RefusesOlderPages, SignedAccessForm):
    """An account with roles that one person may hold together. Of its password nothing is shown.

    What changes its access is signed. Roles that take two administrators are held back, for them to be ``proposed``.
    """

    password = None  # type: ignore[assignment]
    proposed: tuple[Group, ...] = ()

    def clean_groups(self) -> list[Group]:
        """The roles that one administrator gives. Superusers are no exception."""
        chosen = list(self.cleaned_data["groups"])
        for pair in roles_apart.held_together({role.name for role in chosen}):
            raise forms.ValidationError(roles_apart.in_words(pair))
        self.proposed = tuple(accounts.to_propose(self.instance, chosen))
        return [role for role in chosen if role not in self.proposed]

    @cached_property
    def changes_access(self) -> bool:
        """Whether it changes now what the account may do; whoever approves a proposal signs it then."""
        changed = {name for name in self.ACCESS if name in self.changed_data}
        return bool(changed - {"groups"}) or ("groups" in changed and self._changes_roles)

    @property
    def _changes_roles(self) -> bool:
        held = set(self.instance.groups.all())
        return set(self.cleaned_data.get("groups", held)) != held


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


def proposed_by(form: Any) -> tuple[Group, ...]:
    """The roles that a form held back; none of a new account's, which has no roles."""
    return getattr(form, "proposed", ())

"""The forms of accounts in the administration: a new one, and its roles, which are signed or proposed."""

from functools import cached_property
from typing import Any

from django import forms
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import Group

from coding.accounts import roles_apart
from coding.actions import accounts
from coding.actions.locks import locked
from coding.actions.registers import CHANGED
from coding.admin.signing import SignedAccessForm
from coding.decision import content_hash
from coding.models import User
from coding.signing.content import access_content


class PersonForm(SignedAccessForm):
    """An account with roles that one person may hold together. Of its password nothing is shown.

    What changes its access is signed. Roles that take two administrators are held back, for them to be ``proposed``.
    """

    password = None  # type: ignore[assignment]
    proposed: tuple[Group, ...] = ()
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = _state_of(self.instance)

    def clean(self) -> dict[str, Any]:
        """Refuse an older page, which would take back what somebody else changed since, before anything is signed."""
        seen = self.cleaned_data.get("seen")
        if seen:
            [now] = locked(User.objects.filter(pk=self.instance.pk))
            if _state_of(now) != seen:
                self.add_error(None, CHANGED.format(now.name))
        return super().clean()

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


def _state_of(person: User) -> str:
    """A hash of all that the form shows of an account."""
    names = [person.username, person.first_name, person.last_name, person.email]
    return content_hash([*names, access_content(person).sha256])


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

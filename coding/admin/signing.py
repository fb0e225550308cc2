"""Signing in the administration: the access of an account, and who signed what a page shows."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.template.loader import render_to_string

from coding.forms.signing import REQUIRED, code_field, password_field
from coding.signing.asking import CODE, PASSWORD, Signing
from coding.signing.confirmation import Confirmation
from coding.signing.content import SignedContent
from coding.signing.shown import latest_signatures


def signatures_under(record: Model, content_of: Callable[..., SignedContent]) -> str:
    """Who signed a record, as its page shows it."""
    signatures = latest_signatures(record, content_of)
    if not signatures:
        return "none"
    return render_to_string("includes/_signatures.html", {"signatures": signatures})


def with_signature(fieldsets: Any, signing: Signing) -> Any:
    """The fieldsets of a form, and the fields that sign where they are asked for."""
    if not signing.fields:
        return fieldsets
    why = f"You sign a change of roles or access as {signing.person.name}. A change of the name alone needs none."
    return [*fieldsets, ("Signature", {"fields": signing.fields, "description": why})]


class SignedAccessForm(UserChangeForm):
    """An account; a change of what it may do is signed. Its admin gives the form its ``signing``."""

    ACCESS = ("is_active", "is_staff", "groups")
    signing: Signing
    confirmation: Confirmation | None = None
    signing_password = password_field(required=False)
    signing_code = code_field(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {PASSWORD, CODE} - set(self.signing.fields):
            self.fields.pop(name, None)

    @cached_property
    def changes_access(self) -> bool:
        """Whether what was sent changes what the account may do."""
        return any(name in self.ACCESS for name in self.changed_data)

    def clean(self) -> dict[str, Any]:
        """Confirm last: a code counts once."""
        data = super().clean() or {}
        if self.changes_access and not self.errors:
            self._confirm(data)
        return data

    def _confirm(self, data: dict[str, Any]) -> None:
        for name in self.signing.fields:
            if not data.get(name):
                self.add_error(name, REQUIRED[name])
        if self.errors:
            return
        try:
            self.confirmation = self.signing.confirm(data.get(PASSWORD, ""), data.get(CODE, ""))
        except ValidationError as refusal:
            self.add_error(None, refusal)

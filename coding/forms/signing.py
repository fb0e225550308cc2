"""Forms whose action is signed."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from coding.models import ReceivedForm
from coding.signing.asking import CODE, PASSWORD, Signing
from coding.signing.confirmation import Confirmation

REQUIRED = {
    PASSWORD: "Write your password: it signs this.",
    CODE: "Write the code of your second factor.",
}


def password_field(**options: Any) -> forms.CharField:
    """The password, which no page ever sends back."""
    return forms.CharField(
        label="Your password",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": REQUIRED[PASSWORD]},
        **options,
    )


def code_field(**options: Any) -> forms.CharField:
    """The code of a second factor."""
    return forms.CharField(
        label="Your code",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
        help_text="From your authenticator app, or a recovery code.",
        error_messages={"required": REQUIRED[CODE]},
        **options,
    )


class SignedForm(forms.Form):
    """A form that asks for the password, and the code of a second factor, where its action has to be confirmed.

    Ask ``confirm`` last: a code counts once, and is not used up by a form that is refused for something else.
    """

    signing_password = password_field()
    signing_code = code_field()

    confirmation: Confirmation | None = None

    def __init__(self, *args: Any, signing: Signing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signing = signing
        for name in {PASSWORD, CODE} - set(signing.fields):
            del self.fields[name]

    def is_signed(self) -> bool:
        """Whether what came is valid, and confirmed by the person; if not, the fields say why."""
        return self.is_valid() and self.confirm()

    def confirm(self) -> bool:
        """Whether the person confirmed; if not, the fields say why. A form that was taken already needs none."""
        if self._was_taken():
            return True
        data = self.cleaned_data
        try:
            self.confirmation = self.signing.confirm(data.get(PASSWORD, ""), data.get(CODE, ""))
        except ValidationError as refusal:
            self.add_error(None, refusal)
        return not self.errors

    def _was_taken(self) -> bool:
        key: uuid.UUID | None = self.cleaned_data.get("idempotency_key")
        if key is None:
            return False
        return ReceivedForm.objects.filter(key=key, sent_by=self.signing.person).exists()

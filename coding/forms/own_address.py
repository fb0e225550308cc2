"""The e-mail address of one's own account."""

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.http import HttpRequest

from coding.models import User


class OwnAddressForm(forms.Form):
    """Another address, which counts when the mail that is sent to it is answered.

    allauth's own form, asked for a second address, would forget the one that an administrator gave.
    """

    email = forms.EmailField(
        label="Another address", widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = user

    def clean_email(self) -> str:
        """One address leads to one account."""
        address = str(self.cleaned_data["email"]).lower()
        if address == self.person.email.lower():
            raise forms.ValidationError("This is your address already.")
        others = EmailAddress.objects.filter(email=address).exclude(user=self.person.pk)
        if others.exists() or User.objects.filter(email__iexact=address).exists():
            raise forms.ValidationError("Another account has this address. Choose another one.")
        return address

    def save(self, request: HttpRequest) -> EmailAddress:
        """Send the mail; an address that was asked for before waits no longer."""
        own = EmailAddress.objects.filter(user=self.person)
        own.exclude(email__iexact=self.person.email).delete()
        asked = EmailAddress.objects.create(user=self.person, email=self.cleaned_data["email"])
        asked.send_confirmation(request)
        return asked

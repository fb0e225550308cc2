"""A form that acts once, however often it is sent, and then leads on."""

from collections.abc import Callable

from django.http import HttpResponseRedirect
from django.shortcuts import redirect

from coding.actions.once import once
from coding.forms.parts import IdempotentForm
from coding.models import User


def redirect_once(
    actor: User, form: IdempotentForm, act: Callable[[], str]
) -> HttpResponseRedirect:
    """Carry out what a valid form asks for; ``act`` returns the address to which it leads."""
    return redirect(once(actor, form.cleaned_data["idempotency_key"], act))

"""A form that acts once, however often it is sent, and then leads on; what was typed into it is forgotten."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect

from coding.actions import kept_texts
from coding.actions.once import once
from coding.forms.parts import IdempotentForm
from coding.models import User


def redirect_once(
    actor: User, form: IdempotentForm, act: Callable[[], str]
) -> HttpResponseRedirect:
    """Carry out what a valid form asks for; ``act`` returns the address to which it leads."""
    leads_on = once(actor, form.cleaned_data["idempotency_key"], act)
    kept_texts.forget_sent(form.data.get("author", ""))
    return redirect(leads_on)


def redirect_unless_refused(
    actor: User, form: IdempotentForm, act: Callable[[], str]
) -> HttpResponseRedirect | None:
    """As ``redirect_once``; None where the verb refuses what was typed: the form shows why, at its fields."""
    try:
        return redirect_once(actor, form, act)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None

"""A form that is sent twice acts once."""

from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction

from coding.actions.errors import Conflict
from coding.models import ReceivedForm, User


def once(actor: User, key: UUID, act: Callable[[], str]) -> str:
    """Run a verb once for a form's key; ``act`` returns the address it leads to.

    A second submission of the same form waits for the first and is led to the same address. If the verb
    refuses, the key is free again, so that the mended form can be sent.
    """
    try:
        with transaction.atomic():
            form = ReceivedForm.objects.create(key=key, sent_by=actor, leads_to="")
            form.leads_to = act()
            form.save(update_fields=["leads_to"])
            return form.leads_to
    except IntegrityError:
        first = ReceivedForm.objects.filter(key=key).first()
        if first is None:
            # It is not the key that was there before: something else broke a rule of the database.
            raise
        if first.sent_by_id != actor.pk:
            raise Conflict("This form was sent by somebody else. Open its page again.") from None
        return first.leads_to

"""The verb on the e-mail address of another person's account: to it go links for new passwords."""

from allauth.account.models import EmailAddress
from django.db import transaction

from coding import trail
from coding.actions.require import require
from coding.models import User


def set_by_other(actor: User, person: User, address: str) -> None:
    """Give an account an address, or none; the ones that its person confirmed count no more."""
    require(actor, "coding.change_user", "change the address of an account")
    with transaction.atomic():
        EmailAddress.objects.filter(user=person).delete()
        User.objects.filter(pk=person.pk).update(email=address)
        trail.record(actor, "user.email_changed", person)

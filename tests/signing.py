"""What tests of signed verbs share."""

from coding.models import Means, SignedRecord
from coding.signing.confirmation import Confirmation
from tests import factories

SIGNATURE = ("signature", "sha256")


def but_for_the_signature(said):
    """What an event says besides the signature that it names; it does name one."""
    assert set(SIGNATURE) <= said.keys()
    return {name: value for name, value in said.items() if name not in SIGNATURE}


def by_password(person):
    """A person who has just given their password."""
    return Confirmation(person.pk, Means.PASSWORD)


def signed(data, password=factories.PASSWORD, **more):
    """What a form sends, with the password that signs it."""
    return {**data, "signing_password": password, **more}


def signatures_under(record):
    """The signatures under a record, oldest first."""
    key = str(getattr(record, "public_id", record.pk))
    rows = SignedRecord.objects.filter(subject_type=record._meta.label_lower, subject_id=key)
    return [row.signature for row in rows.select_related("signature").order_by("pk")]

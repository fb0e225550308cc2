"""The part of every verb that is signed: it writes the signature, in the verb's own transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Model

from coding import trail
from coding.actions.errors import Conflict
from coding.decision import content_hash
from coding.models import Meaning, Signature, SignedRecord, User
from coding.signing.confirmation import Confirmation, by_sign_in
from coding.signing.content import SignedContent, subject_of


class NotSigned(Conflict):
    """The verb needs a signature, and the person did not confirm that it is they."""

    def __init__(self) -> None:
        super().__init__(
            "This is signed with your password. Open the page again, give it there, and send it once more."
        )


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that was written, with its records by subject."""

    signature: Signature | None = None
    records: dict[tuple[str, str], SignedRecord] = field(default_factory=dict)

    def in_trail(self, record: Model) -> dict[str, str]:
        """What the event of one of its records says of the signature."""
        if self.signature is None:
            return {}
        return {
            "signature": str(self.signature.public_id),
            "sha256": self.records[subject_of(record)].content_hash,
        }

    def rows(self, record: Model) -> list[Model]:
        """What the event of one of its records tells of the signature."""
        if self.signature is None:
            return []
        return [self.signature, self.records[subject_of(record)]]


def sign(
    actor: User,
    meaning: Meaning,
    contents: Sequence[SignedContent],
    confirmation: Confirmation | None,
) -> Signed:
    """Sign the records of one action. Part of a verb, which writes the event that names the signature.

    Raises NotSigned without a confirmation of the actor's own; a local copy may take their sign-in for one.
    """
    if not contents:
        return Signed()
    confirmation = confirmation or by_sign_in(actor)
    if confirmation is None or confirmation.person != actor.pk:
        raise NotSigned
    hashes = {content.subject: content.sha256 for content in contents}
    signature = Signature.objects.create(
        signer=actor,
        printed_name=actor.name,
        roles=roles_of(actor),
        meaning=meaning,
        means=confirmation.means,
        content_hash=bound_to(hashes),
    )
    records = {}
    for subject, sha256 in hashes.items():
        kind, key = subject
        records[subject] = SignedRecord(
            signature=signature, subject_type=kind, subject_id=key, content_hash=sha256
        )
    SignedRecord.objects.bulk_create(records.values())
    return Signed(signature, records)


def bound_to(hashes: dict[tuple[str, str], str]) -> str:
    """The hash that binds a signature to its records."""
    return content_hash(sorted([kind, key, sha256] for (kind, key), sha256 in hashes.items()))


def roles_of(person: User) -> str:
    """The person's roles in words."""
    roles = sorted(person.groups.values_list("name", flat=True))
    if person.is_superuser:
        roles.append("superuser")
    return ", ".join(roles)


def refuse(actor: User, meaning: Meaning, wrong: str) -> None:
    """Tell the trail that somebody tried to sign as this person; ``wrong`` says what was."""
    with transaction.atomic():
        trail.record(
            actor, "signature.refused", actor, after={"meaning": meaning.label, "wrong": wrong}
        )

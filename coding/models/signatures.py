"""Signatures: who put their name under what, when, and what they meant by it."""

import uuid

from django.conf import settings
from django.db import models

from coding.models.append_only import EVERY_COLUMN, AppendOnly


class Meaning(models.TextChoices):
    """What a person means by signing. The words are printed with the signature."""

    RULING = "ruling", "ruling"
    REOPENING = "reopening", "reopening of a ruling"
    OVERRIDE = "override", "authorship of an answer kept against the note"
    CHECK = "check", "override of a claim check"
    APPROVAL = "approval", "approval of the version for publication"
    RETIREMENT = "retirement", "retirement of the version"
    POLICY = "policy", "approval of the house policy"
    UPDATE = "update", "taking over of new tables"
    EXPORT = "export", "export of patients' data"
    ROLES = "roles", "change of an account's roles or access"


class Means(models.TextChoices):
    """How the person proved who they are when they signed."""

    PASSWORD = "password", "password"
    PASSWORD_AND_CODE = "password_and_code", "password and code"
    PASSWORD_AND_KEY = "password_and_key", "password and security key"
    SIGN_IN = "sign_in", "sign-in of a local copy"
    CONSOLE = "console", "the operator at the console"


class Signature(AppendOnly):
    """A person's signature under one action, in the manner of 21 CFR 11.50: printed name, time and meaning.

    Name and roles are as they were. ``content_hash`` binds it to its records, all of them and no others: the SHA-256
    of the canonical JSON of their [type, id, hash], in order.
    """

    TOLD = EVERY_COLUMN

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    printed_name = models.CharField(max_length=300)
    roles = models.CharField(
        max_length=300, blank=True, help_text="The signer's roles at the time."
    )
    meaning = models.CharField(max_length=20, choices=Meaning)
    means = models.CharField(max_length=20, choices=Means)
    signed_at = models.DateTimeField(auto_now_add=True)
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(printed_name=""), name="signature_has_a_printed_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printed_name}: {self.get_meaning_display()}"


class SignedRecord(AppendOnly):
    """One record under a signature. Subjects are named as the audit trail names them.

    ``content_hash`` is the SHA-256 of exactly what was signed (``coding.signing``): whoever knows the record as it is
    now can tell whether the signature is for an earlier version.
    """

    TOLD = EVERY_COLUMN

    signature = models.ForeignKey(
        Signature, on_delete=models.PROTECT, related_name="records", db_index=False
    )
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["signature", "subject_type", "subject_id"],
                name="a_record_is_signed_once_by_a_signature",
            ),
        ]
        indexes = [
            models.Index(
                fields=["subject_type", "subject_id", "id"], name="signed_record_by_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"

"""Signatures, and the records under them."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two tables that are written once."""

    dependencies = [
        ("coding", "0026_scheduled_runs_and_signs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("printed_name", models.CharField(max_length=300)),
                ("roles", models.CharField(blank=True, help_text="The signer's roles at the time.", max_length=300)),
                (
                    "meaning",
                    models.CharField(
                        choices=[
                            ("ruling", "ruling"),
                            ("reopening", "reopening of a ruling"),
                            ("override", "authorship of an answer kept against the note"),
                            ("approval", "approval of the version for publication"),
                            ("retirement", "retirement of the version"),
                            ("export", "export of patients' data"),
                            ("roles", "change of an account's roles or access"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("password", "password"),
                            ("password_and_code", "password and code"),
                            ("password_and_key", "password and security key"),
                            ("sign_in", "sign-in of a local copy"),
                            ("console", "the operator at the console"),
                        ],
                        max_length=20,
                    ),
                ),
                ("signed_at", models.DateTimeField(auto_now_add=True)),
                ("content_hash", models.CharField(max_length=64)),
                (
                    "signer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SignedRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_type", models.CharField(max_length=60)),
                ("subject_id", models.CharField(max_length=60)),
                ("content_hash", models.CharField(max_length=64)),
                (
                    "signature",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="coding.signature",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(("printed_name", ""), _negated=True), name="signature_has_a_printed_name"
            ),
        ),
        migrations.AddIndex(
            model_name="signedrecord",
            index=models.Index(fields=["subject_type", "subject_id", "id"], name="signed_record_by_subject"),
        ),
        migrations.AddConstraint(
            model_name="signedrecord",
            constraint=models.UniqueConstraint(
                fields=("signature", "subject_type", "subject_id"), name="a_record_is_signed_once_by_a_signature"
            ),
        ),
    ]

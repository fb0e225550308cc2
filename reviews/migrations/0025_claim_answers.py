"""What coders answer to the checks of a claim."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0043_signed_checks"),
        ("reviews", "0024_further_lines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="caseroute",
            name="reason",
            field=models.CharField(
                choices=[
                    ("other_code", "The coder chose another code or modifiers than the rules"),
                    ("coder_asks_provider", "The coder wants to ask the provider"),
                    ("coder_asks_supervisor", "The coder asks for a supervisor"),
                    ("rules_ask_provider", "The rules ask for a provider query"),
                    ("rules_ask_supervisor", "No rule gives a code: the wording or the policy leaves a gap"),
                    ("no_family_code", "The rules find no code of the family"),
                    ("rule_change", "A rule version contradicts the final code"),
                    ("corrected", "The source corrected the encounter after it was coded"),
                    ("against_note", "An answer against the note"),
                    ("line_changed", "The coder changed or removed a line that no rule set codes"),
                    ("nothing_reported", "The coder reports nothing where the rules give a code"),
                    ("unlisted_code", "No code list is loaded for the date: the code could not be checked"),
                    ("check_overridden", "The coder overrides a claim check"),
                    ("rebutted", "The coder objects to the ruling"),
                    ("reopened", "A supervisor reopened the ruling"),
                ],
                max_length=30,
            ),
        ),
        migrations.CreateModel(
            name="FindingOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("check_id", models.CharField(max_length=20, verbose_name="check")),
                ("message", models.TextField(help_text="The words in which the coder read it.")),
                ("rests_on", models.CharField(blank=True, help_text="Table, release and row.", max_length=300)),
                ("lines", models.JSONField()),
                ("answered_at", models.DateTimeField(auto_now_add=True)),
                ("severity", models.CharField(max_length=10)),
                ("reason", models.TextField()),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="reviews.reviewcase"
                    ),
                ),
                (
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="coding.encounter"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NamedService",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "override",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="named", to="reviews.findingoverride"
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="coding.service"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProposalAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("check_id", models.CharField(max_length=20, verbose_name="check")),
                ("message", models.TextField(help_text="The words in which the coder read it.")),
                ("rests_on", models.CharField(blank=True, help_text="Table, release and row.", max_length=300)),
                ("lines", models.JSONField()),
                ("answered_at", models.DateTimeField(auto_now_add=True)),
                (
                    "modifier",
                    models.CharField(blank=True, help_text="Empty: the lines are put in order.", max_length=2),
                ),
                ("taken", models.BooleanField()),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="coding.encounter"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="findingoverride",
            constraint=models.UniqueConstraint(fields=("encounter", "key"), name="one_override_for_a_finding"),
        ),
        migrations.AddConstraint(
            model_name="findingoverride",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="override_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="namedservice",
            constraint=models.UniqueConstraint(fields=("override", "service"), name="a_service_is_named_once"),
        ),
    ]

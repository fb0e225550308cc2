"""One more reason of a case: a line is kept that its coder took out of its rule set."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The choices alone."""

    dependencies = [
        ("reviews", "0040_facts_changed"),
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
                    (
                        "rules_ask_supervisor",
                        "No rule gives a code: the wording or the policy leaves a gap",
                    ),
                    ("no_family_code", "The rules find no code of the family"),
                    ("rule_change", "A rule version contradicts the final code"),
                    ("corrected", "The source corrected the encounter after it was coded"),
                    (
                        "facts_changed",
                        "History or registers give something else than when it was coded",
                    ),
                    ("against_note", "An answer against the note"),
                    ("line_changed", "The coder changed or removed a line that no rule set codes"),
                    ("moved_out", "The coder keeps a line that they took out of its rule set"),
                    ("nothing_reported", "The coder reports nothing where the rules give a code"),
                    (
                        "unlisted_code",
                        "No code list is loaded for the date: the code could not be checked",
                    ),
                    ("check_overridden", "The coder overrides a claim check"),
                    ("sampled", "Sampled, although coder and rules agree"),
                    ("new_version", "Among the first that a new version decided"),
                    ("second_coder", "A second coder, blind, found something else"),
                    ("rebutted", "The coder objects to the ruling"),
                    ("reopened", "A supervisor reopened the ruling"),
                ],
                max_length=30,
            ),
        ),
    ]

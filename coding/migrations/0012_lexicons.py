"""Versions have a lexicon; answers keep the passages that they rest on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0011_rows_without_cells"),
    ]

    operations = [
        migrations.CreateModel(
            name="LexiconDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.CharField(max_length=64, unique=True)),
                ("document", models.JSONField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="answer",
            name="passages",
            field=models.JSONField(
                default=list,
                help_text="What the note says for it: start, end and text of each passage, and who marked it.",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="reason",
            field=models.TextField(
                blank=True, help_text="Why it was kept although passages of the note speak against it."
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="revision",
            field=models.PositiveSmallIntegerField(default=1, help_text="The revision of the encounter that was read."),
        ),
        migrations.AddField(
            model_name="rulesetversion",
            name="lexicon_frame",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Groups of phrases, sites, findings, consequences, and values that prevail; see the guide.",
                verbose_name="lexicon without its terms",
            ),
        ),
        migrations.AlterField(
            model_name="answer",
            name="source",
            field=models.CharField(
                choices=[
                    ("coder", "Coder"),
                    ("evidence", "Read in the note, confirmed by the coder"),
                    ("upload", "Upload"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="lexicon",
            field=models.ForeignKey(
                help_text="What read the note.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="coding.lexicondocument",
            ),
        ),
        migrations.AddField(
            model_name="rulesetversion",
            name="lexicon",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="coding.lexicondocument",
            ),
        ),
        migrations.CreateModel(
            name="LexiconTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "phrase",
                    models.CharField(
                        help_text=(
                            "Words; (a|b) one of several, [a] or not, {group}, word* any ending, <3> up to three words"
                            " between."
                        ),
                        max_length=300,
                    ),
                ),
                ("fact", models.CharField(help_text="The key of a question, such as anesthesia.", max_length=60)),
                (
                    "value",
                    models.CharField(
                        blank=True,
                        help_text="The answer if the phrase is affirmed; empty keeps shorter phrases out.",
                        max_length=60,
                    ),
                ),
                (
                    "negated",
                    models.CharField(
                        blank=True, help_text="The answer if it is denied, if any follows.", max_length=60
                    ),
                ),
                ("section", models.CharField(blank=True, help_text="Only in sections of this name.", max_length=60)),
                (
                    "strength",
                    models.CharField(
                        choices=[
                            ("clue", "clue: proves nothing alone"),
                            ("hint", "hint: counts where nothing stronger is said"),
                            ("usual", "usual"),
                            ("explicit", "explicit: counts before what is usual"),
                        ],
                        default="usual",
                        max_length=10,
                    ),
                ),
                (
                    "lasting",
                    models.BooleanField(
                        default=False, help_text="It holds today also if the note tells it as history."
                    ),
                ),
                (
                    "needs",
                    models.CharField(
                        blank=True, help_text="fact=value|value that must be said elsewhere.", max_length=200
                    ),
                ),
                (
                    "unless",
                    models.CharField(
                        blank=True, help_text="fact=value|value that must not be said elsewhere.", max_length=200
                    ),
                ),
                (
                    "against",
                    models.CharField(
                        blank=True,
                        help_text="value|value that the phrase makes doubtful; silence: there is more to know.",
                        max_length=200,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="coding.rulesetversion",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
                "indexes": [models.Index(fields=["version", "fact", "phrase"], name="lexicon_term_by_fact")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "phrase", "fact", "section"), name="one_lexicon_term_per_phrase"
                    )
                ],
            },
        ),
    ]

"""Drafts hold what a rule table says beyond questions and rules: decimals, sources, derived tables, lines, groups."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0036_layers"),
    ]

    operations = [
        migrations.AddField(
            model_name="fact",
            name="decimals",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="Minimum and maximum are whole numbers of the last place: 26 for 2.6."
            ),
        ),
        migrations.AddField(
            model_name="fact",
            name="derived",
            field=models.TextField(
                blank=True,
                help_text="Its own table, if it is derived: “= value” begins a line, conditions on facts before it follow.",
            ),
        ),
        migrations.AddField(
            model_name="fact",
            name="source",
            field=models.CharField(
                choices=[("coder", "coder"), ("record", "record"), ("setup", "setup"), ("history", "history")],
                default="coder",
                help_text="Whoever gives the answer; only a coder is asked.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="rule",
            name="guards",
            field=models.CharField(
                blank=True, help_text="Facts whose cells are meant though they test nothing, by keys.", max_length=600
            ),
        ),
        migrations.AddField(
            model_name="rule",
            name="see",
            field=models.CharField(
                blank=True,
                help_text="Rule sets with which the form goes on, their keys separated by spaces.",
                max_length=300,
            ),
        ),
        migrations.AddField(
            model_name="rulesetversion",
            name="further",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="As in the document: an object of lines, groups and claim.",
                verbose_name="lines, groups and facts of claim checks",
            ),
        ),
        migrations.AlterField(
            model_name="fact",
            name="question",
            field=models.CharField(blank=True, help_text="Whoever is not asked needs none.", max_length=300),
        ),
    ]

"""Decisions, rulings and final codes hold further lines, and every report in short has room for them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("reviews", "0023_named_reversals_and_cures"),
    ]

    operations = [
        migrations.AddField(
            model_name="codingdecision",
            name="further_lines",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="finalcode",
            name="further_lines",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="ruling",
            name="further_lines",
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name="casecluster",
            name="final",
            field=models.CharField(max_length=200),
        ),
        migrations.AlterField(
            model_name="casecluster",
            name="new",
            field=models.CharField(max_length=200),
        ),
        migrations.AlterField(
            model_name="casecluster",
            name="old",
            field=models.CharField(max_length=200),
        ),
        migrations.AlterField(
            model_name="codingdecision",
            name="agrees",
            field=models.BooleanField(help_text="Same outcome, code, modifiers and further lines.", null=True),
        ),
        migrations.AlterField(
            model_name="codingdecision",
            name="reported",
            field=models.CharField(editable=False, max_length=200),
        ),
        migrations.AlterField(
            model_name="finalcode",
            name="reported",
            field=models.CharField(editable=False, max_length=200),
        ),
        migrations.AlterField(
            model_name="ruling",
            name="reported",
            field=models.CharField(editable=False, max_length=200),
        ),
        migrations.AlterField(
            model_name="runcell",
            name="new",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="runcell",
            name="old",
            field=models.CharField(max_length=200),
        ),
        migrations.AlterField(
            model_name="runchange",
            name="new_report",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="shadowresult",
            name="reported",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]

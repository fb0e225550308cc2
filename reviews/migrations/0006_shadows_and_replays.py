"""Shadow versions, nightly proofs by replay, and the permission to export what a run changes."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coding', '0008_jobs_of_the_scheduler'),
        ('reviews', '0005_plan_of_every_run'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='reevaluationrun',
            options={'ordering': ['-id'], 'permissions': [('apply_reevaluationrun', 'Can open review cases for what a run contradicts'), ('export_reevaluationrun', 'Can see and export the encounters that a run changes')]},
        ),
        migrations.CreateModel(
            name='ReplayProof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('suggestions', models.PositiveIntegerField()),
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='proof', to='coding.job')),
            ],
            options={
                'ordering': ['-day'],
            },
        ),
        migrations.CreateModel(
            name='ShadowWatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coding.ruledocument')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shadow_watches', to='coding.rulesetversion')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ShadowResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reported', models.CharField(blank=True, max_length=60)),
                ('rule_id', models.CharField(blank=True, max_length=20)),
                ('problem', models.CharField(blank=True, max_length=300)),
                ('differs', models.BooleanField(help_text='From the suggestion that the coder saw.')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shadow_results', to='reviews.codingdecision')),
                ('watch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='reviews.shadowwatch')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ReplayDifference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('problem', models.CharField(max_length=300)),
                ('suggestion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coding.suggestion')),
                ('proof', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='reviews.replayproof')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('proof', 'suggestion'), name='one_difference_per_suggestion')],
            },
        ),
        migrations.AddConstraint(
            model_name='shadowwatch',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('version',), name='one_open_watch_per_version'),
        ),
        migrations.AddIndex(
            model_name='shadowresult',
            index=models.Index(fields=['watch', 'differs', 'id'], name='shadow_by_difference'),
        ),
        migrations.AddConstraint(
            model_name='shadowresult',
            constraint=models.UniqueConstraint(fields=('watch', 'decision'), name='one_shadow_result_per_decision'),
        ),
    ]

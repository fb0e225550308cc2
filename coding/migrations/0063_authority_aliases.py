"""Names of authorities of which an administrator says that they are of one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the table."""

    dependencies = [
        ('coding', '0062_services_and_arrivals'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuthorityAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='As files of one system name the authority: a short name, an OID or an address.', max_length=255)),
                ('key', models.CharField(editable=False, max_length=255)),
                ('counts_as', models.CharField(help_text='The name of the same authority that counts: its OID, or its address, if it has one.', max_length=255)),
                ('reason', models.CharField(help_text='How you know that both are one authority.', max_length=500)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'authority aliases',
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('key',), name='one_alias_of_a_name')],
            },
        ),
    ]

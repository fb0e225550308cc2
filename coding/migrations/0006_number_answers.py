"""Number the answers of the profiles that are there, and guard the tables that changed."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from coding import triggers
from coding.decision import content_hash
from coding.profiles import pack

PROFILES, ANSWERS = "coding_factprofile", "coding_distinctanswer"


def number(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give each distinct answer its number, and each profile the numbers of its answers."""
    connection = schema_editor.connection
    triggers.lift(connection, PROFILES)
    profiles, answers = apps.get_model("coding", "FactProfile"), apps.get_model("coding", "DistinctAnswer")
    known: dict[tuple[int, str], int] = {}
    for profile in profiles.objects.order_by("pk").iterator():
        numbers = []
        for fact, value in profile.facts.items():
            key = profile.rule_set_id, content_hash([fact, value])
            if key not in known:
                row = answers.objects.create(rule_set_id=key[0], fact=fact, value=value, content_hash=key[1])
                known[key] = row.pk
            numbers.append(known[key])
        profiles.objects.filter(pk=profile.pk).update(answers=pack(sorted(numbers)))
    triggers.install(connection, [PROFILES, ANSWERS])


class Migration(migrations.Migration):
    """See ``coding.profiles``."""

    dependencies = [("coding", "0005_profiles_and_jobs")]
    operations = [migrations.RunPython(number, migrations.RunPython.noop)]

"""Number the answers of the profiles that are there."""

import hashlib
import json
import struct
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def content_hash(data: Any) -> str:
    """The hash of canonical JSON, as it was when this was written."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def pack(numbers: list[int]) -> bytes:
    """Numbers in four bytes each."""
    return struct.pack(f"<{len(numbers)}I", *numbers)


def number(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give each distinct answer its number, and each profile the numbers of its answers."""
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


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [("coding", "0005_profiles_and_jobs")]
    operations = [migrations.RunPython(number, migrations.RunPython.noop)]

"""What is coded stands on services: the encounter's own columns go, last."""

from django.db import migrations


class NoWayBack(migrations.RunPython):
    """Backwards, a decision would come to stand at another patient's encounter once the ids have gone their ways."""

    reversible = False

    def __init__(self) -> None:
        super().__init__(migrations.RunPython.noop)

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """It has no arguments."""
        return self.__class__.__qualname__, [], {}


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0014_services"),
        ("reviews", "0013_what_a_final_code_is"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="encounter",
            name="assigned_to",
        ),
        migrations.RemoveField(
            model_name="encounter",
            name="profile",
        ),
        migrations.RemoveField(
            model_name="encounter",
            name="rule_set",
        ),
        migrations.RemoveField(
            model_name="encounter",
            name="suggestion",
        ),
        NoWayBack(),
    ]

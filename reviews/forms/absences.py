"""Who is away, from when until when, and who stands in."""

from typing import Any

from django import forms

from coding.forms.parts import IdempotentForm, date_field
from coding.models import User
from reviews.actions.claims import supervisors


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A person by name."""

    def label_from_instance(self, obj: Any) -> str:
        """The name."""
        return str(obj.name)


class AbsenceForm(IdempotentForm):
    """An absence of a supervisor."""

    person = PersonChoice(User.objects.none(), label="Who is away", empty_label=None)
    first_day = date_field(label="From")
    last_day = date_field(label="Until, that day included")
    substitute = PersonChoice(
        User.objects.none(),
        required=False,
        label="Who stands in",
        empty_label="Nobody: the cases wait in the queue",
        help_text="For cases that a routing rule gives to the absent person by name.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("person", "substitute"):
            field: Any = self.fields[name]
            field.queryset = supervisors()

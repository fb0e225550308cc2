"""Who is asked to code a service once more."""

from typing import Any

from django.db.models import QuerySet

from coding.forms.parts import IdempotentForm
from coding.models import User
from reviews.forms.absences import PersonChoice


class AskSecondForm(IdempotentForm):
    """A coder who has not decided the service."""

    coder = PersonChoice(User.objects.none(), label="Who codes it blind", empty_label=None)

    def __init__(self, *args: Any, coders: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coder: Any = self.fields["coder"]
        coder.queryset = coders

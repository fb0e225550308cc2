"""A comment on a case."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet

from coding.forms.parts import IdempotentForm
from coding.models import User
from reviews.forms.absences import PersonChoice


class CommentForm(IdempotentForm):
    """What is to be said, and who has to act on it."""

    text = forms.CharField(
        max_length=4000, label="Comment", widget=forms.Textarea(attrs={"rows": 2})
    )
    acts = PersonChoice(
        User.objects.none(), required=False, label="Who has to act", empty_label="Nobody"
    )

    def __init__(
        self, *args: Any, people: QuerySet[User], name_of: Callable[[User], str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        # The page has another form, with fields of its own.
        self.auto_id = "comment-%s"
        acts: Any = self.fields["acts"]
        acts.queryset = people
        acts.label_from_instance = name_of

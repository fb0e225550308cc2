"""Forms of one's own cases."""

from typing import Any
from uuid import UUID

from django import forms

from reviews.lists.own_cases import SHOWN


class IdsField(forms.Field):
    """Random ids of rows; whatever is none is left out."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[UUID]:
        """As ids, no more than a page shows."""
        ids = []
        for text in (value or [])[:SHOWN]:
            try:
                ids.append(UUID(text))
            except ValueError:
                continue
        return ids


class ReadForm(forms.Form):
    """The cases whose rulings were read."""

    case = IdsField(required=False)

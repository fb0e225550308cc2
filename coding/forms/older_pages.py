"""Forms of rows that several people may have open: an older page takes nothing back that somebody else changed."""

from typing import Any

from django import forms
from django.db.models import Model
from django.forms.models import model_to_dict

from coding.actions.locks import locked
from coding.actions.registers import CHANGED
from coding.decision import content_hash


class RefusesOlderPages(forms.ModelForm):  # type: ignore[type-arg]  # of any model
    """Remembers what the page showed of the row. Sent without that, as no page of ours is, nothing is compared."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self._shown_of(self.instance)

    def clean(self) -> dict[str, Any]:
        """Compare under the row's lock, which is held until all is saved; before anything is signed."""
        seen = self.cleaned_data.get("seen")
        if seen and self.instance.pk:
            [now] = locked(type(self.instance)._default_manager.filter(pk=self.instance.pk))
            if self._shown_of(now) != seen:
                self.add_error(None, CHANGED.format(now))
        return super().clean() or {}

    def _shown_of(self, row: Model) -> str:
        """A hash of what the form's fields show of a row."""
        shown = {}
        for name, value in model_to_dict(row, fields=list(self.fields)).items():
            if isinstance(value, list):
                # Rows that it is related to, in whatever order.
                value = sorted(other.pk for other in value)
            shown[name] = str(value)
        return content_hash(shown)

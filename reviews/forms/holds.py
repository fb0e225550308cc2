"""Reasons that a person chooses from a pick list, or writes."""

from typing import Any

from django import forms

from coding.forms.parts import IdempotentForm
from reviews.actions.holds import in_words
from reviews.models import FavouriteReason, ReasonUse


class FavouriteReasonForm(IdempotentForm):
    """A favourite reason, own words, or both."""

    favourite = forms.ModelChoiceField(
        FavouriteReason.objects.none(),
        required=False,
        label="Reason",
        empty_label="In my own words, below",
    )
    reason = forms.CharField(
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), label="Why"
    )

    def __init__(self, *args: Any, use: ReasonUse, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        favourite: Any = self.fields["favourite"]
        favourite.queryset = FavouriteReason.objects.offered(use)

    def clean(self) -> dict[str, Any]:
        """One of them says why."""
        data = super().clean() or {}
        if not self.errors and not self.words:
            self.add_error("reason", "Choose a reason, or write why.")
        return data

    @property
    def words(self) -> str:
        """Both together, as they are kept."""
        return in_words(self.cleaned_data.get("favourite"), self.cleaned_data.get("reason", ""))

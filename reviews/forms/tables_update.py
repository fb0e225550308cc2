"""The form under what new tables change."""

from typing import Any

from django import forms

from coding.forms.parts import IdempotentForm
from coding.forms.signing import SignedForm
from coding.rules.tables_update import TablesUpdate


class SignOffForm(SignedForm, IdempotentForm):
    """Which rule sets stand as they are; a rule set whose next version takes care of it is not asked about."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    standing = forms.MultipleChoiceField(
        required=False,
        label="Their version in force stands as it is",
        widget=forms.CheckboxSelectMultiple,
    )

    field_order = ("idempotency_key", "seen", "standing")

    def __init__(self, *args: Any, update: TablesUpdate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [family for family in update.families if family.next_version is None]
        self.initial["seen"] = update.content_hash
        self.initial["standing"] = [family.key for family in asked if family.stands]
        standing: Any = self.fields["standing"]
        standing.choices = [(family.key, family.published.table.name) for family in asked]
        if not asked:
            del self.fields["standing"]

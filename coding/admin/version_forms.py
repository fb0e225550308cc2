"""The form of a version of rules."""

import json
from datetime import date
from typing import Any

from django import forms
from django.db.models.functions import Coalesce
from django.forms.fields import InvalidJSONInput

from coding.admin.merging import MergedForm
from coding.decision.opening import MEMBERS
from coding.forms.parts import can_be_a_start
from coding.models import Payer, PayerKind, RuleSetVersion
from coding.models.layers import ANY, KIND, PAYER
from coding.reference.places_of_service import PLACES_OF_SERVICE
from coding.registers.recognise import name_key
from coding.rules.rulebook import FURTHER

PLACES = [
    (ANY, "any place of service"),
    *((place, f"{place} {words}") for place, words in PLACES_OF_SERVICE.items()),
]


class IndentedField(forms.JSONField):
    """Data with a line for each member: to be read, and mended, by a person."""

    def prepare_value(self, value: Any) -> Any:
        """As the field shows it; what was sent and cannot be read stays as it is."""
        return (
            value
            if isinstance(value, InvalidJSONInput)
            else json.dumps(value, indent=2, ensure_ascii=False)
        )


class VersionForm(MergedForm):
    """What a draft says beside its rows."""

    payer_kind = forms.ChoiceField(
        choices=[("", "any payer"), *PayerKind.choices],
        required=False,
        label="Only for payers of this kind",
    )
    payer_name = forms.CharField(
        max_length=360,
        required=False,
        label="Only for this payer",
        help_text="As encounters name it. Rules for a payer come before those for its kind, those before the general.",
    )

    place = forms.ChoiceField(choices=PLACES, required=False, label="Only at this place of service")

    class Meta:
        model = RuleSetVersion
        fields = [
            "effective_from",
            "change_note",
            "description",
            "notes",
            "family",
            "hit_policy",
            "further",
            "opening",
            "lexicon_frame",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["place"] = self.instance.for_place
        payer = self.instance.for_payer
        self.initial["payer_kind"] = payer.removeprefix(KIND) if payer.startswith(KIND) else ""
        self.initial["payer_name"] = payer.removeprefix(PAYER) if payer.startswith(PAYER) else ""

    def clean_effective_from(self) -> date | None:
        """A day from which rules can be in force."""
        day: date | None = self.cleaned_data["effective_from"]
        if day:
            can_be_a_start(day)
        return day

    def clean_further(self) -> dict[str, Any]:
        """Empty means none."""
        further = self.cleaned_data["further"] or {}
        if not isinstance(further, dict) or not further.keys() <= set(FURTHER):
            raise forms.ValidationError(
                f"Write an object of {', '.join(FURTHER)}, or leave it empty."
            )
        return further

    def clean_opening(self) -> dict[str, Any]:
        """Empty means none; what no document has is refused here, and what no fact has when the rules are read."""
        opening = self.cleaned_data["opening"] or {}
        known = isinstance(opening, dict) and set(opening) <= set(MEMBERS)
        if not known:
            raise forms.ValidationError(
                f"Write an object with {', '.join(MEMBERS)} in it, or leave it empty."
            )
        return opening

    def clean_lexicon_frame(self) -> dict[str, Any]:
        """Empty means none."""
        frame = self.cleaned_data["lexicon_frame"] or {}
        if not isinstance(frame, dict):
            raise forms.ValidationError(
                'Write an object such as {"groups": {}}, or leave it empty.'
            )
        return frame

    def clean(self) -> dict[str, Any]:
        """With the payers for whom the rules are, as a layer names them."""
        data = super().clean()
        self.instance.for_payer = self._payer(
            data.get("payer_kind", ""), data.get("payer_name", "")
        )
        self.instance.for_place = data.get("place") or ANY
        return data

    def _payer(self, kind: str, name: str) -> str:
        """The payers for whom the rules are, as a layer names them."""
        if kind and name:
            self.add_error("payer_name", "Choose a kind, or name a payer. Not both.")
        if not name:
            return KIND + kind if kind else ANY
        counting = Payer.objects.annotate(counting=Coalesce("survivor__key", "key"))
        key = counting.filter(key=name_key(name)).values_list("counting", flat=True).first()
        if key is None:
            self.add_error(
                "payer_name", f"The register knows no payer “{name}”. Write it as encounters do."
            )
            return ANY
        return PAYER + key

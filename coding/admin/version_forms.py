"""Forms of a version of rules and of the rows of its table."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Max
from django.db.models.functions import Coalesce

from coding.actions import rule_sets as actions
from coding.admin.merging import changed_since
from coding.decision.opening import MEMBERS
from coding.forms.parts import can_be_a_start
from coding.models import Payer, PayerKind, RuleSetVersion
from coding.models.layers import ANY, KIND, PAYER
from coding.reference.places_of_service import PLACES_OF_SERVICE
from coding.registers.recognise import name_key
from coding.rules.rulebook import FURTHER

MOST_TOLD = 20
PLACES = [(ANY, "any place of service"), *((place, f"{place} {words}") for place, words in PLACES_OF_SERVICE.items())]


class Lines(forms.CharField):
    """A text of several lines, which end as they are stored. A browser ends them with CR LF, whatever it was given."""

    def to_python(self, value: Any) -> Any:
        """The text as it is stored."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if text else text


class VersionForm(forms.ModelForm):
    """Remembers which edition of the draft was on the page."""

    seen_edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
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
        self.initial["seen_edition"] = self.instance.edition
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
            raise forms.ValidationError(f"Write an object of {', '.join(FURTHER)}, or leave it empty.")
        return further

    def clean_opening(self) -> dict[str, Any]:
        """Empty means none; what no document has is refused here, and what no fact has when the rules are read."""
        opening = self.cleaned_data["opening"] or {}
        known = isinstance(opening, dict) and set(opening) <= set(MEMBERS)
        if not known:
            raise forms.ValidationError(f"Write an object with {', '.join(MEMBERS)} in it, or leave it empty.")
        return opening

    def clean_lexicon_frame(self) -> dict[str, Any]:
        """Empty means none."""
        frame = self.cleaned_data["lexicon_frame"] or {}
        if not isinstance(frame, dict):
            raise forms.ValidationError('Write an object such as {"groups": {}}, or leave it empty.')
        return frame

    def clean(self) -> dict[str, Any]:
        """An edit of an older edition would overwrite somebody's work unseen.

        The version stays locked until the page's transaction ends: of two saves at the same instant the second one
        sees the first one's edition, and nobody submits the draft in between.
        """
        data = super().clean() or {}
        self.instance.for_payer = self._payer(data.get("payer_kind", ""), data.get("payer_name", ""))
        self.instance.for_place = data.get("place") or ANY
        if self.instance.pk:
            now = actions.lock(self.instance)
            if not now.is_draft:
                raise forms.ValidationError(
                    f"{now} is {now.get_state_display().lower()} by now and not edited any more. Copy it as a draft."
                )
            if data.get("seen_edition") != now.edition:
                raise forms.ValidationError(self._changed_meanwhile(now, data.get("seen_edition") or 0))
        return data

    def _changed_meanwhile(self, now: RuleSetVersion, seen: int) -> list[str]:
        """What others changed since the page was opened. Sent once more, the page is made on what stands by then."""
        self.data = {name: self.data[name] for name in self.data} | {"seen_edition": str(now.edition)}
        who = f"{now.last_editor.name} saved this draft meanwhile, and nothing of yours is saved yet."
        lines = [f"{who} What is edited there alone is taken over below; save again to put yours in place of the rest."]
        for revision in changed_since(now, seen)[:MOST_TOLD]:
            edits = "; ".join(f"{edit.place}: {edit.after or 'nothing'}" for edit in revision.edits)
            lines.append(f"There, {revision.subject} is {revision.what.value}. {edits}".strip())
        return lines

    def _payer(self, kind: str, name: str) -> str:
        """The payers for whom the rules are, as a layer names them."""
        if kind and name:
            self.add_error("payer_name", "Choose a kind, or name a payer. Not both.")
        if not name:
            return KIND + kind if kind else ANY
        counting = Payer.objects.annotate(counting=Coalesce("survivor__key", "key"))
        key = counting.filter(key=name_key(name)).values_list("counting", flat=True).first()
        if key is None:
            self.add_error("payer_name", f"The register knows no payer “{name}”. Write it as encounters do.")
            return ANY
        return PAYER + key


class PartForm(forms.ModelForm):
    """A row of a version's table. A new one without a position goes behind the others."""

    position = forms.IntegerField(required=False, min_value=0, max_value=32767)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial["position"] = None

    def clean_position(self) -> int:
        """The place of a row; behind the last one where none is given."""
        position: int | None = self.cleaned_data["position"]
        if position is not None:
            return position
        rows = type(self.instance)._default_manager.filter(version=self.instance.version_id)
        return (rows.aggregate(last=Max("position"))["last"] or 0) + 1

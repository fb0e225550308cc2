"""What administrators say of rows of the registers: completing, merging, taking apart."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet

from coding.actions.registers import CHANGED, Affiliation, Terms
from coding.forms.parts import can_be_a_start, date_field, not_to_come, not_too_early
from coding.models import Patient, Payer, PayerKind, Provider, RegisterRow

OPTION = re.compile(r"\s*([a-z][a-z0-9_]*)\s*:\s*(\S.*?)\s*")
LONGEST_REASON = 1000


def option_lines(options: Mapping[str, str]) -> str:
    """A payer's options as they are written: one a line, by name. PostgreSQL keeps them in an order of its own."""
    lines = [f"{name}: {value}" for name, value in sorted(options.items())]
    return "\n".join(lines)


class RowForm(forms.ModelForm):
    """Remembers which edition of the row was on the page: what somebody else saved since is not overwritten."""

    seen_edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen_edition"] = self.instance.edition

    def clean(self) -> dict[str, Any]:
        """Tell of another's save while what was typed is still there."""
        data = super().clean() or {}
        now = type(self.instance).objects.only("edition").get(pk=self.instance.pk)
        if data.get("seen_edition") != now.edition:
            raise forms.ValidationError(CHANGED.format(self.instance))
        return data


class PatientForm(RowForm):
    """What is known of a patient beside the identifier."""

    birth_date = date_field(required=False, validators=[not_too_early, not_to_come])

    class Meta:
        model = Patient
        fields = ["birth_date", "sex"]


class DatedForm(RowForm):
    """A row with values that hold from a day on; none is added as long as the day is left empty."""

    valid_from = date_field(
        label="From",
        validators=[can_be_a_start],
        required=False,
        help_text="The first day of service for which what stands below holds. Earlier values stay for earlier days.",
    )
    dated_fields: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Dated values and their day come together."""
        data = super().clean()
        if "valid_from" in self.errors:
            return data
        if data.get("valid_from") is None and set(self.changed_data) & set(self.dated_fields):
            self.add_error("valid_from", "Say from which day on it holds.")
        return data


class ProviderForm(DatedForm):
    """How a provider is reached, and where they belong from a day on."""

    group = forms.CharField(max_length=120, required=False)
    specialty = forms.CharField(max_length=120, required=False)
    dated_fields = ("group", "specialty")

    class Meta:
        model = Provider
        fields = ["email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if newest := self.instance.affiliations.first():
            self.initial.update(group=newest.group, specialty=newest.specialty)

    def clean(self) -> dict[str, Any]:
        """A group without a specialty, or the other way round, tells too little."""
        data = super().clean()
        if data.get("valid_from"):
            for name in self.dated_fields:
                if not data.get(name):
                    self.add_error(name, "Fill it in: group and specialty are asked for together.")
        return data

    @property
    def affiliation(self) -> Affiliation | None:
        """What was said, if a day was given."""
        data = self.cleaned_data
        if not data["valid_from"]:
            return None
        return Affiliation(data["valid_from"], data["group"], data["specialty"])


class PayerForm(DatedForm):
    """Of which kind a payer is and which options it has, from a day on."""

    kind = forms.ChoiceField(choices=PayerKind, initial=PayerKind.NOT_KNOWN)
    options = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
        help_text="One a line, as name: value, such as “fracture_care: itemised”.",
    )
    dated_fields = ("kind", "options")

    class Meta:
        model = Payer
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if newest := self.instance.terms.first():
            self.initial.update(kind=newest.kind, options=option_lines(newest.options))

    def clean_options(self) -> dict[str, str]:
        """The options by their names."""
        options: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["options"].splitlines(), start=1):
            if not line.strip():
                continue
            match = OPTION.fullmatch(line)
            if match is None:
                raise forms.ValidationError(
                    f"Line {number}: write name: value, the name in small letters."
                )
            name, value = match.groups()
            if name in options:
                raise forms.ValidationError(
                    f"Line {number}: {name} stands there twice. Keep one of them."
                )
            options[name] = value
        return options

    @property
    def terms(self) -> Terms | None:
        """What was said, if a day was given."""
        data = self.cleaned_data
        if not data["valid_from"]:
            return None
        return Terms(data["valid_from"], data["kind"], data["options"])


class TakeApartForm(forms.Form):
    """Why merged rows are not the same after all."""

    reason = forms.CharField(
        max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3, "cols": 60})
    )


class MergeForm(TakeApartForm):
    """Which of some rows counts for the others, and why they are the same."""

    survivor = forms.ModelChoiceField(
        Provider.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        label="The row that counts",
    )
    field_order = ["survivor", "reason"]

    def __init__(self, *args: Any, rows: QuerySet[RegisterRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        survivor: Any = self.fields["survivor"]
        survivor.queryset = rows

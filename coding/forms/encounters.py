"""The encounter as it is typed. It is checked as the items of files are (``coding.intake.check``)."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils import timezone

from coding.forms.parts import IdempotentForm, rule_set_field
from coding.intake.check import LONGEST, LONGEST_NOTE, check
from coding.intake.drafts import EncounterTexts
from coding.intake.notation import diagnosis_codes, service_lines
from coding.intake.records import EncounterRecord
from coding.models import Sex
from coding.reference.code_sets import LoadedDiagnoses
from coding.reference.places_of_service import PLACES_OF_SERVICE

# ISO text, with the browser's own picker.
DATE = forms.DateInput(attrs={"type": "date"})
PLACES = [("", "Choose the place"), *((code, f"{code} {words}") for code, words in PLACES_OF_SERVICE.items())]


class EncounterForm(IdempotentForm):
    """The page on which an encounter is typed."""

    external_id = forms.CharField(
        label="External id", max_length=LONGEST["external_id"], help_text="The sending system's number."
    )
    patient_reference = forms.CharField(max_length=LONGEST["patient_reference"])
    birth_date = forms.CharField(widget=DATE, required=False)
    sex = forms.ChoiceField(choices=Sex, initial=Sex.UNKNOWN)
    date_of_service = forms.CharField(widget=DATE)
    place_of_service = forms.ChoiceField(choices=PLACES)
    provider = forms.CharField(max_length=LONGEST["provider"])
    payer = forms.CharField(max_length=LONGEST["payer"], required=False)
    note = forms.CharField(max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 12}), strip=False)
    diagnoses = forms.CharField(
        required=False, label="Diagnoses (ICD-10-CM)", help_text="Codes separated by spaces, the first one first."
    )
    service_lines = forms.CharField(
        required=False,
        label="Submitted service lines",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line: code with modifiers, units, diagnoses it points to, such as “27256-LT x1 for 1”.",
    )
    rule_set = rule_set_field()

    def clean(self) -> dict[str, Any]:
        """Check the whole encounter; each problem stands at its field."""
        data = super().clean() or {}
        if self.errors:
            return data
        names = EncounterTexts.__dataclass_fields__
        codes = diagnosis_codes(data["diagnoses"])
        lines, problems = service_lines(data["service_lines"])
        values = {name: value for name, value in data.items() if name in names}
        texts = EncounterTexts(**{**values, "diagnoses": codes, "service_lines": lines})
        checked = check(texts, LoadedDiagnoses(codes), timezone.localdate())
        if isinstance(checked, EncounterRecord):
            data["record"] = checked
        else:
            problems = (*problems, *checked)
        for problem in problems:
            self.add_error(problem.field, problem.text)
        return data

    @property
    def helper(self) -> FormHelper:
        """How the fields are laid out."""
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(
            "idempotency_key",
            Row(Column("external_id"), Column("patient_reference"), Column("birth_date"), Column("sex")),
            Row(Column("date_of_service"), Column("place_of_service"), Column("provider"), Column("payer")),
            "note",
            Row(Column("diagnoses"), Column("service_lines")),
            "rule_set",
        )
        return helper

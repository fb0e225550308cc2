"""The encounter as typed, and as a row of a file: both are checked here."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms

from coding.forms.parts import LINE, rule_set_field
from coding.models import Code, CodeSet, CodeSetRelease, Sex
from coding.records import EncounterRecord, ServiceLineRecord

DATE_FORMATS = ["%Y-%m-%d"]
DATE_ERRORS = {"invalid": "Write the date as year-month-day, such as 2026-05-31."}
PLACES_OF_SERVICE = [
    ("11", "Office"),
    ("19", "Off-campus outpatient hospital"),
    ("20", "Urgent care"),
    ("21", "Inpatient hospital"),
    ("22", "On-campus outpatient hospital"),
    ("23", "Emergency department"),
    ("24", "Ambulatory surgical center"),
]


def date_field(**kwargs: Any) -> forms.DateField:
    """A date as ISO text, with the browser's own picker."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(input_formats=DATE_FORMATS, widget=widget, error_messages=DATE_ERRORS, **kwargs)


class EncounterFields(forms.Form):
    """The fields of an encounter; the columns of an uploaded file bear the same names."""

    external_id = forms.CharField(label="External id", max_length=60, help_text="The sending system's number.")
    patient_reference = forms.CharField(max_length=60)
    birth_date = date_field(required=False)
    sex = forms.ChoiceField(choices=Sex, initial=Sex.UNKNOWN)
    date_of_service = date_field()
    place_of_service = forms.ChoiceField(choices=[(code, f"{code} {name}") for code, name in PLACES_OF_SERVICE])
    provider = forms.CharField(max_length=120)
    payer = forms.CharField(max_length=120, required=False)
    note = forms.CharField(max_length=100_000, widget=forms.Textarea(attrs={"rows": 12}), strip=False)
    diagnoses = forms.CharField(
        required=False, label="Diagnoses (ICD-10-CM)", help_text="Codes separated by spaces, the first one first."
    )
    service_lines = forms.CharField(
        required=False,
        label="Submitted service lines",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line: code with modifiers, units, diagnoses it points to, such as “27256-LT x1 for 1”.",
    )

    def clean_sex(self) -> str:
        """Upper case, as files write it either way."""
        return str(self.cleaned_data["sex"]).upper()

    def clean_service_lines(self) -> tuple[ServiceLineRecord, ...]:
        """Read the lines; the message names the first that cannot be read."""
        text = self.cleaned_data["service_lines"].replace(";", "\n")
        return tuple(_service_line(line.strip()) for line in text.splitlines() if line.strip())

    def clean(self) -> dict[str, Any]:
        """Check what two fields say together."""
        data = super().clean() or {}
        served, born = data.get("date_of_service"), data.get("birth_date")
        if served and served > date.today():
            self.add_error("date_of_service", "The date of service lies in the future.")
        if served and born and born > served:
            self.add_error("birth_date", "The birth date lies after the date of service.")
        codes = tuple(data.get("diagnoses", "").upper().replace(",", " ").replace(";", " ").split())
        if served and codes:
            self._check_diagnoses(codes, served)
        for line in data.get("service_lines", ()):
            if any(not 1 <= pointer <= len(codes) for pointer in line.diagnosis_pointers):
                self.add_error("service_lines", f"{line.code} points to a diagnosis that is not in the list.")
        return {**data, "diagnoses": codes}

    def _check_diagnoses(self, codes: tuple[str, ...], served: date) -> None:
        release = CodeSetRelease.objects.in_force(CodeSet.ICD10CM, served).first()
        if release is None:
            self.add_error(
                "diagnoses", f"No ICD-10-CM release is loaded for {served}. Ask an administrator to load it."
            )
            return
        known = dict(Code.objects.filter(release=release, code__in=codes).values_list("code", "reportable"))
        for code in codes:
            if code not in known:
                self.add_error("diagnoses", f"{code} is no ICD-10-CM code of release {release.release}.")
            elif not known[code]:
                self.add_error("diagnoses", f"{code} is a category; it needs more characters.")

    def record(self) -> EncounterRecord:
        """The checked encounter."""
        names = EncounterRecord.__dataclass_fields__
        return EncounterRecord(**{name: value for name, value in self.cleaned_data.items() if name in names})


def _service_line(text: str) -> ServiceLineRecord:
    match = LINE.fullmatch(text.upper())
    if not match or match["units"] == "0":
        raise forms.ValidationError(f"“{text[:40]}” cannot be read; write it as “27256-LT x1 for 1”.")
    pointers = (match["pointers"] or "").replace(",", " ").split()
    return ServiceLineRecord(
        code=match["code"],
        modifiers=tuple(filter(None, match["modifiers"].split("-"))),
        units=int(match["units"] or 1),
        diagnosis_pointers=tuple(int(pointer) for pointer in pointers),
    )


class EncounterForm(EncounterFields):
    """The page on which an encounter is typed."""

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)
    rule_set = rule_set_field()

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

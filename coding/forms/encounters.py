"""The encounter as it is typed. It is checked as the items of files are (``coding.intake.check``)."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils import timezone

from coding.forms.parts import IdempotentForm, StandingForm, rule_set_field
from coding.intake.check import LONGEST, LONGEST_NOTE, check
from coding.intake.drafts import EncounterTexts
from coding.intake.notation import diagnosis_codes, service_lines, written
from coding.intake.records import EncounterRecord
from coding.models import Sex
from coding.reference.code_sets import LoadedDiagnoses
from coding.reference.places_of_service import PLACES_OF_SERVICE

# ISO text, with the browser's own picker.
DATE = forms.DateInput(attrs={"type": "date"})
PLACES = [
    ("", "Choose the place"),
    *((code, f"{code} {words}") for code, words in PLACES_OF_SERVICE.items()),
]


class EncounterForm(IdempotentForm):
    """The page on which an encounter is typed."""

    external_id = forms.CharField(
        label="External id",
        max_length=LONGEST["external_id"],
        help_text="The sending system's number.",
    )
    patient_reference = forms.CharField(max_length=LONGEST["patient_reference"])
    birth_date = forms.CharField(widget=DATE, required=False)
    sex = forms.ChoiceField(choices=Sex, initial=Sex.UNKNOWN)
    date_of_service = forms.CharField(widget=DATE)
    place_of_service = forms.ChoiceField(choices=PLACES)
    provider = forms.CharField(max_length=LONGEST["provider"])
    payer = forms.CharField(max_length=LONGEST["payer"], required=False)
    note = forms.CharField(
        max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 12}), strip=False
    )
    diagnoses = forms.CharField(
        required=False,
        label="Diagnoses (ICD-10-CM)",
        help_text="Codes separated by spaces, the first one first.",
    )
    service_lines = forms.CharField(
        required=False,
        label="Submitted service lines",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line: code with modifiers, units, diagnoses it points to, such as “12345-LT x1 for 1”.",
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
        values |= self.fixed()
        values |= {"diagnoses": codes, "service_lines": lines}
        texts = EncounterTexts(**values)
        checked = check(texts, LoadedDiagnoses(codes), timezone.localdate())
        if isinstance(checked, EncounterRecord):
            data["record"] = checked
        else:
            problems = (*problems, *checked)
        for problem in problems:
            field = problem.field if problem.field in self.fields else None
            self.add_error(field, problem.text)
        return data

    def fixed(self) -> dict[str, str]:
        """What is not typed but stands."""
        return {}

    @property
    def helper(self) -> FormHelper:
        """How the fields are laid out."""
        beneath = [name for name in ("rule_set", "as_read") if name in self.fields]
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(
            "idempotency_key",
            Row(*self._columns("external_id", "patient_reference", "birth_date", "sex")),
            Row(*self._columns("date_of_service", "place_of_service", "provider", "payer")),
            "note",
            Row(*self._columns("diagnoses", "service_lines")),
            *beneath,
        )
        return helper

    def _columns(self, *names: str) -> list[Column]:
        return [Column(name) for name in names if name in self.fields]


class CorrectionForm(StandingForm, EncounterForm):
    """A typed encounter once more, with what it says now. Whose it is and its external id stay.

    ``as_read`` is its revision.
    """

    as_read = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, stored: EncounterRecord, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = stored
        for name in ("external_id", "patient_reference", "rule_set"):
            del self.fields[name]
        place = stored.place_of_service
        if place and place not in PLACES_OF_SERVICE:
            self.fields["place_of_service"] = forms.ChoiceField(
                choices=[*PLACES, (place, f"{place} as it was sent")]
            )
        for name, text in typed(stored).items():
            self.initial.setdefault(name, text)

    def fixed(self) -> dict[str, str]:
        """The external id and the patient."""
        stored = self.stored
        return {"external_id": stored.external_id, "patient_reference": stored.patient_reference}

    def clean_note(self) -> str:
        """The note without what a browser makes of its line ends: they were not typed."""
        note: str = self.cleaned_data["note"]
        if _with_plain_ends(note) == _with_plain_ends(self.stored.note):
            return self.stored.note
        return note if "\r" in self.stored.note else _with_plain_ends(note)


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def typed(record: EncounterRecord) -> dict[str, str]:
    """What a person would type for an encounter, by field."""
    return {
        "birth_date": record.birth_date.isoformat() if record.birth_date else "",
        "sex": record.sex,
        "date_of_service": record.date_of_service.isoformat(),
        "place_of_service": record.place_of_service,
        "provider": record.provider,
        "payer": record.payer,
        "note": record.note,
        "diagnoses": " ".join(record.diagnoses),
        "service_lines": "\n".join(map(written, record.service_lines)),
    }

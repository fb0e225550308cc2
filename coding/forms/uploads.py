"""The forms that take a file of encounters and match the columns of a table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat

from coding.actions.uploads import TYPED_SOURCE
from coding.forms.parts import IdempotentForm, StandingForm, rule_set_field
from coding.intake.column_names import FIELDS
from coding.intake.columns import REQUIRED
from coding.intake.drafts import Layout
from coding.intake.formats import FORMATS, HEAD_BYTES, detect
from coding.models.encounters import TYPED
from coding.tables.errors import FileError

DATE_ORDERS = [
    ("ymd", "year, month, day: 2026-05-31"),
    ("mdy", "month, day, year: 05/31/2026"),
    ("dmy", "day, month, year: 31.05.2026"),
]


class SourceForm(IdempotentForm):
    """The system that a file comes from."""

    source = forms.SlugField(
        max_length=60,
        label="Sending system",
        help_text="A short name, always the same for one system: with the external id it names an encounter.",
        error_messages={"invalid": "Write letters, digits, - and _ only, without blanks."},
    )
    rule_set = rule_set_field()

    def clean_source(self) -> str:
        """No file comes under the name that stands for what is typed here."""
        source: str = self.cleaned_data["source"]
        if source == TYPED:
            raise ValidationError(TYPED_SOURCE)
        return source


class UploadForm(SourceForm):
    """A file of encounters and the system that it comes from."""

    file = forms.FileField(help_text=", ".join(kind.label for kind in FORMATS.values()) + ".")

    def clean(self) -> dict[str, Any]:
        """Tell the format by what the file holds; its errors say what to do."""
        data = super().clean() or {}
        file = data.get("file")
        if file is None:
            return data
        if file.size > settings.UPLOAD_BYTES:
            most = filesizeformat(settings.UPLOAD_BYTES)
            self.add_error(
                "file",
                f"The file is larger than {most}. Split it, or ask an operator to import it.",
            )
            return data
        try:
            data["format"] = detect(file.read(HEAD_BYTES), file.name)
        except FileError as error:
            self.add_error("file", str(error))
        return data

    @property
    def has_good_file(self) -> bool:
        """Whether the file can be kept, whatever else is wrong: a browser does not send it again by itself."""
        return self.is_bound and {"format", "idempotency_key"} <= self.cleaned_data.keys()


class MatchForm(IdempotentForm):
    """Which column of a table holds which field."""

    date_order = forms.ChoiceField(choices=DATE_ORDERS, label="Dates are written as")
    numbered = forms.BooleanField(label="Read the numbered columns", required=False, initial=True)
    sheet = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    # Nothing is written, but thirty columns are chosen.
    is_long_work = True

    def __init__(self, headers: Sequence[str], guess: Layout, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("date_order", guess.date_order)
        self.initial.setdefault("sheet", guess.sheet)
        self._numbered = guess.numbered
        choices = [("", "no column"), *((header, header) for header in headers)]
        if guess.numbered:
            self.fields["numbered"].help_text = _in_words(guess.numbered)
        else:
            self.fields["numbered"].widget = forms.HiddenInput()
        for name in FIELDS:
            required = name in REQUIRED
            self.fields[name] = forms.ChoiceField(
                label=name.replace("_", " ").capitalize(),
                choices=choices,
                required=required,
                initial=guess.columns.get(name, ""),
                error_messages={"required": "Choose the column that holds it."},
            )

    def clean(self) -> dict[str, Any]:
        """A column means one thing."""
        data = super().clean() or {}
        meant: dict[str, str] = {}
        for name in FIELDS:
            header = data.get(name)
            if header and header in meant:
                other = meant[header].replace("_", " ")
                self.add_error(name, f"“{header}” is chosen for {other} already.")
            elif header:
                meant[header] = name
        has_codes = data.get("numbered") and "codes" in self._numbered
        if not (data.get("note") or data.get("service_lines") or has_codes):
            self.add_error(
                "note", "Choose the column of the notes, or that of the procedure codes."
            )
        return data

    def put_back(self, typed: Mapping[str, str]) -> None:
        """Begin with what was chosen before, of the same sheet."""
        if typed.get("sheet", "") == self.initial["sheet"]:
            own = {name: text for name, text in typed.items() if name in self.fields}
            self.initial.update(own)

    def layout(self) -> Layout:
        """What was chosen."""
        data = self.cleaned_data
        chosen = {name: data[name] for name in FIELDS if data[name]}
        numbered = self._numbered if data["numbered"] else {}
        return Layout(chosen, data["date_order"], numbered, data["sheet"])


class MappingForm(StandingForm, MatchForm):
    """The mapping that a system has. ``as_read`` is when it was matched."""


def _in_words(numbered: Mapping[str, Iterable[str]]) -> str:
    """Each kind of numbered columns with its headers."""
    kinds = []
    for kind, headers in numbered.items():
        listed = ", ".join(headers)
        kinds.append(f"{kind}: {listed}")
    return "; ".join(kinds)

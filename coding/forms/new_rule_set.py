"""Forms that begin a rule set, and that take worked cases from a file: first a dry run, then what it showed."""

import io
import json
from dataclasses import replace
from operator import attrgetter
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from coding.decision import RuleTable, TableError, canonical_json
from coding.exchange.json_file import RuleSetFile
from coding.exchange.named_files import read_alone
from coding.forms.parts import IdempotentForm
from coding.forms.rule_file import LARGEST_FILE, FileForm, ShownForm
from coding.models import RuleSet, RuleSetVersion, VersionState, WorkedCase
from coding.rules import case_data, case_rows, rulebook
from coding.tables.errors import FileError

ABOUT = ("key", "name", "description", "family")
EMPTY: dict[str, Any] = {"facts": [], "rules": []}


class NewRuleSetForm(FileForm, IdempotentForm):
    """A rule set by its name and codes, empty or from a file. What is written here goes before what the file says."""

    key = forms.CharField(
        max_length=60,
        required=False,
        help_text="For files and addresses, such as finger-dislocation. It stays.",
    )
    name = forms.CharField(max_length=120, required=False)
    description = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    family = forms.CharField(
        required=False,
        label="Codes of the family",
        help_text="Procedure codes, separated by spaces.",
    )

    field_order = [*ABOUT, "file", "decision", "output"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = self.fields["file"]
        file.required = False
        file.help_text = f"{file.help_text} Without one the draft begins empty."

    def clean_key(self) -> str:
        """A key that is free."""
        key: str = self.cleaned_data["key"].strip()
        if key:
            validate_slug(key)
            if RuleSet.objects.filter(key=key).exists():
                raise ValidationError(f"There is a rule set “{key}” already. Choose another key.")
        return key

    def clean(self) -> dict[str, Any]:
        """The table that the fields, and the file, make."""
        data = super().clean()
        if self.errors or data.get("file"):
            return data
        for name in ("key", "name", "family"):
            if not data.get(name):
                self.add_error(name, "Write it, or choose a file that holds it.")
        if not self.errors:
            try:
                self.content = RuleSetFile(RuleTable.from_document(self._about() | EMPTY))
            except TableError as error:
                self.add_error(None, str(error))
        return data

    def read(self, name: str, content: bytes, chosen: dict[str, str]) -> RuleSetFile:
        """By itself; what it does not say is taken from the fields."""
        about = self._about()
        read = read_alone(name, content, about, **chosen)
        # What is written in the fields goes before what the file says.
        table = RuleTable.from_document(read.table.to_document() | about)
        case_data.from_data(read.cases or (), table)
        _check_key(table.key)
        return replace(read, table=table)

    def _about(self) -> dict[str, Any]:
        written = {name: self.cleaned_data[name] for name in ABOUT if self.cleaned_data.get(name)}
        if "family" in written:
            written["family"] = written["family"].split()
        return written


def _check_key(key: str) -> None:
    try:
        validate_slug(key)
    except ValidationError:
        raise TableError(
            f"key: “{key}” holds more than letters, digits, - and _. Write another key above."
        ) from None
    if RuleSet.objects.filter(key=key).exists():
        raise TableError(f"key: there is a rule set “{key}” already. Write another key above.")


class ShownRuleSetForm(ShownForm):
    """What the dry run showed, sent back."""

    def check(self, content: RuleSetFile) -> None:
        """Its cases are cases of its rules."""
        case_data.from_data(content.cases or (), content.table)


class CasesFileForm(IdempotentForm):
    """A CSV file of worked cases for a draft."""

    version = forms.ModelChoiceField(RuleSetVersion.objects.none(), label="Draft")
    file = forms.FileField(
        label="CSV file", help_text="At most 5 MB. Texts of notes in it are not kept."
    )

    rows: list[WorkedCase]
    problems: list[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_drafts(self)

    def clean(self) -> dict[str, Any]:
        """Read the file; what is wrong with single cases is listed beside those that are taken."""
        data = super().clean() or {}
        version, file = data.get("version"), data.get("file")
        if not version or not file:
            return data
        if file.size > LARGEST_FILE:
            raise ValidationError("The file is larger than 5 MB, which no rule set needs.")
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        try:
            read = list(case_rows.read_rows(text, rulebook.table_of(version.document)))
        except FileError as error:
            raise ValidationError(str(error)) from None
        self.rows = [row for row in read if isinstance(row, WorkedCase)]
        self.problems = [row for row in read if isinstance(row, str)]
        return data


class ShownCasesForm(IdempotentForm):
    """The worked cases that the dry run showed, sent back as JSON."""

    version = forms.ModelChoiceField(RuleSetVersion.objects.none(), widget=forms.HiddenInput)
    rows = forms.CharField(widget=forms.HiddenInput, strip=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_drafts(self)

    def clean_rows(self) -> list[WorkedCase]:
        """The rows, checked as any other."""
        try:
            rows = []
            for values in json.loads(self.cleaned_data["rows"]):
                row = WorkedCase(**dict(zip(case_rows.SAID, values, strict=True)))
                row.clean_fields(exclude=["version"])
                rows.append(row)
        except (ValueError, TypeError, ValidationError):
            raise ValidationError(
                "This is not what the dry run showed. Choose the file again."
            ) from None
        return rows


def _offer_drafts(form: forms.Form) -> None:
    version: Any = form.fields["version"]
    drafts = RuleSetVersion.objects.filter(state=VersionState.DRAFT).exclude(document=None)
    version.queryset = drafts.select_related("rule_set", "document")


def as_text(rows: list[WorkedCase]) -> str:
    """Worked cases as ``ShownCasesForm`` reads them back."""
    values_of = attrgetter(*case_rows.SAID)
    return canonical_json([list(values_of(row)) for row in rows])

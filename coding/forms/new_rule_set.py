"""Forms that begin a rule set, and that take worked cases from a file: first a dry run, then what it showed."""

import io
import json
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from coding.decision import RuleTable, TableError, canonical_json
from coding.exchange.json_file import RuleSetFile, read_rule_set
from coding.exchange.standing_alone import read_alone
from coding.forms.parts import IdempotentForm
from coding.forms.rule_sets import LARGEST_FILE
from coding.models import RuleSet, RuleSetVersion, VersionState, WorkedCase
from coding.rules import case_data, case_rows, rulebook
from coding.tables.errors import FileError

ABOUT = ("key", "name", "description", "family")
EMPTY: dict[str, Any] = {"facts": [], "rules": []}


class NewRuleSetForm(IdempotentForm):
    """A rule set by its name and codes, empty or from a file. What is written here goes before what the file says."""

    key = forms.CharField(
        max_length=60, required=False, help_text="For files and addresses, such as finger-dislocation. It stays."
    )
    name = forms.CharField(max_length=120, required=False)
    description = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    family = forms.CharField(
        required=False, label="Codes of the family", help_text="Procedure codes, separated by spaces."
    )
    file = forms.FileField(
        required=False, help_text="JSON, XLSX, CSV or DMN, at most 5 MB. Without one the draft begins empty."
    )
    decision = forms.CharField(
        required=False, help_text="Of a DMN file with several decisions: the name of the one to read."
    )
    output = forms.CharField(
        required=False,
        label="Output that is the code",
        help_text="Of a DMN file with several outputs: the name of the one that is the code.",
    )

    content: RuleSetFile

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
        data = super().clean() or {}
        if self.errors:
            return data
        file = data.get("file")
        if file is None:
            for name in ("key", "name", "family"):
                if not data.get(name):
                    self.add_error(name, "Write it, or choose a file that holds it.")
        elif file.size > LARGEST_FILE:
            self.add_error("file", "The file is larger than 5 MB, which no rule set needs.")
        if not self.errors:
            self._make_table(data)
        return data

    def _make_table(self, data: dict[str, Any]) -> None:
        about: dict[str, Any] = {name: data[name] for name in ABOUT if data.get(name)}
        if "family" in about:
            about["family"] = about["family"].split()
        file = data.get("file")
        try:
            read = self._read(about) if file else RuleSetFile(RuleTable.from_document({**about, **EMPTY}))
            table = RuleTable.from_document({**read.table.to_document(), **about})
            case_data.from_data(read.cases or (), table)
            _check_key(table.key)
            self.content = replace(read, table=table)
        except TableError as error:
            self.add_error("file" if file else None, str(error))

    def _read(self, about: dict[str, Any]) -> RuleSetFile:
        """What the file holds. What a CSV file does not hold is taken from the form. Raises TableError."""
        data = self.cleaned_data
        file, decision, output = data["file"], data["decision"], data["output"]
        if file.name.lower().endswith(".json"):
            return read_rule_set(file.read())
        return RuleSetFile(read_alone(file.name, file.read(), about, decision=decision, output=output))


def _check_key(key: str) -> None:
    try:
        validate_slug(key)
    except ValidationError:
        raise TableError(f"key: “{key}” holds more than letters, digits, - and _. Write another key above.") from None
    if RuleSet.objects.filter(key=key).exists():
        raise TableError(f"key: there is a rule set “{key}” already. Write another key above.")


class ShownRuleSetForm(IdempotentForm):
    """What the dry run showed, sent back."""

    document = forms.CharField(widget=forms.HiddenInput, strip=False)

    content: RuleSetFile

    def clean_document(self) -> str:
        """The rule set with what travels along."""
        document: str = self.cleaned_data["document"]
        try:
            self.content = read_rule_set(document.encode())
            case_data.from_data(self.content.cases or (), self.content.table)
        except TableError as error:
            raise ValidationError(str(error)) from None
        return document


class CasesFileForm(IdempotentForm):
    """A CSV file of worked cases for a draft."""

    version = forms.ModelChoiceField(RuleSetVersion.objects.none(), label="Draft")
    file = forms.FileField(label="CSV file", help_text="At most 5 MB. Texts of notes in it are not kept.")

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
            rows = [
                WorkedCase(**dict(zip(case_rows.SAID, values, strict=True)))
                for values in json.loads(self.cleaned_data["rows"])
            ]
            for row in rows:
                row.clean_fields(exclude=["version"])
        except (ValueError, TypeError, ValidationError):
            raise ValidationError("This is not what the dry run showed. Choose the file again.") from None
        return rows


def _offer_drafts(form: forms.Form) -> None:
    field = form.fields["version"]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
    drafts = RuleSetVersion.objects.filter(state=VersionState.DRAFT).exclude(document=None)
    field.queryset = drafts.select_related("rule_set", "document")


def as_text(rows: list[WorkedCase]) -> str:
    """Worked cases as ``ShownCasesForm`` reads them back."""
    return canonical_json([[getattr(row, name) for name in case_rows.SAID] for row in rows])

"""Forms around a version of a rule set: another version, two codes, a rule file."""

from collections.abc import Sequence
from typing import Any

from django import forms

from coding.decision import RuleTable, TableError
from coding.exchange import FORMATS
from coding.exchange.dmn_read import read_dmn
from coding.exchange.json_file import RuleSetFile, read_rule_set
from coding.forms.parts import IdempotentForm
from coding.models import RuleSetVersion

LARGEST_FILE = 5 * 1024 * 1024


class OtherVersionForm(forms.Form):
    """The version to compare with, of the same rule set."""

    other = forms.ModelChoiceField(RuleSetVersion.objects.none(), label="Compare with", empty_label=None)

    def __init__(self, *args: Any, version: RuleSetVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = RuleSetVersion.objects.select_related("rule_set", "document").exclude(document=None)
        field = self.fields["other"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = others.filter(rule_set=version.rule_set_id).exclude(pk=version.pk).order_by("-number")
        field.to_field_name = "number"


class CodesForm(forms.Form):
    """Two codes of a family."""

    first = forms.ChoiceField(label="Code")
    second = forms.ChoiceField(label="and code")

    def __init__(self, *args: Any, codes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.choices = [(code, code) for code in codes]

    def clean(self) -> dict[str, Any]:
        """A code does not differ from itself."""
        data = super().clean() or {}
        if data.get("first") and data.get("first") == data.get("second"):
            raise forms.ValidationError("Choose two different codes.")
        return data


class RuleFileForm(forms.Form):
    """A rule file that goes into a version; the format is told by the end of its name."""

    file = forms.FileField(label="Rule file", help_text="JSON, XLSX, CSV or DMN, at most 5 MB.")
    decision = forms.CharField(
        required=False, help_text="Of a DMN file with several decisions: the name of the one to read."
    )
    output = forms.CharField(
        required=False,
        label="Output that is the code",
        help_text="Of a DMN file with several outputs: the name of the one that is the code.",
    )

    content: RuleSetFile

    def __init__(self, *args: Any, base: RuleTable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = base

    def clean(self) -> dict[str, Any]:
        """Read the file into the base; its errors name rule, cell and cause."""
        data = super().clean() or {}
        file = data.get("file")
        if file is None:
            return data
        if file.size > LARGEST_FILE:
            self.add_error("file", "The file is larger than 5 MB, which no rule set needs.")
            return data
        try:
            self.content = self._read(file.name, file.read())
            _check_key(self.content.table, self.base)
        except TableError as error:
            self.add_error("file", str(error))
        return data

    def _read(self, name: str, content: bytes) -> RuleSetFile:
        ending = name.rpartition(".")[2].lower()
        if ending == "json":
            return read_rule_set(content)
        if ending == "dmn":
            chosen = {part: self.cleaned_data.get(part, "") for part in ("decision", "output")}
            return RuleSetFile(read_dmn(content, self.base, **chosen))
        if ending not in FORMATS:
            raise TableError(f"“{name}” does not end in .{', .'.join(FORMATS)}.")
        return RuleSetFile(FORMATS[ending].read(content, self.base))


class ShownFileForm(IdempotentForm):
    """What the dry run of a file showed, sent back."""

    document = forms.CharField(widget=forms.HiddenInput, strip=False)

    content: RuleSetFile

    def __init__(self, *args: Any, base: RuleTable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = base

    def clean_document(self) -> str:
        """The file's content."""
        document: str = self.cleaned_data["document"]
        try:
            self.content = read_rule_set(document.encode())
            _check_key(self.content.table, self.base)
        except TableError as error:
            raise forms.ValidationError(str(error)) from None
        return document


def _check_key(table: RuleTable, base: RuleTable) -> None:
    if table.key != base.key:
        raise TableError(f"The file holds the rule set “{table.key}”, not “{base.key}”.")

"""Forms around a version of a rule set: another version, two codes, a rule file."""

from collections.abc import Sequence
from typing import Any

from django import forms

from coding.decision import RuleTable, TableError
from coding.exchange import FORMATS
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


class RuleFileForm(IdempotentForm):
    """A rule file; the format is told by the end of its name."""

    file = forms.FileField(label="Rule file", help_text="JSON, XLSX, CSV or DMN, at most 5 MB.")

    def __init__(self, *args: Any, base: RuleTable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = base

    def clean_file(self) -> RuleTable:
        """Read the file into the base; its errors name rule, cell and cause."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError("The file is larger than 5 MB, which no rule set needs.")
        file_format = FORMATS.get(file.name.rpartition(".")[2].lower())
        if file_format is None:
            raise forms.ValidationError(f"“{file.name}” does not end in .{', .'.join(FORMATS)}.")
        try:
            table = file_format.read(file.read(), self.base)
        except TableError as error:
            raise forms.ValidationError(str(error)) from None
        if table.key != self.base.key:
            raise forms.ValidationError(f"The file holds the rule set “{table.key}”, not “{self.base.key}”.")
        return table

"""Forms around a version of a rule set: another version, two codes, a rule file."""

from collections.abc import Sequence
from typing import Any

from django import forms

from coding.decision import RuleTable, TableError
from coding.exchange.json_file import RuleSetFile
from coding.exchange.named_files import read_into
from coding.forms.rule_file import FileForm, ShownForm
from coding.models import RuleSetVersion


class OtherVersionForm(forms.Form):
    """The version to compare with, of the same rule set."""

    other = forms.ModelChoiceField(
        RuleSetVersion.objects.none(), label="Compare with", empty_label=None
    )

    def __init__(self, *args: Any, version: RuleSetVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = RuleSetVersion.objects.select_related("rule_set", "document")
        of_rule_set = versions.filter(rule_set=version.rule_set_id).exclude(document=None)
        other: Any = self.fields["other"]
        other.queryset = of_rule_set.exclude(pk=version.pk).order_by("-number")
        other.to_field_name = "number"


class CodesForm(forms.Form):
    """Two codes of a family."""

    first = forms.ChoiceField(label="Code")
    second = forms.ChoiceField(label="and code")

    def __init__(self, *args: Any, codes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            field: Any = self.fields[name]
            field.choices = [(code, code) for code in codes]

    def clean(self) -> dict[str, Any]:
        """A code does not differ from itself."""
        data = super().clean() or {}
        if data.get("first") and data.get("first") == data.get("second"):
            raise forms.ValidationError("Choose two different codes.")
        return data


class RuleFileForm(FileForm):
    """A rule file for a rule set; what the file lacks comes from the version ``base``."""

    def __init__(self, *args: Any, base: RuleTable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = base

    def read(self, name: str, content: bytes, chosen: dict[str, str]) -> RuleSetFile:
        """Into the base."""
        read = read_into(name, content, self.base, **chosen)
        _check_key(read.table, self.base)
        return read


class ShownFileForm(ShownForm):
    """What the dry run of a file showed, sent back."""

    def __init__(self, *args: Any, base: RuleTable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = base

    def check(self, content: RuleSetFile) -> None:
        """It is of the rule set."""
        _check_key(content.table, self.base)


def _check_key(table: RuleTable, base: RuleTable) -> None:
    if table.key != base.key:
        raise TableError(f"The file holds the rule set “{table.key}”, not “{base.key}”.")

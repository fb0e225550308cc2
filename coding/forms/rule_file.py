"""Forms that take a rule file: what it holds is shown first, and sent back to be kept."""

from typing import Any

from django import forms

from coding.decision import TableError
from coding.exchange.json_file import RuleSetFile, read_rule_set
from coding.forms.parts import IdempotentForm

LARGEST_FILE = 5 * 1024 * 1024


class FileForm(forms.Form):
    """A rule file, and what to choose of it; ``content`` is what it holds."""

    file = forms.FileField(label="Rule file", help_text="JSON, XLSX, CSV or DMN, at most 5 MB.")
    decision = forms.CharField(
        required=False,
        help_text="Of a DMN file with several decisions: the name of the one to read.",
    )
    output = forms.CharField(
        required=False,
        label="Output that is the code",
        help_text="Of a DMN file with several outputs: the name of the one that is the code.",
    )

    content: RuleSetFile

    def clean(self) -> dict[str, Any]:
        """Read the file; its errors name rule, cell and cause."""
        data = super().clean() or {}
        file = data.get("file")
        if self.errors or file is None:
            return data
        if file.size > LARGEST_FILE:
            self.add_error("file", "The file is larger than 5 MB, which no rule set needs.")
            return data
        chosen = {part: data.get(part, "") for part in ("decision", "output")}
        try:
            self.content = self.read(file.name, file.read(), chosen)
        except TableError as error:
            self.add_error("file", str(error))
        return data

    def read(self, name: str, content: bytes, chosen: dict[str, str]) -> RuleSetFile:
        """What the file holds. Raises TableError."""
        raise NotImplementedError


class ShownForm(IdempotentForm):
    """What was shown of a file, sent back."""

    document = forms.CharField(widget=forms.HiddenInput, strip=False)

    content: RuleSetFile

    def clean_document(self) -> str:
        """The file's content."""
        document: str = self.cleaned_data["document"]
        try:
            self.content = read_rule_set(document.encode())
            self.check(self.content)
        except TableError as error:
            raise forms.ValidationError(str(error)) from None
        return document

    def check(self, content: RuleSetFile) -> None:
        """Refuse, by a TableError, what the form that showed it would not have shown."""
        raise NotImplementedError

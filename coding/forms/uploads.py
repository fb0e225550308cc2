"""The form that takes a file of encounters."""

from django import forms

from coding.csv_lines import FileError
from coding.forms.parts import IdempotentForm, rule_set_field
from coding.intake.csv_file import Sheet, read_csv

LARGEST_FILE = 20 * 1024 * 1024


class UploadForm(IdempotentForm):
    """A CSV file and the system that it comes from."""

    source = forms.SlugField(
        max_length=60,
        label="Sending system",
        help_text="A short name, always the same for one system: with the external id it names an encounter.",
    )
    rule_set = rule_set_field()
    file = forms.FileField(label="CSV file", help_text="UTF-8, at most 20 MB.")

    def clean_file(self) -> Sheet:
        """Read the file; its errors name the line."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError("The file is larger than 20 MB. Split it.")
        try:
            return read_csv(file.read())
        except FileError as error:
            raise forms.ValidationError(str(error)) from None

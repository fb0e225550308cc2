"""The box for a note to try a lexicon on."""

from django import forms

MOST_CHARACTERS = 200_000


class NoteForm(forms.Form):
    """A note. Its line ends stay as they were sent."""

    note = forms.CharField(
        strip=False,
        max_length=MOST_CHARACTERS,
        label="Note",
        widget=forms.Textarea(attrs={"rows": 10, "class": "form-control", "autocomplete": "off"}),
        help_text="Read once, kept nowhere. Use no patient's note: make one up, or take the names out.",
        error_messages={"required": "Paste a note."},
    )

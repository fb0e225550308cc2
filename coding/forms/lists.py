"""Forms of lists."""

from django import forms


class SavedFilterForm(forms.Form):
    """A name for how a list is narrowed now."""

    name = forms.CharField(max_length=60)
    default = forms.BooleanField(required=False, label="Open the list with it")

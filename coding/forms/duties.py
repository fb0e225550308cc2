"""What an administrator says to a proposal for an account."""

from typing import Any

from django import forms

VERBS = [("approve", "Approve"), ("refuse", "Refuse"), ("withdraw", "Withdraw")]


class DecisionForm(forms.Form):
    """Which button was pressed, and why something is refused."""

    verb = forms.ChoiceField(
        choices=VERBS, error_messages={"required": "Choose to approve or to refuse."}
    )
    reason = forms.CharField(
        label="Why it is refused",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only where you refuse.",
    )

    def clean(self) -> dict[str, Any]:
        """A refusal says why."""
        data = super().clean() or {}
        if data.get("verb") == "refuse" and not data.get("reason", "").strip():
            self.add_error("reason", "Say why, or approve it.")
        return data

"""The coder's decision on a service."""

from typing import Any

from django import forms

from coding.forms.parts import FOLDS_EMPTY, CodeFields, IdempotentForm
from coding.models import ServiceLine, Suggestion
from coding.models.reported import in_short
from reviews.actions.codes import submitted_units
from reviews.actions.decisions import Judgement
from reviews.models import Choice

NEEDS_NO_REASON = (Choice.ACCEPT, Choice.KEEP)


class DecisionForm(CodeFields, IdempotentForm):
    """What the coder makes of the suggestion, or of a line without one. ``seen`` is what was on the page."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        label="Your decision",
        choices=Choice,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what to do."},
    )
    reason = forms.CharField(
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, **FOLDS_EMPTY}),
        help_text="Needed unless you accept the suggestion or keep the line.",
    )
    field_order = [
        "idempotency_key",
        "seen",
        "revision",
        "choice",
        "code",
        "modifiers",
        "units",
        "further_lines",
        "reason",
        "confirmed",
    ]

    def __init__(
        self, *args: Any, suggestion: Suggestion | None, lines: list[ServiceLine], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.suggestion = suggestion
        self.lines = lines
        offered = _offered(suggestion, lines)
        self.fields["choice"] = forms.ChoiceField(
            label="Your decision",
            choices=[(choice.value, _words(choice, lines)) for choice in offered],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose what to do."},
        )

    def clean(self) -> dict[str, Any]:
        """A departure needs its reason, another code has to be another one."""
        data = super().clean() or {}
        choice = data.get("choice")
        if choice and choice not in NEEDS_NO_REASON and not data.get("reason", "").strip():
            self.add_error("reason", "Say why, for whoever reads it later.")
        if choice == Choice.OTHER_CODE and "code" in data:
            if not data["code"]:
                self.add_error("code", "Write the code that you report instead.")
            elif self._is_suggested(data):
                self.add_error("code", "This is the suggested code. Accept the suggestion instead.")
            elif self._is_submitted(data):
                self.add_error("code", "This is the submitted line. Keep it instead.")
        return data

    def _is_suggested(self, data: dict[str, Any]) -> bool:
        """Whether what is written is what would be accepted, with the units that were submitted."""
        if self.suggestion is None:
            return False
        units = submitted_units(self.suggestion.code, self.lines, self.suggestion.modifiers)
        written = data["code"], data.get("modifiers", ()), data.get("further_lines", ())
        is_same = self.suggestion.reported == in_short("code", *written)
        return is_same and data.get("units") in (None, units)

    def _is_submitted(self, data: dict[str, Any]) -> bool:
        """Whether what is written is the one line that may be kept."""
        if self.suggestion is not None or len(self.lines) != 1 or data.get("further_lines"):
            return False
        [line] = self.lines
        written = data["code"], sorted(data.get("modifiers", ())), data.get("units") or 1
        return written == (line.code, sorted(line.modifiers), line.units)

    def judgement(self) -> Judgement:
        """What was decided, for the verb."""
        data = self.cleaned_data
        return Judgement(
            choice=Choice(data["choice"]),
            code=data["code"],
            modifiers=data["modifiers"],
            reason=data["reason"],
            units=data["units"] or 1,
            further_lines=data["further_lines"],
            confirmed=data["confirmed"],
        )


def _offered(suggestion: Suggestion | None, lines: list[ServiceLine]) -> list[Choice]:
    """Accepting where the rules suggest; keeping where there is one submitted line and they do not."""
    first = []
    if suggestion:
        first.append(Choice.ACCEPT)
    elif len(lines) == 1:
        first.append(Choice.KEEP)
    return [
        *first,
        Choice.OTHER_CODE,
        Choice.NOTHING,
        Choice.PROVIDER_QUERY,
        Choice.SUPERVISOR_REVIEW,
    ]


def _words(choice: Choice, lines: list[ServiceLine]) -> str:
    match choice:
        case Choice.KEEP:
            return f"Keep {lines[0]} × {lines[0].units} as it was submitted"
        case Choice.NOTHING if lines:
            return f"Report nothing for {', '.join(map(str, lines))}"
    return str(choice.label)

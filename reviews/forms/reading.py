"""The form of “What the note says”: a row for each proposal, ticked where it is undisputed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from coding.decision import FactValue
from reviews.actions.confirming import AllContradicted, Confirmed
from reviews.coding_form.guided import ProposedAnswer
from reviews.coding_form.reading import ToConfirm, is_undisputed
from reviews.forms.coding import AnswerForm

# What a row has no field for: the form is of one service, on one revision.
OF_ONE_QUESTION = ("fact", "revision", "carried", "passage")


class ProposalRow(AnswerForm):
    """One proposal. A row is taken if it is ticked, or if its answer was changed."""

    take = forms.BooleanField(required=False)

    def __init__(self, proposal: ProposedAnswer, data: QueryDict | None) -> None:
        self.proposal = proposal
        initial = {"take": is_undisputed(proposal), "value": proposal.text}
        super().__init__(proposal.definition, data, initial=initial, prefix=proposal.definition.key)
        for name in OF_ONE_QUESTION:
            del self.fields[name]
        self._name_for_readers()

    def _name_for_readers(self) -> None:
        """The row's heading names its fields."""
        value = self.fields["value"]
        look = "form-select" if self.is_choice else "form-control"
        attributes = {"class": f"{look} form-select-sm", "aria-label": self.definition.label}
        if isinstance(value, forms.ChoiceField):
            value.widget = forms.Select(choices=value.choices)  # type: ignore[arg-type]
        value.widget.attrs |= attributes
        self.fields["take"].widget.attrs |= {
            "class": "form-check-input",
            "aria-label": f"Confirm {self.definition.label}",
        }

    def _read_answer(self, text: str) -> None:
        """Where nothing is written beside what the note says two ways, that is the answer."""
        super()._read_answer(text or self.initial.get("silence", ""))

    @property
    def is_taken(self) -> bool:
        """Whether the coder answers it here."""
        return bool(self.cleaned_data.get("take")) or "value" in self.changed_data

    @property
    def is_undisputed(self) -> bool:
        """Whether it was ticked when the page came."""
        return is_undisputed(self.proposal)


class ReadingForm(forms.Form):
    """All rows, with the revision that was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, reading: ToConfirm, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"revision": reading.guided.encounter.revision})
        self.rows = [ProposalRow(proposal, data) for proposal in reading.proposals]

    def is_valid(self) -> bool:
        """Whether this and all rows can be read."""
        # Each row is looked at, whatever the others hold: all problems are shown at once.
        are_valid = [row.is_valid() for row in self.rows]
        return super().is_valid() and all(are_valid)

    @property
    def undisputed(self) -> Sequence[ProposalRow]:
        return [row for row in self.rows if row.is_undisputed]

    @property
    def disputed(self) -> Sequence[ProposalRow]:
        return [row for row in self.rows if not row.is_undisputed]

    def confirmed(self, **more: Any) -> Confirmed:
        """What the coder answers, for the verb."""
        taken = [row for row in self.rows if row.is_taken]
        values: dict[str, FactValue] = {}
        reasons: dict[str, str] = {}
        for row in taken:
            values[row.definition.key] = row.cleaned_data["value"]
            reasons[row.definition.key] = row.cleaned_data["reason"]
        return Confirmed(values, reasons, **more)

    def refuse(self, refusal: AllContradicted) -> None:
        """Show at each row what speaks against its answer, and ask for a reason."""
        for row in self.rows:
            if passages := refusal.passages.get(row.definition.key):
                row.against = passages
                row.add_error("reason", str(refusal))

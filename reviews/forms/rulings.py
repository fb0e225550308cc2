"""The supervisor's ruling, and what else is said about a case."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from coding.decision import OutcomeKind
from coding.forms.parts import CodeFields, IdempotentForm, date_field
from coding.forms.signing import SignedForm
from coding.models import User
from reviews.actions.adjudications import Adjudication
from reviews.models import Cause, RulingKind, Severity
from reviews.queries import wording

# More ids than a page lists, or longer ones than the database has, nobody ticked.
MOST_TICKED, MOST_DIGITS = 500, 19
OPEN_KINDS = (RulingKind.OTHER_CODE, RulingKind.RULE_DEFECT)


class RulingForm(CodeFields, SignedForm, IdempotentForm):
    """What the supervisor finds, and why."""

    kind = forms.ChoiceField(label="Ruling", choices=RulingKind, widget=forms.RadioSelect)
    no_code = forms.BooleanField(required=False, label="Nothing is reported")
    reason = forms.CharField(
        max_length=4000, widget=forms.Textarea(attrs={"rows": 2}), help_text="The coder reads this."
    )
    severity = forms.ChoiceField(
        required=False, label="Severity of the error", choices=[("", "No error"), *Severity.choices]
    )
    cause = forms.ChoiceField(
        required=False, label="Cause", choices=[("", "No error"), *Cause.choices]
    )
    note = forms.CharField(
        required=False,
        max_length=4000,
        label="Note to the coder",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What to look for next time; it stands beside the reason.",
    )
    field_order = [
        "idempotency_key",
        "kind",
        "code",
        "modifiers",
        "units",
        "further_lines",
        "no_code",
        "reason",
        "confirmed",
    ]

    def __init__(self, *args: Any, kinds: Iterable[RulingKind] = RulingKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label="Ruling",
            choices=[(kind.value, kind.label) for kind in kinds],
            widget=forms.RadioSelect,
            error_messages={
                "required": "Choose a ruling.",
                "invalid_choice": "This ruling is not offered for the case. Choose another one.",
            },
        )
        self.fields["code"].label = "Code"
        self.fields[
            "code"
        ].help_text = "For another code, or the right code where the rules are wrong."
        self.fields["no_code"].help_text = "Where the rules are wrong to give a code."

    def clean(self) -> dict[str, Any]:
        """Another code and a rule defect say what is right instead; an error has a severity and a cause, or neither."""
        data = super().clean() or {}
        if bool(data.get("severity")) != bool(data.get("cause")):
            self.add_error(
                "cause", "An error has a severity and a cause. Choose both, or “No error” for both."
            )
        if data.get("kind") not in OPEN_KINDS or "code" in self.errors:
            return data
        if data["kind"] == RulingKind.OTHER_CODE and not data["code"]:
            self.add_error("code", "Write the code. Where nothing is reported, choose “Neither”.")
        elif data["code"] and data.get("no_code"):
            self.add_error("no_code", "A code is written above. Take the code out, or this tick.")
        elif not data["code"] and not data.get("no_code"):
            self.add_error("code", "Write the final code, or tick that nothing is reported.")
        return data

    def adjudication(self) -> Adjudication:
        """The ruling for the verb."""
        data = self.cleaned_data
        return Adjudication(
            kind=RulingKind(data["kind"]),
            reason=data["reason"].strip(),
            outcome=OutcomeKind.CODE if data["code"] else OutcomeKind.NO_FAMILY_CODE,
            code=data["code"],
            modifiers=data["modifiers"],
            units=data["units"] or 1,
            further_lines=data["further_lines"],
            confirmed=data["confirmed"],
            question=data.get("question", ""),
            severity=Severity(data["severity"]) if data["severity"] else None,
            cause=Cause(data["cause"]) if data["cause"] else None,
            note=data["note"],
        )


class CaseRulingForm(RulingForm):
    """A ruling on one case. ``revision`` and ``suggestion`` are what was on the page.

    ``asking`` are the kinds that ask the provider.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput)
    suggestion = forms.IntegerField(widget=forms.HiddenInput, required=False)
    question = forms.CharField(
        required=False,
        max_length=4000,
        label="Question to the provider",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Where the ruling asks the provider: a question that leads to no answer. Empty: your reason is sent.",
    )
    ask_so = forms.BooleanField(
        required=False, label="I have read why it may lead to an answer. Ask it so."
    )
    field_order = [*RulingForm.field_order, "question", "ask_so"]

    def __init__(self, *args: Any, asking: Collection[RulingKind] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asking = asking

    @property
    def asks_by_one_kind(self) -> bool:
        """Whether the provider is asked by one ruling alone: for the others the page shows no question."""
        return set(self.asking) == {RulingKind.PROVIDER_QUERY}

    @property
    def is_flagged(self) -> bool:
        """Whether the question was found to lead to an answer."""
        asks = self.is_bound and self.data.get("kind") in self.asking
        return asks and bool(wording.leading(self.data.get("question", "")))

    def clean(self) -> dict[str, Any]:
        """A question that leads to an answer is asked only by whoever has read why."""
        data = super().clean() or {}
        if data.get("kind") not in self.asking or data.get("ask_so"):
            return data
        reasons = wording.leading(data.get("question", ""))
        if reasons:
            why = ". ".join(reasons)
            problem = f"{why}. Word it neutrally, or tick below that it is to be asked so."
            self.add_error("question", problem)
        return data


class AlikeRulingForm(RulingForm):
    """A ruling on a case and on those that are alike. ``others`` are the ids of the ticked ones."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    suggestion = forms.IntegerField(widget=forms.HiddenInput, required=False)
    others = forms.TypedMultipleChoiceField(
        coerce=int, required=False, widget=forms.MultipleHiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        data: Any = self.data
        ticked = data.getlist("others") if self.is_bound else []
        # The verb takes those that are alike and waiting, whatever was sent.
        sent: Any = self.fields["others"]
        sent.choices = [
            (key, key) for key in ticked[:MOST_TICKED] if key.isdecimal() and len(key) < MOST_DIGITS
        ]


class ReasonForm(IdempotentForm):
    """Why a person does what cannot be taken back silently."""

    reason = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), label="Why")


class HandOverForm(ReasonForm):
    """To whom a case is given, and why."""

    field_order = ["idempotency_key", "to", "reason"]

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = SupervisorField(
            people,
            label="To",
            empty_label=None,
            help_text="Whoever holds the fewest cases stands first, who is away last.",
            error_messages={
                "invalid_choice": "They may not rule on this case. Choose another supervisor."
            },
        )
        self.order_fields(self.field_order)


class SupervisorField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A supervisor, with the number of cases that each holds."""

    def label_from_instance(self, obj: Any) -> str:
        """The name and the load, and whether they are away."""
        away = ", is away" if obj.is_away else ""
        return f"{obj.name}, holds {obj.held}{away}"


class SignedReasonForm(SignedForm, ReasonForm):
    """Why, with a signature under it."""


class ProviderAnswerForm(IdempotentForm):
    """What the provider answered, when, and who it was."""

    answer = forms.CharField(
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        label="The provider's answer",
        help_text="As it was given.",
    )
    provider = forms.CharField(max_length=120, label="Answered by")
    answered_on = date_field(label="Answered on")

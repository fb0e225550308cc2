"""The pages of all other steps: copy, discard, return, retire, put in force again, and ask for a dry run."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.urls import reverse

from coding.actions import rule_sets
from coding.forms.parts import IdempotentForm
from coding.models import Meaning, RuleSetVersion, VersionState
from coding.rules import time_line
from coding.rules.precedents import Reversal
from coding.rules.time_line import Stretch
from reviews.actions import publishing, runs
from reviews.actions.runs import Scope
from reviews.admin.version_steps import SignedStep, Step
from reviews.forms.publishing import CopyForm, ReasonForm, SignedReasonForm
from reviews.publishing import named


class Copy(Step):
    """A draft with the content of this version."""

    name, title, button = "copy", "Copy as a draft", "Make the draft"
    lead = (
        "The draft has the same questions, rules, texts, lexicon and worked cases. To roll back, copy the version that"
        " is to decide again, give the day, and submit the draft."
    )
    permission = "coding.add_rulesetversion"
    states = tuple(VersionState)
    draft: RuleSetVersion | None = None

    def form(self, data: Mapping[str, Any] | None) -> CopyForm:
        """From when, and why."""
        return CopyForm(data)

    def act(self, data: dict[str, Any]) -> str:
        """By the verb."""
        self.draft = publishing.copy_as_draft(
            self.actor, self.version, data["effective_from"], data["reason"]
        )
        return f"{self.draft} is a draft with the content of version {self.version.number}."

    @property
    def leads_to(self) -> str:
        """The draft, which is to be edited next."""
        if self.draft is None:
            return super().leads_to
        return reverse("admin:coding_rulesetversion_change", args=[self.draft.pk])


class Discard(Step):
    """Draft to discarded."""

    name, title, button = "discard", "Discard the draft", "Discard"
    lead = (
        "Nobody edits or submits it any more. Its rows are kept, and a copy of it is a draft again."
    )
    permission = rule_sets.DISCARD.permission
    states = (VersionState.DRAFT,)

    def form(self, data: Mapping[str, Any] | None) -> IdempotentForm:
        """Nothing but whether."""
        return IdempotentForm(data)

    def act(self, data: dict[str, Any]) -> str:
        """By the verb."""
        rule_sets.discard(self.actor, self.version)
        return f"{self.version} is discarded."


class SendBack(Step):
    """In review to draft."""

    name, title, button = "return", "Return to the author", "Return"
    lead = "It is a draft again, and its author reads why."
    permission = rule_sets.SEND_BACK.permission
    states = (VersionState.IN_REVIEW,)

    def form(self, data: Mapping[str, Any] | None) -> ReasonForm:
        """What is to be mended."""
        return ReasonForm(data)

    def act(self, data: dict[str, Any]) -> str:
        """By the verb."""
        rule_sets.send_back(self.actor, self.version, data["reason"])
        return f"{self.version} is a draft again."


class InForceStep(SignedStep):
    """A step that changes what is in force: the page says what will be."""

    template = "admin/reviews/version_in_force.html"
    permission = rule_sets.RETIRE.permission
    adds: ClassVar[bool]

    def form(self, data: Mapping[str, Any] | None) -> SignedReasonForm:
        """Why, and the signature."""
        return SignedReasonForm(data, signing=self.signing)

    def context(self) -> dict[str, Any]:
        """What is in force before and after."""
        others = time_line.published_beside(self.version)
        with_it = [*others, self.version]
        before, after = (others, with_it) if self.adds else (with_it, others)
        stretches = time_line.change(before, after)
        uncovered = [stretch for stretch in stretches if stretch.before and stretch.after is None]
        return {
            **super().context(),
            "stretches": stretches,
            "uncovered": uncovered,
            "otherwise": _otherwise(stretches),
        }

    def confirmed(self) -> SignedReasonForm:
        """The form with the person's confirmation."""
        assert isinstance(self.bound, SignedReasonForm)  # noqa: S101
        return self.bound


def _otherwise(stretches: Iterable[Stretch]) -> list[tuple[RuleSetVersion, Reversal]]:
    """The precedents that come out otherwise by the versions that are newly in force, each version once."""
    newly: dict[int, RuleSetVersion] = {}
    for stretch in stretches:
        if stretch.after and stretch.changes:
            newly[stretch.after.pk] = stretch.after

    otherwise = []
    for version in newly.values():
        otherwise += [(version, reversal) for reversal in named.reversals(version)]
    return otherwise


class Retire(InForceStep):
    """Published to retired."""

    name, title, button = "retire", "Retire", "Sign and retire"
    lead = "It decides no new round any more. What it decided stays. It can be put in force again."
    states = (VersionState.PUBLISHED,)
    meaning = Meaning.RETIREMENT
    adds = False

    def act(self, data: dict[str, Any]) -> str:
        """By the verb."""
        rule_sets.retire(self.actor, self.version, self.confirmed().confirmation, data["reason"])
        return f"{self.version} is retired."


class Restore(InForceStep):
    """Retired to published."""

    name, title, button = "restore", "Put in force again", "Sign and put in force again"
    lead = "It decides again as it did before it was retired."
    states = (VersionState.RETIRED,)
    meaning = Meaning.APPROVAL
    takes_another_person = True
    adds = True

    def act(self, data: dict[str, Any]) -> str:
        """By the verb."""
        rule_sets.restore(self.actor, self.version, self.confirmed().confirmation, data["reason"])
        return f"{self.version} is in force again from {self.version.effective_from}."


class DryRun(Step):
    """A run of exactly this content over all services; it is launched on its own page."""

    name, title, button = "dry-run", "Dry run", "Plan the dry run"
    lead = "What this content would make of every stored service. The workers count first; then you launch the run."
    permission = "reviews.add_reevaluationrun"
    states = (VersionState.DRAFT, VersionState.IN_REVIEW)
    address = ""

    def form(self, data: Mapping[str, Any] | None) -> IdempotentForm:
        """Nothing but whether."""
        return IdempotentForm(data)

    def act(self, data: dict[str, Any]) -> str:
        """By the verb."""
        self.address = runs.plan(self.actor, self.version, Scope()).get_absolute_url()
        return f"The dry run of {self.version} is being planned."

    @property
    def leads_to(self) -> str:
        """The run."""
        return self.address or super().leads_to

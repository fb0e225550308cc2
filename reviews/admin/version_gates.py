"""The pages of submitting and of publishing: the gate, what will be in force, what changes, and the verb."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any, ClassVar

from django.utils.dateparse import parse_date

from coding.actions import rule_sets
from coding.models import Meaning, VersionState
from coding.rules import time_line
from reviews.actions import publishing
from reviews.admin.version_steps import SignedStep, Step
from reviews.forms.publishing import PublishForm, SubmitForm
from reviews.publishing import dry_runs, gate, named, touched
from reviews.reevaluation.report import Report

LISTED_CHANGES = 10


class GatedStep(Step):
    """A step through the gate: its checks, what will be in force, the dry run, and what a day in the past concerns."""

    template = "admin/reviews/version_gate.html"
    chooses_day: ClassVar[bool] = False

    @property
    def day(self) -> date | None:
        """The day from which the version would be in force."""
        return self.version.effective_from

    def context(self) -> dict[str, Any]:
        """All that decides whether it goes on."""
        day, version = self.day, self.version
        beside = time_line.published_beside(version)
        run = dry_runs.finished_run_of(version)
        report = Report(run) if run else None
        reasons = named.reasons(version)
        return {
            **super().context(),
            "day": day,
            "checks": gate.checks(version, day, self.actor),
            "stretches": time_line.change(beside, [*beside, time_line.from_day(version, day)]),
            "run": run,
            "report": report,
            "is_opened": dry_runs.was_opened_by(self.actor, version),
            "changes": report.changes[:LISTED_CHANGES] if report else [],
            "under_way": dry_runs.run_under_way(version),
            "needs_dry_run": dry_runs.needs_dry_run(version),
            "is_back_dated": touched.is_back_dated(day),
            "reversals": [
                (reversal, reasons.get(reversal.precedent.pk))
                for reversal in named.reversals(version)
            ],
            "cured": named.cured(version),
            "touched": touched.by_month(version, day) if day and touched.is_back_dated(day) else [],
        }


class Submit(GatedStep):
    """Draft to in review."""

    name, title, button = "submit", "Submit for review", "Submit for review"
    lead = "An approver reads it next. Until it is returned nobody edits it."
    permission = rule_sets.SUBMIT.permission
    states = (VersionState.DRAFT,)
    chooses_day = True

    @property
    def day(self) -> date | None:
        """As it was written on the page, or as it stands in the draft."""
        written = self.request.POST.get("effective_from")
        if written is None:
            return self.version.effective_from
        with suppress(ValueError):
            return parse_date(written)
        return None

    def form(self, data: Mapping[str, Any] | None) -> SubmitForm:
        """The day, why, and that it was looked at."""
        reason = self.request.POST.get("reason", self.version.change_note)
        return SubmitForm(
            data,
            initial={"effective_from": self.day, "reason": reason},
            version=self.version,
            day=self.day,
        )

    def act(self, data: dict[str, Any]) -> str:
        """By the verb."""
        form = self.bound
        assert isinstance(form, SubmitForm)  # noqa: S101
        day, reason = data["effective_from"], data["reason"]
        publishing.submit(self.actor, self.version, day, reason, form.looked, form.says)
        return f"{self.version} is in review. Somebody else publishes it."


class Publish(SignedStep, GatedStep):
    """In review to published."""

    name, title, button = "publish", "Publish", "Sign and publish"
    lead = "From its day on it decides new rounds of services. What was decided stays as it was decided."
    permission = rule_sets.PUBLISH.permission
    states = (VersionState.IN_REVIEW,)
    meaning = Meaning.APPROVAL
    takes_another_person = True

    def form(self, data: Mapping[str, Any] | None) -> PublishForm:
        """Why, that it was looked at, and the signature."""
        return PublishForm(data, version=self.version, day=self.day, signing=self.signing)

    def act(self, data: dict[str, Any]) -> str:
        """By the verb; tells of the run that a day in the past opened."""
        form = self.bound
        assert isinstance(form, PublishForm)  # noqa: S101
        run = publishing.publish(
            self.actor, self.version, data["reason"], form.looked, form.confirmation
        )
        opened = " A run over the stored services that it concerns is opened." if run else ""
        return f"{self.version} is published, in force from {self.version.effective_from}.{opened}"

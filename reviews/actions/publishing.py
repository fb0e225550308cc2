"""Verbs that take a version from draft to in force, as their pages ask for them: with what was looked at, and why."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from coding.actions import rule_sets
from coding.actions.errors import Conflict
from coding.actions.locks import locked
from coding.actions.require import require
from coding.actions.version_gate import Refused
from coding.models import RuleSet, RuleSetVersion, User
from coding.rules import case_rows
from coding.signing.confirmation import Confirmation
from reviews.actions import runs
from reviews.actions.runs import Scope
from reviews.models import ReevaluationRun
from reviews.publishing import dry_runs, gate, touched


@dataclass(frozen=True, slots=True)
class Looked:
    """What a person had before them: the content by ``seen_content``, and whether they looked at what it does.

    ``knows_past`` says that they mean a day that has passed.
    """

    content: str
    at_dry_run: bool = False
    knows_past: bool = False


def seen_content(version: RuleSetVersion) -> str:
    """Rules, lexicon, worked cases and layer of a version in one text: another text is another content."""
    parts = [version.document and version.document.content_hash, version.lexicon and version.lexicon.content_hash]
    return " ".join([*(part or "none" for part in parts), case_rows.digest(version) or "none", *version.layer])


def submit(actor: User, version: RuleSetVersion, day: date, reason: str, looked: Looked) -> None:
    """Hand a draft to the approvers with the day from which it is to be in force, and why."""
    require(actor, rule_sets.SUBMIT.permission, "submit rule set versions")
    with transaction.atomic():
        now = rule_sets.lock_draft(version)
        _check(now, day, looked)
        now.effective_from, now.change_note = day, reason
        now.save(update_fields=["effective_from", "change_note"])
        rule_sets.submit(actor, now)


def publish(
    actor: User, version: RuleSetVersion, reason: str, looked: Looked, confirmation: Confirmation | None = None
) -> ReevaluationRun | None:
    """Put a version in force. From a day in the past that concerns stored services, a run over them is opened.

    The run shows what changes; review cases are opened by whoever may apply it.
    """
    require(actor, rule_sets.PUBLISH.permission, "publish rule set versions")
    with transaction.atomic():
        # In the order of ``rule_sets.publish``.
        locked(RuleSet.objects.all())
        now = rule_sets.lock(version)
        day = now.effective_from
        _check(now, day, looked)
        rule_sets.publish(actor, now, confirmation, reason)
        if day is None or not touched.is_back_dated(day) or not touched.touched(now, day).exists():
            return None
        now.refresh_from_db()
        return runs.open_run(actor, now, Scope(served_from=day, served_until=touched.last_day(now, day)))


def _check(version: RuleSetVersion, day: date | None, looked: Looked) -> None:
    """Refuse what does not pass the gate, and what is not what the person looked at."""
    if looked.content != seen_content(version):
        raise Conflict(f"{version} was changed meanwhile. Look at it again: the page shows what it is now.")
    for check in gate.checks(version, day):
        if not check.passes:
            raise Refused(f"{check.name}: {check.faults[0]}")
    if dry_runs.needs_dry_run(version) and not looked.at_dry_run:
        raise Refused("Look at what the dry run of this content changes, and say that you did.")
    if touched.is_back_dated(day) and not looked.knows_past:
        raise Refused(f"{day} has passed. Say that you mean a day in the past, or choose another.")


def copy_as_draft(actor: User, version: RuleSetVersion, day: date | None, reason: str) -> RuleSetVersion:
    """A draft with the content of a version, for a day and with a reason: so an earlier one is taken up again."""
    with transaction.atomic():
        draft = rule_sets.draft_from(actor, version)
        draft.effective_from = day
        draft.change_note = f"Takes up version {version.number} again: {reason}" if reason else draft.change_note
        draft.save(update_fields=["effective_from", "change_note"])
    return draft

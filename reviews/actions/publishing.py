"""Verbs that take a version from draft to in force, as their pages ask for them: with what was looked at, and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from coding import trail
from coding.actions import rule_sets
from coding.actions.errors import Conflict
from coding.actions.locks import locked
from coding.actions.require import require
from coding.actions.version_gate import Refused
from coding.models import Precedent, RuleSet, RuleSetVersion, User
from coding.rules import case_rows
from coding.rules.precedents import Reversal
from coding.signing.confirmation import Confirmation
from reviews.actions import curing, defects, runs
from reviews.actions.runs import Scope
from reviews.models import NamedCure, NamedReversal, ReevaluationRun, RuleDefect
from reviews.publishing import gate, named, touched


@dataclass(frozen=True, slots=True)
class Looked:
    """What a person had before them: the content by ``seen_content``, and whether they mean a day that has passed."""

    content: str
    knows_past: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """What an author says of a version: why it reverses precedents, by their ids, and which rule defects it mends."""

    reversals: Mapping[int, str] = field(default_factory=dict)
    cures: Collection[int] = ()


NOTHING = Named()


def seen_content(version: RuleSetVersion) -> str:
    """Rules, lexicon, worked cases and layer of a version in one text: another text is another content."""
    rules = version.document.content_hash if version.document else "none"
    lexicon = version.lexicon.content_hash if version.lexicon else "none"
    cases = case_rows.digest(version) or "none"
    return " ".join([rules, lexicon, cases, *version.layer])


def submit(
    actor: User,
    version: RuleSetVersion,
    day: date,
    reason: str,
    looked: Looked,
    says: Named = NOTHING,
) -> None:
    """Hand a draft to the approvers with the day from which it is to be in force, and why."""
    require(actor, rule_sets.SUBMIT.permission, "submit rule set versions")
    with transaction.atomic():
        now = rule_sets.lock_draft(version)
        _name(now, says)
        _check(actor, now, day, looked)

        if (now.effective_from, now.change_note) != (day, reason):
            now.effective_from, now.change_note = day, reason
            now.save(update_fields=["effective_from", "change_note"])
            rule_sets.take_up(
                actor, now, "Day and reason, as it was submitted.", lexicon_stays=True
            )

        rule_sets.submit(actor, now, named.reasons(now))


def publish(
    actor: User,
    version: RuleSetVersion,
    reason: str,
    looked: Looked,
    confirmation: Confirmation | None = None,
) -> ReevaluationRun | None:
    """Put a version in force, reverse the precedents and close the rule defects that its author named.

    A run is opened over the services of the defects, and over those that a day in the past concerns. It shows what
    changes; review cases are opened by whoever may apply it.
    """
    require(actor, rule_sets.PUBLISH.permission, "publish rule set versions")
    with transaction.atomic():
        # In the order of ``rule_sets.publish``.
        locked(RuleSet.objects.all())
        now = rule_sets.lock(version)
        day = now.effective_from
        _check(actor, now, day, looked)

        reversed_ones = named.reversals(now)
        cured = named.cured(now)
        rule_sets.publish(actor, now, confirmation, reason, named.reasons(now))
        now.refresh_from_db()

        _reverse(actor, now, reversed_ones)
        for defect in cured:
            defects.close(actor, defect, now, reason)
        scope = _scope_of_run(now, cured)
        return runs.open_run(actor, now, scope) if scope else None


def _scope_of_run(version: RuleSetVersion, cured: Sequence[RuleDefect]) -> Scope | None:
    """The days that a publication calls in question; None if it calls none."""
    past = _past_day(version)
    if cured:
        first = curing.first_day_of(cured)
        return Scope(served_from=min(first, past) if past else first)
    if past is None:
        return None
    return Scope(served_from=past, served_until=touched.last_day(version, past))


def _past_day(version: RuleSetVersion) -> date | None:
    """The day from which a version is in force, if services of days that have passed are concerned."""
    day = version.effective_from
    if day is None or not touched.is_back_dated(day):
        return None
    return day if touched.touched(version, day).exists() else None


def _reverse(actor: User, version: RuleSetVersion, reversed_ones: Sequence[Reversal]) -> None:
    """End the precedents that come out otherwise from now on; the gate has seen that each is named.

    One that was ruled under rules for others goes on: those rules still decide their services.
    """
    reasons = named.reasons(version)
    for reversal in reversed_ones:
        if reversal.precedent.version.layer != version.layer:
            continue
        [precedent] = locked(Precedent.objects.filter(pk=reversal.precedent.pk))
        precedent.reversed_by, precedent.reversed_at = version, timezone.now()
        precedent.save(update_fields=["reversed_by", "reversed_at"])
        after = {"precedent": precedent.name, "by": str(version), "comes out as": reversal.instead}
        why = reasons[precedent.pk]
        trail.record(
            actor, "precedent.reversed", precedent, after=after, reason=why, rows=[precedent]
        )


def _name(version: RuleSetVersion, says: Named) -> None:
    """Write down what the author says, in place of what was said before."""
    version.named_reversals.all().delete()
    version.named_cures.all().delete()

    may_name = {reversal.precedent.pk for reversal in named.reversals(version)}
    reversals = []
    for key, words in says.reversals.items():
        why = words.strip()
        if key in may_name and why:
            reversals.append(NamedReversal(version=version, precedent_id=key, reason=why))
    NamedReversal.objects.bulk_create(reversals)

    is_open = {defect.pk for defect in named.open_defects(version)}
    cures = [NamedCure(version=version, defect_id=key) for key in says.cures if key in is_open]
    NamedCure.objects.bulk_create(cures)


def _check(actor: User, version: RuleSetVersion, day: date | None, looked: Looked) -> None:
    """Refuse what does not pass the gate, and what is not what the person looked at."""
    if looked.content != seen_content(version):
        raise Conflict(
            f"{version} was changed meanwhile. Look at it again: the page shows what it is now."
        )
    for check in gate.checks(version, day, actor):
        if not check.passes:
            raise Refused(f"{check.name}: {check.faults[0]}")
    if touched.is_back_dated(day) and not looked.knows_past:
        raise Refused(f"{day} has passed. Say that you mean a day in the past, or choose another.")


def copy_as_draft(
    actor: User, version: RuleSetVersion, day: date | None, reason: str
) -> RuleSetVersion:
    """A draft with the content of a version, for a day and with a reason: so an earlier one is taken up again."""
    note = f"Takes up version {version.number} again: {reason}" if reason else ""
    return rule_sets.draft_from(actor, version, day, note)

"""Verbs on rule set versions: draft, save, submit, publish, retire."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.locks import locked as locked_rows
from coding.actions.require import require
from coding.actions.signatures import sign
from coding.actions.transitions import VERSION, Transition, of
from coding.decision import RuleTable, TableError, can_guide, describe_facts, verify
from coding.evidence import Lexicon, LexiconError
from coding.models import LexiconDocument, Meaning, RuleDocument, RuleSet, RuleSetVersion, User, VersionState
from coding.rules import lexicons, rulebook
from coding.signing.confirmation import Confirmation
from coding.signing.content import version_content
from coding.tables.days import fault_of_start

SUBMIT = of(VERSION, "submit")
SEND_BACK = of(VERSION, "return")
PUBLISH = of(VERSION, "publish")
RETIRE = of(VERSION, "retire")


class Refused(Exception):
    """A version that cannot go on as it is; the message says why and what to do."""


def draft(
    actor: User, rule_set: RuleSet, table: RuleTable, change_note: str = "", lexicon: Lexicon | None = None
) -> RuleSetVersion:
    """A new draft with the content of a table, and the lexicon that reads notes for it."""
    require(actor, "coding.add_rulesetversion", "draft rule set versions")
    with transaction.atomic():
        RuleSet.objects.select_for_update().get(pk=rule_set.pk)
        number = (rule_set.versions.aggregate(last=Max("number"))["last"] or 0) + 1
        version = RuleSetVersion.objects.create(
            rule_set=rule_set,
            number=number,
            description=table.description,
            notes="\n\n".join(table.notes),
            family=" ".join(table.family),
            hit_policy=table.hit_policy.value,
            opening=table.opening.to_document(),
            change_note=change_note,
            document=rulebook.store(table),
            lexicon=lexicons.store(lexicon) if lexicon and lexicons.fits(lexicon, table) else None,
            author=actor,
            last_editor=actor,
        )
        try:
            rulebook.write_rows(version, table)
        except ValidationError as error:
            raise Refused(f"The rules cannot be kept: {'; '.join(error.messages)}") from None
        if lexicon:
            version.lexicon_frame = lexicons.write_rows(version, lexicon)
            version.save(update_fields=["lexicon_frame"])
        trail.record(actor, "version.drafted", version, after={"number": number, "content": table.content_hash})
    return version


def draft_from(actor: User, version: RuleSetVersion) -> RuleSetVersion:
    """A new draft that begins as a copy of a version."""
    if version.document is None:
        raise Refused(f"{version} has errors; mend it before you copy it.")
    lexicon = lexicons.lexicon_of(version.lexicon) if version.lexicon else None
    table = rulebook.table_of(version.document)
    return draft(actor, version.rule_set, table, f"Copy of version {version.number}.", lexicon)


def lock(version: RuleSetVersion) -> RuleSetVersion:
    """The version as it is now, locked until the transaction ends."""
    [now] = locked_rows(RuleSetVersion.objects.filter(pk=version.pk), "rule_set", "document", "lexicon", "last_editor")
    return now


def save(actor: User, version: RuleSetVersion) -> str:
    """Take up the edited rows of a draft as its content; the caller has written them in the same transaction.

    Returns what is wrong if they make no rule table or no lexicon: the rows are kept, the draft has no content, or
    reads no note, until mended.
    """
    require(actor, "coding.change_rulesetversion", "edit rule set versions")
    with transaction.atomic():
        locked = lock(version)
        if not locked.is_draft:
            raise Conflict(
                f"{locked} is {locked.get_state_display().lower()} and not edited any more. Copy it as a draft."
            )
        document, lexicon, problem = None, None, ""
        try:
            table = rulebook.table_from_rows(locked)
            document = rulebook.store(table)
            terms = lexicons.from_rows(locked, table)
            lexicon = lexicons.store(terms) if terms else None
        except (TableError, LexiconError) as error:
            problem = str(error)
        RuleSetVersion.objects.filter(pk=locked.pk).update(
            document=document, lexicon=lexicon, last_editor=actor, edition=F("edition") + 1
        )
        trail.record(
            actor,
            "version.saved",
            locked,
            before=_contents(locked.document, locked.lexicon),
            after=_contents(document, lexicon),
        )
    return problem


def _contents(document: RuleDocument | None, lexicon: LexiconDocument | None) -> dict[str, str | None]:
    return {
        "content": document.content_hash if document else None,
        "lexicon": lexicon.content_hash if lexicon else None,
    }


def submit(actor: User, version: RuleSetVersion) -> None:
    """Hand a draft to the approvers; it is not edited while they read it."""
    require(actor, SUBMIT.permission, "submit rule set versions")
    with transaction.atomic():
        locked = lock(version)
        if locked.document is None or locked.effective_from is None:
            raise Refused(f"{locked} needs a date from which it is in force, and rules without errors. Then submit it.")
        if fault := fault_of_start(locked.effective_from, timezone.localdate()):
            raise Refused(f"{locked} would be in force from a day that cannot be meant: {fault}")
        _move(actor, locked, SUBMIT)


def send_back(actor: User, version: RuleSetVersion) -> None:
    """Give a version in review back to its author."""
    require(actor, SEND_BACK.permission, "return rule set versions")
    _move(actor, version, SEND_BACK)


def retire(actor: User, version: RuleSetVersion, confirmation: Confirmation | None = None) -> None:
    """Take a published version out of force, signed; the one before it decides again."""
    require(actor, RETIRE.permission, "retire rule set versions")
    with transaction.atomic():
        locked = lock(version)
        signed = sign(actor, Meaning.RETIREMENT, [version_content(locked)], confirmation)
        _move(actor, locked, RETIRE, signed.in_trail(locked), retired_at=timezone.now())


def _move(
    actor: User,
    version: RuleSetVersion,
    transition: Transition[VersionState],
    signature: dict[str, str] | None = None,
    **stamps: datetime,
) -> None:
    [start], [end] = transition.start, transition.end
    with transaction.atomic():
        if not RuleSetVersion.objects.filter(pk=version.pk, state=start).update(state=end, **stamps):
            raise Conflict(f"{version} is not {start.label.lower()} any more. Reload the page to see where it is.")
        before, after = {"state": start.label}, {"state": end.label, **(signature or {})}
        trail.record(actor, transition.event, version, before=before, after=after)


def publish(actor: User, version: RuleSetVersion, confirmation: Confirmation | None = None) -> None:
    """Put a reviewed version in force from its date of service on, signed. The author and the last editor may not."""
    require(actor, PUBLISH.permission, "publish rule set versions")
    with transaction.atomic():
        RuleSet.objects.select_for_update().get(pk=version.rule_set_id)
        locked = lock(version)
        _check_publishable(actor, locked)
        try:
            with transaction.atomic():
                RuleSetVersion.objects.filter(pk=locked.pk).update(
                    state=VersionState.PUBLISHED, approver=actor, published_at=timezone.now()
                )
        except IntegrityError:
            raise Conflict(
                f"Another version takes effect on {locked.effective_from}. Return this one for another day."
            ) from None
        signed = sign(actor, Meaning.APPROVAL, [version_content(locked)], confirmation)
        after = {"state": VersionState.PUBLISHED.label, "in force from": str(locked.effective_from)}
        before = {"state": VersionState.IN_REVIEW.label}
        trail.record(actor, PUBLISH.event, locked, before=before, after={**after, **signed.in_trail(locked)})


def _check_publishable(actor: User, version: RuleSetVersion) -> None:
    if version.state != VersionState.IN_REVIEW or version.document is None:
        raise Conflict(f"{version} is not in review. Its author submits it first.")
    if actor.pk in (version.author_id, version.last_editor_id):
        raise NotAllowed("You wrote this version. Somebody else approves and publishes it.")
    if version.lexicon is None and version.lexicon_terms.exists():
        raise Refused(f"The lexicon of {version} has errors. Return the version and mend it.")
    table = rulebook.table_of(version.document)
    for finding in verify(table):
        if finding.is_defect:
            case = f" The case: {describe_facts(table.facts, finding.witness)}." if finding.witness else ""
            raise Refused(f"{finding.words}{case} Return the version and mend its rules.")
    if not can_guide(table):
        raise Refused("These rules are too entangled for the guided form. Return the version and part it into several.")

"""Verbs on rule sets and their versions: begin, draft, save, discard, submit, publish, retire, restore."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from coding import trail
from coding.actions import editions
from coding.actions.errors import Conflict
from coding.actions.locks import locked as locked_rows
from coding.actions.new_content import store
from coding.actions.require import require
from coding.actions.signatures import Signed, sign
from coding.actions.transitions import VERSION, Transition, of
from coding.actions.version_gate import (
    Refused,
    check_another_person,
    check_claims,
    check_precedents,
    check_publishable,
    check_submittable,
)
from coding.decision import RuleTable
from coding.evidence import Lexicon, LexiconError
from coding.models import (
    LexiconDocument,
    Meaning,
    RuleDocument,
    RuleSet,
    RuleSetVersion,
    User,
    VersionState,
    WorkedCase,
)
from coding.models.layers import GENERAL, Layer
from coding.models.rule_sets import CONTENTS
from coding.rules import case_rows, lexicons, rulebook
from coding.rules.draft_reading import read_draft
from coding.rules.trial import lexicon_problems
from coding.signing.confirmation import Confirmation
from coding.signing.content import version_content

DISCARD = of(VERSION, "discard")
SUBMIT = of(VERSION, "submit")
SEND_BACK = of(VERSION, "return")
PUBLISH = of(VERSION, "publish")
RETIRE = of(VERSION, "retire")
RESTORE = of(VERSION, "put in force again")


def begin(
    actor: User,
    table: RuleTable,
    change_note: str = "",
    lexicon: Lexicon | None = None,
    cases: Sequence[WorkedCase] = (),
) -> RuleSetVersion:
    """A new rule set, with the content of a table as its first draft."""
    require(actor, "coding.add_ruleset", "begin rule sets")
    with transaction.atomic():
        rule_set = _new_rule_set(table)
        trail.record(actor, "rule_set.begun", rule_set, after={"key": rule_set.key})
        return draft(actor, rule_set, table, change_note, lexicon, cases)


def bring_in(
    actor: User,
    table: RuleTable,
    change_note: str = "",
    lexicon: Lexicon | None = None,
    cases: Sequence[WorkedCase] = (),
) -> RuleSetVersion:
    """A draft with this content: the next version of the rule set of its key, or the first of a new one."""
    rule_set = RuleSet.objects.filter(key=table.key).first()
    if rule_set is None:
        return begin(actor, table, change_note, lexicon, cases)
    return draft(actor, rule_set, table, change_note, lexicon, cases)


def _new_rule_set(table: RuleTable) -> RuleSet:
    rule_set = RuleSet(key=table.key, name=table.name)
    try:
        rule_set.full_clean(validate_unique=False)
    except ValidationError as error:
        problems = []
        for field, texts in error.message_dict.items():
            words = " ".join(texts)
            problems.append(f"{field}: {words}")
        raise Refused("; ".join(problems)) from None
    try:
        with transaction.atomic():
            rule_set.save()
    except IntegrityError:
        raise Refused(
            f"key: there is a rule set “{table.key}” already. Choose another key, or make a draft of that rule set."
        ) from None
    return rule_set


def draft(
    actor: User,
    rule_set: RuleSet,
    table: RuleTable,
    change_note: str = "",
    lexicon: Lexicon | None = None,
    cases: Sequence[WorkedCase] = (),
    layer: Layer = GENERAL,
    day: date | None = None,
) -> RuleSetVersion:
    """A new draft with the content of a table, the lexicon that reads notes for it, and worked cases of no version.

    ``layer`` says for whom it is to be in force, ``day`` from when.
    """
    require(actor, "coding.add_rulesetversion", "draft rule set versions")
    with transaction.atomic():
        # Drafts of one rule set begin one after the other: each takes the next number.
        locked_rows(RuleSet.objects.filter(pk=rule_set.pk))
        last = rule_set.versions.aggregate(last=Max("number"))["last"] or 0
        version = RuleSetVersion(
            rule_set=rule_set,
            number=last + 1,
            change_note=change_note,
            for_payer=layer.payer,
            for_place=layer.place,
            effective_from=day,
            author=actor,
            last_editor=actor,
        )
        store(version, table, lexicon)
        case_rows.write(version, cases)

        edition = editions.keep(
            actor, version, version.edition, version.document, version.lexicon, change_note
        )
        after = {"number": version.number, "content": table.content_hash}
        trail.record(actor, "version.drafted", version, after=after, rows=[version, edition])
    return version


def draft_from(
    actor: User, version: RuleSetVersion, day: date | None = None, note: str = ""
) -> RuleSetVersion:
    """A new draft that begins as a copy of a version."""
    if version.document is None:
        raise Refused(f"{version} has errors; mend it before you copy it.")
    lexicon = lexicons.lexicon_of(version.lexicon) if version.lexicon else None
    table = rulebook.table_of(version.document)
    cases = case_rows.copies(version.worked_cases.all())
    note = note or f"Copy of version {version.number}."
    return draft(actor, version.rule_set, table, note, lexicon, cases, version.layer, day)


def discard(actor: User, version: RuleSetVersion) -> None:
    """Put a draft away for good. Its rows and its number are kept; copied, it is a draft again."""
    require(actor, DISCARD.permission, "discard drafts")
    with transaction.atomic():
        _move(actor, lock(version), DISCARD)


def lock(version: RuleSetVersion) -> RuleSetVersion:
    """The version as it is now, locked until the transaction ends."""
    rows = RuleSetVersion.objects.filter(pk=version.pk)
    [now] = locked_rows(rows, "rule_set", "document", "lexicon", "last_editor", unread=CONTENTS)
    return now


def lock_draft(version: RuleSetVersion) -> RuleSetVersion:
    """The draft as it is now, locked until the transaction ends. Raises Conflict if it is none any more."""
    now = lock(version)
    if not now.is_draft:
        raise Conflict(
            f"{now} is {now.get_state_display().lower()} and not edited any more. Copy it as a draft."
        )
    return now


def take_cases(actor: User, version: RuleSetVersion, cases: Sequence[WorkedCase]) -> None:
    """Add worked cases to a draft; one that bears the id of a case which is there takes its place."""
    require(actor, "coding.change_rulesetversion", "edit rule set versions")
    with transaction.atomic():
        locked = lock_draft(version)
        before = locked.worked_cases.count()
        locked.worked_cases.filter(case_id__in=[case.case_id for case in cases]).delete()
        case_rows.write(locked, cases)

        number = locked.edition + 1
        RuleSetVersion.objects.filter(pk=locked.pk).update(
            last_editor=actor, edition=F("edition") + 1
        )
        what = "Worked cases from a file."
        edition = editions.keep(actor, locked, number, locked.document, locked.lexicon, what)
        trail.record(
            actor,
            "version.cases_taken",
            locked,
            before={"worked cases": before},
            after={
                "worked cases": locked.worked_cases.count(),
                "content": case_rows.digest(locked),
            },
            rows=[locked, edition],
        )


def take_back(actor: User, version: RuleSetVersion, number: int) -> str:
    """Make a draft say again what it said in an edition; that is a new edition. Returns what was wrong with it."""
    require(actor, "coding.change_rulesetversion", "edit rule set versions")
    with transaction.atomic():
        locked = lock_draft(version)
        edition = locked.editions.select_related("document", "lexicon").get(number=number)
        editions.write_back(locked, edition)
        return take_up(actor, locked, f"Edition {number} taken back.")


def save(
    actor: User, version: RuleSetVersion, what: str = "", *, lexicon_stays: bool = False
) -> str:
    """Take up the edited rows of a draft as its content; the caller has written them in the same transaction.

    Returns what is wrong if they make no rule table or no lexicon: the rows are kept, the draft has no content, or
    reads no note, until mended. ``what`` tells the edit in the history; with ``lexicon_stays`` no fact and no phrase
    was edited.
    """
    require(actor, "coding.change_rulesetversion", "edit rule set versions")
    with transaction.atomic():
        return take_up(actor, lock_draft(version), what, lexicon_stays=lexicon_stays)


def take_up(actor: User, locked: RuleSetVersion, what: str, *, lexicon_stays: bool = False) -> str:
    """The same for a draft that is locked. Part of the verbs that save."""
    reading = read_draft(locked)
    document, lexicon, problem = None, None, reading.words()
    if reading.is_whole:
        document = rulebook.store(reading.table)
        if lexicon_stays and locked.lexicon:
            lexicon, problem = locked.lexicon, ""
        else:
            lexicon, problem = _read_lexicon(locked, reading.table)

    number = locked.edition + 1
    RuleSetVersion.objects.filter(pk=locked.pk).update(
        document=document, lexicon=lexicon, last_editor=actor, edition=F("edition") + 1
    )
    edition = editions.keep(actor, locked, number, document, lexicon, what)
    before = _contents(locked.document, locked.lexicon)
    after = _contents(document, lexicon)
    trail.record(actor, "version.saved", locked, before=before, after=after, rows=[locked, edition])
    return problem


def _read_lexicon(version: RuleSetVersion, table: RuleTable) -> tuple[LexiconDocument | None, str]:
    """The lexicon of a draft's rows, or what is wrong with it."""
    try:
        terms = lexicons.from_rows(version, table)
    except LexiconError:
        return None, " ".join(lexicon_problems(version, table))
    document = lexicons.store(terms) if terms else None
    return document, ""


def _contents(
    document: RuleDocument | None, lexicon: LexiconDocument | None
) -> dict[str, str | None]:
    return {
        "content": document.content_hash if document else None,
        "lexicon": lexicon.content_hash if lexicon else None,
    }


def submit(actor: User, version: RuleSetVersion, reverses: Collection[int] = ()) -> None:
    """Hand a draft to the approvers; it is not edited while they read it. The gate is that of publishing.

    ``reverses`` are the ids of the precedents that its author names.
    """
    require(actor, SUBMIT.permission, "submit rule set versions")
    with transaction.atomic():
        locked = lock_draft(version)
        check_submittable(locked, reverses)
        _move(actor, locked, SUBMIT)


def send_back(actor: User, version: RuleSetVersion, reason: str = "") -> None:
    """Give a version in review back to its author, with what is to be mended."""
    require(actor, SEND_BACK.permission, "return rule set versions")
    _move(actor, version, SEND_BACK, reason=reason)


def retire(
    actor: User, version: RuleSetVersion, confirmation: Confirmation | None = None, reason: str = ""
) -> None:
    """Take a published version out of force, signed; the one before it decides again."""
    require(actor, RETIRE.permission, "retire rule set versions")
    with transaction.atomic():
        locked = lock(version)
        signed = sign(actor, Meaning.RETIREMENT, [version_content(locked)], confirmation)
        _move(actor, locked, RETIRE, signed, reason, retired_at=timezone.now())


def restore(
    actor: User, version: RuleSetVersion, confirmation: Confirmation | None = None, reason: str = ""
) -> None:
    """Put a retired version in force again from its day on, signed. The author and the last editor may not.

    Refused is a version that decides a precedent otherwise which stands by now.
    """
    require(actor, RESTORE.permission, "put rule set versions in force again")
    with transaction.atomic():
        locked_rows(RuleSet.objects.all())
        locked = lock(version)
        check_another_person(actor, locked)
        check_claims(locked)
        check_precedents(locked)
        signed = sign(actor, Meaning.APPROVAL, [version_content(locked)], confirmation)
        with _day_is_free(locked):
            _move(actor, locked, RESTORE, signed, reason, retired_at=None)


@contextmanager
def _day_is_free(version: RuleSetVersion) -> Iterator[None]:
    """Tell of another published version of the same day and layer, which the database refuses."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        whose = "" if version.layer == GENERAL else f" for {version.layer.words}"
        raise Conflict(
            f"Another version takes effect on {version.effective_from}{whose}. Choose another day for one of them."
        ) from None


def _move(
    actor: User,
    version: RuleSetVersion,
    transition: Transition[VersionState],
    signed: Signed | None = None,
    reason: str = "",
    **stamps: datetime | None,
) -> None:
    [start], [end] = transition.start, transition.end
    signed = signed or Signed()
    with transaction.atomic():
        where_it_was = RuleSetVersion.objects.filter(pk=version.pk, state=start)
        if not where_it_was.update(state=end, **stamps):
            raise Conflict(
                f"{version} is not {start.label.lower()} any more. Reload the page to see where it is."
            )
        before = {"state": start.label}
        after = {"state": end.label, **signed.in_trail(version)}
        rows = [version, *signed.rows(version)]
        trail.record(
            actor, transition.event, version, before=before, after=after, reason=reason, rows=rows
        )


def publish(
    actor: User,
    version: RuleSetVersion,
    confirmation: Confirmation | None = None,
    reason: str = "",
    reverses: Collection[int] = (),
) -> None:
    """Put a reviewed version in force from its date of service on, signed. The author and the last editor may not.

    ``reverses`` are the ids of the precedents that its author named.
    """
    require(actor, PUBLISH.permission, "publish rule set versions")
    with transaction.atomic():
        # All of them: no other family shall come to claim a code while this one does.
        locked_rows(RuleSet.objects.all())
        locked = lock(version)
        check_publishable(actor, locked, reverses)
        with _day_is_free(locked):
            RuleSetVersion.objects.filter(pk=locked.pk).update(
                state=VersionState.PUBLISHED, approver=actor, published_at=timezone.now()
            )
        signed = sign(actor, Meaning.APPROVAL, [version_content(locked)], confirmation)

        before = {"state": VersionState.IN_REVIEW.label}
        after = {"state": VersionState.PUBLISHED.label, "in force from": str(locked.effective_from)}
        if locked.layer != GENERAL:
            after["for"] = locked.layer.words
        after |= signed.in_trail(locked)
        rows = [locked, *signed.rows(locked)]
        trail.record(
            actor, PUBLISH.event, locked, before=before, after=after, reason=reason, rows=rows
        )

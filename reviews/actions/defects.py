"""Verbs on rule defects: a ruling opens one, a version that mends the rule closes it."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.locks import locked
from coding.actions.require import require
from coding.actions.transitions import of
from coding.models import RuleSetVersion, User
from reviews.models import DefectState, ReviewCase, RuleDefect, Ruling, RulingKind
from reviews.transitions import DEFECT

CLOSE = of(DEFECT, "close")


# By the id of the case whose rule is wrong.
ByCase = dict[int, RuleDefect]


def defects_of(
    actor: User, cases: Iterable[ReviewCase], reason: str
) -> tuple[ByCase, list[trail.Entry]]:
    """The open defect of the rule that spoke in each case, by case, with the entries of those that were opened now.

    Part of a ruling, which holds the cases locked. Of a rule that is open already the reason stays the first one.
    """
    defects: ByCase = {}
    entries = []
    for case in cases:
        if case.suggestion is None:
            raise Conflict("No rule spoke in this case: there is none to be wrong.")
        version = version_of(case)
        defect, is_new = RuleDefect.objects.get_or_create(
            version=version,
            rule_id=case.suggestion.rule_id,
            state=DefectState.OPEN,
            defaults={
                "rule_set": version.rule_set,
                "case": case,
                "reason": reason.strip(),
                "opened_by": actor,
            },
        )
        defects[case.pk] = defect
        if is_new:
            entries.append(_opened(defect, case))
    # Whoever closes one waits until the rulings point to it.
    locked(RuleDefect.objects.filter(pk__in={defect.pk for defect in defects.values()}))
    return defects, entries


def older_rulings() -> QuerySet[Ruling]:
    """Rulings of before the register that found a rule wrong of which it has no defect."""
    registered = RuleDefect.objects.filter(
        version__document=OuterRef("case__suggestion__document"),
        rule_id=OuterRef("case__suggestion__rule_id"),
    )
    of_no_row = Ruling.objects.filter(
        kind=RulingKind.RULE_DEFECT, defect=None, case__suggestion__isnull=False
    )
    return of_no_row.exclude(Exists(registered)).order_by("pk")


def take_in_older(actor: User) -> int:
    """Open a defect for each rule that ``older_rulings`` found wrong, with the reason of the first; how many."""
    require(actor, CLOSE.permission, "keep the register of rule defects")
    with transaction.atomic():
        keys = list(older_rulings().values_list("case", flat=True))
        related = ("service__encounter", "decision__version__rule_set", "suggestion", "ruling")
        cases = locked(ReviewCase.objects.filter(pk__in=keys), *related)
        entries = []
        for case in cases:
            _, opened = defects_of(actor, [case], case.ruling.reason)
            entries += opened
        trail.record_all(actor, entries)
    return len(entries)


def version_of(case: ReviewCase) -> RuleSetVersion:
    """The version whose rule spoke in a case: that of the decision, or of the run that contradicts it since."""
    decided_by = case.decision.version
    suggestion = case.suggestion
    if suggestion is None or decided_by is None:
        raise LookupError(f"No version speaks in {case}.")
    if decided_by.document_id == suggestion.document_id:
        return decided_by
    same = RuleSetVersion.objects.filter(
        rule_set=decided_by.rule_set_id, document=suggestion.document_id
    )
    return same.order_by("-number").first() or decided_by


def close(
    actor: User, defect: RuleDefect, version: RuleSetVersion | None, reason: str = ""
) -> None:
    """Close a defect by the version that mends the rule, or without one, with the reason why nothing is to mend.

    Raises Conflict where it is closed already, or where the version is not a published one of the rule set.
    """
    require(actor, CLOSE.permission, "close rule defects")
    reason = reason.strip()
    _check_cure(defect, version, reason)
    with transaction.atomic():
        [now] = locked(RuleDefect.objects.filter(pk=defect.pk), "rule_set", "version__rule_set")
        if now.state not in CLOSE.start:
            raise Conflict("This defect is closed already. Reload it to see how.")

        [now.state] = CLOSE.end
        now.closed_by = actor
        now.closed_at = timezone.now()
        now.closed_by_version = version
        now.closing_reason = reason
        now.save(
            update_fields=["state", "closed_by", "closed_at", "closed_by_version", "closing_reason"]
        )
        after = {"rule": now.rule_id, "closed by version": str(version) if version else None}
        trail.record(actor, CLOSE.event, now, after=after, reason=reason, rows=[now])


def _check_cure(defect: RuleDefect, version: RuleSetVersion | None, reason: str) -> None:
    """Refuse to close a defect by nothing, or by a version that is no published one of its rule set."""
    if version is None:
        if not reason:
            raise Conflict("Name the version that mends the rule, or write why nothing is to mend.")
        return
    if version.rule_set_id != defect.rule_set_id or version.published_at is None:
        raise Conflict(
            f"{version} is no published version of this rule set. Publish the mended rule first."
        )


def _opened(defect: RuleDefect, case: ReviewCase) -> trail.Entry:
    after = {"service": case.service.number, "version": str(defect.version), "rule": defect.rule_id}
    encounter = case.service.encounter
    return trail.Entry(
        "defect.opened", defect, encounter, after=after, reason=defect.reason, rows=[defect]
    )

"""Verbs on clusters of review cases: rule on all open ones at once, each with its own ruling."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef

from coding import trail
from coding.actions.require import require
from coding.models import Encounter, EncounterStatus, User
from reviews.actions.cases import Finding, found
from reviews.models import CaseCluster, CaseRoute, FinalCode, ReviewCase, RouteReason, Ruling
from reviews.transitions import CaseState

# Cases that one call rules on: what a page can wait for.
MOST_CASES = 500


@dataclass(frozen=True, slots=True)
class Ruled:
    """How many cases were ruled on, and how many are left because others coded or hold them or there were too many."""

    cases: int
    left: int


def rule(actor: User, cluster: CaseCluster, finding: Finding) -> Ruled:
    """Adjudicate the queued cases of a cluster that one did not code, with one finding.

    Cases that somebody holds are theirs to rule on, and are left; so are those whose encounter its source corrected,
    which have to be read one by one.
    """
    require(actor, "reviews.rule_on_reviewcase", "rule on review cases")
    with transaction.atomic():
        queued = ReviewCase.objects.filter(cluster=cluster, state=CaseState.QUEUED)
        # The encounters before their cases, in the order in which an import takes them.
        list(Encounter.objects.select_for_update().filter(review_cases__in=queued).order_by("pk").values_list("pk"))
        corrected = CaseRoute.objects.filter(case=OuterRef("pk"), reason=RouteReason.CORRECTED)
        cases = list(
            queued.exclude(coder=actor)
            .exclude(Exists(corrected))
            .select_for_update(of=("self",))
            .select_related("encounter", "decision", "suggestion", "coder")
            .order_by("pk")[:MOST_CASES]
        )
        rulings = Ruling.objects.bulk_create(_ruling(actor, case, finding) for case in cases)
        encounters = [case.encounter_id for case in cases]
        before = dict(FinalCode.objects.current().filter(encounter__in=encounters).values_list("encounter", "reported"))
        FinalCode.objects.current().filter(encounter__in=encounters).update(superseded=True)
        FinalCode.objects.bulk_create(
            FinalCode(
                encounter=case.encounter,
                outcome=ruling.outcome,
                code=ruling.code,
                modifiers=ruling.modifiers,
                ruling=ruling,
            )
            for case, ruling in zip(cases, rulings, strict=True)
        )
        ReviewCase.objects.filter(pk__in=[case.pk for case in cases]).update(state=CaseState.RESOLVED, holder=actor)
        Encounter.objects.filter(pk__in=encounters).update(status=EncounterStatus.FINAL)
        trail.record_all(
            actor,
            [
                trail.Entry(
                    "case.ruled",
                    case,
                    case.encounter,
                    before={"final code": before.get(case.encounter_id)},
                    after={
                        "ruling": ruling.get_kind_display(),
                        "final code": ruling.reported,
                        "with its cluster": True,
                    },
                    reason=finding.reason,
                )
                for case, ruling in zip(cases, rulings, strict=True)
            ],
        )
        left = cluster.cases.filter(state__in=[CaseState.QUEUED, CaseState.CLAIMED]).count()
    return Ruled(len(cases), left)


def _ruling(actor: User, case: ReviewCase, finding: Finding) -> Ruling:
    outcome, code, modifiers = found(case, finding)
    return Ruling(
        case=case,
        supervisor=actor,
        coder=case.coder,
        kind=finding.kind,
        outcome=outcome,
        code=code,
        modifiers=modifiers,
        reason=finding.reason,
    )

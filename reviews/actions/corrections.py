"""Encounters that their source corrected after they were coded: a person looks at them again."""

from collections.abc import Sequence

from coding import trail
from coding.importing.write_encounters import Correction
from coding.models import Encounter, EncounterStatus, User
from reviews.actions.decisions import open_case
from reviews.models import CaseRoute, CodingDecision, ReviewCase, RouteReason
from reviews.transitions import OPEN_STATES

# What a coder reads to answer, and what chooses the version. Another payer or provider changes no answer.
DECIDING = {"note", "diagnoses", "date_of_service", "birth_date", "patient_reference"}


def review(actor: User, corrections: Sequence[Correction]) -> None:
    """Open a review case for each coded encounter in which something deciding changed. Part of a transaction.

    A case that is open already gets the correction as another reason. No decision and no final code is touched.
    """
    touched = {one.encounter.pk: one for one in corrections if DECIDING & set(one.changes)}
    decisions = CodingDecision.objects.filter(encounter__in=touched).select_related("suggestion", "coder", "encounter")
    cases = {
        case.encounter_id: case for case in ReviewCase.objects.filter(encounter__in=touched, state__in=OPEN_STATES)
    }
    for decision in decisions:
        case = cases.get(decision.encounter_id)
        if case is None:
            open_case(actor, decision, [RouteReason.CORRECTED], decision.encounter.suggestion or decision.suggestion)
            Encounter.objects.filter(pk=decision.encounter_id).update(status=EncounterStatus.IN_REVIEW)
        elif CaseRoute.objects.get_or_create(case=case, reason=RouteReason.CORRECTED)[1]:
            trail.record(
                actor,
                "case.routed",
                case,
                encounter=decision.encounter,
                after={"reasons": [RouteReason.CORRECTED.label]},
            )

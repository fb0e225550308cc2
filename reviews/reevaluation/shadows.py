"""Evaluate new decisions under the shadow versions too. Nothing of it reaches the coder."""

import structlog
from django.db import DatabaseError, transaction

from coding.decision import DecisionError, FactError
from coding.models import Service, Suggestion
from coding.models.reported import short_of
from coding.rules import layers, suggesting
from reviews.models import CodingDecision, ShadowResult, ShadowWatch

log = structlog.get_logger(__name__)


def evaluate(decision: CodingDecision) -> None:
    """Store what each open watch's document makes of a decision's facts. Part of the deciding verb's transaction."""
    if decision.suggestion is None or decision.version is None:
        return
    suggestion = decision.suggestion
    of_rule_set = ShadowWatch.objects.filter(version__rule_set=decision.version.rule_set_id)
    watches = of_rule_set.filter(ended_at=None).exclude(document=suggestion.document_id)
    try:
        # A shadow that fails shall not take the coder's decision with it.
        with transaction.atomic():
            results = []
            for watch in watches.select_related():
                if _would_decide(watch, decision):
                    results.append(_result(watch, decision, suggestion))
            ShadowResult.objects.bulk_create(results)
    except DatabaseError as error:
        log.error("shadow_not_evaluated", decision=decision.pk, error=type(error).__qualname__)


def _would_decide(watch: ShadowWatch, decision: CodingDecision) -> bool:
    """Whether the watched version, published, would be the one of the decision's service."""
    chosen = layers.decided_by(watch.version)
    return not chosen or Service.objects.filter(chosen, pk=decision.service_id).exists()


def _result(watch: ShadowWatch, decision: CodingDecision, suggestion: Suggestion) -> ShadowResult:
    result = ShadowResult(watch=watch, decision=decision, differs=True)
    try:
        decided = suggesting.decide_profile(suggestion.profile, watch.document)
    except (DecisionError, FactError) as error:
        result.problem = str(error)[:300]
        return result
    if decided.outcome is None:
        result.problem = f"Not answered: {', '.join(decided.open_facts)}"[:300]
        return result
    result.reported = short_of(decided.outcome)
    result.rule_id = decided.rule_id or ""
    result.differs = result.reported != suggestion.reported
    return result

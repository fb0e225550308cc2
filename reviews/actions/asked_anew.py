"""Part of planning a run: what its version newly asks of record, set-up and history is given to older services.

A service holds what the version that decided it asks. Nobody is asked for the rest, so that every one of them would end
as unanswered under a version that asks more. What was decided stands: its own version makes the same of it.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from coding import trail
from coding.actions.locks import lock_services
from coding.decision import RuleTable, Source
from coding.models import Answer, Service, ServiceState
from coding.rules import profiles, rulebook
from reviews.actions.answers import coder_of, facts_in_words
from reviews.coding_form.given import keep_given, with_given
from reviews.coding_form.given_facts import can_be_given
from reviews.models import ReevaluationRun
from reviews.reevaluation.scope import in_scope


def lacking(run: ReevaluationRun) -> QuerySet[Service]:
    """The services of a run of which nobody told yet what its version asks of record, set-up and history."""
    asked = _asked_of_nobody(rulebook.table_of(run.document))
    versions = run.version.rule_set.versions.exclude(document=None).select_related("document")
    asking_less = [
        version.pk
        for version in versions
        if version.document and asked - _asked_of_nobody(rulebook.table_of(version.document))
    ]
    if not asking_less:
        return Service.objects.none()
    # A round that was opened again has no version before its first answer, and what was suggested before.
    may_lack = Q(version__in=asking_less) | Q(version=None)
    hold_all = Q(profile__facts__has_keys=sorted(asked))
    return in_scope(run).filter(may_lack, ~hold_all)


def give(service: Service, run: ReevaluationRun, tables: Sequence[RuleTable]) -> None:
    """Store what the run's version asks beyond what the service holds, as looked up now.

    It counts as taken when the service was coded, as all that is given does. Done again it changes nothing.
    """
    table = rulebook.table_of(run.document)
    with transaction.atomic():
        [locked] = lock_services([service.pk]).values()
        answers = _missing(locked, table)
        if not answers:
            return
        rows = keep_given(coder_of(locked), locked, answers)
        facts = rulebook.facts_of(answers, table)
        profiles.add(locked, facts, tables)

        entry = trail.Entry(
            "answer.filled_in",
            locked,
            locked.encounter,
            after=facts_in_words(table, facts),
            reason=f"Asked by {run.version}.",
            rows=rows,
        )
        trail.record_all(None, [entry])


def _missing(service: Service, table: RuleTable) -> dict[str, Answer]:
    """The answers to what is asked of nobody and not in the service's profile, as looked up now.

    One that an earlier run stored counts no more: what it was looked up in has changed since.
    """
    is_left_out = service.state == ServiceState.WITHDRAWN
    if is_left_out or service.profile is None or service.suggestion is None:
        return {}
    asked = _asked_of_nobody(table) - service.profile.facts.keys()
    stored = rulebook.current_answers(service)
    others = {key: answer for key, answer in stored.items() if key not in asked}
    answers = with_given(service, table, others)
    return {key: answer for key, answer in answers.items() if key in asked}


def _asked_of_nobody(table: RuleTable) -> set[str]:
    """The facts of a table that are given, and not asked of a coder."""
    given = (fact for fact in table.facts if fact.source is not Source.CODER)
    return {fact.key for fact in given if can_be_given(fact)}

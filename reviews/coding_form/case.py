"""What the page of a review case shows: rules and coder side by side, by fact, with what a correction changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects

from coding.decision import Change, RuleTable, derived_values, diagnoses_for, explain, needs
from coding.models import Answer, Encounter, EncounterState, LexiconDocument
from coding.rules import rulebook
from coding.signing.content import answer_content
from coding.signing.shown import ShownSignature, signatures_of
from reviews.claim_step import findings_of
from reviews.coding_form.evidence import stale_answers_of
from reviews.coding_form.ledger import ledger
from reviews.coding_form.note_changes import NoteChange, note_changes
from reviews.models import ReviewCase, RouteReason
from reviews.signed import override_content, reopening_content, ruling_content


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact: what was answered, whether it decides, what the coder's code would need, and whether it still holds."""

    label: str
    answer: str
    given: Answer | None
    signatures: list[ShownSignature]
    decides: bool
    needed: Change | None
    is_stale: bool
    is_contradicted: bool


def case_page(case: ReviewCase) -> dict[str, object]:
    """The page's context, as far as it is the same for everybody."""
    service, encounter = case.service, case.service.encounter
    ruling = getattr(case, "ruling", None)
    rows = ledger(encounter)
    overrides = list(case.overrides.select_related("answered_by", "encounter"))
    signatures = signatures_of(overrides, override_content)
    context: dict[str, object] = {
        "case": case,
        "service": service,
        "encounter": encounter,
        "ledger": rows,
        "findings": None if encounter.state == EncounterState.VOID else findings_of(encounter, rows),
        "overrides": [(override, signatures[override.pk]) for override in overrides],
        "diagnoses": encounter.diagnoses.all(),
        "service_lines": encounter.service_lines.standing(),
        "revisions": encounter.revisions.all(),
        "query": getattr(ruling, "query", None),
        "ruling_signatures": signatures_of([ruling], ruling_content)[ruling.pk] if ruling else [],
        "reopening_signatures": signatures_of([case], reopening_content)[case.pk] if case.reopens_id else [],
        "unlisted": any(route.reason == RouteReason.UNLISTED_CODE for route in case.routes.all()),
        "note_changes": _note_changes(encounter, case),
    }
    if case.suggestion is not None:
        context |= _by_fact(case, rulebook.table_of(case.suggestion.document))
    return context


def _by_fact(case: ReviewCase, table: RuleTable) -> dict[str, object]:
    if case.suggestion is None:
        return {}
    answers = rulebook.current_answers(case.service)
    facts = rulebook.facts_of(answers, table)
    needed = {need.fact: need for need in needs(table, facts, case.decision.code)}
    explanation = explain(table, facts, rulebook.decision_of(case.suggestion))
    decisive = {answer.fact for answer in explanation.deciding}
    stale = stale_answers_of(case.service)
    signatures = _signatures(answers.values())
    rows = []
    for key, definition in table.fact_by_key.items():
        if key not in facts and key not in needed:
            continue
        rows.append(
            FactRow(
                label=definition.label,
                answer=definition.describe(facts[key]) if key in facts else "not asked",
                given=answers.get(key),
                signatures=signatures[answers[key].pk] if key in answers else [],
                decides=key in decisive,
                needed=needed.get(key),
                is_stale=key in stale,
                is_contradicted=key in stale and stale[key].contradicted,
            )
        )
    return {
        "facts": rows,
        "derived": derived_values(table, facts),
        "explanation": explanation,
        "supporting": diagnoses_for(table, facts),
        "stale": len(stale),
    }


def _signatures(answers: Iterable[Answer]) -> dict[int, list[ShownSignature]]:
    """The signatures under answers that were kept against the note, by the answers' ids."""
    kept = [answer for answer in answers if answer.reason]
    # A lexicon is large; its hash is enough.
    prefetch_related_objects(kept, Prefetch("lexicon", LexiconDocument.objects.defer("document")))
    return signatures_of(kept, answer_content)


def _note_changes(encounter: Encounter, case: ReviewCase) -> list[NoteChange]:
    """What the corrections behind the case changed in the note; nothing where none is among its reasons."""
    revisions = [route.revision for route in case.routes.all() if route.revision]
    if not revisions:
        return []
    # A revision holds what was said before it: the one that the first correction ended is what was decided on.
    before = encounter.revisions.filter(number=min(revisions) - 1).first()
    return note_changes(before.record["note"], encounter.note) if before else []

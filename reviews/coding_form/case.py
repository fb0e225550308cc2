"""What the page of a review case shows: rules and coder side by side, by fact, with what a correction changed."""

from collections.abc import Iterable, Sequence

from coding.decision import OutcomeKind, derived_values, diagnoses_for, explain
from coding.models import Encounter, Precedent, RuleSetVersion, ServiceLine, Suggestion
from coding.rules import precedents, rulebook, suggesting
from coding.signing.shown import ShownSignature, signatures_of
from coding.views.marks import Mark, Segment, marks_of, segments
from reviews.coding_form.difference import Comparison, compare
from reviews.coding_form.evidence import stale_answers_of
from reviews.coding_form.ledger import ledger
from reviews.coding_form.note_changes import NoteChange, note_changes
from reviews.models import (
    FindingOverride,
    ReviewCase,
    RouteReason,
    RuleDefect,
    Ruling,
    SecondCoding,
)
from reviews.signed import override_content, reopening_content, ruling_content


def case_page(
    case: ReviewCase, seconds: Sequence[SecondCoding], *, tells_rulings: bool
) -> dict[str, object]:
    """The page's context, but for what follows once it is there: claim checks, time line, other encounters.

    ``seconds`` are all second codings of its decision. ``tells_rulings``: the reader may know how other coders' cases
    were ruled on.
    """
    service, encounter = case.service, case.service.encounter
    rulebook.read_answers(service)
    ruling = getattr(case, "ruling", None)
    _read_defect_and_objection(case, ruling)
    reasons = {route.reason for route in case.routes.all()}
    context: dict[str, object] = {
        "case": case,
        "service": service,
        "encounter": encounter,
        "overrides": _overrides(case),
        "diagnoses": encounter.diagnoses.all(),
        # The first wording is kept once there is a second one.
        "revisions": encounter.revisions.all() if encounter.revision > 1 else [],
        "unlisted": RouteReason.UNLISTED_CODE in reasons,
        "note_changes": _note_changes(encounter, case),
        **_lines(encounter),
        **_rulings(case, ruling),
    }
    if case.suggestion is not None:
        context |= _by_fact(case, case.suggestion, seconds, tells_rulings=tells_rulings)
    return context


def _lines(encounter: Encounter) -> dict[str, object]:
    """The ledger, and the submitted lines in it; where every service was withdrawn, the lines alone."""
    rows = ledger(encounter)
    lines: Iterable[ServiceLine] = [row.line for row in rows if row.line]
    if not rows:
        lines = encounter.service_lines.standing()
    return {"ledger": rows, "service_lines": lines}


def _overrides(case: ReviewCase) -> list[tuple[FindingOverride, list[ShownSignature]]]:
    """The claim checks that are overridden on the case, each with the signatures under it."""
    overrides = list(case.overrides.select_related("answered_by", "encounter"))
    signatures = signatures_of(overrides, override_content)
    return [(override, signatures[override.pk]) for override in overrides]


def _rulings(case: ReviewCase, ruling: Ruling | None) -> dict[str, object]:
    """What the ruling asks of the provider, and the signatures under it and under the reopening of another."""
    query = None
    ruling_signatures: list[ShownSignature] = []
    if ruling is not None:
        ruling_signatures = signatures_of([ruling], ruling_content)[ruling.pk]
        if ruling.outcome == OutcomeKind.PROVIDER_QUERY:
            query = getattr(ruling, "query", None)

    reopening_signatures: list[ShownSignature] = []
    if case.reopens_id:
        reopening_signatures = signatures_of([case], reopening_content)[case.pk]
    return {
        "query": query,
        "ruling_signatures": ruling_signatures,
        "reopening_signatures": reopening_signatures,
    }


def _read_defect_and_objection(case: ReviewCase, ruling: Ruling | None) -> None:
    """Read the defect that a ruling names, and the ruling that is objected to, each with its names in one query."""
    if ruling and ruling.defect_id:
        defects = RuleDefect.objects.select_related("version__rule_set")
        ruling.defect = defects.get(pk=ruling.defect_id)
    if case.objects_to_id:
        case.objects_to = Ruling.objects.select_related("supervisor").get(pk=case.objects_to_id)


def _by_fact(
    case: ReviewCase,
    suggestion: Suggestion,
    seconds: Sequence[SecondCoding],
    *,
    tells_rulings: bool,
) -> dict[str, object]:
    """What rules, coder, second coder and earlier rulings say, by fact."""
    table = rulebook.table_of(suggestion.document)
    facts = rulebook.facts_of(rulebook.current_answers(case.service), table)
    held = _held_precedents(case, suggestion) if tells_rulings else []
    second = _done_by_coder(seconds)
    comparison = compare(case, second, held)
    return {
        "comparison": comparison,
        "segments": _marked_note(case.service.encounter, comparison),
        "second": second,
        "held_precedents": held,
        "derived": derived_values(table, facts),
        "explanation": explain(table, facts, suggesting.decision_of(suggestion)),
        "supporting": diagnoses_for(table, facts),
        "stale": len(stale_answers_of(case.service)),
        "cited": _cited_version(case, suggestion),
    }


def _cited_version(case: ReviewCase, suggestion: Suggestion) -> RuleSetVersion | None:
    """The version by which the rules speak: the decision's, or that of the latest run among the reasons."""
    decided_by = case.decision.version
    if decided_by is not None and decided_by.document_id == suggestion.document_id:
        return decided_by
    versions = RuleSetVersion.objects.filter(document=suggestion.document_id)
    own = versions.filter(rule_set=case.service.rule_set_id).select_related("rule_set")
    return own.order_by("-number").first()


def _held_precedents(case: ReviewCase, suggestion: Suggestion) -> list[Precedent]:
    """The precedents whose answers the case has too, but for one that was made of its own ruling."""
    in_force = precedents.in_force(case.service.rule_set_id or 0)
    held = precedents.held(in_force, suggestion.profile.facts)
    return [precedent for precedent in held if precedent.ruled_case != case.public_id]


def _done_by_coder(seconds: Sequence[SecondCoding]) -> SecondCoding | None:
    """What a second coder found; a supervisor who looked first is none."""
    for second in seconds:
        if second.done_at and not second.is_supervisor:
            return second
    return None


def _marked_note(encounter: Encounter, comparison: Comparison | None) -> list[Segment]:
    """The note with what the coder's answers rest on; places on an earlier text say nothing of this one."""
    rows = [*comparison.rows, *comparison.agreed] if comparison else []
    marks: list[Mark] = []
    for row in rows:
        if row.given and row.given.revision == encounter.revision:
            words = f"{row.label}: {row.coder}"
            in_dispute = row.nature is not None
            marks += marks_of(row.given.passages, words, now=in_dispute)
    return list(segments(encounter.note, marks))


def _note_changes(encounter: Encounter, case: ReviewCase) -> list[NoteChange]:
    """What the corrections behind the case changed in the note; nothing where none is among its reasons."""
    revisions = [route.revision for route in case.routes.all() if route.revision]
    if not revisions:
        return []
    # A revision holds what was said before it: the one that the first correction ended is what was decided on.
    decided_on = encounter.revisions.filter(number=min(revisions) - 1).first()
    if decided_on is None:
        return []
    return note_changes(decided_on.record["note"], encounter.note)

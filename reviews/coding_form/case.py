"""What the page of a review case shows: rules and coder side by side, by fact, with what a correction changed."""

from collections.abc import Sequence

from coding.decision import OutcomeKind, RuleTable, derived_values, diagnoses_for, explain
from coding.models import Encounter
from coding.rules import precedents, rulebook, suggesting
from coding.signing.shown import signatures_of
from coding.views.marks import Mark, Segment, segments
from reviews.coding_form.difference import Comparison, compare
from reviews.coding_form.evidence import stale_answers_of
from reviews.coding_form.ledger import ledger
from reviews.coding_form.note_changes import NoteChange, note_changes
from reviews.models import ReviewCase, RouteReason, RuleDefect, Ruling, SecondCoding
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
    _read_what_is_told_of(case, ruling)
    asks = ruling is not None and ruling.outcome == OutcomeKind.PROVIDER_QUERY
    rows = ledger(encounter)
    overrides = list(case.overrides.select_related("answered_by", "encounter"))
    signatures = signatures_of(overrides, override_content)
    context: dict[str, object] = {
        "case": case,
        "service": service,
        "encounter": encounter,
        "ledger": rows,
        "overrides": [(override, signatures[override.pk]) for override in overrides],
        "diagnoses": encounter.diagnoses.all(),
        "service_lines": [row.line for row in rows if row.line]
        if rows
        else encounter.service_lines.standing(),
        # The first wording is kept once there is a second one.
        "revisions": encounter.revisions.all() if encounter.revision > 1 else [],
        "query": getattr(ruling, "query", None) if asks else None,
        "ruling_signatures": signatures_of([ruling], ruling_content)[ruling.pk] if ruling else [],
        "reopening_signatures": signatures_of([case], reopening_content)[case.pk]
        if case.reopens_id
        else [],
        "unlisted": any(route.reason == RouteReason.UNLISTED_CODE for route in case.routes.all()),
        "note_changes": _note_changes(encounter, case),
    }
    if case.suggestion is not None:
        table = rulebook.table_of(case.suggestion.document)
        context |= _by_fact(case, table, seconds, tells_rulings=tells_rulings)
    return context


def _read_what_is_told_of(case: ReviewCase, ruling: Ruling | None) -> None:
    """Read the defect that a ruling names, and the ruling that is objected to, each with its names in one query."""
    if ruling and ruling.defect_id:
        ruling.defect = RuleDefect.objects.select_related("version__rule_set").get(
            pk=ruling.defect_id
        )
    if case.objects_to_id:
        case.objects_to = Ruling.objects.select_related("supervisor").get(pk=case.objects_to_id)


def _by_fact(
    case: ReviewCase, table: RuleTable, seconds: Sequence[SecondCoding], *, tells_rulings: bool
) -> dict[str, object]:
    if case.suggestion is None:
        return {}
    facts = rulebook.facts_of(rulebook.current_answers(case.service), table)
    standing = precedents.in_force(case.service.rule_set_id or 0) if tells_rulings else []
    all_held = precedents.held(standing, case.suggestion.profile.facts)
    held = [precedent for precedent in all_held if precedent.ruled_case != case.public_id]
    done = next((second for second in seconds if second.done_at and not second.is_supervisor), None)
    comparison = compare(case, done, held)
    return {
        "comparison": comparison,
        "segments": _marked_note(case.service.encounter, comparison),
        "second": done,
        "held_precedents": held,
        "derived": derived_values(table, facts),
        "explanation": explain(table, facts, suggesting.decision_of(case.suggestion)),
        "supporting": diagnoses_for(table, facts),
        "stale": len(stale_answers_of(case.service)),
    }


def _marked_note(encounter: Encounter, comparison: Comparison | None) -> list[Segment]:
    """The note with what the coder's answers rest on; places on an earlier text say nothing of this one."""
    rows = [*comparison.rows, *comparison.agreed] if comparison else []
    marks = []
    for row in rows:
        if row.given and row.given.revision == encounter.revision:
            words, in_dispute = f"{row.label}: {row.coder}", row.nature is not None
            places = [(passage["start"], passage["end"]) for passage in row.given.passages]
            marks += [Mark(start, end, words, in_dispute) for start, end in places]
    return list(segments(encounter.note, marks))


def _note_changes(encounter: Encounter, case: ReviewCase) -> list[NoteChange]:
    """What the corrections behind the case changed in the note; nothing where none is among its reasons."""
    revisions = [route.revision for route in case.routes.all() if route.revision]
    if not revisions:
        return []
    # A revision holds what was said before it: the one that the first correction ended is what was decided on.
    before = encounter.revisions.filter(number=min(revisions) - 1).first()
    return note_changes(before.record["note"], encounter.note) if before else []

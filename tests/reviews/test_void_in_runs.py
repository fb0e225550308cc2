"""What was decided on an encounter that is void now counts in no agreement of a run."""

from reviews.actions import voiding
from tests import factories


def agreements(run):
    return {
        row.coder: (row.decisions, row.before, row.after)
        for row in run.agreements.select_related("coder")
    }


def test_decisions_on_a_void_encounter_count_in_no_agreement_and_others_do(people, hip):
    coder, other = people["coder"], people["coder", 2]
    counted, void = factories.encounter(people, hip), factories.encounter(people, hip)
    also_void = factories.encounter(people, hip)
    factories.decide(coder, counted, factories.PAVLIK)
    factories.decide(coder, void, factories.PAVLIK)
    factories.decide(other, also_void, factories.PAVLIK, factories.insists("27256", "RT"))
    for encounter in (void, also_void):
        voiding.void(people["supervisor"], encounter, "Typed twice.")
    run = factories.finished(people, factories.draft_without_harness(people, hip))
    assert agreements(run) == {coder: (1, 1, 0)}
    assert run.contradicted == 1

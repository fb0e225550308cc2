"""A source that corrects an encounter after it was coded: a person looks again, and nothing is overwritten silently."""

from dataclasses import replace

import pytest
from django.urls import reverse

from coding import rulesets
from coding.actions import encounters
from coding.actions.errors import Conflict
from coding.intake.records import ServiceLineRecord
from coding.models import EncounterState, ServiceState
from reviews.actions import cases, decisions, rulings, second_looks
from reviews.actions.adjudications import Adjudication
from reviews.actions.decisions import Judgement
from reviews.models import (
    Choice,
    CodingRound,
    FinalCode,
    ProviderQuery,
    QueryState,
    ReviewCase,
    RoundReason,
    RouteReason,
    RulingKind,
)
from tests import factories
from tests.races import at_once

SAYS = "The reduction was done under general anesthesia."
AWAKE = (
    "Left hip dislocated since birth. A Pavlik harness was fitted. No anesthesia. No manipulation."
)
UNDER = "Left hip dislocated since birth. General anesthesia was given and the hip was manipulated into place."
HIP_LINE = ServiceLineRecord("27256", ("LT",))
VISIT_LINE = ServiceLineRecord("99203")


def reasons(case):
    return set(case.routes.values_list("reason", flat=True))


@pytest.fixture
def final(people, hip):
    encounter = factories.encounter(people, hip)
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    return encounter


@pytest.fixture
def reading_hip(people):
    """The hip rule set with its lexicon: it reads notes."""
    return factories.published_hip(people, lexicon=rulesets.shipped_lexicon(factories.HIP))


@pytest.fixture
def read_and_final(people, reading_hip):
    """An encounter whose answers rest on passages of its note."""
    encounter = factories.encounter(people, reading_hip, note=AWAKE)
    as_read = {**factories.PAVLIK, "etiology": "congenital"}
    factories.decide(people["coder"], encounter, as_read, Judgement(Choice.ACCEPT))
    case = ReviewCase.objects.filter(service__encounter=encounter).first()
    if case is not None:
        factories.rule(people["supervisor"], factories.fresh_case(case), RulingKind.RULES_UPHELD)
    return encounter


def test_a_corrected_note_of_a_final_service_opens_a_case_and_leaves_the_final_code(people, final):
    factories.send_again(people, final, note=SAYS)
    case = ReviewCase.objects.get(service__encounter=final)
    assert reasons(case) == {RouteReason.CORRECTED}
    assert case.routes.get().revision == 2
    final.refresh_from_db()
    assert final.state == EncounterState.IN_REVIEW
    assert FinalCode.objects.current().get(service__encounter=final).reported == "27256-LT"


def test_what_decides_nothing_opens_no_case(people, final):
    factories.send_again(people, final, provider="Dr. Weiss")
    assert not ReviewCase.objects.exists()
    final.refresh_from_db()
    assert (final.state, final.provider) == (EncounterState.FINAL, "Dr. Weiss")


@pytest.mark.parametrize("changes", [{"payer": "Union"}, {"place_of_service": "22"}, {"sex": "F"}])
def test_what_is_given_beside_the_note_is_looked_at_again(people, final, changes):
    factories.send_again(people, final, **changes)
    assert ReviewCase.objects.filter(service__encounter=final).exists()


def test_a_typo_elsewhere_in_a_note_that_was_read_opens_no_case(people, read_and_final):
    before = ReviewCase.objects.count()
    factories.send_again(people, read_and_final, note=AWAKE + " Dictated and signed.")
    assert ReviewCase.objects.count() == before


def test_a_case_that_is_open_gets_each_correction_as_another_reason(people, hip):
    encounter = factories.encounter(people, hip)
    factories.decide(people["coder"], encounter, factories.PAVLIK, factories.insists())
    factories.send_again(people, encounter, note=SAYS)
    factories.send_again(people, encounter, note=SAYS + " Twice.")
    case = ReviewCase.objects.get()
    assert reasons(case) == {RouteReason.OTHER_CODE, RouteReason.CORRECTED}
    assert set(
        case.routes.filter(reason=RouteReason.CORRECTED).values_list("revision", flat=True)
    ) == {2, 3}


def test_an_encounter_to_code_is_corrected_without_a_case(people, hip):
    encounter = factories.encounter(people, hip)
    factories.send_again(people, encounter, note=SAYS)
    assert not ReviewCase.objects.exists()


def test_while_a_query_is_out_the_amended_note_closes_it_and_opens_a_round(people, hip):
    encounter = factories.encounter(people, hip)
    silent = {**factories.PAVLIK, "anesthesia": ""}
    case = factories.case_of(
        factories.decide(people["coder"], encounter, silent, Judgement(Choice.ACCEPT))
    )
    factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    factories.send_again(people, encounter, note=AWAKE)
    assert ProviderQuery.objects.get().state == QueryState.CLOSED
    service = factories.service_of(encounter)
    assert service.state == ServiceState.TO_CODE
    assert (
        CodingRound.objects.get(service=service, closed_at=None).reason
        == RoundReason.SOURCE_CORRECTED
    )
    assert factories.form_of(encounter).guidance.next_question.key == "anesthesia"


# --- Lines.


def test_a_line_that_still_holds_keeps_its_row_and_its_service(people, hip):
    encounter = encounters.enter(
        people["coder"], factories.record(service_lines=(HIP_LINE, VISIT_LINE))
    )
    before = dict(encounter.service_lines.values_list("code", "service"))
    factories.send_again(people, encounter, service_lines=(VISIT_LINE, HIP_LINE))
    lines = encounter.service_lines.all()
    assert {line.code: line.service_id for line in lines} == before
    assert [line.code for line in lines] == ["99203", "27256"]


def test_a_line_that_is_gone_is_kept_and_one_that_replaces_it_is_linked(people, hip):
    encounter = encounters.enter(people["coder"], factories.record(service_lines=(HIP_LINE,)))
    factories.send_again(people, encounter, service_lines=(replace(HIP_LINE, modifiers=("RT",)),))
    old, new = encounter.service_lines.order_by("number")
    assert (old.gone_in, new.gone_in) == (2, None)
    assert (new.replaces, new.service) == (old, old.service)


@pytest.mark.parametrize(
    "lines", [(replace(HIP_LINE, units=2),), (HIP_LINE, ServiceLineRecord("27257", ("LT",)))]
)
def test_a_corrected_or_further_line_has_its_final_service_looked_at_again(people, hip, lines):
    encounter = encounters.enter(people["coder"], factories.record(service_lines=(HIP_LINE,)))
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    factories.send_again(people, encounter, service_lines=lines)
    assert reasons(ReviewCase.objects.get()) == {RouteReason.CORRECTED}


def test_a_new_line_opens_its_service_and_the_visit_is_to_code_again(people, final):
    factories.send_again(people, final, service_lines=(VISIT_LINE,))
    final.refresh_from_db()
    assert final.state == EncounterState.TO_CODE
    assert final.services.get(rule_set=None).lines.get().code == "99203"


def test_a_service_that_nobody_touched_goes_with_its_line(people, hip):
    encounter = encounters.enter(
        people["coder"], factories.record(service_lines=(HIP_LINE, VISIT_LINE))
    )
    factories.send_again(people, encounter, service_lines=(HIP_LINE,))
    assert encounter.services.get(rule_set=None).state == ServiceState.WITHDRAWN


def test_a_service_that_a_coder_began_is_theirs_to_end_when_its_line_goes(people, hip):
    encounter = encounters.enter(
        people["coder"], factories.record(service_lines=(HIP_LINE, VISIT_LINE))
    )
    factories.answer(people["coder"], encounter, factories.PAVLIK)
    factories.send_again(people, encounter, service_lines=(VISIT_LINE,))
    service = factories.service_of(encounter)
    assert (service.state, service.round) == (ServiceState.TO_CODE, 1)


# --- Stale evidence.


def test_rules_are_not_upheld_on_answers_that_the_corrected_note_contradicts(
    people, client, read_and_final
):
    factories.send_again(people, read_and_final, note=UNDER)
    case = factories.case_of(read_and_final)
    cases.claim(people["supervisor"], case)
    client.force_login(people["supervisor"])
    offered = client.get(case.get_absolute_url()).context["form"].fields["kind"].choices
    assert RulingKind.RULES_UPHELD not in dict(offered)
    with pytest.raises(Conflict, match="contradicts or no longer supports"):
        rulings.rule(
            people["supervisor"],
            factories.fresh_case(case),
            Adjudication(RulingKind.RULES_UPHELD, "Fine."),
        )


def test_a_returned_case_asks_again_what_no_longer_holds_and_keeps_the_rest(people, read_and_final):
    factories.send_again(people, read_and_final, note=UNDER)
    case = factories.case_of(read_and_final)
    cases.claim(people["supervisor"], case)
    second_looks.return_to_coder(
        people["supervisor"], factories.fresh_case(case), "Read the new note."
    )
    guided = factories.form_of(read_and_final)
    assert {"anesthesia", "manipulation"} <= set(guided.guidance.open_facts)
    # Of the harness the note speaks no more.
    assert "stabilization" not in guided.facts
    assert "laterality" in guided.facts
    decision = factories.decide(people["coder"], read_and_final, factories.REDUCED)
    assert decision.code == "27257"


def test_the_case_shows_what_changed_and_which_answers_are_contradicted(
    people, read_and_final, client
):
    factories.send_again(people, read_and_final, note=UNDER)
    client.force_login(people["supervisor"])
    page = client.get(factories.case_of(read_and_final).get_absolute_url()).content.decode()
    assert "What the source changed in the note" in page
    assert "contradicted now" in page
    assert "<ins>" in page


# --- Two at once.


def test_a_coder_does_not_decide_on_what_the_source_has_corrected_meanwhile(people, hip):
    service = factories.service(people, hip)
    seen = factories.answer(people["coder"], service, factories.PAVLIK).seen
    read = factories.service_of(service)
    factories.send_again(people, service.encounter, note=SAYS)
    with pytest.raises(Conflict, match="corrected"):
        decisions.decide(people["coder"], read, Judgement(Choice.ACCEPT), seen)


def test_the_page_that_was_open_before_a_correction_is_refused_and_leads_back(people, hip, client):
    service = factories.service(people, hip)
    factories.answer(people["coder"], service, factories.PAVLIK)
    client.force_login(people["coder"])
    address = reverse("code", args=[service.public_id])
    shown = client.get(address).context["decision_form"].initial
    factories.send_again(people, service.encounter, note=SAYS)
    response = client.post(address, {**shown, "choice": "accept", "units": 1})
    assert response.status_code == 409
    assert "corrected" in response.content.decode()
    assert f'href="{address}"' in response.content.decode()


def test_a_supervisor_does_not_rule_on_what_the_source_has_corrected_meanwhile(people, hip):
    encounter = factories.encounter(people, hip)
    case = factories.case_of(
        factories.decide(people["coder"], encounter, factories.PAVLIK, factories.insists())
    )
    cases.claim(people["supervisor"], case)
    read = factories.fresh_case(case)
    factories.send_again(people, encounter, note=SAYS)
    with pytest.raises(Conflict, match="corrected"):
        rulings.rule(people["supervisor"], read, Adjudication(RulingKind.CODER_UPHELD, "As coded."))


@pytest.mark.django_db(transaction=True)
def test_a_correction_and_a_supervisor_at_the_same_case_wait_for_each_other_and_never_lock_up(
    people, hip
):
    for number in range(5):
        encounter = factories.encounter(people, hip)
        case = factories.case_of(
            factories.decide(people["coder"], encounter, factories.PAVLIK, factories.insists())
        )
        cases.claim(people["supervisor"], case)
        held = factories.fresh_case(case)
        acts = [
            lambda held=held: cases.release(people["supervisor"], held),
            lambda encounter=encounter, number=number: factories.send_again(
                people, encounter, note=f"{SAYS} {number}"
            ),
        ]
        results = at_once(2, lambda place, acts=acts: acts[place]())
        assert results == [None, None]

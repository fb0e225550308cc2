"""A source that corrects an encounter after it was coded: a person looks again, and nothing is overwritten silently."""

from dataclasses import replace

import pytest
from django.db import transaction
from django.urls import reverse

from coding.actions.errors import Conflict
from coding.importing.write_encounters import correct, record_of
from coding.models import Encounter, EncounterStatus
from reviews.actions import cases, corrections, decisions
from reviews.actions.decisions import Judgement
from reviews.actions.rulings import Adjudication
from reviews.models import Choice, FinalCode, ReviewCase, RouteReason, RulingKind
from tests import factories

SAYS = "The reduction was done under general anesthesia."


def send_again(people, encounter, **changes):
    """The source sends the encounter with other content."""
    with transaction.atomic():
        now = Encounter.objects.get(pk=encounter.pk)
        record = replace(record_of(now), **changes)
        corrections.review(people["coder"], [correct(people["coder"], now, record, record.content_hash)])


def reasons(case):
    return set(case.routes.values_list("reason", flat=True))


@pytest.fixture
def final(people, hip):
    encounter = factories.encounter(people, hip)
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    return encounter


def test_a_corrected_note_of_a_final_encounter_opens_a_case_and_leaves_the_final_code(people, final):
    send_again(people, final, note=SAYS)
    case = ReviewCase.objects.get(encounter=final)
    assert reasons(case) == {RouteReason.CORRECTED}
    final.refresh_from_db()
    assert final.status == EncounterStatus.IN_REVIEW
    assert FinalCode.objects.current().get(encounter=final).reported == "27256-LT"


def test_what_decides_nothing_opens_no_case(people, final):
    send_again(people, final, payer="Another Health")
    assert not ReviewCase.objects.exists()
    final.refresh_from_db()
    assert (final.status, final.payer) == (EncounterStatus.FINAL, "Another Health")


def test_a_case_that_is_open_gets_the_correction_as_another_reason_once(people, hip):
    encounter = factories.encounter(people, hip)
    factories.decide(people["coder"], encounter, factories.PAVLIK, factories.insists())
    send_again(people, encounter, note=SAYS)
    send_again(people, encounter, note=SAYS + " Twice.")
    assert reasons(ReviewCase.objects.get()) == {RouteReason.OTHER_CODE, RouteReason.CORRECTED}


def test_an_encounter_to_code_is_corrected_without_a_case(people, hip):
    encounter = factories.encounter(people, hip)
    send_again(people, encounter, note=SAYS)
    assert not ReviewCase.objects.exists()


def test_a_coder_does_not_decide_on_what_the_source_has_corrected_meanwhile(people, hip):
    encounter = factories.encounter(people, hip)
    suggestion = factories.answer(people["coder"], encounter, factories.PAVLIK).suggestion
    send_again(people, encounter, note=SAYS)
    with pytest.raises(Conflict, match="corrected"):
        decisions.decide(people["coder"], encounter, hip, Judgement(Choice.ACCEPT), suggestion.pk)


def test_the_page_that_was_open_before_a_correction_is_refused(people, hip, client):
    encounter = factories.encounter(people, hip)
    factories.answer(people["coder"], encounter, factories.PAVLIK)
    client.force_login(people["coder"])
    page = client.get(reverse("code", args=[encounter.public_id]))
    shown = page.context["decision_form"].initial
    send_again(people, encounter, note=SAYS)
    response = client.post(reverse("decide", args=[encounter.public_id]), {**shown, "choice": "accept"})
    assert response.status_code == 409
    assert "corrected" in response.content.decode()


def test_a_supervisor_does_not_rule_on_what_the_source_has_corrected_meanwhile(people, hip):
    encounter = factories.encounter(people, hip)
    factories.decide(people["coder"], encounter, factories.PAVLIK, factories.insists())
    case = ReviewCase.objects.select_related("encounter").get()
    cases.claim(people["supervisor"], case)
    send_again(people, encounter, note=SAYS)
    with pytest.raises(Conflict, match="corrected"):
        cases.rule(people["supervisor"], case, Adjudication(RulingKind.CODER_UPHELD, "As coded."))

"""An encounter with only unsigned notes is blocked, not final, until its source sends a signed document."""

import pytest
from django.urls import reverse

from coding.actions.errors import Conflict
from coding.intake.note_documents import NoteDocument
from coding.models import AuditEvent, EncounterState, ServiceState
from reviews.actions import reports
from reviews.blocking import what_blocks
from reviews.models import CodingRound, FinalCode, Report, ReviewCase
from tests import factories
from tests.reviews.signatures import DICTATED, SIGNED, WORDS, told


@pytest.fixture
def blocked(people, hip):
    encounter = factories.encounter(people, hip, external_id="V-1", **told(DICTATED))
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    encounter.refresh_from_db()
    return encounter


def sign(people, encounter):
    factories.send_again(people, encounter, **told(SIGNED))
    encounter.refresh_from_db()


def test_when_all_services_are_settled_it_is_blocked_and_has_no_report(blocked):
    assert blocked.state == EncounterState.BLOCKED
    assert factories.service_of(blocked).state == ServiceState.FINAL
    assert FinalCode.objects.current().get().code == "27256"
    assert not Report.objects.exists()


def test_while_a_service_is_to_code_the_encounter_is(people, hip):
    assert factories.encounter(people, hip, **told(DICTATED)).state == EncounterState.TO_CODE


def test_one_signed_note_beside_an_unsigned_one_blocks_nothing(people, hip):
    other = NoteDocument.written("Letter", "Seen today.")
    encounter = factories.encounter(people, hip, **told(DICTATED, other))
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    encounter.refresh_from_db()
    assert encounter.state == EncounterState.FINAL


def test_a_signature_makes_it_final_with_its_report_and_opens_neither_round_nor_case(
    people, blocked
):
    sign(people, blocked)
    assert blocked.state == EncounterState.FINAL
    assert Report.objects.get().number == 1
    assert (CodingRound.objects.count(), ReviewCase.objects.count()) == (1, 0)
    latest = AuditEvent.objects.order_by("-pk").values_list("event", flat=True)[:2]
    assert set(latest) == {"encounter.corrected", "report.made"}


def test_a_signature_under_another_text_is_a_correction_like_any_other(people, blocked):
    other = NoteDocument.written("Progress note", "Right hip.", "2026-03-01", "Ann Doe")
    factories.send_again(people, blocked, **told(other))
    assert ReviewCase.objects.filter(service__encounter=blocked).exists()


def test_a_final_encounter_whose_source_takes_the_signature_away_is_blocked(people, hip):
    encounter = factories.encounter(people, hip, **told(SIGNED))
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    factories.send_again(people, encounter, **told(DICTATED))
    encounter.refresh_from_db()
    assert encounter.state == EncounterState.BLOCKED
    assert not ReviewCase.objects.exists()
    sign(people, encounter)
    assert Report.objects.get().number == 1


def test_a_signature_changes_nothing_of_a_service_in_review(people, hip):
    encounter = factories.encounter(people, hip, **told(DICTATED))
    factories.decide(people["coder"], encounter, factories.PAVLIK, factories.insists())
    sign(people, encounter)
    assert factories.service_of(encounter).state == ServiceState.IN_REVIEW
    assert encounter.state == EncounterState.IN_REVIEW
    assert list(factories.case_of(encounter).routes.values_list("reason", flat=True)) == [
        "other_code"
    ]


def test_the_report_cannot_be_taken_and_says_why(people, blocked):
    with pytest.raises(Conflict, match=WORDS):
        reports.export(people["supervisor"], blocked)


UNKNOWN = NoteDocument.written("Note", "A", unsigned="dictated")
LETTER = NoteDocument.written("Letter", "B", "2026-03-02", "", "in progress")


@pytest.mark.parametrize(
    ("documents", "words"),
    [
        ([], []),
        ([SIGNED], []),
        ([DICTATED], [WORDS]),
        ([UNKNOWN], ["Only an unsigned note: wait for the signed document."]),
        (
            [DICTATED, LETTER],
            [
                "Only unsigned notes: of 2026-03-01 by Ann Doe, of 2026-03-02. Wait for a signed document."
            ],
        ),
    ],
)
def test_what_blocks_says_what_to_wait_for(people, hip, documents, words):
    assert list(what_blocks(factories.encounter(people, hip, **told(*documents)))) == words


def test_of_many_unsigned_notes_three_are_named(people, hip):
    many = [
        NoteDocument.written("Note", str(day), f"2026-03-0{day}", "", "dictated")
        for day in range(1, 6)
    ]
    [words] = what_blocks(factories.encounter(people, hip, **told(*many)))
    assert words.startswith(
        "Only unsigned notes: of 2026-03-01, of 2026-03-02, of 2026-03-03 and 2 more."
    )


def test_a_report_that_was_made_is_in_question_while_it_is_blocked(people, hip, client):
    client.force_login(people["supervisor"])
    encounter = factories.encounter(people, hip, **told(SIGNED))
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    factories.send_again(people, encounter, **told(DICTATED))
    page = " ".join(
        client.get(reverse("report", args=[encounter.public_id])).content.decode().split()
    )
    assert f"this report is in question. {WORDS}" in page

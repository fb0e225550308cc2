"""What blocks an encounter, and what its documents superseded, on pages."""

import pytest
from django.urls import reverse

from coding.intake.note_documents import SupersededText
from tests import factories
from tests.coding import worklist_pages
from tests.reviews.signatures import DICTATED, SIGNED, WORDS, told


@pytest.fixture
def blocked(people, hip):
    encounter = factories.encounter(people, hip, external_id="V-1", **told(DICTATED))
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    return encounter


def text_of(client, address):
    return " ".join(client.get(address).content.decode().split())


def test_the_encounter_and_its_report_say_what_blocks_it(people, client, blocked):
    client.force_login(people["supervisor"])
    assert f"Every line is settled, but the encounter is not final. {WORDS}" in text_of(
        client, blocked.get_absolute_url()
    )
    assert f"The encounter is not final. {WORDS}" in text_of(
        client, reverse("report", args=[blocked.public_id])
    )


def test_before_it_is_coded_the_page_says_that_it_cannot_become_final_yet(people, hip, client):
    client.force_login(people["coder"])
    encounter = factories.encounter(people, hip, **told(DICTATED))
    assert f"It cannot become final yet. {WORDS}" in text_of(client, encounter.get_absolute_url())


def test_an_encounter_with_a_signed_note_says_nothing_of_it(people, hip, client):
    client.force_login(people["coder"])
    encounter = factories.encounter(people, hip, **told(SIGNED))
    assert "cannot become final" not in text_of(client, encounter.get_absolute_url())


def test_the_worklist_is_narrowed_to_what_is_blocked_and_says_why(people, hip, client, blocked):
    client.force_login(people["coder"])
    factories.encounter(people, hip, **told(DICTATED))
    assert worklist_pages.listed(client, state="blocked") == ["V-1"]
    assert worklist_pages.text_of(client).count(WORDS) == 1


def test_what_was_superseded_is_shown_folded_on_the_page_of_the_encounter_alone(
    people, hip, client
):
    client.force_login(people["coder"])
    old = SupersededText("Progress note", "2026-02-28", "Right hip.", "Progress note", "2026-03-01")
    encounter = factories.encounter(people, hip, superseded=(old,), **told(SIGNED))
    page = text_of(client, encounter.get_absolute_url())
    assert (
        "<summary>Superseded: Progress note, 2026-02-28, by Progress note, 2026-03-01</summary>"
        in page
    )
    assert "Right hip." in page
    assert "Right hip." not in text_of(client, factories.service_of(encounter).get_absolute_url())

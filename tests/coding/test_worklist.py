"""The worklist, narrowed by state, day, provider and coder: what is found, and what is not searched for."""

import pytest
from django.urls import reverse

from coding.actions import encounters
from coding.intake.records import ServiceLineRecord
from coding.models import Encounter
from tests import factories
from tests.coding.worklist_pages import listed, response_to, text_of, three_visits, visit
from tests.incoming import row, table


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


@pytest.fixture
def three(people):
    three_visits(people)


# Narrowed.


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"served_from": "2026-05-02"}, ["B-2", "C-3"]),
        ({"served_until": "2026-05-02"}, ["A-1", "B-2"]),
        ({"served_from": "2026-05-02", "served_until": "2026-05-02"}, ["B-2"]),
        ({"served_from": "2026-05-03", "served_until": "2026-05-01"}, []),
    ],
)
def test_the_days_between_which_a_visit_was_are_both_counted_in(coder, three, days, expected):
    assert listed(coder, **days) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("falk", ["A-1", "B-2"]),
        ("WEISS", ["C-3"]),
        ("-2", []),
        ("b-", ["B-2"]),
        ("b-2", ["B-2"]),
        ("  A-1  ", ["A-1"]),
        ("C\0-3", ["C-3"]),
        ("%", []),
        ("_-1", []),
        ("nobody", []),
    ],
)
def test_a_search_is_for_a_part_or_of_two_letters_the_beginning_of_id_or_provider(
    coder, three, text, expected
):
    assert listed(coder, search=text) == expected


def test_of_an_endless_search_the_beginning_counts(people, coder):
    visit(people, "x" * 60)
    assert listed(coder, search="x" * 500) == ["x" * 60]


def test_a_patient_is_not_searched_for_because_the_address_would_name_them(coder, three):
    assert Encounter.objects.filter(patient_reference=factories.CANARY).count() == 3
    assert listed(coder, search=factories.CANARY) == []


def test_what_stands_on_the_list_names_no_patient_and_no_note(coder, three):
    page = text_of(coder)
    assert factories.CANARY not in page
    assert "Pavlik" not in page


def test_the_state_of_a_visit_narrows_the_list(people, hip, coder):
    open_visit = factories.encounter(people, hip, external_id="OPEN")
    final = factories.encounter(people, hip, external_id="FINAL")
    factories.decide(people["coder"], final, factories.PAVLIK)
    assert listed(coder, state="to_code") == [open_visit.external_id]
    assert listed(coder, state="final") == [final.external_id]
    assert listed(coder, state="in_review") == []


def test_what_narrows_the_list_counts_together(people, coder, three):
    encounters.assign(people["coder"], coded(people, "D-4"), people["coder"])
    assert listed(coder, whose="mine", search="D-") == ["D-4"]
    assert listed(coder, whose="mine", search="A-") == []
    assert listed(coder, search="falk", served_until="2026-05-01") == ["A-1"]


def coded(people, external_id):
    return visit(people, external_id, service_lines=(ServiceLineRecord("99203"),))


def test_what_somebody_else_codes_is_neither_mine_nor_unassigned(people, coder):
    taken = coded(people, "TAKEN")
    encounters.assign(people["coder", 2], taken, people["coder", 2])
    assert listed(coder, whose="mine") == []
    assert listed(coder, whose="unassigned") == []
    assert listed(coder) == ["TAKEN"]
    assert people["coder", 2].name in text_of(coder)


@pytest.mark.parametrize(
    "filters",
    [
        {"served_from": "31.05.2026"},
        {"served_until": "2026-02-30"},
        {"state": "lost"},
        {"whose": "everybody"},
        {"order": "note"},
        {"upload": "abc"},
        {"state": "to_code", "served_from": "yesterday"},
    ],
)
def test_a_filter_that_is_not_understood_finds_nothing_and_says_so(coder, three, filters):
    response = response_to(coder, **filters)
    assert list(response.context["page"]) == []
    assert response.context["filter"].form.errors
    assert "No encounters here" in response.content.decode()


def test_a_filter_that_finds_nothing_can_be_cleared(coder, three):
    page = text_of(coder, search="nobody")
    assert "Nothing matches. Clear the filters" in page
    assert f'href="{reverse("worklist")}">Clear</a>' in page
    assert ">Clear</a>" not in text_of(coder)


def test_what_was_asked_for_stands_in_the_form_again(coder, three):
    page = text_of(coder, search="falk", served_from="2026-05-02")
    assert 'value="falk"' in page
    assert 'value="2026-05-02"' in page


def test_only_whoever_sees_uploads_is_led_back_to_one(people, coder, three):
    upload = factories.upload(people, table(row()))
    link = reverse("upload", args=[upload.public_id])
    assert f'href="{link}"' in text_of(coder, upload=str(upload.public_id))
    coder.force_login(people["supervisor"])
    page = text_of(coder, upload=str(upload.public_id))
    assert "Encounters that one upload brought" in page
    assert f'href="{link}"' not in page

"""The worklist: narrowed by state, day, provider and coder; sorted in one order; page after page without a loss."""

from datetime import date

import pytest
from django.urls import reverse

from coding.actions import encounters
from coding.intake.records import ServiceLineRecord
from coding.models import Encounter
from tests import factories


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def visit(people, external_id, **values):
    return encounters.enter(people["coder"], factories.record(external_id=external_id, **values))


@pytest.fixture
def three(people):
    """Three visits of three days; the last day came in first."""
    visit(people, "C-3", date_of_service=date(2026, 5, 3), provider="Dr. Weiss")
    visit(people, "A-1", date_of_service=date(2026, 5, 1), provider="Dr. Falk")
    visit(people, "B-2", date_of_service=date(2026, 5, 2), provider="Dr. Falkner")


def response_to(client, **parameters):
    return client.get(reverse("worklist"), parameters)


def listed(client, **parameters):
    return [encounter.external_id for encounter in response_to(client, **parameters).context["page"]]


def text_of(client, **parameters):
    return " ".join(response_to(client, **parameters).content.decode().split())


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
        ("-2", ["B-2"]),
        ("  A-1  ", ["A-1"]),
        ("C\0-3", ["C-3"]),
        ("%", []),
        ("_-1", []),
        ("nobody", []),
    ],
)
def test_a_search_is_for_a_part_of_the_id_or_of_the_providers_name(coder, three, text, expected):
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


# Sorted.


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("", ["A-1", "B-2", "C-3"]),
        ("date_of_service", ["A-1", "B-2", "C-3"]),
        ("-date_of_service", ["C-3", "B-2", "A-1"]),
        ("external_id", ["A-1", "B-2", "C-3"]),
        ("-external_id", ["C-3", "B-2", "A-1"]),
        ("received_at", ["C-3", "A-1", "B-2"]),
        ("-received_at", ["B-2", "A-1", "C-3"]),
    ],
)
def test_the_list_is_sorted_as_asked_and_else_by_the_day_of_service(coder, three, order, expected):
    assert listed(coder, order=order) == expected


@pytest.mark.parametrize("order", ["", "date_of_service", "-date_of_service"])
def test_what_is_alike_stands_on_one_page_only(people, coder, order):
    for number in range(30):
        visit(people, f"V-{number:02}")
    pages = [listed(coder, order=order, page=page) for page in (1, 2)]
    assert [len(page) for page in pages] == [25, 5]
    assert sorted([*pages[0], *pages[1]]) == [f"V-{number:02}" for number in range(30)]


def test_the_second_page_keeps_what_the_list_was_narrowed_to(people, coder):
    for number in range(27):
        visit(people, f"V-{number:02}")
    visit(people, "W-01", provider="Dr. Weiss")
    first = text_of(coder, search="V-", order="-external_id")
    assert 'of <span class="number">27</span> encounters' in first
    address = coder.get(reverse("worklist"), {"search": "V-", "order": "-external_id", "page": "2"})
    assert [encounter.external_id for encounter in address.context["page"]] == ["V-01", "V-00"]
    assert "?search=V-&amp;order=-external_id&amp;page=2" in first


# What a row says and offers.


def test_a_row_names_the_lines_of_each_service(people, hip, coder):
    lines = (ServiceLineRecord("27256", ("LT",)), ServiceLineRecord("99203"))
    encounters.enter(people["coder"], factories.record(service_lines=lines))
    page = text_of(coder)
    assert '<li class="tag">27256-LT </li>' in page
    assert '<li class="tag">99203 </li>' in page
    assert "nobody yet" in page


def test_a_visit_without_a_service_says_so(coder, three):
    assert '<li class="quiet">none yet</li>' in text_of(coder)


def test_only_whoever_codes_is_offered_to_code_and_to_bring_encounters_in(people, coder, client):
    encounter = coded(people, "V-1")
    offers = [reverse("old-code", args=[encounter.public_id]), reverse("new-encounter"), f'href="{reverse("uploads")}"']
    page = text_of(coder)
    assert all(offer in page for offer in offers)
    client.force_login(people["supervisor"])
    page = text_of(client)
    assert "V-1" in page
    assert not any(offer in page for offer in offers)


def test_what_somebody_else_codes_is_not_offered(people, coder):
    encounter = coded(people, "V-1")
    encounters.assign(people["coder", 2], encounter, people["coder", 2])
    assert reverse("old-code", args=[encounter.public_id]) not in text_of(coder)

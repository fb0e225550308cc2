"""The rows of the worklist: sorted in one order, page after page without a loss, and what each says and offers."""

import pytest
from django.urls import reverse

from coding.actions import encounters
from coding.intake.records import ServiceLineRecord
from tests import factories
from tests.coding.worklist_pages import listed, response_to, text_of, three_visits, visit


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


@pytest.fixture
def three(people):
    three_visits(people)


def coded(people, external_id):
    return visit(people, external_id, service_lines=(ServiceLineRecord("99203"),))


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
    first = response_to(coder, order=order).context["page"]
    second = response_to(coder, order=order, after=first.next).context["page"]
    assert [len(first), len(second)] == [25, 5]
    ids = sorted(encounter.external_id for encounter in (*first, *second))
    assert ids == [f"V-{number:02}" for number in range(30)]


def test_the_second_page_keeps_what_the_list_was_narrowed_to(people, coder):
    for number in range(27):
        visit(people, f"V-{number:02}")
    visit(people, "W-01", provider="Dr. Weiss")
    asked = {"search": "V-", "order": "-external_id"}
    first = response_to(coder, **asked)
    assert '<span class="number">27</span> encounters' in first.content.decode()
    second = first.context["page"].next
    shown = response_to(coder, **asked, after=second).context["page"]
    assert [encounter.external_id for encounter in shown] == ["V-01", "V-00"]
    assert f"?search=V-&amp;order=-external_id&amp;after={second}" in first.content.decode()


# What a row says and offers.


def test_a_row_names_the_lines_of_each_service(people, hip, coder):
    lines = (ServiceLineRecord("27256", ("LT",)), ServiceLineRecord("99203"))
    encounters.enter(people["coder"], factories.record(service_lines=lines))
    page = text_of(coder)
    assert '<li class="tag">27256-LT</li>' in page
    assert '<li class="tag">99203</li>' in page
    assert "nobody yet" in page


def test_a_visit_without_a_service_says_so(coder, three):
    assert '<li class="tag">none yet</li>' in text_of(coder)


def test_only_whoever_codes_is_offered_to_code_and_to_bring_encounters_in(people, coder, client):
    encounter = coded(people, "V-1")
    offers = [
        reverse("old-code", args=[encounter.public_id]),
        reverse("new-encounter"),
        f'href="{reverse("uploads")}"',
    ]
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

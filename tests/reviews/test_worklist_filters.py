"""What the worklist is narrowed to; asked of its filters, not of the page."""

from datetime import date
from types import SimpleNamespace

import pytest

from coding.actions import encounters
from coding.intake.records import ServiceLineRecord
from coding.models import Encounter
from reviews.actions import holds, services, voiding
from reviews.lists.worklist import EncounterFilter, coders, part_of
from tests import factories

MARCH, MAY = date(2026, 3, 1), date(2026, 5, 4)
OFFICE_LINE = ServiceLineRecord("99203")


def standing(people, hip):
    """A hip of March, decided; an office visit of May that nobody took; and one without any service."""
    factories.fees()
    hip_visit = factories.encounter(
        people,
        hip,
        external_id="HIP-7001",
        provider="Dr. Adams",
        payer="Aetna",
        date_of_service=MARCH,
        diagnoses=("S73.001A", "Q65.02"),
    )
    factories.decide(people["coder"], hip_visit, factories.PAVLIK)
    office = factories.visit(people, OFFICE_LINE, external_id="OFF-1", date_of_service=MAY)
    empty = factories.visit(people, external_id="EMPTY-1", date_of_service=MAY)
    return SimpleNamespace(hip=hip_visit, office=office, empty=empty)


@pytest.fixture
def visits(standing):
    return standing


@pytest.fixture
def ids(people, visits):
    """The external ids that a search finds, in the order in which they came."""

    def find(person="coder", **asked):
        request = SimpleNamespace(user=people[person])
        rows = Encounter.objects.order_by("pk")
        narrowed = EncounterFilter(asked, queryset=rows, request=request).qs
        return [encounter.external_id for encounter in narrowed]

    return find


HIP, OFFICE, EMPTY = "HIP-7001", "OFF-1", "EMPTY-1"


def test_without_a_filter_everything_stands_there_but_what_is_void(people, visits, ids):
    assert ids() == [HIP, OFFICE, EMPTY]
    voiding.void(people["supervisor"], visits.office, "Entered twice.")
    assert ids() == [HIP, EMPTY]
    assert ids(state="void") == [OFFICE]
    assert ids(search="OFF") == []


# --- By words.


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("7001", [HIP]),
        ("hip", [HIP]),
        ("adams", [HIP]),
        ("off-1", [OFFICE]),
        ("nobody", []),
        # Of fewer than three letters an id has to begin with them.
        ("of", [OFFICE]),
        ("01", []),
    ],
)
def test_a_part_of_the_id_or_of_the_provider_finds_it(ids, typed, found):
    assert ids(search=typed) == found


def test_what_some_id_has_is_looked_for_in_names_too(people, ids):
    factories.visit(people, external_id="ADAMS-2")
    assert ids(search="adams") == [HIP, "ADAMS-2"]


def test_the_shortest_part_that_is_looked_for_within_a_text_has_three_letters():
    assert part_of("name", "ab").children == [("name__istartswith", "ab")]
    assert part_of("name", "abc").children == [("name__icontains", "abc")]


@pytest.mark.parametrize("typed", ["S73.001A", "s73001a", "S73", " s73.0 ", "S730"])
def test_a_diagnosis_is_found_by_its_beginning_with_or_without_its_dot(ids, typed):
    assert ids(diagnosis=typed) == [HIP]


def test_a_diagnosis_is_not_found_by_its_middle(ids):
    assert ids(diagnosis="73.001") == []


@pytest.mark.parametrize(
    ("typed", "found"), [("27256", [HIP]), (" 99203 ", [OFFICE]), ("27257", []), ("2725", [])]
)
def test_a_code_is_found_where_it_was_submitted_suggested_or_is_final(ids, typed, found):
    assert ids(code=typed) == found


def test_payer_and_provider_are_found_by_a_part_of_their_names(ids):
    assert ids(payer="aet") == ids(provider="ADAM") == [HIP]
    assert ids(payer="adam") == []


# --- By whose and where.


def test_unassigned_is_what_nobody_took_and_what_has_no_service_at_all(people, visits, ids):
    assert ids(whose="unassigned") == [OFFICE, EMPTY]
    encounters.assign(people["coder"], visits.office, people["coder"])
    assert ids(whose="unassigned") == [EMPTY]
    assert ids(whose="mine") == [HIP, OFFICE]


def test_what_has_one_service_of_mine_is_mine_once(people, visits, ids):
    services.add(people["coder"], visits.hip, visits.hip.services.get().rule_set)
    assert ids(whose="mine") == [HIP]
    assert ids(person="supervisor", whose="mine") == []


def test_a_coder_and_a_rule_set_are_looked_for_on_the_days_that_are_asked_for(people, hip, ids):
    own, key = people["coder"].pk, hip.rule_set.key
    assert ids(coder=own) == ids(family=key) == [HIP]
    assert ids(coder=own, served_from="2026-03-02") == []
    assert ids(family=key, served_until="2026-02-28") == []
    assert ids(family=key, served_from="2026-03-01", served_until="2026-03-01") == [HIP]


def test_the_coders_to_choose_from_are_those_who_have_something(people, visits):
    people["coder", 2]
    assert list(coders(None)) == [people["coder"]]


def test_a_hold_is_looked_for_while_it_lasts(people, visits, ids):
    service = factories.service_for(visits.office, "99203")
    holds.hold(people["coder"], service, "Unsigned.")
    assert ids(hold="on") == [OFFICE]
    assert ids(hold="off") == [HIP, EMPTY]
    holds.release(people["coder"], factories.service_of(service))
    assert ids(hold="on") == []


# --- By days.


def test_days_of_service_are_counted_in_on_both_ends(ids):
    assert ids(served_from="2026-03-01", served_until="2026-05-03") == [HIP]
    assert ids(served_from="2026-05-04") == [OFFICE, EMPTY]
    assert ids(order="-date_of_service")[-1] == HIP
    assert ids(order="external_id") == [EMPTY, HIP, OFFICE]


def test_what_was_received_before_a_day_is_not_received_since(ids):
    assert ids(received_until="2020-01-01") == []
    assert len(ids(received_from="2020-01-01")) == 3


# --- Under blind review.


def test_a_supervisor_who_is_kept_blind_finds_submitted_codes_alone_and_asks_for_no_coder(
    people, ids, settings
):
    settings.REVIEW_BLIND = True
    assert ids(person="supervisor", code="27256") == []
    assert ids(person="supervisor", code="99203") == [OFFICE]
    assert len(ids(person="supervisor", coder=people["coder"].pk)) == 3
    assert ids(person="coder", code="27256") == [HIP]

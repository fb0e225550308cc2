"""The time line of an encounter: what was done stands out, and openings of the page are folded into one line."""

from itertools import pairwise

import pytest
from django.urls import reverse

from coding.actions import encounters
from coding.models import AuditEvent
from coding.trail.timeline import in_words, timeline
from tests import factories


@pytest.fixture
def encounter(people, hip):
    return factories.encounter(people, hip)


def told(encounter):
    return [(line.label, line.actor_name) for line in timeline(encounter)]


def test_one_opening_is_told_as_one(people, encounter):
    encounters.view(people["coder"], encounter)
    assert told(encounter)[-1] == ("Encounter opened", people["coder"].name)


def test_openings_in_a_row_are_one_line_with_how_often_and_by_whom(people, encounter):
    coder, supervisor = people["coder"], people["supervisor"]
    for person in (coder, coder, supervisor, coder):
        encounters.view(person, encounter)
    assert told(encounter)[1:] == [("Encounter opened 4 times", f"{coder.name}, {supervisor.name}")]
    assert timeline(encounter)[-1].at == AuditEvent.objects.filter(event="encounter.viewed").latest("sequence").at


def test_what_was_done_between_two_openings_keeps_them_apart(people, encounter):
    coder = people["coder"]
    encounters.view(coder, encounter)
    encounters.view(coder, encounter)
    encounters.assign(coder, encounter, coder)
    encounters.view(coder, encounter)
    labels = [label for label, _ in told(encounter)]
    assert labels == ["Encounter entered", "Encounter opened 2 times", "Encounter assigned", "Encounter opened"]


def test_no_event_is_lost_by_folding(people, encounter):
    for _ in range(3):
        encounters.view(people["coder"], encounter)
        factories.answer(people["coder"], encounter, factories.PAVLIK)
    before = AuditEvent.objects.count()
    done = AuditEvent.objects.filter(encounter=encounter.public_id).exclude(event="encounter.viewed")
    lines = timeline(encounter)
    assert len([line for line in lines if "opened" not in line.label]) == done.count()
    assert not any("opened" in one.label and "opened" in two.label for one, two in pairwise(lines))
    assert all(one.at <= two.at for one, two in pairwise(lines))
    assert AuditEvent.objects.count() == before


def test_another_encounters_openings_do_not_count(people, hip, encounter):
    encounters.view(people["coder"], factories.encounter(people, hip))
    assert [label for label, _ in told(encounter)] == ["Encounter entered"]


def test_a_change_is_told_as_before_and_after(people, encounter):
    coder = people["coder"]
    encounters.assign(coder, encounter, coder)
    encounters.assign(coder, encounter, None)
    taken, given_back = (line.changes for line in timeline(encounter)[-2:])
    assert taken == [{"label": "coder", "before": "", "after": coder.name}]
    assert given_back == [{"label": "coder", "before": coder.name, "after": ""}]


def test_the_page_shows_the_folded_line(people, client, encounter):
    client.force_login(people["coder"])
    for _ in range(3):
        page = client.get(reverse("encounter", args=[encounter.public_id]))
    assert page.content.decode().count("Encounter opened") == 1
    assert "Encounter opened 3 times" in page.content.decode()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (3, "3"),
        (["a", None, True], "a; ; yes"),
        ({"state": "not_documented"}, "not documented"),
        ({"value": ["left", "right"]}, "left; right"),
    ],
)
def test_a_stored_value_is_told_in_words(value, words):
    assert in_words(value) == words

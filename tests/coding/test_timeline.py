"""The time line of an encounter: what was done stands out, and openings of the page are folded into one line."""

import re
from datetime import date
from itertools import pairwise

import pytest

from coding.actions import encounters
from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent, Service
from coding.trail.events import EVENTS
from coding.trail.timeline import in_words, timeline
from reviews.actions import cases, decisions, queries, reports, second_looks, services
from reviews.actions.decisions import Judgement
from reviews.models import Choice, ProviderQuery, RulingKind
from tests import factories
from tests.reviews.whole_pages import whole_page


@pytest.fixture
def encounter(people, hip):
    return factories.encounter(people, hip)


def lines_of(encounter):
    return [(line.label, line.actor_name) for line in timeline(encounter)]


def test_one_opening_is_told_as_one(people, encounter):
    encounters.view(people["coder"], encounter)
    assert lines_of(encounter)[-1] == ("Encounter opened", people["coder"].name)


def test_openings_in_a_row_are_one_line_with_how_often_and_by_whom(people, encounter):
    coder, supervisor = people["coder"], people["supervisor"]
    for person in (coder, coder, supervisor, coder):
        encounters.view(person, encounter)
    assert lines_of(encounter)[1:] == [
        ("Encounter opened 4 times", f"{coder.name}, {supervisor.name}")
    ]
    assert (
        timeline(encounter)[-1].at
        == AuditEvent.objects.filter(event="encounter.viewed").latest("sequence").at
    )


def test_what_was_done_between_two_openings_keeps_them_apart(people, encounter):
    coder = people["coder"]
    encounters.view(coder, encounter)
    encounters.view(coder, encounter)
    encounters.assign(coder, encounter, coder)
    encounters.view(coder, encounter)
    labels = [label for label, _ in lines_of(encounter)]
    assert labels == [
        "Encounter entered",
        "Encounter opened 2 times",
        "Encounter assigned",
        "Encounter opened",
    ]


def test_no_event_is_lost_by_folding(people, encounter):
    for _ in range(3):
        encounters.view(people["coder"], encounter)
        factories.answer(people["coder"], encounter, factories.PAVLIK)
    before = AuditEvent.objects.count()
    done = AuditEvent.objects.filter(encounter=encounter.public_id).exclude(
        event="encounter.viewed"
    )
    lines = timeline(encounter)
    assert len([line for line in lines if "opened" not in line.label]) == done.count()
    assert not any(
        "opened" in earlier.label and "opened" in later.label for earlier, later in pairwise(lines)
    )
    assert all(earlier.at <= later.at for earlier, later in pairwise(lines))
    assert AuditEvent.objects.count() == before


def test_what_was_done_stays_however_often_the_page_was_opened(people, encounter, monkeypatch):
    monkeypatch.setattr("coding.trail.timeline.LATEST", 3)
    coder = people["coder"]
    encounters.assign(coder, encounter, coder)
    for _ in range(5):
        encounters.view(coder, encounter)
    assert [label for label, _ in lines_of(encounter)] == [
        "Encounter entered",
        "Encounter assigned",
        "Encounter opened 5 times",
    ]


def test_of_very_many_events_the_latest_are_told(people, encounter, monkeypatch):
    monkeypatch.setattr("coding.trail.timeline.LATEST", 2)
    factories.answer(people["coder"], encounter, factories.PAVLIK)
    assert [label for label, _ in lines_of(encounter)] == ["Question answered"] * 2


def test_another_encounters_openings_do_not_count(people, hip, encounter):
    encounters.view(people["coder"], factories.encounter(people, hip))
    assert [label for label, _ in lines_of(encounter)] == ["Encounter entered"]


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
        page = whole_page(client, encounter)
    assert page.count("Encounter opened") == 1
    assert "Encounter opened 3 times" in page


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
        ({"pays_for": "both", "method": "global"}, "method: global; pays for: both"),
        ({}, ""),
    ],
)
def test_a_stored_value_is_told_in_words(value, words):
    assert in_words(value) == words


@pytest.fixture
def worked(people, hip):
    """A visit with three lines, of which one went through a query, a ruling and an objection, and one was moved."""
    factories.fees()
    coder, supervisor = people["coder"], people["supervisor"]
    lines = (
        ServiceLineRecord("27257", ("LT",)),
        ServiceLineRecord("27093", ("LT",)),
        ServiceLineRecord("99203"),
    )
    visit = encounters.enter(coder, factories.record(service_lines=lines, diagnoses=("Q65.02",)))
    encounters.assign(coder, visit, coder)

    def service(code):
        return factories.service_of(
            Service.objects.standing().get(encounter=visit, lines__code=code)
        )

    factories.decide(coder, service("27257"), factories.PAVLIK, factories.insists())
    factories.rule(supervisor, factories.case_of(service("27257")), RulingKind.PROVIDER_QUERY)
    queries.answer(
        supervisor, ProviderQuery.objects.get(), "It was a reduction.", "Dr. Falk", date.today()
    )
    factories.decide(coder, service("27257"), factories.PAVLIK, factories.insists())
    case = factories.case_of(service("27257"))
    factories.rule(supervisor, case, RulingKind.RULES_UPHELD)
    second_looks.rebut(coder, factories.fresh_case(case), "The note says reduction.")
    second = factories.case_of(service("27257"))
    factories.rule(people["supervisor", 2], second, RulingKind.CODER_UPHELD)
    cases.acknowledge(coder, factories.fresh_case(second))
    services.move(coder, service("27093"), hip.rule_set, "Part of the treatment.")
    factories.decide(coder, service("27093"), factories.PAVLIK)
    decisions.take_back(coder, service("27093"))
    factories.decide(coder, service("27093"), factories.PAVLIK)
    decisions.decide(coder, service("99203"), Judgement(Choice.KEEP))
    reports.export(supervisor, visit)
    return visit


def test_no_stored_key_stands_in_what_people_read(worked):
    lines = timeline(worked)
    assert {line.label for line in lines} <= set(EVENTS.values())
    texts = [
        change[side]
        for line in lines
        for change in line.changes
        for side in ("label", "before", "after")
    ]
    assert [text for text in texts if re.search(r"[a-z]_[a-z]|[\[\]{}]", text)] == []


def test_what_stays_is_told_once_and_not_as_a_change(worked):
    """An objection looks again at a code that is final until the next ruling."""
    changes = [change for line in timeline(worked) for change in line.changes]
    finals = [change for change in changes if change["label"] == "final code"]
    assert {"label": "final code", "before": "", "after": "27256-LT"} in finals
    assert all(change["before"] != change["after"] for change in changes)


def test_each_settling_says_what_is_final_and_of_which_lines(worked):
    settled = [line.changes for line in timeline(worked) if line.label == "Service settled"]
    finals = [
        (by_label["lines"]["after"], by_label["final code"]["after"])
        for changes in settled
        if "final code" in (by_label := {change["label"]: change for change in changes})
        and by_label["state"]["after"] == "Final"
    ]
    assert finals == [
        ("27257-LT", "Rules upheld: 27256-LT"),
        ("27257-LT", "Coder upheld: 27257-LT"),
        ("27093-LT", "27256-LT"),
        ("27093-LT", "27256-LT"),
        ("99203", "99203"),
    ]


def test_a_reason_stands_at_what_it_is_the_reason_of(worked):
    reasons = {line.label: line.reason for line in timeline(worked) if line.reason}
    assert reasons["Objection to a ruling"] == "The note says reduction."
    assert reasons["Service moved to another rule set"] == "Part of the treatment."

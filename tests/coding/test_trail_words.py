"""The trail as people read it: what an event tells in words, and what older events tell of rows."""

from datetime import UTC, datetime

import pytest

from coding.models import AuditEvent, SavedFilter
from coding.trail import keys, older, records
from coding.trail.events import EVENTS
from coding.trail.imported import ImportedRows
from coding.trail.older import REPORT, Hint
from coding.trail.timeline import _folded, in_one_order

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DECISION = {"outcome": "code", "code": "12345", "modifiers": ["LT", "XS"], "round": 1}


def event(name="encounter.assigned", **values):
    values = {"at": NOON, "actor_name": "Ann Coder", **values}
    return AuditEvent(event=name, **values)


def line_of(**values):
    [line] = _folded([event(**values)])
    return line


# A line of the time line ---------------------------------------------------------------------------


def test_a_line_says_when_who_what_and_why():
    line = line_of(reason="On leave.")
    assert (line.at, line.actor_name, line.label) == (NOON, "Ann Coder", "Encounter assigned")
    assert (line.reason, line.changes) == ("On leave.", [])


def test_what_it_is_about_stands_first_and_the_rest_by_the_alphabet():
    names = ["units", "state", "code", "report", "level", "round", "service", "answers"]
    assert in_one_order(names) == [
        *("service", "round", "level", "report", "state"),
        *("answers", "code", "units"),
    ]


def test_a_value_is_told_as_it_was_and_as_it_is_now():
    line = line_of(before={"state": "Open", "coder": ""}, after={"state": "Final", "units": 2})
    assert line.changes == [
        {"label": "state", "before": "Open", "after": "Final"},
        {"label": "units", "before": "", "after": "2"},
    ]


def test_what_only_a_machine_needs_is_not_told():
    told = {"content": "ab", "digest": "cd", "signature": "ef", "sha256": "01", "code": "12345"}
    assert line_of(after=told).changes == [{"label": "code", "before": "", "after": "12345"}]
    assert line_of(before={"content": "ab"}).changes == []


def test_an_event_of_a_name_that_is_no_more_is_told_by_that_name():
    assert line_of(name="visit.opened").label == "visit.opened"


def test_openings_in_a_row_are_one_line_and_what_is_done_between_them_keeps_them_apart():
    opened = [event("encounter.viewed", actor_name=name) for name in ("Ann", "Bob", "Ann")]
    lines = list(_folded([*opened, event(), opened[0]]))
    assert [(line.label, line.actor_name) for line in lines] == [
        ("Encounter opened 3 times", "Ann, Bob"),
        ("Encounter assigned", "Ann Coder"),
        ("Encounter opened", "Ann"),
    ]


def test_every_event_is_named_in_words_of_its_own():
    assert len(set(EVENTS.values())) == len(EVENTS)
    for name, words in EVENTS.items():
        assert words[0].isupper(), name
        assert not words.endswith("."), name


# Rows of an import ---------------------------------------------------------------------------------


def test_a_chunk_of_an_import_keeps_its_rows_and_a_row_finds_its_chunk():
    rows = ImportedRows(first=1, last=500, new=499, corrected=1, digest="ab")
    assert rows.to_data() == {
        "first": 1,
        "last": 500,
        "new": 499,
        "corrected": 1,
        "digest": "ab",
    }
    assert ImportedRows.holding(500) == {"after__first__lte": 500, "after__last__gte": 500}


# What events told before they told every value ------------------------------------------------------


def hint(name, **values):
    event = AuditEvent(event=name, subject_type="reviews.thing", subject_id="7", **values)
    return list(older.hints(event))


def test_an_older_decision_tells_its_coder_its_code_and_its_round():
    told = {"code": "12345-LT", "round": 2, "other": "x"}
    assert hint("decision.made", actor_id=3, after=told) == [
        Hint("reviews.thing", "7", {"coder_id": 3, REPORT: "12345-LT", "round": 2})
    ]


def test_what_it_does_not_tell_is_left_out():
    assert hint("code.finalised", after={"code": "12345"})[0].told == {REPORT: "12345"}
    assert hint("code.finalised", after={})[0].told == {}
    assert hint("report.made", after={"report": 4})[0].told == {"number": 4}
    told = hint("report.made", after={"report": 4, "content": "ab"})[0].told
    assert told == {"number": 4, "content_hash": "ab"}


def test_other_events_tell_nothing_of_rows():
    assert hint("encounter.viewed", after={"code": "12345"}) == []


@pytest.mark.parametrize("told", ["12345-XS-LT", "12345-LT-XS"])
def test_a_report_may_be_told_in_words_or_in_short(told):
    assert older.differing({REPORT: told}, DECISION) == []


def test_a_value_that_is_another_now_is_named():
    told = {REPORT: "54321", "round": 2}
    assert older.differing(told, DECISION) == [REPORT, "round"]
    assert older.differing({"round": 1}, DECISION) == []


def test_of_what_no_event_tells_a_row_is_no_part_of_one():
    with pytest.raises(TypeError) as refusal:
        records.tell([records.Rows([SavedFilter(pk=1)])])
    assert str(refusal.value) == "Events tell nothing of saved filters: its model has no TOLD."


# The keys that sign --------------------------------------------------------------------------------


@pytest.fixture
def two_keys(settings):
    settings.AUDIT_KEYS = {"new": "secret", "old": "other secret"}


def test_the_first_key_signs_and_each_proves_what_it_signed(two_keys):
    assert keys.current() == "new"
    by_new, by_old = keys.sign(3, "ab"), keys.sign(3, "ab", "old")
    assert by_new == keys.sign(3, "ab", "new") != by_old
    assert keys.is_signed(3, "ab", by_new, "new")
    assert keys.is_signed(3, "ab", by_old, "old")


def test_another_count_hash_or_key_is_not_what_was_signed(two_keys):
    signature = keys.sign(3, "ab")
    assert not keys.is_signed(4, "ab", signature, "new")
    assert not keys.is_signed(3, "ac", signature, "new")
    assert not keys.is_signed(3, "ab", signature, "old")


def test_a_key_that_is_not_here_proves_nothing(two_keys):
    assert keys.is_here("old")
    assert not keys.is_here("lost")
    assert not keys.is_signed(3, "ab", keys.sign(3, "ab"), "lost")

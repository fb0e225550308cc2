"""What an item of a file is compared with: its source's encounters as they are stored, and the items before it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.actions import encounters
from coding.importing import dry_run
from coding.importing.compare_with_stored import of_another, texts_of
from coding.intake.check import CodeAnswer, CodeState, check
from coding.intake.records import EncounterRecord, ServiceLineRecord
from coding.models import Encounter
from tests import factories, incoming
from tests.incoming import bad_row, checked, imported, row

TODAY = date(2026, 6, 30)
DAYS = st.dates(date(2000, 1, 1), date(2026, 5, 1))
WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=20)
NOTES = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P"], include_characters=" \n"), max_size=60
)
DIAGNOSES = st.lists(st.sampled_from(["Q65.02", "Q65.01", "S73.004A"]), unique=True).map(tuple)


class EveryCode:
    """A release that holds whatever it is asked for."""

    def find(self, code, day):
        return CodeAnswer(CodeState.VALID, "test")


@st.composite
def records(draw):
    """Encounters as the check lets them through."""
    diagnoses = draw(DIAGNOSES)
    pointers = (
        st.lists(st.integers(1, len(diagnoses)), max_size=4).map(tuple)
        if diagnoses
        else st.just(())
    )
    lines = st.builds(
        ServiceLineRecord,
        st.sampled_from(["27256", "99203", "A4570"]),
        st.sampled_from([(), ("LT",), ("RT", "59")]),
        st.integers(1, 999),
        pointers,
    )
    served = draw(st.dates(date(2026, 5, 1), date(2026, 6, 1)))
    return EncounterRecord(
        external_id=draw(WORDS),
        patient_reference=draw(WORDS),
        date_of_service=served,
        place_of_service=draw(st.sampled_from(["", "02", "11", "22"])),
        provider=draw(WORDS),
        note=draw(NOTES),
        birth_date=draw(st.none() | DAYS),
        sex=draw(st.sampled_from("FMOU")),
        payer=draw(st.just("") | WORDS),
        diagnoses=diagnoses,
        service_lines=draw(st.lists(lines, max_size=3).map(tuple)),
    )


# What is stored, told as a file would tell it.


@settings(max_examples=50)
@given(records())
def test_what_is_stored_and_comes_again_is_the_same_encounter(record):
    assert check(texts_of(record), EveryCode(), TODAY) == record


def test_whose_encounter_it_is_and_whose_was_sent_are_both_named():
    problem = of_another(
        factories.record(patient_reference="P-1"), factories.record(patient_reference="P-2")
    )
    assert problem.field == "patient_reference"
    assert "P-1" in problem.text
    assert problem.value == "P-2"


# What is stored of the file's source.


def test_what_another_source_has_under_the_same_id_is_another_encounter(people):
    imported(people, row("V-1", patient_reference="P-1"), source="clinic")
    upload = checked(people, row("V-1", patient_reference="P-2"), source="his")
    assert incoming.states(upload) == ["new"]


def test_what_was_typed_is_no_encounter_of_a_source(people):
    encounters.enter(people["coder"], factories.record(external_id="V-1"))
    assert incoming.states(checked(people, row("V-1"))) == ["new"]


def test_each_field_that_differs_is_named(people):
    factories.icd10cm("Q65.02")
    imported(people, row("V-1"))
    changed = {
        "date_of_service": "2026-05-30",
        "place_of_service": "22",
        "provider": "Dr. Weiss",
        "payer": "Southern",
        "diagnoses": "Q65.02",
        "service_lines": "99203",
    }
    upload = checked(people, row("V-1", **changed))
    assert upload.rows.get().changes == list(changed)
    assert upload.rows.get().based_on == Encounter.objects.get().content_hash


def test_blanks_around_an_id_do_not_make_another_encounter(people):
    imported(people, row("V-1"))
    assert incoming.states(checked(people, row("  V-1 "))) == ["unchanged"]


@pytest.mark.parametrize(
    "correction",
    [
        {"payer": "Southern"},
        {"note": "Altogether other."},
        {"note": "First.\n\nSecond.", "payer": "Southern"},
        {"note": "First. Second."},
    ],
    ids=["payer", "another note", "payer beside a longer note", "a note without the gap"],
)
def test_what_was_corrected_and_comes_again_as_it_was_before_is_a_change(people, correction):
    """Only notes that were put behind the first one are no reason to go back."""
    imported(people, row("V-1", note="First."))
    imported(people, row("V-1", **{"note": "First.", **correction}))
    assert incoming.states(checked(people, row("V-1", note="First."))) == ["changed"]


def test_a_row_that_comes_again_after_its_note_was_continued_is_unchanged(people):
    for note in ("First.", "First.\n\nSecond.", "First.\n\nSecond.\n\nThird."):
        imported(people, row("V-1", note=note))
    for note in ("First.", "First.\n\nSecond.", "First.\n\nSecond.\n\nThird."):
        assert incoming.states(checked(people, row("V-1", note=note))) == ["unchanged"]


@pytest.mark.parametrize("note", ["First. Second.", "firs", "Second."])
def test_a_row_whose_note_is_not_one_that_was_continued_is_a_change(people, note):
    for earlier in ("First.", "First.\n\nSecond."):
        imported(people, row("V-1", note=earlier))
    assert incoming.states(checked(people, row("V-1", note=note))) == ["changed"]


def test_an_id_that_no_text_may_hold_is_told_and_its_neighbours_are_checked(people):
    upload = checked(people, row("V-1"), row("V\x01-2"), row("V-3"))
    assert incoming.states(upload) == ["new", "rejected", "new"]
    assert "U+0001, which no text may hold" in " ".join(incoming.problems(upload))


# What stands before it in the file.


def told_of(line):
    return f"The same id stands at line {line} with other content. Keep one of them."


def test_three_rows_with_one_id_are_all_left_to_a_person_and_told_of_each_other(people):
    upload = checked(people, row("V-1"), row("V-1", payer="Southern"), row("V-1", payer="Eastern"))
    assert incoming.states(upload) == ["doubled", "doubled", "doubled"]
    told = [told_of(line) for line in (3, 2, 2)]
    assert incoming.problems(upload) == told


@pytest.mark.parametrize("most", [1, 1000])
def test_a_bad_row_does_not_stand_for_its_encounter(people, monkeypatch, most):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", most)
    upload = checked(people, bad_row("V-1"), row("V-1"))
    assert incoming.states(upload) == ["rejected", "new"]


@pytest.mark.parametrize("most", [1, 2, 1000])
def test_a_row_that_differs_from_an_unchanged_one_before_it_is_told_so_wherever_the_file_is_cut(
    people, monkeypatch, most
):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", most)
    imported(people, row("V-1"))
    upload = checked(people, row("V-1"), row("V-1", payer="Southern"), row("V-1"))
    assert incoming.states(upload) == ["doubled", "doubled", "unchanged"]
    told = [told_of(line) for line in (3, 2)]
    assert incoming.problems(upload) == told


@pytest.mark.parametrize("most", [1, 2, 1000])
def test_a_row_that_differs_from_two_that_say_the_same_is_told_so_wherever_the_file_is_cut(
    people, monkeypatch, most
):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", most)
    upload = checked(people, row("V-1"), row("V-1"), row("V-1", payer="Southern"))
    assert incoming.states(upload) == ["doubled", "unchanged", "doubled"]


def test_two_rows_of_one_stored_encounter_that_say_the_same_change_it_once(people):
    imported(people, row("V-1"))
    upload = imported(people, row("V-1", payer="Southern"), row("V-1", payer="Southern"))
    assert incoming.states(upload) == ["corrected", "unchanged"]
    assert Encounter.objects.get().revision == 2


def queries_for(people, *rows):
    """How often the database is asked while a worker checks these rows."""
    upload = factories.upload(people, incoming.table(*rows))
    with CaptureQueriesContext(connection) as queries:
        incoming.work()
    assert incoming.states(upload) == ["unchanged"] * len(rows)
    return len(queries)


def test_many_rows_are_compared_with_as_many_queries_as_two(people):
    rows = [row(f"V-{number}") for number in range(20)]
    imported(people, *rows)
    assert queries_for(people, *rows) == queries_for(people, *rows[:2])

"""A note knows its documents: who signed them, what they say again, what they took the place of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.intake.note_documents import (
    NoteDocument,
    digest_of,
    note_of,
    only_unsigned,
    with_documents,
)
from coding.intake.records import changed_fields, record_from_data
from tests import factories

TEXTS = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P"], include_characters=" \n"), max_size=40
)
STATES = st.sampled_from(["", "dictated", "in progress"])


def document(text="Left hip reduced.", unsigned="", kind="Operative note"):
    return NoteDocument.written(kind, text, "2026-03-01", "Ann Doe", unsigned)


SIGNED, DICTATED = document(), document(unsigned="dictated")


def after(documents, *arriving):
    """The note of these documents once others have come by themselves, and the headings of all."""
    note, now = with_documents(note_of(documents), documents, arriving)
    return note, [own.shown for own in now]


def test_a_signed_document_that_stands_alone_needs_no_heading_and_an_unsigned_one_does():
    assert note_of([SIGNED]) == "Left hip reduced."
    assert (
        note_of([DICTATED])
        == "Operative note, 2026-03-01 (not signed: dictated)\nLeft hip reduced."
    )


def test_a_document_that_comes_signed_signs_the_one_that_is_here():
    assert after([DICTATED], SIGNED) == ("Left hip reduced.", ["Operative note, 2026-03-01"])


def test_among_several_only_the_document_of_the_same_text_is_signed():
    other = document("Closed under anesthesia.", "dictated")
    note, headings = after([DICTATED, other], document("Closed under anesthesia."))
    assert headings == [
        "Operative note, 2026-03-01 (not signed: dictated)",
        "Operative note, 2026-03-01",
    ]
    assert (
        note
        == f"{DICTATED.shown}\nLeft hip reduced.\n\nOperative note, 2026-03-01\nClosed under anesthesia."
    )


def test_a_late_copy_from_before_the_signature_does_not_take_it_away():
    assert after([SIGNED], DICTATED) == ("Left hip reduced.", ["Operative note, 2026-03-01"])


@pytest.mark.parametrize("text", ["Left hip", "hip reduced.", "Left hip reduced. Twice."])
def test_a_document_that_says_a_part_or_more_of_one_that_is_here_is_another_one(text):
    note, headings = after([SIGNED], document(text))
    assert note == f"Left hip reduced.\n\n{text}"
    assert len(headings) == 2


def test_a_note_without_documents_counts_as_one_that_is_signed():
    note, documents = with_documents("First.", (), [document("Second.", "dictated")])
    assert note == "First.\n\nOperative note, 2026-03-01 (not signed: dictated)\nSecond."
    assert not only_unsigned(documents)


@given(TEXTS, TEXTS, STATES, STATES)
def test_what_comes_twice_is_said_once_and_nothing_is_taken_away(first, second, state, other):
    documents = [document(first, state)] if first.strip() else []
    arriving = [document(second, other)]
    note, now = with_documents(note_of(documents), documents, arriving)
    assert first.strip() in note
    assert second.strip() in note
    assert with_documents(note, now, arriving) == (note, now)


def test_only_unsigned_means_that_there_are_some_and_nobody_signed_any():
    assert only_unsigned([DICTATED])
    assert not only_unsigned([])
    assert not only_unsigned([DICTATED, document("Signed.")])


# In a record.


def test_documents_that_are_all_signed_change_nothing_of_what_an_encounter_says():
    """What was imported before documents were kept, and is sent again, is unchanged."""
    plain = factories.record(external_id="V-1")
    signed = factories.record(external_id="V-1", documents=(SIGNED,))
    assert plain.content_hash == signed.content_hash
    assert changed_fields(plain, signed) == []


def test_a_signature_that_is_missing_is_a_part_of_what_an_encounter_says():
    signed = factories.record(external_id="V-1", documents=(SIGNED,))
    dictated = factories.record(external_id="V-1", documents=(DICTATED,))
    assert signed.content_hash != dictated.content_hash
    assert changed_fields(dictated, signed) == ["documents"]


def test_a_record_comes_back_from_its_data_with_its_documents_but_their_texts():
    record = factories.record(documents=(DICTATED, SIGNED))
    again = record_from_data(record.to_data())
    assert again == record
    assert [own.text for own in again.documents] == ["", ""]


def test_a_document_that_comes_to_a_note_of_nothing_but_blanks_is_the_note():
    assert with_documents("\n", (), [SIGNED])[0] == "Left hip reduced."


def test_blanks_around_a_text_make_no_other_document():
    assert digest_of(" Left hip.\n") == digest_of("Left hip.")

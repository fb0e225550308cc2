"""Items of an upload as a person sees them: what was read, and where two of them differ."""

from dataclasses import replace

import pytest

from coding.importing.shown_rows import (
    CONTEXT,
    LONGEST_BEGIN,
    LONGEST_SHOWN,
    ShownRow,
    as_text,
    first_difference,
    part,
)
from coding.intake.note_documents import NoteDocument
from coding.intake.records import ServiceLineRecord
from coding.models import UploadRow
from tests import factories

RECORD = factories.record(note="Reduced.", diagnoses=("Q65.02", "M25.551"))


def shown(**changes):
    return ShownRow(UploadRow(), replace(RECORD, **changes))


def test_a_long_note_is_shown_with_how_it_begins():
    exact, longer = "x" * LONGEST_BEGIN, "x" * (LONGEST_BEGIN + 1)
    assert shown(note=exact).note_begins == exact
    assert shown(note=longer).note_begins == f"{exact}…"


def test_lines_are_written_as_a_person_does():
    lines = (ServiceLineRecord("12345", ("LT",), 2, (1, 2)), ServiceLineRecord("23456"))
    assert shown(service_lines=lines).lines == ["12345-LT x2 for 1 2", "23456 x1"]


def test_of_an_item_whose_record_is_gone_nothing_is_shown():
    gone = ShownRow(UploadRow(), None)
    assert (gone.note_begins, gone.lines) == ("", [])


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("diagnoses", "Q65.02, M25.551"),
        ("service_lines", "12345-LT x2 for 1; 23456 x1"),
        ("documents", "Note, 2026-05-31 (not signed: dictated); Report"),
        ("birth_date", ""),
        ("note", "Reduced."),
    ],
)
def test_each_field_is_read_as_a_text(field, text):
    lines = (ServiceLineRecord("12345", ("LT",), 2, (1,)), ServiceLineRecord("23456"))
    documents = (NoteDocument("Note", "2026-05-31", unsigned="dictated"), NoteDocument("Report"))
    record = replace(RECORD, service_lines=lines, documents=documents, birth_date=None)
    assert as_text(record, field) == text


def test_a_difference_is_shown_with_a_little_of_what_stands_before():
    same = "x" * 200
    assert first_difference([f"{same}a", f"{same}b", f"{same}a"]) == 200 - CONTEXT
    assert first_difference(["abc", "abd"]) == 0
    # Where one is the beginning of the other, the difference is its end.
    assert first_difference([same, f"{same}b"]) == 200 - CONTEXT
    assert first_difference(["", "b"]) == 0


def test_what_is_left_out_of_a_text_is_marked_on_its_side():
    text = "a" * 10 + "b" * LONGEST_SHOWN
    assert part(text, 0) == f"{text[:LONGEST_SHOWN]}…"
    assert part(text, 10) == f"…{'b' * LONGEST_SHOWN}"
    assert part(text, 5) == f"…{text[5 : 5 + LONGEST_SHOWN]}…"
    assert part("abc", 0) == "abc"

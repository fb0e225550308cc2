"""Titles and fields of reports: what names an operation without telling that it was done, and what reports its end."""

import pytest

from coding.evidence import sentences
from coding.evidence.parts import in_parts, is_reported, is_title


def parts_of(note: str) -> list:
    return list(in_parts(note, list(sentences(note))))


def is_last_a_title(note: str) -> bool:
    sentence, section = parts_of(note)[-1]
    return is_title(sentence, section)


@pytest.mark.parametrize(
    "note",
    [
        "Procedure: closed reduction of the left hip",
        "Procedure:\n1. Closed reduction of the left hip",
        "Device: spica cast",
    ],
)
def test_a_row_of_a_list_of_procedures_and_a_field_are_titles(note: str) -> None:
    assert is_last_a_title(note)


@pytest.mark.parametrize(
    "note",
    [
        "Procedure: closed reduction was performed",
        "Procedure:\nThe hip reduced with a clunk.",
        "Device: she was fitted with a cast",
    ],
)
def test_what_tells_that_something_was_done_is_no_title(note: str) -> None:
    assert not is_last_a_title(note)


def test_a_sentence_outside_of_fields_and_lists_is_no_title() -> None:
    assert not is_last_a_title("Closed reduction of the left hip")
    assert not is_last_a_title("Plan:\nclosed reduction of the left hip")


@pytest.mark.parametrize(
    "end", ["EBL 10 mL.", "Complications: none.", "No complications.", "Tolerated well."]
)
def test_what_is_written_once_an_operation_is_over_reports_it(end: str) -> None:
    assert is_reported(parts_of(f"Procedure: closed reduction.\n{end}"))


def test_a_list_of_procedures_alone_reports_nothing() -> None:
    assert not is_reported(parts_of("Procedure: closed reduction.\nShe is not tolerated here."))

"""Where the resources of a FHIR file stand: entries of a Bundle, lines of an export; and JSON as FHIR has it."""

import io
import json

import pytest

from coding.intake.fhir.json import Malformed, parsed, text_at
from coding.intake.fhir.pieces import document_pieces, line_pieces, pieces_of
from coding.tables.errors import FileError

PATIENT = {"resourceType": "Patient", "id": "p1"}


def bundle(*resources):
    entries = [{"fullUrl": "urn:x", "resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def whole_and_pieces(value):
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return content, list(document_pieces(io.BytesIO(content)))


def refusal(content):
    with pytest.raises(FileError) as error:
        list(pieces_of(content, 0, ""))
    return str(error.value)


# The entries of a Bundle.


def test_each_entry_of_a_bundle_is_a_piece_with_its_place():
    content, pieces = whole_and_pieces(bundle(PATIENT, {"resourceType": "Claim"}))
    assert [(piece.place, piece.is_entry) for piece in pieces] == [
        ("entry[0]", True),
        ("entry[1]", True),
    ]
    first = pieces[0]
    own = json.loads(content[first.offset : first.offset + first.length])
    assert own == {"fullUrl": "urn:x", "resource": PATIENT}


def test_the_entries_of_a_bundle_within_a_bundle_are_pieces_in_its_place():
    _, pieces = whole_and_pieces(bundle(PATIENT, bundle(PATIENT, PATIENT), PATIENT))
    assert [piece.place for piece in pieces] == [
        "entry[0]",
        "entry[1].resource.entry[0]",
        "entry[1].resource.entry[1]",
        "entry[2]",
    ]


def test_a_resource_by_itself_is_one_piece():
    content, [piece] = whole_and_pieces(PATIENT)
    assert (piece.offset, piece.length, piece.place, piece.is_entry) == (0, len(content), "", False)


def test_what_is_called_entry_elsewhere_is_none():
    parameters = {
        "resourceType": "Parameters",
        "entry": {"resource": PATIENT},
        "list": [{"entry": [PATIENT]}],
    }
    _, pieces = whole_and_pieces(bundle(parameters))
    assert [piece.place for piece in pieces] == ["entry[0]"]


def test_the_type_may_stand_behind_the_entries_and_within_texts_nothing_counts():
    odd = {
        "entry": [{"resource": {"text": '"}]{ \\" resourceType', **PATIENT}}],
        "resourceType": "Bundle",
    }
    _, pieces = whole_and_pieces(odd)
    assert [piece.place for piece in pieces] == ["entry[0]"]


def test_reading_goes_on_behind_a_byte():
    content, pieces = whole_and_pieces(bundle(PATIENT, PATIENT, PATIENT))
    end = pieces[0].offset + pieces[0].length
    again = list(document_pieces(io.BytesIO(content), end))
    assert again == pieces[1:]
    assert list(document_pieces(io.BytesIO(content), end - 1)) == pieces


def test_pieces_of_a_document_within_a_file_stand_at_its_bytes_of_the_file():
    content = json.dumps(bundle(PATIENT)).encode()
    [piece] = pieces_of(content, 100, "line 3, ")
    [own] = pieces_of(content, 0, "")
    assert (piece.offset - own.offset, piece.place) == (100, "line 3, entry[0]")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "At the outermost level: the file is cut off here. Export it again."),
        (b'{"a": 1', "At the outermost level: the file is cut off here."),
        (
            b'{"resourceType": "Bundle", "entry": [{"resource": {',
            "entry[0].resource: the file is cut",
        ),
        (b'{"a": [1}', "At the outermost level: a bracket closes what was not opened."),
        (b"]", "At the outermost level: a bracket closes what was not opened."),
        (b'x {"a": 1}', "The file does not begin with an object, as JSON of FHIR has to."),
        (b'{"a": 1} {"b": 2}', "The file goes on behind its end. One resource a line is NDJSON."),
        (b'{"a": "never closed}', "the file is cut off here"),
    ],
)
def test_a_document_that_is_no_whole_object_says_where_it_breaks(content, words):
    assert words in refusal(content)


def test_a_document_on_a_line_is_named_by_it():
    with pytest.raises(FileError, match="The document of line 3 goes on behind its end"):
        list(pieces_of(b"{} {}", 0, "line 3, "))


def test_a_mark_and_blanks_around_a_document_are_none_of_it():
    [piece] = pieces_of(b"\xef\xbb\xbf \r\n{}\n ", 0, "")
    assert (piece.offset, piece.length) == (6, 2)


def test_deep_levels_are_counted_and_an_entry_that_has_them_is_still_one():
    deep = b'{"resourceType":"Bundle","entry":[{"resource":' + b"[" * 500 + b"]" * 500 + b"}]}"
    [piece] = pieces_of(deep, 0, "")
    assert (piece.place, deep[piece.offset : piece.offset + 1]) == ("entry[0]", b"{")


# The lines of an export.


def test_each_line_that_holds_something_is_a_piece_with_its_number():
    content = b'{"a": 1}\n\n  \r\n{"b": 2}'
    pieces = list(line_pieces(io.BytesIO(content)))
    assert [(piece.place, piece.line, piece.offset, piece.length) for piece in pieces] == [
        ("line 1", 1, 0, 9),
        ("line 4", 4, 14, 8),
    ]
    second = pieces[1]
    assert list(line_pieces(io.BytesIO(content), second.offset, 3)) == [second]


def test_a_line_that_is_too_long_is_one_piece(monkeypatch):
    monkeypatch.setattr("coding.intake.fhir.pieces.LARGEST_PIECE", 10)
    content = b"x" * 35 + b"\n{}\n" + b" " * 25
    long, short, blank = line_pieces(io.BytesIO(content))
    assert (long.length, long.too_long, short.line, short.too_long) == (36, True, 2, False)
    assert (blank.length, blank.too_long) == (25, True)


# JSON as FHIR has it.


def test_numbers_stay_as_they_are_written_and_nulls_are_nothing():
    assert parsed(b'{"a": 1.50, "b": 007e1, "c": null}'.replace(b"007e1", b"7e1")) == {
        "a": "1.50",
        "b": "7e1",
    }
    assert parsed(b"\xef\xbb\xbf[null]") == [None]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'{"a": 1, "b": 2, "a": 3}', "“a” stands twice in one object. Keep one of them."),
        (b'{"a": NaN}', "NaN is no value of JSON."),
        (b'{"a": -Infinity}', "-Infinity is no value of JSON."),
        (b'{"a": "\xff"}', "Byte 8 of it is not UTF-8. Save the file in UTF-8."),
        (b'{"a": "\\ud800"}', "It holds half a character (a lone surrogate). Take it out."),
        (b'{"a" 1}', "Line 1, column 6 of it is no JSON"),
        (b"[" * 100_000, "It is nested too deeply."),
    ],
)
def test_what_cannot_be_relied_on_is_refused_with_what_to_do(raw, words):
    with pytest.raises(Malformed) as error:
        parsed(raw)
    assert words in str(error.value)


def test_keys_that_stand_twice_are_looked_for_only_where_the_values_are_read():
    assert parsed(b'{"a": 1, "a": 3, "b": null}', strict=False) == {"a": "3", "b": None}


def test_both_halves_of_a_character_are_one():
    assert parsed(b'"\\ud83d\\ude00"') == "\N{GRINNING FACE}"


def test_the_text_at_a_path_is_empty_where_there_is_none():
    value = {"a": [{"b": "c"}, 7], "d": {"e": ["f"]}}
    assert text_at(value, "a", 0, "b") == "c"
    assert text_at(value, "d", "e", 0) == "f"
    for path in (("a", 1), ("a", 2), ("a", "b"), ("x",), (0,), ("d", "e"), ("a", 0, "b", 0)):
        assert text_at(value, *path) == ""

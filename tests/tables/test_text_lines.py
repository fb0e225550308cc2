"""The physical lines of a text: each with its number and its bytes, whatever ends it and wherever it is cut."""

import codecs
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.tables import text_lines
from coding.tables.errors import FileError
from coding.tables.text_lines import Encoding, encoding_of, physical_lines

UTF_8 = Encoding("utf-8")
texts = st.text(st.sampled_from("ab é🦴\r\n"), max_size=30)


def lines_of(content, encoding=UTF_8, offset=0):
    return list(physical_lines(io.BytesIO(content), encoding, offset))


def split(text):
    """The lines of a text, each with its end."""
    return [line for line in re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text) if line]


@settings(max_examples=60)
@given(texts)
def test_every_line_comes_once_with_its_end_and_its_bytes(text):
    content = text.encode()
    lines = lines_of(content)
    assert [line.text for line in lines] == split(text)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert "".join(content[line.offset : line.after].decode() for line in lines) == text


@settings(max_examples=40)
@given(texts, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]), st.integers(1, 7))
def test_it_is_the_same_in_whatever_portions_the_file_is_read(text, name, portion):
    content = text.encode(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_lines, "CHUNK", portion)
        assert [line.text for line in lines_of(content, Encoding(name))] == split(text)


@settings(max_examples=40)
@given(texts)
def test_reading_goes_on_from_the_begin_of_any_line(text):
    content = text.encode()
    whole = lines_of(content)
    for place, line in enumerate(whole):
        assert lines_of(content, offset=line.offset) == whole[place:]


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-8"),
    ],
)
def test_a_file_says_by_its_first_bytes_how_it_is_written(mark, name):
    content = mark + "Größe\nx\n".encode(name)
    encoding = encoding_of(io.BytesIO(content))
    assert encoding == Encoding(name, len(mark))
    lines = lines_of(content, encoding)
    assert [line.text for line in lines] == ["Größe\n", "x\n"]
    assert lines[0].offset == len(mark)


def test_other_signs_that_look_like_line_ends_are_text():
    assert [line.text for line in lines_of("a\u2028b\x0bc\x85d\n".encode())] == [
        "a\u2028b\x0bc\x85d\n"
    ]


def test_lines_before_one_that_is_no_text_are_handed_out_and_it_is_named():
    lines = physical_lines(io.BytesIO(b"good\nbad \xff\n"), UTF_8)
    assert next(lines).text == "good\n"
    with pytest.raises(FileError, match="Line 2 is not UTF-8"):
        next(lines)


def test_lines_that_are_not_utf_8_are_read_as_windows_1252_where_that_is_allowed():
    content = "plain\nfé\n".encode() + "it’s fièvre\r\n".encode("cp1252") + b"\xe9"
    lines = lines_of(content, Encoding("utf-8", or_windows=True))
    assert [(line.text, line.is_windows) for line in lines] == [
        ("plain\n", False),
        ("fé\n", False),
        ("it’s fièvre\r\n", True),
        ("é", True),
    ]
    assert [content[line.offset : line.after] for line in lines][2:] == [
        "it’s fièvre\r\n".encode("cp1252"),
        b"\xe9",
    ]


def test_a_mark_of_utf_8_leaves_no_other_reading():
    file = io.BytesIO(b"\xef\xbb\xbff\xe9\n")
    encoding = encoding_of(file, or_windows=True)
    with pytest.raises(FileError, match="Line 1 is not UTF-8"):
        list(physical_lines(file, encoding))


def refusal(content, encoding):
    with pytest.raises(FileError) as error:
        lines_of(content, encoding)
    return str(error.value)


def test_a_line_that_is_no_text_is_named_with_all_that_it_might_have_been():
    save = "Save the file as CSV in UTF-8 and send it again. Excel calls that “CSV UTF-8”."
    assert refusal(b"\xff", UTF_8) == f"Line 1 is not UTF-8. {save}"
    lone_half = b"\x00\xd8a\x00"
    assert refusal(lone_half, Encoding("utf-16-le")) == f"Line 1 is not UTF-16. {save}"
    either = Encoding("utf-8", or_windows=True)
    no_windows = b"a\n" * 1_000 + b"\x81\n"
    assert refusal(no_windows, either) == (
        f"Line 1,001 is not UTF-8, and does not look like Windows-1252. {save}"
    )


def test_the_mark_is_looked_for_at_the_begin_wherever_the_file_stands():
    file = io.BytesIO("rule".encode("utf-8-sig"))
    file.read()
    assert encoding_of(file).begins == 3


def test_half_a_sign_at_the_end_of_the_file_is_no_text():
    with pytest.raises(FileError, match="Line 1 is not UTF-8"):
        lines_of("é".encode()[:1])
    with pytest.raises(FileError, match="Line 1 is not UTF-16"):
        lines_of("ab".encode("utf-16-le")[:3], Encoding("utf-16-le"))


def test_a_nul_byte_is_no_text():
    with pytest.raises(FileError, match="Line 1,000 holds a NUL byte, so this is no text"):
        lines_of(b"x\n" * 999 + b"a\0b\n")


def test_a_line_that_is_too_long_is_cut_and_the_next_one_begins_where_it_ends(monkeypatch):
    monkeypatch.setattr(text_lines, "CHUNK", 8)
    monkeypatch.setattr(text_lines, "LONGEST_LINE", 20)
    content = b"short\n" + b"x" * 100 + b"\nnext\n"
    short, cut, following = lines_of(content)
    assert (short.cut, cut.cut, following.cut) == (False, True, False)
    assert cut.text == "x" * len(cut.text)
    assert 20 < len(cut.text) < 100
    assert (following.number, following.text) == (3, "next\n")
    assert content[cut.offset : cut.after] == b"x" * 100 + b"\n"


def test_a_too_long_line_at_the_end_of_the_file_is_cut_too(monkeypatch):
    monkeypatch.setattr(text_lines, "LONGEST_LINE", 20)
    [line] = lines_of(b"x" * 50)
    assert (line.cut, line.after) == (True, 50)
    [line] = lines_of(b"x" * 20)
    assert not line.cut


def test_an_empty_file_has_no_line():
    assert lines_of(b"") == []

"""What stands in the segments of an HL7 v2 message: delimiters, fields, escapes, characters."""

import pytest

from coding.intake.hl7.segments import plain, taken_apart
from coding.tables.errors import FileError

USUAL = "MSH|^~\\&|EHR|CLINIC|||20260112||MDM^T02|1|P|2.5.1"


def message(*segments, header=USUAL):
    return taken_apart("".join(f"{segment}\r" for segment in (header, *segments)).encode())


def segment(text):
    """One segment in a message with the usual delimiters."""
    return message(text).segments[1]


def decoded(text):
    """A text of a message with the usual delimiters, without its escapes."""
    return plain(text, message().segments[0].signs)


# Delimiters.


def test_the_header_counts_its_first_separator_as_a_field():
    header = message().segments[0]
    assert (header.field(1), header.field(2)) == ("|", "^~\\&")
    assert (header.component(9, 1), header.component(9, 2)) == ("MDM", "T02")


def test_a_header_that_names_few_signs_has_the_usual_ones_for_the_others():
    short = message("PID|1||A&B^C~D", header="MSH|^|EHR").segments[1]
    assert short.component(3) == "A"
    assert short.component(3, 2) == "C"
    assert len(short.repetitions(3)) == 2


def test_a_sign_behind_the_four_is_none_of_them():
    # HL7 2.7 adds one by which texts are cut.
    header = message(header="MSH|^~\\&#|EHR").segments[0]
    assert header.signs == ("|", "^", "~", "\\", "&")


@pytest.mark.parametrize(
    "header",
    [
        "MSH",
        "MSHA^~\\&",
        "MSH |^~\\&",
        "MSH|^^\\&|EHR",
        "MSH|^~^&|EHR",
        "MSH|a~\\&|EHR",
        "MSH|^ \\&|EHR",
    ],
)
def test_delimiters_that_cannot_be_told_from_text_or_from_one_another_are_refused(header):
    with pytest.raises(FileError, match="MSH-1 and MSH-2 have to name the delimiters"):
        message(header=header)


# Fields.


def test_what_lies_behind_the_end_of_a_segment_is_empty():
    short = segment("PID|1")
    assert (short.field(2), short.component(2), short.component(1, 2)) == ("", "", "")
    assert (short.repetitions(2), short.text(2)) == ([], "")


def test_of_a_field_the_first_repetition_counts_and_of_a_component_the_first_subcomponent():
    patient = segment("PID|1||A1&X^B~A2^C~")
    assert (patient.component(3), patient.component(3, 2), patient.component(3, 3)) == (
        "A1",
        "B",
        "",
    )
    assert patient.repetitions(3) == [["A1", "B"], ["A2", "C"]]
    assert patient.subcomponents("A1&X") == ["A1", "X"]


def test_two_quotation_marks_say_that_there_is_no_value():
    patient = segment('PID|1||""^B~A||"A"')
    assert patient.component(3) == ""
    assert patient.repetitions(3) == [["", "B"], ["A"]]
    assert patient.component(5) == '"A"'
    assert segment('OBX|1|TX|||First.~""~Third.').text(5) == "First.\n\nThird."


def test_the_repetitions_of_a_text_are_lines_and_its_components_are_text():
    assert segment("OBX|1|TX|||One^two.~Three & four.").text(5) == "One^two.\nThree & four."


def test_blanks_around_a_value_are_none_of_it():
    assert segment("PID|1|| A1 ^ B ").component(3) == "A1"
    assert segment("PID|1|| A1 ^ B ").components(" A1 ^ B ") == ["A1", "B"]


def test_a_segment_is_named_by_its_number_and_kind():
    assert segment("PID|1").place == "segment 2 (PID)"
    assert segment("PATIENT|1").place == "segment 2 (PAT)"


# Where segments begin and end.


def test_empty_lines_are_no_segments_and_blanks_before_one_are_none_of_it():
    read = message("", "  \t", " \tPID|1", "\ufeffPV1|1")
    assert [(part.number, part.id) for part in read.segments] == [
        (1, "MSH"),
        (2, "PID"),
        (3, "PV1"),
    ]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\n\n"])
def test_a_segment_ends_with_its_line(end):
    read = taken_apart(end.join([USUAL, "PID|1", "PV1|2"]).encode())
    assert [part.fields[-1] for part in read.segments[1:]] == ["1", "2"]


def test_within_a_text_a_line_that_looks_like_a_heading_is_no_segment():
    read = message("OBX|1|TX|||Vitals\nBMI|24\nEnd.\nNTE|1||Seen.")
    assert [part.id for part in read.segments] == ["MSH", "OBX", "NTE"]
    assert read.segments[1].field(5) == "Vitals\nBMI"


def test_behind_another_segment_any_identifier_begins_one():
    read = message("PID|1\nBMI|24\n\n  PV1|1\nno|segment")
    assert [part.id for part in read.segments] == ["MSH", "PID", "BMI", "PV1"]
    assert read.segments[-1].fields[-1] == "segment"


def test_the_first_segment_of_a_name_answers_for_it():
    read = message("OBX|1|TX", "OBX|2|FT")
    assert [part.field(1) for part in read.all("OBX")] == ["1", "2"]
    assert (read.component("OBX", 2), read.component("PV1", 2)) == ("TX", "")


# Escapes.


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"5\F\6", "5|6"),
        (r"\S\\T\\R\\E\ ", "^&~\\ "),
        (r"a\.br\b\.ce\c", "a\nb\nc"),
        (r"a\.sp\b", "a\nb"),
        (r"a\.sp+3\b", "a\n\n\nb"),
        (r"a\.sp 2\b", "a\n\nb"),
        (r"a\.sp-2\b", "a\n\nb"),
        (r"a\.sp9999\b", "a" + "\n" * 20 + "b"),
        (r"a\.sk5\b\.in+4\c", "a bc"),
        (r"\H\bold\N\ and \.fi\filled", "bold and filled"),
        (r"\X0D0A\x", "\r\nx"),
        (r"\XC3A9\ \XE9\ ", "é é "),
        (r"\C2642\ \M2642\ \M264242\ ", "\ufffd \ufffd \ufffd "),
    ],
)
def test_an_escape_is_what_it_stands_for(written, text):
    assert decoded(written) == text


@pytest.mark.parametrize(
    "text",
    [r"C:\notes\hip.txt", r"\XABC\ ", r"\x41\ ", r"\.xx\ ", r"\Q\ ", r"\\", r"50\60", r"\.br"],
)
def test_what_is_no_escape_stays_as_it_came(text):
    assert decoded(text) == text


def test_the_escape_sign_is_that_of_the_message():
    other = message("OBX|1|TX|||a%F%b\\F\\", header="MSH|^~%&|EHR").segments[1]
    assert other.text(5) == "a|b\\F\\"


# Characters.


def test_what_is_utf_8_is_read_so_whatever_the_message_names():
    header = f"{USUAL}||||||8859/1"
    read = message("OBX|1|TX|||Hüfte", header=header)
    assert (read.segments[1].text(5), read.is_windows, read.is_unknown) == ("Hüfte", False, False)


@pytest.mark.parametrize(
    ("named", "encoding", "word"),
    [
        ("8859/2", "iso8859-2", "Dřevo"),
        ("8859-15", "iso8859-15", "Œuvre"),
        ("ISO 8859/1", "cp1252", "Hüfte"),
        ("Latin-1", "cp1252", "Hüfte"),
        ("WINDOWS-1252", "cp1252", "Hüfte"),
        ("8859/2~UNICODE UTF-8", "iso8859-2", "Dřevo"),
    ],
)
def test_a_message_is_in_the_character_set_that_it_names(named, encoding, word):
    content = f"{USUAL}||||||{named}\rOBX|1|TX|||{word}\r".encode(encoding)
    read = taken_apart(content)
    assert (read.segments[1].text(5), read.is_windows, read.is_unknown) == (word, False, False)


def test_the_first_line_alone_names_the_character_set():
    later = f"PID{'|' * 17}8859/2"
    read = taken_apart(f"{USUAL}\r{later}\rOBX|1|TX|||Hüfte\r".encode("cp1252"))
    assert (read.segments[2].text(5), read.is_windows) == ("Hüfte", True)


# Ends of segments in letters.


@pytest.mark.parametrize("end", ["\\r", "\\n", "\\X0D\\", "&#13;", "&#xA;", "<cr>", "<LF>"])
def test_ends_of_segments_written_in_letters_are_refused(end):
    with pytest.raises(FileError, match="written out in letters and signs"):
        taken_apart(f"{USUAL}{end}PID|1{end}".encode())


@pytest.mark.parametrize("text", ["See \\rPID^x", "a<br>OBX|1", "C:\\newOBX|x", "&#13; PID|1"])
def test_such_letters_within_a_text_end_nothing(text):
    assert message(f"OBX|1|TX|||{text}").segments[1].id == "OBX"


@pytest.mark.parametrize(
    ("named", "encoding", "is_windows"),
    [
        ("", "cp1252", True),
        ("ASCII", "cp1252", True),
        ("UNICODE UTF-8", "cp1252", True),
        # One that names a set which is not read is in that one, however it looks.
        ("GB 18030-2000", "cp1252", False),
        ("", "mac_roman", False),
    ],
)
def test_what_is_in_no_set_that_is_named_is_windows_1252_or_unknown(named, encoding, is_windows):
    content = f"{USUAL}||||||{named}\rOBX|1|TX|||Hüfte\r".encode(encoding)
    read = taken_apart(content)
    assert (read.is_windows, read.is_unknown) == (is_windows, not is_windows)
    assert read.segments[1].text(5).startswith("H")


def test_a_header_that_ends_before_the_character_set_names_none():
    for fields in (5, 6):
        content = f"{USUAL}{'|' * fields}\rOBX|1|TX|||Hüfte\r".encode("cp1252")
        assert taken_apart(content).segments[1].text(5) == "Hüfte"

"""HL7 v2 files as they come: frames, batches and line ends around messages, and which of them are one item."""

import io

import pytest

from coding.intake.drafts import BEGINNING, Layout
from coding.intake.hl7 import messages
from coding.intake.hl7.file import HL7_V2
from coding.intake.hl7.messages import begins_with_message, pieces
from coding.intake.hl7.reports import has_report
from coding.intake.hl7.segments import taken_apart
from coding.intake.hl7.titles import with_titles
from coding.intake.index_file import IndexFile
from coding.intake.scattered import surveyed
from coding.tables.errors import FileError
from tests.intake.samples import (
    charge,
    dft,
    document,
    drafts,
    excerpt,
    head,
    hl7,
    mdm,
    problems,
    read,
    reasons,
)

FIRST, SECOND = dft("V1"), mdm("V2", "Reduced.")


def cut(content, behind=0):
    """The pieces of a file by their kind, each with the bytes where it stands."""
    read_so = pieces(io.BytesIO(content), behind)
    return [(piece.kind, content[piece.offset : piece.offset + piece.length]) for piece in read_so]


WHOLE = [("MSH", FIRST.rstrip()), ("MSH", SECOND.rstrip())]


# Around messages.


@pytest.mark.parametrize(
    "content",
    [
        FIRST + SECOND,
        b"\r\n \t" + FIRST + b"\n\n" + SECOND + b"\r\n\r\n",
        b"\xef\xbb\xbf" + FIRST + b"\xef\xbb\xbf" + SECOND,
        b"\x0b" + FIRST + b"\x1c\r\x0b" + SECOND + b"\x1c\r",
        b"\x0b" + FIRST + b"\x1c\x0b" + SECOND + b"\x1c",
        FIRST + b"   " + SECOND,
    ],
)
def test_frames_blanks_and_marks_are_none_of_a_message(content):
    assert cut(content) == WHOLE
    assert begins_with_message(content)


@pytest.mark.parametrize("block", [32, 33, 64, 1000])
def test_it_does_not_matter_how_much_is_read_at_once(block, monkeypatch):
    monkeypatch.setattr(messages, "BLOCK", block + 300)
    many = (FIRST + SECOND) * 4
    assert cut(many) == WHOLE * 4
    end_of_first = len(FIRST.rstrip())
    assert cut(many, behind=end_of_first) == WHOLE[1:] + WHOLE * 3
    assert cut(FIRST, behind=len(FIRST)) == []


def test_a_word_of_a_note_is_no_header_or_trailer():
    note = mdm("V1", "FTS: none.\rBTS|x\rMSHX|a\rBHS: none").replace(b"\r", b"\n")
    assert [kind for kind, _ in cut(note)] == ["MSH"]
    batch = b"BHS|^~\\&\r" + mdm("V1", "Seen.") + b"BTS: two\rBTS|1\r"
    assert [kind for kind, _ in cut(batch)] == ["BHS", "MSH", "BTS"]


def test_a_message_with_separators_of_its_own_begins_one_all_the_same():
    other = FIRST.translate(bytes.maketrans(b"|^~\\&", b"#@!?%"))
    assert [kind for kind, _ in cut(SECOND + other)] == ["MSH", "MSH"]


def test_a_trailer_that_tells_nothing_is_one_where_something_follows_on_it():
    batch = b"FHS|^~\\&\rBHS|^~\\&\r" + FIRST + b"BTS\rFTS\r"
    assert [kind for kind, _ in cut(batch)] == ["FHS", "BHS", "MSH", "BTS", "FTS"]


@pytest.mark.parametrize("content", [b"", b"  ", b"PID|1\r", b"x\rMSH|^~\\&|", b"MSH is", b"MSHA|"])
def test_what_begins_otherwise_is_none(content):
    assert not begins_with_message(content)
    with pytest.raises(FileError, match="its first segment has to be MSH, FHS or BHS"):
        cut(content)


# Batches.


def test_a_batch_that_counts_rightly_or_not_at_all_is_told_nothing_of():
    for count in ("2", "02", "", "two", " 2 "):
        batch = b"BHS|^~\\&\r" + FIRST + SECOND + f"BTS|{count}\r".encode()
        assert problems(HL7_V2, batch) == []


def test_each_batch_is_counted_by_itself():
    batch = b"BHS|^~\\&\r" + FIRST + b"BTS|1\rBHS|^~\\&\r" + SECOND + b"BTS|2\r"
    assert problems(HL7_V2, batch) == [
        (
            "segment BTS",
            "",
            "The batch counts 2 messages, but there are 1. Some are missing or doubled.",
        )
    ]


def test_a_file_that_lacks_its_trailers_says_which_after_its_messages():
    content = b"FHS|^~\\&\rBHS|^~\\&\r" + FIRST
    items = []
    with pytest.raises(FileError) as error:
        items.extend(HL7_V2.read(io.BytesIO(content), Layout()))
    assert str(error.value) == "The file ends without BTS and FTS: it is cut off. Export it again."
    assert [item.texts.external_id for item in items] == ["V1"]
    # One that was never opened is missed by nobody.
    assert problems(HL7_V2, b"FHS|^~\\&\r" + FIRST + b"BTS|7\rFTS|1\r") == []


# Which messages are one item.


def test_messages_of_one_visit_are_one_item_where_the_first_stands():
    content = mdm("V2", "Held.") + FIRST + mdm("V1", "Reduced.", control="9") + dft("V3")
    items = read(HL7_V2, content)
    assert [(item.number, item.place, item.texts.external_id) for item in items] == [
        (1, "message 1", "V2"),
        (2, "messages 2, 3", "V1"),
        (3, "message 4", "V3"),
    ]
    assert items[1].texts.note == "Reduced."


def test_many_messages_of_a_visit_are_counted():
    content = b"".join(
        mdm("V1", f"{n}.", header=document(f"D{n}"), control=str(n)) for n in range(7)
    )
    [draft] = drafts(HL7_V2, content)
    assert draft.place == "messages 1, 2, 3, 4, 5 and 2 more"


def authority(content, name):
    return content.replace(b"|V1\r", f"|V1^^^{name}\r".encode())


def test_one_number_of_two_authorities_is_two_visits():
    first, second = authority(FIRST, "NORTH"), authority(mdm("V1", "Held."), "SOUTH")
    silent = mdm("V1", "Reduced.")
    one, other = drafts(HL7_V2, first + second + silent)
    assert (one.texts.visit_authority, one.texts.note) == ("NORTH", "Reduced.")
    assert (other.texts.visit_authority, other.texts.note) == ("SOUTH", "Held.")
    # Whom a silent one was joined to names its authority from then on.
    one, other = drafts(HL7_V2, silent + first + second)
    assert (one.texts.visit_authority, one.texts.note, other.texts.note) == (
        "NORTH",
        "Reduced.",
        "Held.",
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("ADT^A01", "ADT^A01"),
        ("MDM^T99", "MDM^T99"),
        ("SIU", "SIU"),
        ("", "without a type"),
        ("X" * 30 + "^A", "X" * 20),
    ],
)
def test_other_messages_are_skipped_with_their_kind(kind, words):
    assert reasons(HL7_V2, hl7(*head(kind))) == [
        f"This is a message {words}, neither charges (DFT) nor a note (MDM)."
    ]


def test_what_brings_nothing_says_why():
    empty = hl7(*head("DFT^P03"))
    assert reasons(HL7_V2, empty) == ["There is nothing to code: no charge and no note."]
    diagnosis = hl7(*head("DFT^P03"), "DG1|1||Q65.02^^I10")
    assert reasons(HL7_V2, diagnosis) == [
        "Nothing that it holds can be coded from; what was left out is named."
    ]
    notice = hl7(*head("MDM^T01"), document("D1"))
    assert reasons(HL7_V2, notice) == [
        "This is a message MDM^T01, which tells of a document without its text."
    ]
    # A credit whose charge is not here takes back what may have come before, once both are here.
    credited = dft("", charge()) + dft("", charge(kind="CR"), control="2")
    assert [item.problems[0].field for item in drafts(HL7_V2, credited) if item.problems] == [
        "service_lines"
    ]


def test_the_wanted_items_come_back_with_all_their_messages_in_order():
    content = mdm("V2", "Held.") + FIRST + mdm("V1", "Reduced.") + dft("V3")
    again = excerpt(HL7_V2, content, [2, 3, 9])
    assert [item.texts.external_id for item in read(HL7_V2, again)] == ["V1", "V3"]
    assert again == FIRST + mdm("V1", "Reduced.") + dft("V3")


def test_a_survey_goes_on_from_where_it_was_cut_off(monkeypatch):
    monkeypatch.setattr("coding.intake.index_file.BATCH", 2)
    content = b"BHS|^~\\&\r" + FIRST + mdm("V1", "Reduced.") + dft("V3") + b"BTS|2\r"
    rows = IndexFile()
    kept = []
    for _ in HL7_V2.survey(io.BytesIO(content), rows):
        kept = list(rows.parts(1 << 20))
        break
    again = surveyed(HL7_V2, io.BytesIO(content), IndexFile(kept))
    assert list(HL7_V2.items(io.BytesIO(content), again, BEGINNING)) == read(HL7_V2, content)


# The parts of a text.


def titled(*observations):
    """The text of observations, each given as name, text and kind."""
    segments = [f"OBX|1|{kind}|X^{name}||{text}" for name, text, kind in observations]
    own = taken_apart(hl7(*head("MDM^T02"), *segments)).all("OBX")
    return with_titles(own, {segment.number: [segment.text(5)] for segment in own})


def test_names_stand_above_the_parts_of_a_text_where_there_are_several():
    history, exam = ("History", "Fell.", "TX"), ("Exam", "Out.", "FT")
    assert titled(history, exam, exam) == "History\nFell.\nExam\nOut.\nOut."
    assert titled(history, history) == "Fell.\nFell."
    assert titled(history, ("BP", "120", "NM")) == "Fell.\n120"
    assert titled(history, ("Plan", "PLAN: Cast.", "TX")) == "History\nFell.\nPLAN: Cast."
    assert titled(history, ("", "And more.", "TX"), exam) == "History\nFell.\nAnd more.\nExam\nOut."


def test_a_message_of_results_holds_a_report_if_any_of_them_is_a_text():
    for kind, holds in (("TX", True), ("ft", True), ("ED", True), ("NM", False), ("ST", False)):
        message = taken_apart(hl7(*head("ORU^R01"), "OBR|1", f"OBX|1|{kind}|X||a"))
        assert has_report(message) is holds

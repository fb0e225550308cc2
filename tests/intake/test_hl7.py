"""HL7 v2 charges and notes come out as encounters, joined by visit, whatever their order, framing and characters."""

import base64
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.intake.drafts import Covers, Layout, LineDraft
from coding.intake.hl7 import file as hl7_file
from coding.intake.hl7 import messages as hl7_messages
from coding.intake.hl7.file import HL7_V2
from coding.intake.hl7.segments import plain, taken_apart
from coding.tables.errors import FileError
from tests.intake.samples import (
    brief,
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
    texts,
)


def observed(kind: str, value: str) -> bytes:
    return hl7(*head("MDM^T02"), document("D1"), f"OBX|1|{kind}|11506-3^Note^LN||{value}||||||F")


def test_a_charge_is_read_with_patient_provider_codes_and_pointers():
    encounter = texts(HL7_V2, dft("V1"))
    assert (
        encounter.external_id,
        encounter.patient_reference,
        encounter.birth_date,
        encounter.sex,
    ) == (
        "V1",
        "P-V1",
        "2025-12-20",
        "F",
    )
    assert (encounter.date_of_service, encounter.provider, encounter.covers) == (
        "2026-01-12",
        "ALEX TESTER",
        Covers.ALL,
    )
    assert encounter.diagnoses == ("Q65.02",)
    assert encounter.service_lines == (LineDraft("27256", ("LT",), "1", ("1",)),)
    assert encounter.places["service_lines"] == "message 1, segment 4 (FT1)"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_charges_and_notes_of_a_visit_are_one_encounter_in_any_order(order):
    messages = [dft("V1"), mdm("V1", "The left hip is dislocated.", "A harness was fitted.")]
    encounter = texts(HL7_V2, b"".join(messages[at] for at in order))
    assert encounter.note == "The left hip is dislocated.\nA harness was fitted."
    assert (encounter.covers, encounter.service_lines[0].code) == (Covers.ALL, "27256")


def test_a_note_without_its_charges_tells_of_the_note_only():
    encounter = texts(HL7_V2, mdm("V9", "Recheck."))
    assert (encounter.external_id, encounter.patient_reference, encounter.date_of_service) == (
        "V9",
        "P-V9",
        "2026-01-12",
    )
    assert (encounter.covers, encounter.note, encounter.service_lines) == (
        Covers.NOTE,
        "Recheck.",
        (),
    )


def test_a_visit_number_one_field_early_counts_if_the_patient_has_that_visit():
    early = mdm("V1", "Recheck.").replace(b"||||||||||||V1", b"|||||||||||V1")
    assert texts(HL7_V2, early + dft("V1")).note == "Recheck."
    alone, other = drafts(HL7_V2, early.replace(b"P-V1", b"P-V2") + dft("V1"))
    assert (alone.texts.external_id, alone.texts.patient_reference, other.texts.note) == (
        "V1",
        "P-V2",
        "",
    )


def test_several_notes_stand_below_their_headings():
    second = mdm("V1", "Second.", header=document("D2"))
    encounter = texts(HL7_V2, mdm("V1", "First.") + second)
    assert (
        encounter.note == "Progress note, 2026-01-12\nFirst.\n\nProgress note, 2026-01-12\nSecond."
    )


@pytest.mark.parametrize(
    ("later", "note"),
    [
        (mdm("V1", "Better.", trigger="T08", header=document("D-V1")), "Better."),
        (mdm("V1", "New.", trigger="T10", header=document("D2", parent="D-V1")), "New."),
    ],
    ids=["edited", "replaced"],
)
def test_an_edited_or_replaced_note_gives_way(later, note):
    assert texts(HL7_V2, mdm("V1", "Old.") + later).note == note


@pytest.mark.parametrize(
    "cancel",
    [
        mdm("V1", trigger="T11"),
        mdm("V1", "Old.", header=document("D-V1", completion="CA")),
        mdm("V1", "Old.", header=document("D-V1", availability="CA")),
    ],
    ids=["T11", "completion", "availability"],
)
def test_a_cancelled_note_stays_away(cancel):
    assert texts(HL7_V2, dft("V1") + cancel + mdm("V1", "Old.")).note == ""
    encounter = texts(HL7_V2, mdm("V1", "Old.") + cancel)
    assert (encounter.external_id, encounter.covers, encounter.note) == ("V1", Covers.WITHDRAWN, "")


@pytest.mark.parametrize("parent", ["", "D-V1"])
def test_an_addendum_under_the_number_of_its_document_stands_beside_it(parent):
    header = document("D-V1", parent=parent)
    addendum = mdm("V1", "Harness checked.", trigger="T06", header=header)
    first = mdm("V1", "Reduced.")
    assert [document.text for document in texts(HL7_V2, first + addendum).documents] == [
        "Reduced.",
        "Harness checked.",
    ]
    # One that repeats the whole document is its later text.
    whole = mdm("V1", "Reduced. Harness checked.", trigger="T06", header=header)
    assert texts(HL7_V2, first + whole).note == "Reduced. Harness checked."
    # What is cancelled goes with its addenda.
    cancel = mdm("V1", trigger="T11")
    assert texts(HL7_V2, dft() + cancel + first + addendum).note == ""


def test_a_credit_takes_its_charge_away_and_one_without_a_charge_is_told():
    credit = charge(kind="CR")
    encounter = texts(
        HL7_V2, dft("V1", charge(), charge("99203", "25")) + dft("V1", credit, control="2")
    )
    assert [line.code for line in encounter.service_lines] == ["99203"]
    assert texts(HL7_V2, dft("V1") + dft("V1", credit, control="2")).covers is Covers.WITHDRAWN
    [(place, field, _)] = problems(HL7_V2, dft("V1", charge("99203", "25"), credit))
    assert (place, field) == ("message 1, segment 5 (FT1)", "service_lines")


def test_a_credit_goes_by_its_transaction_number_first():
    numbered = charge(day="20260112").replace("FT1|1||", "FT1|1|T7|")
    credit = charge("99999", "", kind="CR", day="20260115").replace("FT1|1||", "FT1|1|T7|")
    assert (
        texts(HL7_V2, dft("V1", numbered) + dft("V1", credit, control="2")).covers
        is Covers.WITHDRAWN
    )


def test_a_visit_that_is_larger_than_memory_should_hold_is_told(monkeypatch):
    monkeypatch.setattr(hl7_file, "LARGEST_ENCOUNTER", 100)
    assert "larger than 40 MB together" in problems(HL7_V2, dft("V1"))[0][2]


def test_a_message_that_was_sent_twice_charges_once():
    assert len(texts(HL7_V2, dft("V1") * 2).service_lines) == 1


def test_procedures_count_where_nothing_is_charged():
    procedure = "PR1|1||27257^^C4||20260112"
    encounter = texts(HL7_V2, hl7(*head("DFT^P03"), procedure))
    assert (encounter.service_lines[0].code, encounter.date_of_service) == ("27257", "2026-01-12")
    assert [
        line.code
        for line in texts(HL7_V2, hl7(*head("DFT^P03"), charge(), procedure)).service_lines
    ] == ["27256"]


def test_charges_of_several_days_and_icd_9_are_problems():
    faults = problems(HL7_V2, dft("V1", charge(), charge("99213", "", day="20260119")))
    assert [field for _, field, _ in faults] == ["date_of_service"]
    assert (
        "ICD-9"
        in problems(HL7_V2, dft("V1").replace(b"DG1|1||Q65.02^^I10", b"DG1|1||754.30^^I9C"))[0][2]
    )


@pytest.mark.parametrize("kind", ["ADT^A01", "ORU^R01", ""])
def test_other_messages_are_skipped_by_name(kind):
    [reason] = reasons(HL7_V2, hl7(*head(kind)) + dft("V1"))
    assert (kind or "without a type") in reason


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_segments_may_end_with_cr_lf_or_both(end):
    content = (dft("V1") + mdm("V1", "One.", "Two.")).replace(b"\r", end.encode())
    assert texts(HL7_V2, content).note == "One.\nTwo."


def test_a_line_end_within_free_text_stays_in_the_text():
    assert texts(HL7_V2, observed("TX", "One.\nTwo.")).note == "One.\nTwo."


def test_mllp_frames_and_batches_are_taken_off():
    messages = [dft("V1"), mdm("V1", "Note.")]
    framed = b"".join(b"\x0b" + message + b"\x1c\r" for message in messages)
    batch = b"FHS|^~\\&\rBHS|^~\\&\r" + b"".join(messages) + b"BTS|2\rFTS|1\r"
    assert (
        brief(read(HL7_V2, framed))
        == brief(read(HL7_V2, batch))
        == brief(read(HL7_V2, b"".join(messages)))
    )


def test_a_batch_that_counts_wrongly_or_is_cut_off_is_told_and_its_messages_are_read():
    start = b"BHS|^~\\&\r" + dft("V1")
    first, last = drafts(HL7_V2, start + b"BTS|2\r")
    assert first.texts.external_id == "V1"
    assert last.problems[0].text.startswith("The batch counts 2 messages, but there are 1.")
    rows = []
    with pytest.raises(FileError, match="without BTS"):
        rows.extend(HL7_V2.read(io.BytesIO(start), Layout()))
    assert len(rows) == 1


def test_escapes_are_text_again():
    written = r"5\F\6 \S\ \T\ \R\ \E\ a\.br\b \X41C3A9\ \XE9\ \H\bold\N\ \X4\ c\.sp2\d\.sp\e \C2642\ open\ "
    expected = "5|6 ^ & ~ \\ a\nb Aé é bold \\X4\\ c\n\nd\ne \N{REPLACEMENT CHARACTER} open\\ "
    assert texts(HL7_V2, observed("FT", written)).note == expected


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x0b\x1c\0"), min_size=1))
def test_any_text_that_is_escaped_comes_back(text):
    signs = taken_apart(dft("V1")).segments[0].signs
    names = {
        signs.escape: "E",
        signs.field: "F",
        signs.component: "S",
        signs.repetition: "R",
        signs.subcomponent: "T",
    }
    written = "".join(f"\\{names[sign]}\\" if sign in names else sign for sign in text)
    assert plain(written, signs) == text


@pytest.mark.parametrize(
    ("subtype", "text"),
    [("PLAIN", "The hip is out."), ("HTML", "<html><p>The <b>hip</b> is out.</p></html>")],
)
def test_an_attached_text_is_read(subtype, text):
    data = base64.b64encode(text.encode()).decode()
    assert (
        texts(HL7_V2, observed("ED", f"EHR^TEXT^{subtype}^Base64^{data}")).note == "The hip is out."
    )


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("ED", "EHR^AP^PDF^Base64^AAAA", "is of the kind"),
        ("ED", "EHR^TEXT^PLAIN^Base64^A", "not valid base64"),
        ("RP", "note.pdf^EHR", "stored elsewhere"),
    ],
)
def test_a_note_that_cannot_be_read_is_told_with_its_segment(kind, value, words):
    faults = problems(HL7_V2, observed(kind, value))
    assert faults[0][0] == "message 1, segment 5 (OBX)"
    assert words in faults[0][2]


def test_characters_are_utf_8_or_what_the_message_names_and_otherwise_told():
    assert texts(HL7_V2, mdm("V1", "Hüfte")).note == "Hüfte"
    named = hl7(
        *head("MDM^T02", characters="8859/1"), document("D1"), "OBX|1|TX|||Hüfte||||||F"
    ).decode()
    assert texts(HL7_V2, named.encode("latin-1")).note == "Hüfte"


@pytest.mark.parametrize("named", ["", "ASCII", "UNICODE UTF-8"])
def test_characters_that_a_message_does_not_name_are_windows_1252_where_they_look_like_it(named):
    content = hl7(
        *head("MDM^T02", characters=named), document("D1"), "OBX|1|TX|||Hüfte||||||F"
    ).decode()
    [draft] = drafts(HL7_V2, content.encode("cp1252"))
    assert (draft.texts.note, draft.problems) == ("Hüfte", ())
    assert (
        "read as Windows-1252. See whether these words are right: “Hüfte”" in draft.remarks[0].text
    )
    [draft] = drafts(HL7_V2, content.encode("mac_roman"))
    assert "MSH-18" in draft.problems[0].text


def test_a_message_in_a_character_set_that_is_not_read_is_not_taken_for_windows_1252():
    content = hl7(
        *head("MDM^T02", characters="GB 18030-2000"), document("D1"), "OBX|1|TX|||Hüfte||||||F"
    ).decode()
    [draft] = drafts(HL7_V2, content.encode("cp1252"))
    assert "MSH-18" in draft.problems[0].text


def test_a_diagnosis_on_admission_stands_behind_what_was_found():
    admitting = b"DG1|1||Q65.01^^I10|||A\rDG1|2||Q65.02^^I10"
    content = dft("V1").replace(b"DG1|1||Q65.02^^I10", admitting)
    assert texts(HL7_V2, content).diagnoses == ("Q65.02", "Q65.01")


def test_of_several_payers_the_one_that_pays_first_counts_and_the_others_are_told():
    second, first = (
        f"IN1|{order}|P|X|{name}{'|' * 18}{order}"
        for order, name in ((2, "AETNA"), (1, "MEDICARE"))
    )
    [draft] = drafts(HL7_V2, dft("V1") + f"{second}\r{first}\r".encode())
    assert draft.texts.payer == "MEDICARE"
    assert "Left out: payer AETNA." in [remark.text for remark in draft.remarks]


def test_other_delimiters_are_taken_from_the_message():
    content = (dft("V1") + mdm("V1", "A note.")).translate(bytes.maketrans(b"|^~\\&", b"#@!?%"))
    assert brief(read(HL7_V2, content)) == brief(read(HL7_V2, dft("V1") + mdm("V1", "A note.")))


def test_a_message_without_delimiters_or_with_a_broken_segment_leaves_the_others_be():
    broken = b"MSH|A\r" + dft("V1") + mdm("V2", "Note.").replace(b"TXA|", b"??|")
    first, second, third = drafts(HL7_V2, broken)
    assert "MSH-1 and MSH-2" in first.problems[0].text
    assert second.problems == ()
    assert (third.problems[0].place, third.problems[0].value) == ("message 3, segment 4", "??")


def test_a_message_that_is_too_long_is_told_and_the_next_one_is_read(monkeypatch):
    monkeypatch.setattr(hl7_messages, "LARGEST_PIECE", 1000)
    monkeypatch.setattr(hl7_messages, "BLOCK", 64)
    first, second = drafts(HL7_V2, mdm("V1", "x" * 5000) + dft("V2"))
    assert "larger than" in first.problems[0].text
    assert second.texts.external_id == "V2"


@pytest.mark.parametrize("content", [b"", b"hello", b'{"a": 1}', b"PID|1\r" + dft("V1")])
def test_what_is_no_hl7_is_refused(content):
    assert not HL7_V2.sniff(content)
    with pytest.raises(FileError, match="does not begin with a message"):
        read(HL7_V2, content)


MANY = b"".join(
    [
        dft("V1"),
        mdm("V2", "Two."),
        hl7(*head("ADT^A01")),
        dft("V3"),
        mdm("V1", "One."),
        b"MSH|A\r",
        mdm("V3", "Three."),
    ]
)
ITEMS = read(HL7_V2, MANY)


@pytest.mark.parametrize("number", range(len(ITEMS)))
def test_reading_goes_on_from_every_cursor(number):
    assert read(HL7_V2, MANY, ITEMS[number].after) == ITEMS[number + 1 :]


@settings(deadline=None)
@given(wanted=st.sets(st.integers(1, len(ITEMS)), min_size=1))
def test_an_excerpt_holds_the_wanted_messages(wanted):
    again = read(HL7_V2, excerpt(HL7_V2, MANY, wanted))
    assert brief(again) == brief(ITEMS[number - 1] for number in sorted(wanted))
    assert HL7_V2.sniff(MANY)


def test_the_names_of_the_parts_of_a_text_stand_above_them():
    names = ("HPI^History", "HPI^History", "EXAM^Exam", "IMP^Impression")
    words = ("Pain.", "Fall.", "Stable.", "Impression: reduced.")
    observed = (
        f"OBX|{at}|TX|{name}||{text}||||||F"
        for at, (name, text) in enumerate(zip(names, words, strict=True), start=1)
    )
    content = hl7(*head("MDM^T02"), document("D1"), *observed)
    note = "History\nPain.\nFall.\nExam\nStable.\nImpression: reduced."
    assert texts(HL7_V2, content).note == note

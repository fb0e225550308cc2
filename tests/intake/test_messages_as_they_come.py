"""HL7 v2 messages as systems write them: identifiers that never count, words in texts that look like structure."""

import pytest

from coding.intake.hl7.file import HL7_V2
from tests.intake.samples import charge, dft, document, drafts, head, hl7, mdm

IDENTIFIER = "P-V1^^^EXAMPLE^MR"


def read(content):
    [draft] = drafts(HL7_V2, content)
    return draft


def with_identifiers(told):
    return read(dft("V1").replace(IDENTIFIER.encode(), told.encode()))


def said(draft):
    return " ".join(remark.text for remark in draft.remarks)


@pytest.mark.parametrize(
    "told",
    [
        "999-11-2222^^^USSSA",
        "999-11-2222^^^A&2.16.840.1.113883.4.1&ISO",
        "X1^^^USA^NNUSA",
        "NEW^^^EXAMPLE^MR^^20270101",
    ],
)
def test_an_identifier_that_does_not_count_is_left_out_and_told(told):
    draft = with_identifiers(f"{told}~77001^^^EXAMPLE")
    assert draft.texts.patient_reference == "77001"
    assert "Left out: " in said(draft)
    assert with_identifiers(told).texts.patient_reference == ""


def test_a_number_of_a_payer_counts_behind_all_others():
    assert with_identifiers("1EG4^^^CMS^MC~77001^^^EXAMPLE").texts.patient_reference == "77001"
    assert with_identifiers("1EG4^^^CMS^MC").texts.patient_reference == "1EG4"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (b"20200101|F", "birth date of another message 2020-01-01"),
        (b"20251220|M", "sex of another message M"),
    ],
)
def test_what_messages_of_one_patient_tell_otherwise_is_a_remark(told, words):
    second = dft("V1", charge("27257"), control="2").replace(b"20251220|F", told)
    assert words in said(read(dft("V1") + second))


@pytest.mark.parametrize("word", ["END", "BTS", "FTS", "ADD"])
def test_a_word_at_the_begin_of_a_line_of_text_is_text(word):
    assert read(dft("V1") + mdm("V1", f"Seen.\n{word}")).texts.note == f"Seen.\n{word}"
    assert (
        read(dft("V1") + mdm("V1", f"Seen.\n{word}\nRecheck.")).texts.note
        == f"Seen.\n{word}\nRecheck."
    )


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_trailer_without_a_count_ends_a_batch(end):
    observed = "OBX|1|TX|||Seen.||||||F"
    batch = hl7("BHS|^~\\&|lab", *head("MDM^T02", "V1"), document("D1"), observed, "BTS", end=end)
    draft = read(batch)
    assert (draft.texts.note, draft.remarks) == ("Seen.", ())


def test_segments_that_end_with_line_feeds_are_read():
    draft = read(
        dft("V1").replace(b"\r", b"\n") + mdm("V1", "Seen.", "Recheck.").replace(b"\r", b"\n")
    )
    assert (draft.texts.note, len(draft.texts.service_lines)) == ("Seen.\nRecheck.", 1)


def test_a_charge_of_fewer_than_no_units_is_a_credit():
    two, back = charge().replace("C4|||1|", "C4|||2|"), charge().replace("C4|||1|", "C4|||-1|")
    draft = read(dft("V1", two, back))
    assert ([line.units for line in draft.texts.service_lines], draft.problems) == (["1"], ())

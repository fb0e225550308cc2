"""Reports that come as results (ORU^R01) are documents of the visit, read as those of MDM messages are."""

import base64

import pytest

from coding.intake.drafts import Covers
from coding.intake.hl7.file import HL7_V2
from tests.intake.samples import dft, drafts, head, hl7, mdm, reasons

FINDING = "OBX|1|FT|F^Findings||Left hip reduced.||||||{}"
VALUE = "OBX|2|NM|H^Hemoglobin||12.1|g/dL|||||F"


def order(state="F", number="R1", kind="HIP^Hip film", interpreter="7&READER&ROBIN"):
    return f"OBR|1|P1|{number}|{kind}|||20260112||||||||||||||||||{state}|||||||{interpreter}"


def results(*segments, control="3"):
    return hl7(*head("ORU^R01", control=control), *segments)


def only(content):
    [draft] = drafts(HL7_V2, content)
    assert draft.problems == ()
    return draft


def said(draft):
    return " ".join(remark.text for remark in draft.remarks)


def test_a_final_report_is_a_signed_document_of_its_visit():
    draft = only(dft() + results(order(), FINDING.format("F"), VALUE, "NTE|1||Seen twice."))
    [document] = draft.texts.documents
    assert draft.texts.note == "Left hip reduced.\nHemoglobin: 12.1 g/dL\nSeen twice."
    assert (document.kind, document.day, document.author) == (
        "Hip film",
        "2026-01-12",
        "ROBIN READER",
    )
    assert (document.number, document.unsigned, said(draft)) == ("R1", "", "")


@pytest.mark.parametrize(
    ("of_order", "observed", "unsigned"),
    [
        ("F", "", ""),
        ("", "F", ""),
        ("C", "C", ""),
        ("P", "F", "preliminary"),
        ("F", "P", "preliminary"),
        ("R", "F", "not final"),
        ("", "", "not final"),
    ],
)
def test_a_report_is_signed_if_it_is_final_and_nothing_denies_it(of_order, observed, unsigned):
    draft = only(dft() + results(order(of_order), FINDING.format(observed)))
    assert draft.texts.documents[0].unsigned == unsigned
    assert ("is not signed" in said(draft)) == bool(unsigned)


def test_a_final_report_takes_the_place_of_the_preliminary_one_of_its_number():
    early = results(order("P"), FINDING.format("P"))
    late = results(order("F"), FINDING.format("F").replace("reduced", "stays reduced"), control="4")
    draft = only(dft() + early + late)
    assert draft.texts.note == "Left hip stays reduced."
    assert [old.text for old in draft.texts.superseded] == ["Left hip reduced."]


def test_a_cancelled_report_is_no_note_and_told():
    draft = only(dft() + results(order("X"), FINDING.format("X")))
    assert (draft.texts.note, "it was cancelled" in said(draft)) == ("", True)


def test_orders_of_values_beside_a_report_are_told():
    draft = only(
        dft()
        + results(order(), FINDING.format("F"), order(number="R2", kind="CBC^Blood count"), VALUE)
    )
    assert draft.texts.note == "Left hip reduced."
    assert "Left out: Blood count, 2026-01-12: values without a text." in said(draft)


def test_an_attached_report_is_read():
    data = base64.b64encode(b"Left hip reduced.").decode()
    attached = f"OBX|1|ED|||^TEXT^plain^Base64^{data}||||||F"
    assert only(dft() + results(order(), attached)).texts.note == "Left hip reduced."


def test_a_report_and_a_note_with_the_same_text_are_one():
    draft = only(dft() + mdm("V1", "Left hip reduced.") + results(order(), FINDING.format("F")))
    assert draft.texts.note == "Left hip reduced."


def test_a_report_alone_is_a_note_that_comes_alone_and_a_corrected_one_an_edited_note():
    assert only(results(order(), FINDING.format("F"))).texts.covers is Covers.NOTE
    assert only(results(order("C"), FINDING.format("C"))).texts.covers is Covers.EDITED_NOTE


def test_values_alone_are_skipped_by_name():
    assert reasons(HL7_V2, results(order(), VALUE)) == [
        "This is a message ORU^R01 without a text (OBX of the kind TX, FT or ED): values are no note."
    ]


def test_what_an_order_says_beside_its_result_is_told():
    fields = order().split("|") + [""] * 20
    fields[13], fields[31] = "Hip pain", "FALL^Fell"
    fields[44], fields[45] = "12345^Film^C4", "LT"
    told = said(only(dft() + results("|".join(fields), FINDING.format("F"))))
    for words in (
        "information Hip pain.",
        "reason FALL Fell.",
        "procedure 12345 Film.",
        "modifier LT.",
    ):
        assert words in told

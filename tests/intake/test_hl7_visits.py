"""A visit of HL7 v2: what its messages tell together, and what of them is left out and named."""

import pytest

from coding.intake.drafts import Covers
from coding.intake.hl7.segments import taken_apart
from coding.intake.hl7.visit import Placed, kind_of, visit
from tests.intake.samples import charge, document, head, hl7


def msh(kind, *, visit_number="V1", patient="P1"):
    header, identity, stay = head(kind, visit_number)
    return [header, identity.replace("P-V1", patient), stay]


def told(*messages):
    """What messages tell, each a list of segments."""
    placed = [
        Placed(number, taken_apart(hl7(*segments)))
        for number, segments in enumerate(messages, start=1)
    ]
    return visit(placed)


def remarks(read):
    return [remark.text for remark in read.remarks]


CHARGED = [*msh("DFT^P03"), charge()]
NOTE = [*msh("MDM^T02"), document("D1"), "OBX|1|TX|||Reduced.||||||F"]


# Which message it is.


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("DFT^P03", ("DFT", "P03")),
        ("dft^p03^DFT_P03", ("DFT", "P03")),
        ("MDM^^MDM_T02", ("MDM", "T02")),
        ("ACK", ("ACK", "")),
        ("", ("", "")),
    ],
)
def test_a_message_is_of_the_type_and_trigger_that_its_header_names(header, kind):
    assert kind_of(taken_apart(hl7(*head(header)))) == kind


def test_the_event_tells_the_trigger_that_a_header_lacks():
    assert kind_of(taken_apart(hl7(*head("MDM"), "EVN|T04|20260112"))) == ("MDM", "T04")


# Whose and which visit.


def test_the_visit_number_stands_in_the_visit_or_else_with_the_patient():
    assert told(CHARGED).texts.external_id == "V1"
    account = [
        segment.replace("|20251220|F", "|20251220|F||||||||||A9^^^BILLING") for segment in CHARGED
    ]
    account = [segment.removesuffix("|V1") for segment in account]
    texts = told(account).texts
    assert (texts.external_id, texts.visit_authority) == ("A9", "BILLING")
    both = [segment.replace("|V1", "|V1^^^CLINIC&1.2.3&ISO") for segment in CHARGED]
    assert told(both).texts.visit_authority == "CLINIC^1.2.3"


def test_messages_of_two_patients_tell_nothing_but_that():
    read = told(CHARGED, [*msh("DFT^P03", patient="P2"), charge()])
    [problem] = read.problems
    assert problem.text == (
        "The messages of this visit are of different patients: P1 of EXAMPLE and P2 of EXAMPLE."
        " Correct the visit or the patient."
    )
    assert (problem.field, problem.value) == ("patient_reference", "V1")
    assert (read.texts.external_id, read.texts.service_lines, read.remarks) == ("V1", (), ())


def test_a_message_of_two_documents_is_told_with_its_place():
    read = told(CHARGED, [*NOTE, document("D2"), "OBX|1|TX|||Seen.||||||F"])
    [problem] = read.problems
    assert (problem.place, problem.text) == (
        "message 2",
        "The message holds 2 documents. Send each as a message of its own.",
    )


def test_a_member_whom_only_a_payer_numbers_comes_with_what_tells_whom():
    number = [segment.replace("^MR", "^MC") for segment in NOTE]
    texts = told(number).texts
    assert (texts.insured_number, texts.birth_date, texts.sex) == (True, "2025-12-20", "F")
    assert len(texts.name_sum) == 4
    # Of one whom the sender numbers a note alone tells no more than the number.
    texts = told(NOTE).texts
    assert (texts.insured_number, texts.birth_date, texts.sex, texts.name_sum) == (
        False,
        "",
        "",
        "",
    )


# The encounter.


def test_charges_and_notes_are_one_encounter():
    read = told(CHARGED, NOTE)
    texts = read.texts
    assert (texts.covers, texts.note, texts.service_lines[0].code) == (
        Covers.ALL,
        "Reduced.",
        "27256",
    )
    assert (texts.provider, texts.date_of_service, read.problems) == (
        "ALEX TESTER",
        "2026-01-12",
        (),
    )
    assert texts.patient_authority == "EXAMPLE"


def test_the_attending_doctor_stands_for_whoever_did_what_is_charged():
    nobody = [*msh("DFT^P03"), charge().replace("1999999976^TESTER^ALEX", "")]
    assert told(nobody).texts.provider == "ALEX TESTER"
    number = [segment.replace("1999999976^TESTER^ALEX", "77") for segment in nobody]
    assert told(number).texts.provider == "77"
    second = [segment.replace("1999999976^TESTER^ALEX", "8^ROE^BO") for segment in nobody]
    assert "Left out: attending doctor BO ROE." in remarks(told(nobody, second))
    # Where a charge names its performer, nobody asks for the doctor of the visit.
    assert not [text for text in remarks(told(CHARGED, second)) if "attending" in text]


def test_the_first_performer_counts_and_the_others_are_told():
    other = charge("23456", "").replace("TESTER^ALEX", "ROE^BO")
    read = told([*CHARGED, other])
    assert read.texts.provider == "ALEX TESTER"
    assert "Left out: performer of a charge BO ROE." in remarks(read)


def test_the_day_of_the_stay_counts_where_no_service_tells_one():
    undated = [*msh("DFT^P03"), charge(day="")]
    assert told(undated).texts.date_of_service == ""
    stay = [segment.replace("|V1", f"|V1{'|' * 25}20260110083000") for segment in undated]
    assert told(stay).texts.date_of_service == "2026-01-10"


def test_services_of_several_days_are_a_problem_with_the_days():
    read = told([*CHARGED, charge("23456", "", day="20260113")])
    [problem] = read.problems
    assert (problem.field, problem.value, problem.place) == (
        "date_of_service",
        "2026-01-12, 2026-01-13",
        "message 1, segment 4 (FT1)",
    )


def test_what_another_message_says_otherwise_of_the_patient_is_told():
    otherwise = [segment.replace("|20251220|F", "|20251221|F") for segment in NOTE]
    assert "Left out: birth date of another message 2025-12-21." in remarks(
        told(CHARGED, otherwise)
    )
    otherwise = [segment.replace("|20251220|F", "|20251220|M") for segment in NOTE]
    assert "Left out: sex of another message M." in remarks(told(CHARGED, otherwise))


def test_payers_stand_in_the_order_in_which_they_pay():
    def insurance(name, order, at=4):
        cells = ["IN1", *[""] * 22]
        cells[at], cells[22] = name, order
        return "|".join(cells)

    late, second, first = insurance("C", ""), insurance("B", "2"), insurance("A", "1", at=3)
    read = told([*CHARGED, late, second, first])
    assert read.texts.payer == "A"
    assert [text for text in remarks(read) if "payer" in text] == [
        "Left out: payer B.",
        "Left out: payer C.",
    ]


# What is told.


def test_segments_that_are_not_read_are_counted_by_their_kind():
    read = told([*CHARGED, "AL1|1", "AL1|2", "ZXY|1"], [*NOTE, "DG1|1||Q65.02^^I10"])
    assert [text for text in remarks(read) if "segment" in text] == [
        "Left out: 2 AL1 segments.",
        "Left out: 1 ZXY segment.",
        "Left out: 1 DG1 segment.",
    ]


def test_what_is_no_segment_is_a_problem_of_its_message():
    read = told([*CHARGED, "?|1", "??|2"])
    [problem] = read.problems
    assert (problem.value, problem.place) == ("?", "message 1, segment 5")
    assert problem.text.startswith("This is no segment: it has to begin with an identifier")


def test_diagnoses_without_a_service_or_a_note_are_told():
    read = told([*msh("DFT^P03"), "DG1|1||Q65.02^^I10", "DG1|2||Q65.01^^I10"])
    assert "Left out: diagnoses Q65.02, Q65.01." in remarks(read)
    assert read.problems == ()


def test_a_document_that_cannot_be_read_is_a_remark_beside_a_charge_and_a_problem_alone():
    unread = [*msh("MDM^T02"), document("D1"), "OBX|1|RP|||note.pdf"]
    read = told(CHARGED, unread)
    assert read.problems == ()
    assert "Left out of the note: The note is stored elsewhere." in " ".join(remarks(read))
    [problem] = told(unread).problems
    assert problem.field == "note"


def test_letters_that_are_not_utf_8_are_shown_but_those_of_names():
    segments = [*CHARGED, "ZXY|Hüfte", "NK1|1|Müller"]
    content = hl7(*segments).decode().encode("cp1252")
    read = visit([Placed(1, taken_apart(content))])
    assert remarks(read)[0] == (
        "Not in UTF-8: it was read as Windows-1252. See whether these words are right: “Hüfte”."
    )
    # A name alone is kept nowhere: nothing is to be looked at.
    content = hl7(*CHARGED, "NK1|1|Müller").decode().encode("cp1252")
    assert "UTF-8" not in " ".join(remarks(visit([Placed(1, taken_apart(content))])))


# Notes that come alone.


def test_a_note_alone_is_one_of_a_later_state_only_if_nothing_of_it_is_new():
    edit = [*msh("MDM^T08"), document("D1"), "OBX|1|TX|||Reduced twice.||||||F"]
    assert told(NOTE).texts.covers is Covers.NOTE
    assert told(edit).texts.covers is Covers.EDITED_NOTE
    assert told(NOTE, edit).texts.covers is Covers.NOTE


def test_a_visit_says_that_something_of_it_was_taken_back():
    assert not told(CHARGED, NOTE).taken_back
    assert told(CHARGED, NOTE, [*msh("MDM^T11"), document("D1")]).taken_back
    assert told(CHARGED, [*msh("DFT^P03"), charge(kind="CR")]).taken_back
    assert told(
        NOTE, [*msh("MDM^T10"), document("D2", parent="D1"), "OBX|1|TX|||A.||||||F"]
    ).taken_back

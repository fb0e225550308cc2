"""What a reader does not take it tells; of several, the one that counts is taken."""

import pytest

from tests.intake.case_files import content_of, document, items, lines

CHARGE = "codes-hl7-dx-priority.hl7"
NOTE = "text-hl7-coded-obx.hl7"
CLAIM = "patient-mix-x12-control-number-1.837"


# HL7 v2.


@pytest.mark.parametrize(
    ("old", "new", "remark"),
    [
        (
            b"S72.001A^x^I10",
            b"S72.001A^x^LOCAL",
            "Left out: diagnosis S72.001A under the system LOCAL.",
        ),
        (b"DG1|2|", b"AL1|1||PENICILLIN\rDG1|2|", "Left out: 1 AL1 segment."),
        (
            b"FT1|1|T1",
            b"FT1|2|T2||20260601||PY|CASH\rFT1|1|T1",
            "Left out: transaction of the kind PY.",
        ),
        (
            b"FT1|1|T1",
            b"FT1|2|T2||20260601||CG|CAST^x^L\rFT1|1|T1",
            "Left out: charge CAST: no procedure code.",
        ),
        (
            b"FT1|1|T1",
            b"PR1|1||0SSB04Z^x^I10P\rFT1|1|T1",
            "Left out: procedure 0SSB04Z under the system I10P.",
        ),
        (
            b"FT1|1|T1",
            b"PR1|1|||Closed reduction\rFT1|1|T1",
            "Left out: procedure without a code: Closed reduction.",
        ),
        (
            b"FT1|1|T1",
            b"PR1|1||27093^x^C4\rFT1|1|T1",
            "Left out: procedure 27093, which nothing charges.",
        ),
        (b"|20260110|", b"|2026|", "Left out: birth date 2026, which is no whole day."),
        (b"|||||27256", b"~9^Roe^Bo|||||27256", "Left out: performer of a charge Bo Roe."),
        (b"FT1|1|T1", b"IN1|1|P|A1\rIN1|2|P|A2\rFT1|1|T1", "Left out: payer A2."),
    ],
)
def test_what_a_charge_message_holds_besides_is_told(old, new, remark):
    [visit] = items(content_of(CHARGE, (old, new)))
    assert visit["standing"] == "good"
    assert any(text.startswith(remark) for text in visit["remarks"])


def test_another_charge_under_a_transaction_number_is_taken_and_told():
    corrected = content_of(CHARGE, (b"|M1|", b"|M2|"), (b"27256^^C4", b"27257^^C4"))
    [visit] = items(content_of(CHARGE) + corrected)
    assert lines(visit) == ["27256-LT x1", "27257-LT x1"]
    assert any("has the transaction number of 27256-LT" in remark for remark in visit["remarks"])


def test_an_edit_of_which_only_a_notice_came_is_told():
    note = content_of(NOTE)
    notice = note.replace(b"MDM^T02", b"MDM^T07").split(b"OBX")[0].replace(b"|M2|", b"|M9|")
    [visit] = items(note + notice)
    assert any(
        "a message tells of an edited document without its text" in remark
        for remark in visit["remarks"]
    )


def test_a_charge_under_an_unknown_system_is_rejected_and_not_dropped():
    [visit] = items(content_of(CHARGE, (b"27256^^C4", b"27256^^HOUSE")))
    assert visit["standing"] == "rejected"
    assert "The charge is for 27256 under the system HOUSE" in visit["problems"][0]


def test_a_transaction_of_an_unknown_kind_that_names_a_procedure_is_not_dropped():
    known = document(content_of("codes-hl7-dx-priority.hl7", (b"|CG|", b"|PY|")))["items"][0]
    assert "transaction of the kind PY" in " ".join(known["remarks"])
    unknown = document(content_of("codes-hl7-dx-priority.hl7", (b"|CG|", b"|ZZ|")))["items"][0]
    assert unknown["standing"] == "rejected"
    assert "FT1-6), ZZ, is none that HL7 names" in unknown["problems"][0]


def test_words_that_stand_beside_the_codes_of_a_claim_are_told():
    content = content_of("envelope-x12-wrapped-80.837")
    claim = b"".join(content.splitlines())
    claim = claim.replace(b"SV1*HC:27256:LT", b"SV1*HC:27256:LT::::Closed reduction in theatre")
    claim = claim.replace(b"~HI*", b"~K3*For the state only~CR1*LB*9**A*DH*2****Could not walk~HI*")
    told = " ".join(document(claim)["items"][0]["remarks"])
    for words in ("27256: Closed reduction in theatre", "For the state only", "Could not walk"):
        assert words in told


def test_a_deleted_diagnosis_is_none():
    deleted = b"DG1|1||S72.001A^x^I10||||||||||||2||||||D"
    [visit] = items(content_of(CHARGE, (b"DG1|1||S72.001A^x^I10||||||||||||2", deleted)))
    assert visit["diagnoses"] == ["Q65.02"]
    assert any(
        "diagnosis S72.001A, which its source deleted" in remark for remark in visit["remarks"]
    )


def test_an_observation_of_another_kind_and_a_withdrawn_one_are_told():
    numeric = (
        b"OBX|2|CWE|ANES^Anesthesia||GEN^General anesthesia^L",
        b"OBX|2|NM|BP^Pressure||120|mmHg",
    )
    [visit] = items(content_of(NOTE, numeric))
    assert visit["note"] == "Left hip reduced.\nPressure: 120 mmHg\nNo spica."
    [visit] = items(
        content_of(NOTE, (b"General anesthesia^L||||||F", b"General anesthesia^L||||||W"))
    )
    assert visit["note"] == "Left hip reduced.\nNo spica."
    assert "Left out: Anesthesia: its source withdrew it." in visit["remarks"][0]


def test_a_note_that_nobody_signed_says_so():
    [visit] = items(content_of(NOTE, (b"|||||||D1|||||LA", b"||||||||D1|||||DI")))
    assert visit["note"].startswith(
        "Operative note, 2026-06-01 (not signed: dictated)\nLeft hip reduced."
    )
    assert visit["remarks"] == ["Operative note, 2026-06-01 is not signed: dictated."]


def test_two_quotation_marks_are_no_value_wherever_they_stand():
    [visit] = items(content_of(CHARGE, (b"|20260110|F", b'|""|""')))
    assert (visit["standing"], visit["birth_date"], visit["sex"]) == ("good", "", "U")


@pytest.mark.parametrize("end", [b"\\r", b"\\X0D\\", b"&#13;", b"<CR>"])
def test_ends_of_segments_in_letters_are_refused_with_what_to_do(end):
    [message] = items(content_of(CHARGE).replace(b"\r", end))
    assert message["standing"] == "rejected"
    assert "Export with carriage returns" in message["problems"][0]


def test_a_text_that_came_twice_is_one_note():
    message = content_of(NOTE)
    second = (
        message[message.rindex(b"MSH") :].replace(b"|M2|", b"|M3|").replace(b"|||D1|", b"|||D2|")
    )
    [visit] = items(message + second)
    assert visit["note"].count("Left hip reduced.") == 1


# X12.


def test_a_void_claim_and_the_claim_that_it_takes_back_bring_nothing():
    void = content_of(CLAIM, (b"22:B:1", b"22:B:8"))
    assert [claim["standing"] for claim in items(content_of(CLAIM) + void)] == [
        "skipped",
        "skipped",
    ]


def test_of_a_claim_and_its_replacement_the_replacement_counts():
    replacement = content_of(CLAIM, (b"22:B:1", b"22:B:7"), (b"27256", b"27257"))
    first, last = items(content_of(CLAIM) + replacement)
    assert (first["standing"], last["standing"], lines(last)) == (
        "skipped",
        "good",
        ["27257-LT x1"],
    )


def test_another_payer_and_a_number_of_the_state_are_told():
    other = b"SBR*S*18*******CI~NM1*PR*2*SECOND PLAN*****PI*P2~LX*1~"
    claim, *_ = items(content_of(CLAIM, (b"LX*1~", other)))
    assert (claim["standing"], claim["payer"]) == ("good", "EXAMPLE HEALTH")
    assert "Left out: payer SECOND PLAN." in claim["remarks"][0]
    [claim] = items(content_of(CLAIM, (b"*MI*MEM1", b"*SY*999112222")))
    assert claim["standing"] == "rejected"
    assert (
        "Left out: the subscriber's number, which is a social security number." in claim["remarks"]
    )


def test_the_place_of_the_line_wins_over_that_of_the_claim():
    [claim] = items(content_of(CLAIM, (b"UN*1***1", b"UN*1*11**1")))
    assert claim["place_of_service"] == "11"


# Tables.


def test_a_row_for_each_charge_of_an_account_is_one_encounter():
    header = (
        "Account,MRN,DOB,Sex,DOS,POS,Provider,Payer,Note,ICD1,ICD2,CPT,Mod1,Mod2,Units,DX Pointer"
    )
    rows = [
        "V1,M1,5/1/2026,F,5/31/2026,22,Dr A,Ex,Left hip out.,Q65.02,M25.551,27256,LT,,1,A",
        "V1,M1,5/1/2026,F,5/31/2026,22,Dr B,Ex,,M25.551,,99213,25,,2,A",
        "V2,M2,5/1/2026,M,5/31/2026,22,Dr A,Ex,Right hip out.,Q65.01,,27257,RT,59,1,1",
    ]
    first, second = items("\n".join([header, *rows]).encode())
    assert (first["diagnoses"], lines(first)) == (
        ["Q65.02", "M25.551"],
        ["27256-LT x1", "99213-25 x2"],
    )
    assert [line["diagnosis_pointers"] for line in first["service_lines"]] == [[1], [2]]
    assert first["remarks"] == ["Left out: provider Dr B. At line 3."]
    assert (first["birth_date"], first["date_of_service"]) == ("2026-05-01", "2026-05-31")
    assert (second["standing"], lines(second)) == ("good", ["27257-RT-59 x1"])


def test_numbered_columns_of_codes_modifiers_and_units_belong_together():
    header = "Visit ID,MRN,DOS,POS,Provider,Note,DX1,DX2,CPT1,MOD1,UNITS1,CPT2,MOD2,UNITS2"
    row = "V1,M1,2026-05-31,22,Dr A,Left hip out.,Q65.02,M25.551,27256,LT,1,99213,25,2"
    [encounter] = items(f"{header}\n{row}\n".encode())
    assert (encounter["diagnoses"], lines(encounter)) == (
        ["Q65.02", "M25.551"],
        ["27256-LT x1", "99213-25 x2"],
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", "a PDF document"),
        (b"<!DOCTYPE html><html>", "an HTML page"),
        (b'{"patients": []}', "a JSON file"),
        (b"UNB+UNOA:2+S+R", "an EDIFACT file"),
        (b"\x1f\x8b\x08\0", "packed with gzip"),
        ("\ufeff{}".encode("utf-16-le"), "JSON or XML in UTF-16"),
    ],
)
def test_a_file_of_a_foreign_kind_is_named_and_never_taken_for_a_table(content, kind):
    read = document(content)
    assert kind in read["file_problem"]
    assert (read["format"], read["items"]) == ("", [])

"""A professional claim (837P) read into the texts of an encounter, segment by segment, and what of it is told."""

import pytest

from coding.intake.drafts import LineDraft
from coding.intake.x12.file import X12_837P
from tests.intake.samples import (
    claim,
    claims_file,
    drafts,
    excerpt,
    interchange,
    read,
    transaction,
    x12,
)


def only(*segments):
    """The one claim of a file."""
    [draft] = drafts(X12_837P, claims_file(segments))
    return draft


def with_segments(*more, before="LX*1", own=None):
    own = own or claim()
    at = own.index(before)
    return only(*own[:at], *more, *own[at:])


def with_line(line, *more):
    return only(*claim(lines=(f"{line}~DTP*472*D8*20260112",)), *more)


def told(draft):
    return [remark.text for remark in draft.remarks]


def faults(draft):
    return [(problem.field, problem.value) for problem in draft.problems]


# Lines.


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("SV1*HC:12345*100*UN*1***1", LineDraft("12345", (), "1", ("1",))),
        ("SV1*HC:12345:LT:59*100*UN*2.0***1:2", LineDraft("12345", ("LT", "59"), "2", ("1", "2"))),
        ("SV1*HC:12345::59*100*UN*1***1", LineDraft("12345", ("59",), "1", ("1",))),
        ("SV1*HC:12345:A1:A2:A3:A4*1*UN*1", LineDraft("12345", ("A1", "A2", "A3", "A4"), "1")),
        ("SV1*HC:12345*100*MJ*45***1", LineDraft("12345", (), "", ("1",))),
        ("SV1*HC:12345*100", LineDraft("12345")),
        ("SV1*HC:12345*100*UN*1***01", LineDraft("12345", (), "1", ("01",))),
    ],
)
def test_a_line_is_read_with_modifiers_units_and_pointers(line, expected):
    assert with_line(line).texts.service_lines == (expected,)


def test_a_code_that_is_no_hcpcs_is_a_problem_and_still_a_line():
    draft = with_line("SV1*ER:12345*100*UN*1***1")
    assert faults(draft) == [("service_lines", "ER:12345")]
    assert (
        draft.problems[0].text == "A service line needs a CPT or HCPCS code with the qualifier HC."
    )
    assert draft.texts.service_lines[0].code == "12345"


def test_what_a_line_says_beside_its_code_is_told():
    draft = with_line("SV1*HC:12345:::::Closed reduction*100*MJ*45***1")
    assert told(draft) == [
        "Left out: description of 12345: Closed reduction.",
        "Left out: quantity 45 MJ.",
    ]
    long = "x" * 100
    assert told(with_line(f"SV1*HC:12345:::::{long}*100*UN*1"))[0].endswith(f"{'x' * 80}.")


# Diagnoses.


def test_diagnoses_have_their_dot_and_stand_in_their_order():
    draft = only(*claim(diagnoses="ABK:Q6502*ABF:M25551*ABF:W1830XA"))
    assert draft.texts.diagnoses == ("Q65.02", "M25.551", "W18.30XA")
    assert draft.texts.places["diagnoses"] == "segment 14 (HI)"


def test_a_code_of_icd_9_is_a_problem_and_one_of_another_kind_a_remark():
    draft = only(*claim(diagnoses="BK:75430*ABF:Q6502*BR:0SSB*APR:"))
    assert faults(draft) == [("diagnoses", "75430")]
    assert "The qualifier BK means ICD-9." in draft.problems[0].text
    assert draft.texts.diagnoses == ("75430", "Q65.02")
    assert "Left out: code 0SSB under the qualifier BR." in told(draft)


# Days, place, provider.


@pytest.mark.parametrize(
    ("dated", "day", "fields"),
    [
        ("DTP*472*D8*20260112", "2026-01-12", []),
        ("DTP*472*RD8*20260112-20260112", "2026-01-12", []),
        ("DTP*472*RD8*20260112-20260114", "2026-01-12", ["date_of_service"]),
        ("DTP*435*D8*20260101", "", []),
    ],
)
def test_the_days_of_the_lines_are_those_of_the_encounter(dated, day, fields):
    draft = only(*claim(lines=(f"SV1*HC:12345*1*UN*1***1~{dated}",)))
    assert (draft.texts.date_of_service, [field for field, _ in faults(draft)]) == (day, fields)


def test_the_earliest_day_counts_and_the_day_of_the_claim_only_without_any():
    lines = ("SV1*HC:12345*1*UN*1~DTP*472*D8*20260113", "SV1*HC:23456*1*UN*1~DTP*472*D8*20260112")
    draft = only(*claim(lines=lines))
    assert draft.texts.date_of_service == "2026-01-12"
    assert faults(draft) == [("date_of_service", "2026-01-13, 2026-01-12")]
    undated = claim(lines=("SV1*HC:12345*1*UN*1",))
    draft = with_segments("DTP*472*D8*20260110", own=undated)
    assert draft.texts.date_of_service == "2026-01-10"
    # Beside a line that tells its own, that of the claim is none.
    draft = with_segments("DTP*472*D8*20260110")
    assert (draft.texts.date_of_service, faults(draft)) == ("2026-01-12", [])


def test_a_line_may_be_done_elsewhere_than_its_claim_says():
    assert with_line("SV1*HC:12345*1*UN*1").texts.place_of_service == "11"
    assert with_line("SV1*HC:12345*1*UN*1*22").texts.place_of_service == "22"
    lines = ("SV1*HC:12345*1*UN*1*22", "SV1*HC:23456*1*UN*1")
    draft = only(*claim(lines=lines))
    assert draft.texts.place_of_service == "22"
    assert "Left out: place of service 11 of a line." in told(draft)


def test_a_line_may_be_rendered_by_another_than_its_claim_says():
    assert only(*claim()).texts.provider == "ALEX TESTER"
    other = "NM1*82*1*ROE*BO****XX*1"
    draft = with_line("SV1*HC:12345*1*UN*1", other)
    assert (draft.texts.provider, told(draft)) == ("BO ROE", [])
    lines = ("SV1*HC:12345*1*UN*1", f"SV1*HC:23456*1*UN*1~{other}")
    draft = only(*claim(lines=lines))
    assert draft.texts.provider == "ALEX TESTER"
    assert "Left out: rendering provider BO ROE of a line." in told(draft)


def test_the_first_of_two_renderers_of_a_claim_counts():
    draft = with_segments("NM1*82*1*ROE*BO****XX*1")
    assert draft.texts.provider == "ALEX TESTER"
    assert "Left out: rendering provider BO ROE of the claim." in told(draft)
    assert draft.texts.places["provider"] == "segment 15 (NM1)"


def test_an_organization_or_a_number_stands_where_a_name_does_not():
    unnamed = [segment.replace("*TESTER*ALEX*", "***") for segment in claim()]
    assert only(*unnamed).texts.provider == "1999999976"
    nobody = [segment for segment in claim() if not segment.startswith("NM1*82")]
    assert only(*nobody).texts.provider == "EXAMPLE ORTHOPEDICS"


# Notes and words.


def test_notes_of_claim_and_line_are_lines_of_the_note():
    draft = with_segments("NTE*ADD*Reduced.")
    assert draft.texts.note == "Reduced."
    assert draft.texts.places["note"] == "segment 16 (NTE)"
    own = claim()
    draft = only(*own[:8], "NTE*ADD*Reduced.", *own[8:], "NTE*DCP*Twice.")
    assert draft.texts.note == "Reduced.\nTwice."


def test_another_payer_is_told_and_its_notes_and_people_are_not_the_claims():
    other = [
        "SBR*S*18*******CI",
        "NM1*PR*2*SECOND PLAN*****PI*P2",
        "NM1*82*1*ROE*BO",
        "NTE*ADD*No.",
    ]
    draft = with_segments(*other)
    assert (draft.texts.payer, draft.texts.provider, draft.texts.note) == (
        "EXAMPLE HEALTH PLAN",
        "ALEX TESTER",
        "",
    )
    assert "Left out: payer SECOND PLAN." in told(draft)


def test_words_in_segments_that_are_not_read_are_told():
    draft = with_segments("K3*For the state", "CR1*LB*9**A*DH*2***Round trip*Could not walk")
    assert told(draft) == [
        "Left out: text of K3: For the state.",
        "Left out: text of CR1: Round trip.",
        "Left out: text of CR1: Could not walk.",
    ]


def test_segments_that_are_not_read_are_counted_or_named():
    draft = with_segments("PWK*OZ*BM", "ZZ9*1", "ZZ9*2", "LIN**N4*1")
    assert told(draft) == [
        "Left out: a document that is sent apart (PWK).",
        "Left out: 2 ZZ9 segments.",
        "Left out: a drug (LIN).",
    ]


# Whose it is.


def test_the_subscriber_is_the_patient_under_the_number_of_the_payer():
    texts = only(*claim("C1")).texts
    assert (texts.external_id, texts.visit_authority) == ("C1", "1999999984")
    assert (texts.patient_reference, texts.patient_authority) == ("M-C1", "PLAN01")
    assert (texts.insured_number, texts.shared_reference, len(texts.name_sum)) == (True, False, 4)
    assert (texts.birth_date, texts.sex) == ("2025-12-20", "F")


DEPENDENT = ["HL*3*2*23*0", "PAT*19", "NM1*QC*1*KID*BO", "DMG*D8*20200101*M"]


def test_a_dependent_comes_under_the_subscribers_number_which_is_shared():
    own = claim("C1")
    texts = only(*own[:5], *DEPENDENT, *own[5:]).texts
    assert (texts.patient_reference, texts.shared_reference) == ("M-C1", True)
    assert (texts.birth_date, texts.sex) == ("2020-01-01", "M")
    numbered = [segment.replace("KID*BO", "KID*BO****MI*K7") for segment in DEPENDENT]
    texts = only(*own[:5], *numbered, *own[5:]).texts
    assert (texts.patient_reference, texts.shared_reference) == ("K7", False)


@pytest.mark.parametrize("qualifier", ["34", "SY"])
def test_a_social_security_number_is_no_patient(qualifier):
    own = [segment.replace("*MI*", f"*{qualifier}*") for segment in claim()]
    draft = only(*own)
    assert draft.texts.patient_reference == ""
    assert "Left out: the subscriber's number, which is a social security number." in told(draft)


@pytest.mark.parametrize(
    ("more", "at", "why"),
    [
        (["NM1*IL*1*ROE*BO****MI*M9"], 4, "The loop above the claim names several people."),
        (["NM1*QC*1*ROE*BO"], 4, "The patient (NM1*QC) stands in the loop of the subscriber."),
        (["NM1*QC*1*ROE*BO"], 7, "A subscriber or patient stands within the claim."),
        (
            ["HL*3*9*23*0", "NM1*QC*1*ROE*BO"],
            5,
            "The loop of the patient (HL02) is not below that of the subscriber before it.",
        ),
        (
            ["HL*3*2*23*0", "NM1*QC*1*ROE*BO", "NM1*QC*1*ROE*CY"],
            5,
            "The loop above the claim names several people.",
        ),
    ],
)
def test_a_claim_of_which_nobody_can_tell_whose_it_is_says_why(more, at, why):
    own = claim()
    draft = only(*own[:at], *more, *own[at:])
    assert [problem.text for problem in draft.problems] == [
        f"{why} Send each patient under a level (HL) of their own, below their subscriber."
    ]
    assert draft.problems[0].field == "patient_reference"


def test_a_loop_that_names_no_parent_or_it_with_zeros_is_in_order():
    own = claim()
    for parent in ("", "02"):
        draft = only(*own[:5], f"HL*3*{parent}*23*0", *DEPENDENT[1:], *own[5:])
        assert draft.problems == ()


# Characters, cursors, what comes back.


def test_letters_that_look_like_nothing_are_a_problem_of_their_segment():
    content = claims_file(claim()).replace(b"ALEX", "Žož".encode("mac_roman", "replace") + b"\x8d")
    [draft] = drafts(X12_837P, content)
    assert draft.problems[0].text.startswith("The segment is not in UTF-8, and does not look like")
    assert draft.problems[0].place == "segment 15 (NM1)"


def test_each_claim_is_an_item_from_whose_end_reading_goes_on():
    content = claims_file(claim("C1"), claim("C2"))
    first, second = read(X12_837P, content)
    assert (first.number, first.place, second.number) == (1, "segment 13 (CLM)", 2)
    assert content[first.after.offset :].lstrip().startswith(b"HL*2")
    assert read(X12_837P, content, first.after) == [second]


def test_what_comes_back_stands_in_envelopes_that_add_up():
    first = transaction(claim("C1"), claim("C2"))
    second = transaction(claim("C3"), number="0002")
    content = x12(*interchange(first, second))
    again = excerpt(X12_837P, content, [1, 3]).decode()
    lines = [line.removesuffix("~") for line in again.splitlines()]
    assert [line for line in lines if line.startswith(("CLM", "SE", "GE", "IEA"))] == [
        "CLM*C1*780***11:B:1*Y*A*Y*Y",
        "SE*17*0001",
        "CLM*C3*780***11:B:1*Y*A*Y*Y",
        "SE*17*0002",
        "GE*2*7",
        "IEA*1*000000101",
    ]
    assert [draft.problems for draft in drafts(X12_837P, again.encode())] == [(), ()]


def test_nothing_that_is_wanted_is_an_empty_file():
    assert excerpt(X12_837P, claims_file(claim()), [7]) == b""

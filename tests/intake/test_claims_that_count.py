"""Of several X12 claims under one number the one that counts is taken, if all are of one patient."""

import pytest

from coding.intake.drafts import Covers
from coding.intake.x12.file import X12_837P
from tests.intake.samples import claim, claims_file, drafts, problems, read, reasons, texts

ORIGINAL, REPLACING, VOID = "11:B:1", "11:B:7", "11:B:8"


def changed(rows, old, new):
    return [row.replace(old, new) for row in rows]


def other(*, facility=ORIGINAL, number="C1"):
    """Another claim for the same patient: one more unit."""
    lines = ("SV1*HC:27256*620*UN*2***1~DTP*472*D8*20260112",)
    return changed(claim(number, lines=lines, facility=facility), f"M-{number}", "M-C1")


def units(content):
    return [line.units for draft in drafts(X12_837P, content) for line in draft.texts.service_lines]


def test_a_replacing_claim_counts_whichever_stands_first():
    assert units(claims_file(claim(), other(facility=REPLACING))) == ["2"]
    assert units(claims_file(other(facility=REPLACING), claim())) == ["2"]


def test_of_claims_that_replace_one_another_the_last_counts():
    assert units(claims_file(claim(), other(facility=REPLACING), claim(facility=REPLACING))) == [
        "1"
    ]


def test_an_original_behind_a_void_is_a_claim_of_its_own():
    void, original = drafts(X12_837P, claims_file(claim(facility=VOID), claim()))
    assert (void.texts.covers, original.texts.covers) == (Covers.WITHDRAWN, Covers.ALL)


def test_a_claim_that_replaces_another_under_a_number_of_its_own_says_which():
    replacing = other(number="C2", facility=REPLACING)
    content = claims_file(claim(), [*replacing[:6], "REF*F8*C1", *replacing[6:]])
    assert [draft.texts.external_id for draft in drafts(X12_837P, content)] == ["C2"]
    assert "replaces it" in reasons(X12_837P, content)[0]


@pytest.mark.parametrize("facility", [REPLACING, VOID])
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("*MI*M-C1", "*MI*M-C9", "M-C1 and M-C9"),
        ("*MI*M-C1", "", "M-C1 and no patient"),
        (
            "D8*20251220*F",
            "D8*20191220*F",
            "M-C1, born 2025-12-20, sex F and M-C1, born 2019-12-20",
        ),
    ],
)
def test_a_claim_that_replaces_or_takes_back_anothers_patients_claim_is_rejected_with_it(
    facility, old, new, words
):
    taking = changed(other(number="C2", facility=facility), old, new)
    content = claims_file(claim(), [*taking[:6], "REF*F8*C1", *taking[6:]])
    told = problems(X12_837P, content)
    assert len(told) == 2
    assert all(part in str(told) for part in words.split(" and "))
    assert str(told).count("different patients") == 2


def test_a_replacement_agrees_with_what_its_original_does_not_tell():
    taking = changed(other(number="C2", facility=REPLACING), "DMG*D8*20251220*F", "DMG*D8*20251220")
    content = claims_file(claim(), [*taking[:6], "REF*F8*C1", *taking[6:]])
    assert [draft.texts.external_id for draft in drafts(X12_837P, content)] == ["C2"]


def test_a_void_tells_whose_claim_it_takes_back():
    [void] = drafts(X12_837P, claims_file(claim(facility=VOID)))
    assert (void.texts.patient_reference, void.texts.birth_date) == ("M-C1", "2025-12-20")
    assert void.texts.insured_number
    assert void.texts.service_lines == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("*MI*M-C1", "*MI*M-C2", "M-C1 and M-C2"),
        ("D8*20251220*F", "D8*20191220*F", "born 2025-12-20, sex F and M-C1, born 2019-12-20"),
        ("D8*20251220*F", "D8*20251220*M", "sex F and M-C1, born 2025-12-20, sex M"),
        ("SAMPLE*INFANT", "SAMPLE*TWIN", "under 2 names"),
    ],
)
def test_claims_of_one_number_for_two_patients_are_both_rejected(old, new, words):
    told = problems(X12_837P, claims_file(claim(), changed(other(facility=REPLACING), old, new)))
    assert len(told) == 2
    assert all(field == "patient_reference" and words in text for _, field, text in told)


def test_what_one_claim_does_not_tell_of_its_patient_contradicts_nothing():
    content = claims_file(
        claim(), changed(other(facility=REPLACING), "DMG*D8*20251220*F", "DMG*D8**U")
    )
    assert problems(X12_837P, content) == []


def test_claims_without_a_number_are_not_compared():
    content = claims_file(
        changed(claim("C1"), "CLM*C1", "CLM*"), changed(claim("C2"), "CLM*C2", "CLM*")
    )
    assert [draft.problems for draft in drafts(X12_837P, content)] == [(), ()]


def test_a_day_of_the_claim_counts_where_its_lines_tell_none():
    rows = claim(lines=("SV1*HC:27256*620*UN*1***1",))
    assert (
        texts(X12_837P, claims_file([*rows[:6], "DTP*472*D8*20260113", *rows[6:]])).date_of_service
        == "2026-01-13"
    )
    rows = claim()
    assert (
        texts(X12_837P, claims_file([*rows[:6], "DTP*472*D8*20260113", *rows[6:]])).date_of_service
        == "2026-01-12"
    )


@pytest.mark.parametrize(
    "around", [(b"\x0b", b"\x1c\r"), (b"", b"\x1a"), (b"\xef\xbb\xbf \n", b"\0\0")]
)
def test_frames_and_marks_around_an_interchange_are_passed_over(around):
    content = around[0] + claims_file(claim()) + around[1]
    assert X12_837P.sniff(content)
    assert len(read(X12_837P, content)) == 1


@pytest.mark.parametrize(("told", "sex"), [("A", "O"), ("X", "O"), ("N", "U"), ("", ""), ("Q", "")])
def test_a_sex_that_is_none_of_the_letters_is_no_fault_of_the_claim(told, sex):
    [draft] = drafts(X12_837P, claims_file(changed(claim(), "*20251220*F", f"*20251220*{told}")))
    assert (draft.texts.sex, draft.problems) == (sex, ())
    assert any("sex Q" in remark.text for remark in draft.remarks) == (told == "Q")


@pytest.mark.parametrize("told", ["2025", "00000000", "20250230"])
def test_a_birth_date_that_is_no_day_is_left_out_and_told(told):
    [draft] = drafts(X12_837P, claims_file(changed(claim(), "20251220", told)))
    assert (draft.texts.birth_date, draft.problems) == ("", ())
    assert f"birth date {told}" in draft.remarks[0].text

"""Segments of X12 files, and which claim of several counts: delimiters, wrapped lines, replacements and voids."""

import io

import pytest

from coding.intake.drafts import BEGINNING, Covers
from coding.intake.index_file import IndexFile
from coding.intake.scattered import surveyed
from coding.intake.x12 import segments as x12_segments
from coding.intake.x12.file import X12_837P
from coding.intake.x12.patient import ClaimPatient, are_different, in_words
from coding.intake.x12.segments import segments
from coding.tables.errors import FileError
from tests.intake.samples import (
    claim,
    claims_file,
    drafts,
    interchange,
    read,
    reasons,
    transaction,
    x12,
)

GOOD = interchange(transaction(claim("C1")))


def ids(content):
    return [segment.id for segment in segments(io.BytesIO(content))]


IDS = [line.split("*")[0] for line in GOOD]


# Segments.


@pytest.mark.parametrize("after", ["", "\n", "\r\n", "\n  "])
@pytest.mark.parametrize("signs", ["*:~", "|>'", "+^\x1c", "*:\n"])
def test_an_interchange_names_its_own_delimiters(signs, after):
    assert ids(x12(*GOOD, signs=signs, after=after)) == IDS


@pytest.mark.parametrize("block", [1, 7, 100])
def test_it_does_not_matter_how_much_is_read_at_once(block, monkeypatch):
    monkeypatch.setattr(x12_segments, "BLOCK", block)
    content = x12(*GOOD, *GOOD)
    assert ids(content) == IDS * 2


@pytest.mark.parametrize("length", [80, 100])
def test_lines_that_end_in_the_middle_of_segments_are_joined(length):
    whole = x12(*GOOD, after="")
    wrapped = b"\r\n".join(whole[at : at + length] for at in range(0, len(whole), length))
    assert ids(wrapped) == IDS


def test_a_segment_knows_where_it_stands():
    content = x12(*GOOD)
    second = list(segments(io.BytesIO(content)))[1]
    assert (second.number, second.place) == (2, "segment 2 (GS)")
    assert content[second.offset : second.end].strip(b"\n~") == GOOD[1].encode()
    assert (second.element(1), second.element(99), second.components(99)) == ("HC", "", [""])


def test_each_interchange_may_have_delimiters_of_its_own():
    content = x12(*GOOD) + b"\r\n\x1a" + x12(*GOOD, signs="|>'") + b"\0\0"
    assert ids(content) == IDS * 2


@pytest.mark.parametrize(
    ("old", "new"),
    [("ISA*", "ISA"), ("*T*:~", "*T*"), ("*T*:~", "*T*A~"), ("*T*:~", "*T**~"), ("*T*:~", "*T*:7")],
)
def test_a_header_that_names_no_usable_delimiters_is_refused(old, new):
    content = x12(*GOOD[:1]).replace(old.encode(), new.encode(), 1)
    with pytest.raises(
        FileError, match=r"Segment 1 (is no complete ISA segment|\(ISA\) names delimiters)"
    ):
        ids(content)


def test_a_segment_without_an_end_is_refused(monkeypatch):
    monkeypatch.setattr(x12_segments, "LONGEST_SEGMENT", 500)
    monkeypatch.setattr(x12_segments, "BLOCK", 100)
    content = x12(*GOOD[:2]) + b"x" * 1000
    with pytest.raises(FileError, match="Segment 3 has more than 500 characters and no end"):
        ids(content)


def test_a_survey_goes_on_from_where_it_was_cut_off(monkeypatch):
    monkeypatch.setattr("coding.intake.index_file.BATCH", 1)
    content = claims_file(claim("C1"), claim("C2"), claim("C3"))
    rows, kept = IndexFile(), []
    for _ in X12_837P.survey(io.BytesIO(content), rows):
        kept = list(rows.parts(1 << 20))
        break
    again = surveyed(X12_837P, io.BytesIO(content), IndexFile(kept))
    assert list(X12_837P.items(io.BytesIO(content), again, BEGINNING)) == read(X12_837P, content)


# Which claim of several counts.


def stated(number, state, replaces="", **options):
    """A claim that replaces (7) or takes back (8) one, which it may name by its number."""
    own = claim(number, facility=f"11:B:{state}", **options)
    at = next(at for at, segment in enumerate(own) if segment.startswith("CLM"))
    more = [f"REF*F8*{replaces}"] if replaces else []
    return [*own[: at + 1], *more, *own[at + 1 :]]


def test_a_replacement_counts_and_what_it_replaces_says_where_that_is():
    content = claims_file(claim("C1"), stated("C1", "7"))
    assert reasons(X12_837P, content) == [
        "The claim at segment 24 (CLM) replaces it or takes it back."
    ]
    [draft] = drafts(X12_837P, content)
    assert (draft.number, draft.texts.external_id) == (2, "C1")


def test_a_replacement_may_stand_before_its_original():
    content = claims_file(stated("C1", "7"), claim("C1"))
    assert [draft.number for draft in drafts(X12_837P, content)] == [1]


def test_a_void_takes_back_what_came_before_and_is_no_encounter():
    content = claims_file(claim("C1"), stated("C1", "8"))
    [draft] = drafts(X12_837P, content)
    assert (draft.texts.covers, draft.texts.external_id, draft.texts.service_lines) == (
        Covers.WITHDRAWN,
        "C1",
        (),
    )
    assert (draft.texts.patient_reference, draft.texts.birth_date) == ("M-C1", "2025-12-20")
    assert draft.remarks == ()


@pytest.mark.parametrize(("state", "what"), [("7", "replaces"), ("8", "takes back")])
def test_a_claim_under_another_number_says_which_one_it_is_for(state, what):
    later = [line.replace("M-C2", "M-C1") for line in stated("C2", state, replaces="C1")]
    content = claims_file(claim("C1"), later)
    assert len(reasons(X12_837P, content)) == 1
    [draft] = drafts(X12_837P, content)
    assert draft.remarks[0].text == (
        f"It {what} the claim C1. If that came here before, it stays: see by hand what becomes of it."
    )
    assert draft.texts.takes_back == ("C1" if state == "8" else "")


def test_a_number_of_its_own_names_no_other_and_an_original_replaces_nothing():
    [draft] = drafts(X12_837P, claims_file(stated("C1", "7", replaces="C1")))
    assert draft.remarks == ()
    [draft] = drafts(X12_837P, claims_file(stated("C1", "1", replaces="C9")))
    assert draft.remarks == ()


def test_a_claim_that_replaces_another_patients_is_rejected_with_it():
    content = claims_file(claim("C1"), stated("C2", "7", replaces="C1"))
    first, second = drafts(X12_837P, content)
    assert first.problems[0].text == (
        "It and the claim at segment 24 (CLM), of which one replaces the other or takes it back, are of different"
        " patients: M-C1 and M-C2. Correct the patient, or the number in REF*F8."
    )
    assert second.problems[0].text.startswith("It and the claim at segment 13 (CLM), of which")
    assert (second.problems[0].field, second.problems[0].value) == ("patient_reference", "C2")


def test_claims_of_one_number_from_two_billers_are_two():
    own = transaction(claim("C1"))
    other = [
        line.replace("1999999984", "1888888886")
        for line in transaction(stated("C1", "7"), number="0002")
    ]
    items = drafts(X12_837P, x12(*interchange(own, other)))
    assert [draft.texts.visit_authority for draft in items] == ["1999999984", "1888888886"]


# Patients in words.


def patient(reference="M1", born="2020-01-01", sex="F", name="ann roe"):
    return ClaimPatient(reference, born, sex, name)


def test_patients_differ_in_whatever_both_tell():
    assert patient().contradicts(patient("M2"))
    for other in (patient(born="2020-01-02"), patient(sex="M"), patient(name="bo roe")):
        assert patient().contradicts(other)
    silent = patient(born="", sex="", name="")
    assert not patient().contradicts(silent)
    assert not are_different([patient(), silent])
    assert are_different([silent, patient(), patient(sex="M")])


def test_patients_are_named_as_briefly_as_they_can_be_told_apart():
    assert in_words([patient(), patient("")]) == "M1 and no patient"
    assert in_words([patient(), patient(sex="")]) == (
        "M1, born 2020-01-01, sex F and M1, born 2020-01-01, sex not known"
    )
    assert in_words([patient(), patient(name="bo roe")]) == (
        "M1, born 2020-01-01, sex F, under 2 names"
    )

"""X12 837P claims come out as encounters; envelopes that do not add up are told; excerpts are valid again."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.intake.drafts import Covers, Draft, Layout, LineDraft
from coding.intake.x12.file import X12_837P
from coding.intake.x12.segments import segments
from coding.tables.errors import FileError
from tests.intake.samples import (
    brief,
    claim,
    claims_file,
    drafts,
    excerpt,
    interchange,
    problems,
    read,
    reasons,
    texts,
    transaction,
    x12,
)


def test_a_claim_is_read_with_patient_provider_payer_codes_and_pointers():
    encounter = texts(X12_837P, claims_file(claim("C1")))
    assert (
        encounter.external_id,
        encounter.patient_reference,
        encounter.birth_date,
        encounter.sex,
    ) == (
        "C1",
        "M-C1",
        "2025-12-20",
        "F",
    )
    assert (encounter.date_of_service, encounter.place_of_service) == ("2026-01-12", "11")
    assert (encounter.provider, encounter.payer, encounter.note) == (
        "ALEX TESTER",
        "EXAMPLE HEALTH PLAN",
        "",
    )
    assert encounter.diagnoses == ("Q65.02",)
    assert encounter.service_lines == (LineDraft("27256", ("LT",), "1", ("1",)),)
    assert encounter.places["date_of_service"] == "segment 18 (DTP)"


def test_a_dependent_is_the_patient_and_the_subscriber_lends_the_member_number():
    dependent = ["HL*3*2*23*0", "PAT*19", "NM1*QC*1*SAMPLE*CHILD", "DMG*D8*20240301*M"]
    rows = claim()
    encounter = texts(X12_837P, claims_file([*rows[:5], *dependent, *rows[5:]]))
    assert (encounter.patient_reference, encounter.birth_date, encounter.sex) == (
        "M-C1",
        "2024-03-01",
        "M",
    )


def test_the_billing_provider_stands_in_for_a_rendering_one_and_another_payers_provider_does_not():
    rows = [row for row in claim() if not row.startswith("NM1*82")]
    other = ["SBR*S*01*******12", "NM1*PR*2*OTHER PLAN*****PI*X", "NM1*82*1*OTHER*DOCTOR"]
    encounter = texts(X12_837P, claims_file([*rows[:7], *other, *rows[7:]]))
    assert (encounter.provider, encounter.payer) == ("EXAMPLE ORTHOPEDICS", "EXAMPLE HEALTH PLAN")


def test_notes_of_claim_and_line_become_the_note():
    rows = claim(lines=("SV1*HC:27256*620*UN*1***1~DTP*472*D8*20260112~NTE*ADD*HARNESS FITTED",))
    encounter = texts(X12_837P, claims_file([*rows[:7], "NTE*ADD*LEFT HIP DISLOCATED", *rows[7:]]))
    assert encounter.note == "LEFT HIP DISLOCATED\nHARNESS FITTED"


def test_minutes_of_anesthesia_are_no_units():
    encounter = texts(
        X12_837P, claims_file(claim(lines=("SV1*HC:01202:QK*827*MJ*61***1~DTP*472*D8*20260112",)))
    )
    assert encounter.service_lines[0].units == ""


@pytest.mark.parametrize("signs", ["*:~", "|^\n", "*>~", "\x1d\x1f\x1e", "+<'"])
@pytest.mark.parametrize("after", ["", "\n", "\r\n"])
def test_any_delimiters_and_line_ends_give_the_same_claims(signs, after):
    content = claims_file(claim("C1"), claim("C2"), signs=signs, after=after)
    content = content.replace(b"*0*T*:", f"{signs[0]}0{signs[0]}T{signs[0]}{signs[1]}".encode())
    assert brief(read(X12_837P, content)) == brief(
        read(X12_837P, claims_file(claim("C1"), claim("C2")))
    )


def test_a_claim_that_separates_components_otherwise_than_its_header_says_is_read():
    content = (
        claims_file(claim()).replace(b"HC:27256:LT", b"HC>27256>LT").replace(b"11:B:1", b"11>B>1")
    )
    assert texts(X12_837P, content.replace(b"ABK:", b"ABK>")).service_lines[0].modifiers == ("LT",)


def test_services_of_several_days_are_a_problem_that_names_the_days():
    lines = (
        "SV1*HC:27256*1*UN*1***1~DTP*472*D8*20260112",
        "SV1*HC:99213*1*UN*1***1~DTP*472*D8*20260119",
    )
    [draft] = drafts(X12_837P, claims_file(claim(lines=lines)))
    assert draft.texts.date_of_service == "2026-01-12"
    [problem] = draft.problems
    assert (problem.field, problem.value) == ("date_of_service", "2026-01-12, 2026-01-19")
    [(_, _, unread)] = problems(
        X12_837P, claims_file(claim(lines=(lines[0], lines[1].replace("0119", "0199"))))
    )
    assert unread.startswith("This cannot be read as a day of service.")
    same = "SV1*HC:27256*1*UN*1***1~DTP*472*RD8*20260112-20260112"
    assert texts(X12_837P, claims_file(claim(lines=(same,)))).date_of_service == "2026-01-12"


def test_icd_9_and_codes_that_are_no_hcpcs_are_told_with_their_segment():
    [(place, field, text)] = problems(X12_837P, claims_file(claim(diagnoses="BK:7543")))
    assert (place, field) == ("segment 14 (HI)", "diagnoses")
    assert "means ICD-9" in text
    [(place, field, _)] = problems(X12_837P, claims_file(claim(lines=("SV1*ER:27256*1*UN*1***1",))))
    assert (place, field) == ("segment 17 (SV1)", "service_lines")


def test_a_void_takes_an_earlier_claim_back_and_a_replacement_is_an_encounter():
    void, replacement = drafts(
        X12_837P, claims_file(claim("C1", facility="11:B:8"), claim("C2", facility="11:B:7"))
    )
    assert (void.texts.external_id, void.texts.covers) == ("C1", Covers.WITHDRAWN)
    assert (replacement.texts.external_id, replacement.texts.covers) == ("C2", Covers.ALL)


@pytest.mark.parametrize(
    ("transaction_set", "version", "words"),
    [
        ("837", "005010X223A2", "an institutional claim (837I)"),
        ("835", "005010X221A1", "a remittance advice (835)"),
    ],
)
def test_other_transactions_are_skipped_by_name_and_claims_behind_them_are_read(
    transaction_set, version, words
):
    other = [f"ST*{transaction_set}*0001*{version}", "CLM*X*1***11:B:1", "SE*3*0001"]
    content = x12(*interchange(other, transaction(claim("C1"), number="0002")))
    assert words in reasons(X12_837P, content)[0]
    assert texts(X12_837P, content).external_id == "C1"


def said_of(content: bytes) -> list[tuple[str, str]]:
    return [(place, text) for place, _, text in problems(X12_837P, content)]


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        (b"SE*17*0001", b"SE*20*0001", "segment 19 (SE)", "but there are 17"),
        (b"SE*17*0001", b"SE*17*0002", "segment 19 (SE)", "not that of segment 3 (ST), 0001"),
        (b"GE*1*7", b"GE*2*7", "segment 20 (GE)", "but there are 1"),
        (b"IEA*1*000000101", b"IEA*1*000000102", "segment 21 (IEA)", "not that of segment 1 (ISA)"),
    ],
)
def test_an_envelope_that_does_not_add_up_is_told_and_its_claims_are_read(old, new, place, words):
    content = claims_file(claim("C1")).replace(old, new)
    assert drafts(X12_837P, content)[0].texts.external_id == "C1"
    [(where, text)] = said_of(content)
    assert where == place
    assert words in text


def test_a_transaction_that_is_not_closed_is_told_and_the_next_one_is_read():
    content = x12(
        *interchange(transaction(claim("C1"))[:-1], transaction(claim("C2"), number="0002"))
    )
    assert [draft.texts.external_id for draft in drafts(X12_837P, content)] == ["C1", "", "C2"]
    assert (
        "segment 19 (ST)",
        "SE is missing before this segment. Export the file again.",
    ) in said_of(content)
    last = x12(*(row for row in interchange(transaction(claim("C1"))) if not row.startswith("SE")))
    assert (
        "segment 19 (GE)",
        "SE is missing before this segment. Export the file again.",
    ) in said_of(last)


def test_a_file_that_is_cut_off_brings_its_claims_marks_the_last_and_says_so():
    content = claims_file(claim("C1"), claim("C2"))
    read_so_far: list[Draft] = []
    with pytest.raises(FileError, match="without SE and GE and IEA: it is cut off"):
        read_so_far.extend(
            X12_837P.read(io.BytesIO(content[: content.rindex(b"SV1") + 10]), Layout())
        )
    first, second = read_so_far
    assert first.problems == ()
    assert "ends in the middle of this claim" in second.problems[-1].text


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"ISA", b"ISA*00*", b"ISA" + b"A" * 200, b"\x00" * 500]
)
def test_what_is_no_x12_is_refused(content):
    with pytest.raises(FileError):
        read(X12_837P, content)


def test_only_x12_is_taken_for_x12():
    assert X12_837P.sniff(claims_file(claim()))
    assert not X12_837P.sniff(b'{"resourceType": "Bundle"}')


def many_claims() -> bytes:
    """Two interchanges, several transactions, subscribers with dependents, a void and an envelope that is wrong."""
    dependent = ["HL*9*2*23*0", "PAT*19", "NM1*QC*1*SAMPLE*CHILD", "DMG*D8*20240301*M"]
    twin = claim("C3")
    first = interchange(
        transaction(claim("C1"), claim("C2", facility="11:B:8"), number="0001"),
        transaction([*twin[:5], *dependent, *twin[5:], *claim("C4")[5:]], number="0002"),
    )
    second = interchange(transaction(claim("C5"), claim("C6"), number="0003"), number="000000102")
    return x12(*first, *second)


MANY = many_claims()
CLAIMS = read(X12_837P, MANY)


@pytest.mark.parametrize("number", range(len(CLAIMS)))
def test_reading_goes_on_from_every_cursor(number):
    assert read(X12_837P, MANY, CLAIMS[number].after) == CLAIMS[number + 1 :]


@settings(deadline=None)
@given(wanted=st.sets(st.integers(1, len(CLAIMS)), min_size=1))
def test_an_excerpt_is_a_valid_file_of_the_wanted_claims(wanted):
    again = read(X12_837P, excerpt(X12_837P, MANY, wanted))
    assert brief(again) == brief(CLAIMS[number - 1] for number in sorted(wanted))


def test_an_excerpt_numbers_its_loops_from_one_and_points_to_their_parents():
    last = len(CLAIMS)
    loops = [
        segment.elements
        for segment in segments(io.BytesIO(excerpt(X12_837P, MANY, [3, 4, last])))
        if segment.id == "HL"
    ]
    assert [(loop[1], loop[2]) for loop in loops] == [
        ("1", ""),
        ("2", "1"),
        ("3", "2"),
        ("1", ""),
        ("2", "1"),
    ]


def test_characters_are_utf_8_or_windows_1252_with_their_letters_shown_and_otherwise_told():
    segments_of_claim = claim("C1")
    written = claims_file(
        [*segments_of_claim[:6], "NTE*ADD*Fièvre, l’enfant", *segments_of_claim[6:]]
    ).decode()
    [utf_8] = drafts(X12_837P, written.encode())
    [windows] = drafts(X12_837P, written.encode("cp1252"))
    assert windows.texts == utf_8.texts
    assert "“Fièvre,”, “l’enfant”" in windows.remarks[0].text
    [macintosh] = drafts(X12_837P, written.encode("mac_roman"))
    assert "does not look like Windows-1252" in macintosh.problems[0].text


def test_an_interchange_that_only_acknowledges_another_is_named():
    content = interchange().copy()
    only = [content[0], "TA1*000000101*260101*0900*A*000", f"IEA*0*{content[-1].split('*')[2]}"]
    assert reasons(X12_837P, x12(*only)) == [
        "This is an acknowledgment of an interchange (TA1), no professional claim (837P) of 5010."
    ]

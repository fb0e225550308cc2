"""The one check: what is right becomes a record, what is wrong is named with its field, its value and what to do."""

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.intake.check import LABELS, check
from coding.intake.drafts import EncounterTexts, LineDraft
from coding.intake.records import EncounterRecord, ServiceLineRecord
from tests.intake.encounters import TODAY, SomeCodes, texts


def problems(**changes):
    result = check(texts(**changes), SomeCodes(), TODAY)
    assert isinstance(result, tuple), result
    return result


def line(**changes):
    parts = {
        "code": "27256",
        "modifiers": ("LT",),
        "units": "1",
        "diagnosis_pointers": ("1",),
        **changes,
    }
    return {"service_lines": (LineDraft(**parts),)}


def test_a_good_encounter_becomes_a_record():
    assert check(texts(), SomeCodes(), TODAY) == EncounterRecord(
        external_id="V-1001",
        patient_reference="MRN-7",
        date_of_service=date(2026, 5, 31),
        place_of_service="22",
        provider="Dr. Example",
        note="Left hip, + Ortolani.\nPavlik harness put on.",
        birth_date=date(2026, 1, 15),
        sex="F",
        payer="Example Health",
        diagnoses=("Q65.02", "Q65.5"),
        service_lines=(ServiceLineRecord("27256", ("LT",), 1, (1, 2)),),
    )


def test_blanks_around_texts_and_lower_case_codes_do_not_matter_but_a_note_stays_as_it_is():
    loose = texts(
        external_id=" V-1001 ",
        sex="f",
        date_of_service=" 2026-05-31",
        place_of_service="22 ",
        diagnoses=("q65.02",),
        service_lines=(LineDraft("l1620 ", ("lt",), "", ()),),
        note="  + Barlow\t\r\n",
    )
    record = check(loose, SomeCodes(), TODAY)
    assert (record.external_id, record.sex, record.place_of_service) == ("V-1001", "F", "22")
    assert (record.date_of_service, record.diagnoses) == (date(2026, 5, 31), ("Q65.02",))
    assert record.service_lines == (ServiceLineRecord("L1620", ("LT",)),)
    assert record.note == "  + Barlow\t\r\n"


def test_what_may_be_left_out():
    record = check(
        texts(birth_date="", sex="", payer="", note="", diagnoses=(), service_lines=()),
        SomeCodes(),
        TODAY,
    )
    assert (record.birth_date, record.sex, record.payer, record.note) == (None, "U", "", "")


@pytest.mark.parametrize("field", ["date_of_service", "birth_date"])
@pytest.mark.parametrize("day", ["0001-01-01", "1026-05-31", "1899-12-31"])
def test_a_day_before_1900_is_a_slip_and_is_refused(field, day):
    [problem] = problems(**{field: day})
    assert (problem.field, problem.value) == (field, day)
    assert problem.text.endswith("it lies before 1900. Correct the year.")


def test_the_first_day_of_1900_can_be_meant():
    assert check(texts(birth_date="1900-01-01"), SomeCodes(), TODAY).birth_date == date(1900, 1, 1)


@pytest.mark.parametrize(
    ("changes", "field", "value", "words"),
    [
        ({"external_id": " "}, "external_id", "", "External id: it is missing"),
        ({"patient_reference": ""}, "patient_reference", "", "Fill it in"),
        ({"provider": ""}, "provider", "", "Fill it in"),
        ({"date_of_service": ""}, "date_of_service", "", "Fill it in"),
        ({"external_id": "x" * 61}, "external_id", "x" * 60, "61 characters. Shorten it to 60"),
        ({"patient_reference": "x" * 61}, "patient_reference", "x" * 60, "60 at most"),
        ({"provider": "x" * 121}, "provider", "x" * 60, "120 at most"),
        ({"payer": "x" * 121}, "payer", "x" * 60, "120 at most"),
        ({"note": "x" * 100_001}, "note", "x" * 60, "100,000 at most"),
        ({"provider": "Dr.\0Who"}, "provider", "U+0000", "character 4 is U+0000"),
        ({"provider": "Dr.\nWho"}, "provider", "U+000A", "Take it out"),
        ({"note": "a\0"}, "note", "U+0000", "character 2 is U+0000"),
        ({"note": "a\x85"}, "note", "U+0085", "Take it out"),
        ({"note": "\ud800"}, "note", "U+D800", "character 1"),
        ({"payer": "\udfff"}, "payer", "U+DFFF", "Take it out"),
        (
            {"date_of_service": "31.05.2026"},
            "date_of_service",
            "31.05.2026",
            "Write year-month-day",
        ),
        ({"date_of_service": "20260531"}, "date_of_service", "20260531", "Write year-month-day"),
        (
            {"date_of_service": "2026-W22-7"},
            "date_of_service",
            "2026-W22-7",
            "Write year-month-day",
        ),
        ({"date_of_service": "2026-02-30"}, "date_of_service", "2026-02-30", "no such day"),
        ({"date_of_service": "2026-07-01"}, "date_of_service", "2026-07-01", "lies in the future"),
        (
            {"birth_date": "2026-06-01"},
            "birth_date",
            "2026-06-01",
            "after the date of service, 2026-05-31",
        ),
        ({"sex": "female"}, "sex", "FEMALE", "Write F, M, O or U"),
        ({"place_of_service": "00"}, "place_of_service", "00", "two digits"),
        ({"place_of_service": "٢٢"}, "place_of_service", "٢٢", "two digits"),
        ({"diagnoses": ("Q65.02", "Q65.02")}, "diagnoses", "Q65.02", "twice"),
        (
            {"diagnoses": ("Q65.99", "Q65.02")},
            "diagnoses",
            "Q65.99",
            "no ICD-10-CM code of release FY2026",
        ),
        ({"diagnoses": ("Q65.0", "Q65.02")}, "diagnoses", "Q65.0", "is a category"),
        ({"diagnoses": ("Q6502", "Q65.02")}, "diagnoses", "Q6502", "shape of an ICD-10-CM code"),
        (
            {"date_of_service": "2024-05-31", "birth_date": ""},
            "diagnoses",
            "Q65.02",
            "release is loaded for 2024-05-31",
        ),
        (line(code="2725"), "service_lines", "2725", "shape of a procedure code"),
        (line(code=""), "service_lines", "", "shape of a procedure code"),
        (line(modifiers=("L",)), "service_lines", "L", "27256 has the modifier “L”"),
        (line(modifiers=("ß",)), "service_lines", "ß", "modifier “ß”"),
        (
            line(modifiers=("LT", "RT", "50", "76", "77")),
            "service_lines",
            "27256",
            "5 modifiers. Keep 4",
        ),
        (line(units="0"), "service_lines", "0", "from 1 to 999"),
        (line(units="1000"), "service_lines", "1000", "from 1 to 999"),
        (line(units="1.5"), "service_lines", "1.5", "from 1 to 999"),
        (line(diagnosis_pointers=("3",)), "service_lines", "3", "the list has 2"),
        (line(diagnosis_pointers=("0",)), "service_lines", "0", "the list has 2"),
        (
            line(diagnosis_pointers=("1", "2", "1", "2", "1")),
            "service_lines",
            "27256",
            "Keep 4 at most",
        ),
        (
            {"service_lines": (LineDraft("27256"),) * 51},
            "service_lines",
            "",
            "there are 51. Keep 50",
        ),
    ],
)
def test_one_fault_is_one_problem_that_names_field_value_and_remedy(changes, field, value, words):
    (problem,) = problems(**changes)
    assert (problem.field, problem.value) == (field, value)
    assert words in problem.text


def test_more_than_twelve_diagnoses_are_one_problem_and_nothing_is_looked_up_for_the_rest():
    codes = tuple(f"Q65.{number}" for number in range(10, 23))
    faults = problems(diagnoses=codes)
    assert "there are 13. Keep 12 at most" in faults[0].text
    assert codes[12] not in [problem.value for problem in faults]


def test_everything_wrong_is_reported_at_once_with_its_place_in_the_file():
    faults = problems(sex="x", provider="", places={"sex": "cell D17"})
    assert [(problem.field, problem.place) for problem in faults] == [
        ("provider", ""),
        ("sex", "cell D17"),
    ]


@pytest.mark.parametrize("place", ["02", "99", ""])
def test_any_place_of_service_of_two_digits_is_taken_and_formats_that_have_none_need_none(place):
    assert check(texts(place_of_service=place), SomeCodes(), TODAY).place_of_service == place


ANY_TEXT = st.text(st.sampled_from("aQ605.2X-1 \0\n\x85\ud800\udfff\ufffeß٢é'"), max_size=12)
ANY_LINE = st.builds(LineDraft, ANY_TEXT, st.tuples(ANY_TEXT), ANY_TEXT, st.tuples(ANY_TEXT))


@given(
    st.fixed_dictionaries(
        {},
        optional={
            **{
                field.name: ANY_TEXT
                for field in fields(EncounterTexts)
                if field.name in LABELS and field.name not in ("diagnoses", "service_lines")
            },
            "diagnoses": st.lists(ANY_TEXT, max_size=3).map(tuple),
            "service_lines": st.lists(ANY_LINE, max_size=2).map(tuple),
        },
    )
)
def test_whatever_the_texts_the_answer_is_a_record_that_can_be_stored_or_problems_that_can(changes):
    result = check(texts(**changes), SomeCodes(), TODAY)
    stored = (
        repr(result)
        if isinstance(result, EncounterRecord)
        else "".join(p.text + p.value for p in result)
    )
    assert "\0" not in stored
    stored.encode()

"""A checked encounter as plain values: when two say the same, what a later state keeps, and whose each is."""

from dataclasses import replace
from datetime import date

import pytest

from coding.intake.note_documents import LONGEST_KEPT, LONGEST_WORDS, NoteDocument, SupersededText
from coding.intake.records import (
    EncounterRecord,
    ServiceLineRecord,
    changed_fields,
    keeping_documents,
    record_from_data,
)
from coding.intake.whose import (
    Whose,
    are_two_patients,
    is_of_another_patient,
    is_of_another_visit,
    name_sum,
)

RECORD = EncounterRecord(
    external_id="V1",
    patient_reference="P1",
    date_of_service=date(2026, 5, 31),
    place_of_service="22",
    provider="Dr. A",
    note="Reduced.",
    birth_date=date(2026, 1, 15),
    sex="F",
    payer="Plan",
    diagnoses=("Q65.02",),
    service_lines=(ServiceLineRecord("12345", ("LT",), 2, (1,)),),
    patient_authority="H",
    visit_authority="CLINIC",
    name_sum="a1b2",
)


def signed(text="Reduced.", **changes):
    return replace(NoteDocument.written("Note", text, "2026-05-31", number="D1"), **changes)


# The same or another content.


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("external_id", "V2"),
        ("patient_reference", "P2"),
        ("date_of_service", date(2026, 6, 1)),
        ("place_of_service", "11"),
        ("provider", "Dr. B"),
        ("note", "Held."),
        ("birth_date", None),
        ("sex", "M"),
        ("payer", ""),
        ("diagnoses", ("Q65.01",)),
        ("service_lines", ()),
    ],
)
def test_another_value_of_a_field_is_another_content_and_named(field, value):
    other = replace(RECORD, **{field: value})
    assert other.content_hash != RECORD.content_hash
    assert changed_fields(RECORD, other) == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("patient_authority", "G"),
        ("visit_authority", ""),
        ("shared_reference", True),
        ("insured_number", True),
        ("name_sum", ""),
        ("superseded", (SupersededText("Note", "", "Old."),)),
    ],
)
def test_whose_it_is_and_what_was_superseded_are_no_part_of_the_content(field, value):
    other = replace(RECORD, **{field: value})
    assert other.content_hash == RECORD.content_hash
    assert changed_fields(RECORD, other) == []


@pytest.mark.parametrize(
    "line",
    [
        ServiceLineRecord("12346", ("LT",), 2, (1,)),
        ServiceLineRecord("12345", (), 2, (1,)),
        ServiceLineRecord("12345", ("LT",), 1, (1,)),
        ServiceLineRecord("12345", ("LT",), 2, ()),
    ],
)
def test_each_part_of_a_line_counts(line):
    assert replace(RECORD, service_lines=(line,)).content_hash != RECORD.content_hash


# Signatures.


def test_documents_that_are_all_signed_add_nothing():
    whole = replace(RECORD, documents=(signed(),))
    assert (whole.statuses, whole.content_hash) == ((), RECORD.content_hash)


def test_one_that_is_not_signed_or_not_stated_to_be_is_a_part_of_it():
    dictated = replace(RECORD, documents=(signed(unsigned="dictated", author="Bo"), signed()))
    assert dictated.statuses == (
        ("Note, 2026-05-31", "Bo", "dictated"),
        ("Note, 2026-05-31", "", ""),
    )
    assert dictated.content_hash != RECORD.content_hash
    assert changed_fields(RECORD, dictated) == ["documents"]
    silent = replace(RECORD, documents=(signed(not_stated=True),))
    assert silent.content_hash != RECORD.content_hash
    assert silent.hash_if_signed == RECORD.content_hash
    assert dictated.hash_if_signed == dictated.content_hash


def test_a_note_that_comes_again_without_its_documents_keeps_them():
    before = replace(RECORD, documents=(signed(unsigned="dictated"),))
    after = replace(RECORD, note=" Reduced. \n", payer="Other")
    kept = keeping_documents(after, before)
    assert (kept.documents, kept.note, kept.payer) == (before.documents, "Reduced.", "Other")
    otherwise = replace(RECORD, note="Held.")
    assert keeping_documents(otherwise, before) is otherwise
    told = replace(RECORD, documents=(signed(),))
    assert keeping_documents(told, before) is told


# As data.


def test_a_record_comes_back_from_its_data():
    superseded = (SupersededText("Note", "2026-05-30", "Old.", "Note", "2026-05-31"),)
    whole = replace(
        RECORD,
        documents=(signed(not_stated=True, author="Bo"),),
        superseded=superseded,
        shared_reference=True,
        insured_number=True,
    )
    again = record_from_data(whole.to_data())
    assert (again, again.superseded) == (whole, superseded)
    for name in (
        "patient_authority",
        "visit_authority",
        "name_sum",
        "shared_reference",
        "insured_number",
    ):
        assert getattr(again, name) == getattr(whole, name)
    bare = record_from_data(replace(RECORD, birth_date=None, service_lines=()).to_data())
    assert (bare.birth_date, bare.service_lines, bare.documents) == (None, (), ())


def test_data_from_before_there_were_registers_come_back_too():
    data = RECORD.to_data()
    for name in (
        "patient_authority",
        "shared_reference",
        "insured_number",
        "name_sum",
        "visit_authority",
    ):
        del data[name]
    again = record_from_data(data)
    assert again == RECORD
    assert (again.patient_authority, again.shared_reference, again.name_sum) == ("", False, "")


def test_words_of_a_document_are_kept_as_a_database_can_hold_them():
    odd = signed(kind="a\0" + "x" * 200, number="y" * 200)
    data = odd.to_data()
    assert (data["kind"][:2], len(data["kind"]), len(data["number"])) == (
        "a\ufffd",
        LONGEST_WORDS,
        LONGEST_WORDS,
    )
    assert "text" not in data
    old = SupersededText("Note", "", "a\0b\n" + "z" * LONGEST_KEPT).to_data()
    assert (old["text"][:4], len(old["text"])) == ("a\ufffdb\n", LONGEST_KEPT)


# Whose it is.


def whose(reference="P1", **changes):
    return Whose(reference)._replace(birth_date="2020-01-01", sex="F", **changes)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (whose(), whose()),
        (whose(), whose(authority="H")),
        # One thing that was corrected makes nobody else.
        (whose(), whose()._replace(sex="M")),
        (whose(), whose()._replace(birth_date="2020-01-02")),
        (whose(), Whose("P1")),
        (whose(insured=True), whose(insured=True, name_sum="a1")),
        (whose(insured=True), whose()._replace(birth_date="")),
    ],
)
def test_two_items_are_of_one_patient(first, second):
    assert not is_of_another_patient(first, second)
    assert not is_of_another_patient(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (whose(), whose("P2")),
        (whose(authority="H"), whose(authority="G")),
        (whose(), whose()._replace(sex="M", birth_date="2020-01-02")),
        (whose(insured=True), whose()._replace(sex="M")),
        (whose(insured=True), whose()._replace(birth_date="2020-01-02")),
        (whose(insured=True, name_sum="a1"), whose(name_sum="b2")),
        (whose(shared=True), whose()._replace(birth_date="")),
    ],
)
def test_two_items_are_of_two_patients(first, second):
    assert is_of_another_patient(first, second)
    assert is_of_another_patient(second, first)


def test_whose_an_encounter_is_is_told_by_its_texts():
    read = Whose.of(replace(RECORD, sex="U", patient_reference=" P1 "))
    assert (read.reference, read.authority, read.birth_date, read.sex) == (
        "P1",
        "H",
        "2026-01-15",
        "",
    )
    assert Whose.of(replace(RECORD, birth_date=None)).birth_date == ""


def test_a_patient_is_named_as_briefly_as_tells_them_apart():
    assert whose().shown_beside(whose("P2")) == "P1"
    assert whose(authority="H").shown_beside(whose(authority="G")) == "P1 of H"
    member, other = whose(insured=True, name_sum="a1"), whose(insured=True, name_sum="b2")
    assert member.shown_beside(other) == "P1, born 2020-01-01, sex F, under another name"
    older = other._replace(birth_date="")
    assert older.shown_beside(member) == "P1, born no known day, sex F"
    shared = whose(shared=True)
    assert shared.in_full == "P1, which is shared, born 2020-01-01, sex F"
    assert whose().in_full == "P1"


def test_some_items_are_of_two_patients_if_any_two_are():
    assert not are_two_patients([whose(), whose(authority="H")])
    assert are_two_patients([whose(), whose(authority="H"), whose(authority="G")])
    assert not are_two_patients([])


def test_a_visit_is_another_ones_only_if_two_authorities_are_named():
    assert is_of_another_visit("H", "G")
    assert not is_of_another_visit("H", "")


def test_a_name_has_a_sum_whatever_its_case_and_blanks():
    assert name_sum("Roe", "Ann") == name_sum(" ROE ", "ann ")
    assert name_sum("Roe", "Ann") != name_sum("Roe", "Bo")
    assert (len(name_sum("Roe", "")), name_sum(" ", "")) == (4, "")

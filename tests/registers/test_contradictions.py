"""An item that says otherwise of a patient than the register: it is told, and the register stays as it is."""

import pytest

from coding.actions import registers, uploads
from coding.importing import dry_run
from coding.models import Encounter, Patient
from coding.tables.csv_lines import write_line
from tests import factories, incoming
from tests.incoming import work

BORN = "Birth date 2026-01-16 differs from the register of patients, which has 2026-01-15. The register stays as it is."
SEX = "Sex M differs from the register of patients, which has F. The register stays as it is."


def visit(external_id, born="2026-01-15", sex="F", **changes):
    """A row that tells birth date and sex too."""
    return {**incoming.row(external_id, **changes), "birth_date": born, "sex": sex}


def checked(people, *rows):
    content = "".join(
        [write_line(rows[0]), *(write_line(cells.values()) for cells in rows)]
    ).encode()
    upload = factories.upload(people, content)
    work()
    return incoming.now(upload)


def imported(people, *rows):
    upload = checked(people, *rows)
    uploads.start_import(people["coder"], upload)
    work()
    return incoming.now(upload)


def remarks(upload):
    """The words of each row's remarks, in the order of the file."""
    return [[remark["text"] for remark in row.remarks] for row in upload.rows.all()]


@pytest.mark.parametrize(
    ("otherwise", "told"),
    [
        ({"born": "2026-01-16"}, [BORN]),
        ({"sex": "M"}, [SEX]),
        ({"born": "2026-01-16", "sex": "M"}, [BORN, SEX]),
        ({"born": "", "sex": ""}, []),
        ({"sex": "U"}, []),
    ],
)
def test_what_differs_from_the_register_is_a_remark_on_a_good_item(people, otherwise, told):
    imported(people, visit("V-1"))
    upload = checked(people, visit("V-2", **otherwise))
    assert remarks(upload) == [told]
    row = upload.rows.get()
    assert (row.state, row.has_remarks) == ("new", bool(told))


def test_the_register_is_not_overwritten_and_the_encounter_says_what_its_source_said(people):
    imported(people, visit("V-1"))
    imported(people, visit("V-2", born="2026-01-16", sex="M"))
    patient = Patient.objects.get()
    assert (str(patient.birth_date), patient.sex) == ("2026-01-15", "F")
    second = Encounter.objects.get(external_id="V-2")
    assert (str(second.birth_date), second.sex, second.patient) == ("2026-01-16", "M", patient)


def test_items_of_one_file_are_compared_with_the_first_of_their_patient(people):
    upload = checked(
        people, visit("V-1"), visit("V-2", born="2026-01-16"), visit("V-3", patient_reference="P-2")
    )
    assert remarks(upload) == [[], [BORN], []]


def test_what_a_later_portion_contradicts_is_told_by_the_import(people, monkeypatch):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", 1)
    monkeypatch.setattr("coding.actions.uploads.CHUNK_ROWS", 1)
    upload = imported(people, visit("V-1"), visit("V-2", born="2026-01-16"))
    assert remarks(upload) == [[], [BORN]]
    assert [row.has_remarks for row in upload.rows.all()] == [False, True]


def test_the_import_does_not_tell_again_what_the_dry_run_told(people):
    imported(people, visit("V-1"))
    assert remarks(imported(people, visit("V-2", born="2026-01-16"))) == [[BORN]]


def test_a_row_that_nothing_contradicts_keeps_its_remarks_untouched(people):
    upload = imported(people, visit("V-1"), visit("V-2"))
    assert remarks(upload) == [[], []]


def test_of_a_merged_patient_the_survivor_says_what_is_known(people):
    imported(people, visit("V-1"), visit("V-2", born="", sex="", patient_reference="P-2"))
    kept, merged = Patient.objects.order_by("identifier")
    registers.merge(people["administrator"], [merged], kept, "One child with two numbers.")
    upload = checked(people, visit("V-3", born="2026-01-16", patient_reference="P-2"))
    assert remarks(upload) == [[BORN]]


def test_a_correction_of_the_birth_date_at_the_source_is_told_too(people):
    imported(people, visit("V-1"))
    upload = imported(people, visit("V-1", born="2026-01-16"))
    assert incoming.states(upload) == ["corrected"]
    assert remarks(upload) == [[BORN]]


def test_a_note_that_comes_alone_keeps_the_patient_of_its_encounter(people):
    imported(people, visit("V-1", note=""))
    imported(people, visit("V-1", note="Left hip out."))
    assert Patient.objects.count() == 1

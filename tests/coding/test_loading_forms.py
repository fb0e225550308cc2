"""Forms that take tables of others: a fee schedule, and the files of a table for claims."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from coding.admin.claim_tables import TableFileForm
from coding.admin.fee_schedules import FeeFileForm
from coding.reference.fee_file import LARGEST_FILE


def file(name="table.txt", content=b"x"):
    return SimpleUploadedFile(name, content)


def table_form(*files, **written):
    data = {"table": "ncci", "program": "medicare", **written}
    return TableFileForm(data, {"file": list(files)} if files else {})


def choices(form, name):
    return [value for value, _ in form.fields[name].choices]


# A table for claims.


def test_the_parts_of_a_quarter_are_chosen_together():
    table = choices(TableFileForm(), "table")[0]
    form = table_form(file("part1.txt"), file("part2.txt"), table=table)
    assert form.is_valid(), form.errors
    assert [part.name for part in form.cleaned_data["file"]] == ["part1.txt", "part2.txt"]
    assert "multiple" in str(form["file"])


def test_a_file_is_needed_and_has_something_in_it():
    assert "file" in table_form().errors
    assert "file" in table_form(file(), file(content=b"")).errors


def test_together_they_are_no_larger_than_the_server_takes(settings):
    settings.UPLOAD_BYTES = 4
    table = choices(TableFileForm(), "table")[0]
    assert table_form(file(content=b"12"), file(content=b"34"), table=table).is_valid()
    form = table_form(file(content=b"12"), file(content=b"345"), table=table)
    [refusal] = form.errors["file"]
    assert refusal.startswith("Together they are larger than 4")
    assert refusal.endswith("Load them by the command.")


def test_a_look_is_what_is_offered_first_and_a_day_may_be_told_by_the_files():
    form = TableFileForm()
    assert form["only_look"].value() is True
    assert form["valid_from"].value() is None
    assert not form.fields["valid_from"].required


def test_a_day_that_cannot_be_meant_is_refused_on_both_forms():
    refusal = ["1026-01-01 lies before 1900. Correct the year."]
    assert table_form(file(), valid_from="1026-01-01").errors["valid_from"] == refusal
    fees = FeeFileForm({"valid_from": "1026-01-01"}, {"file": file("fees.csv")})
    assert fees.errors == {"valid_from": refusal}


# A fee schedule.


def test_a_fee_schedule_is_kept_as_bytes_with_its_name_which_may_tell_its_day():
    form = FeeFileForm({"valid_from": "2026-01-01"}, {"file": file("PPRRVU26_JAN.csv", b"a,b")})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["file"] == b"a,b"
    assert form.file_name == "PPRRVU26_JAN.csv"
    assert form.cleaned_data["valid_from"] == date(2026, 1, 1)


def test_a_file_of_more_than_20_mb_is_refused_before_it_is_read():
    large = file("fees.csv")
    large.size = LARGEST_FILE + 1
    assert FeeFileForm({}, {"file": large}).errors == {
        "file": ["The file is larger than 20 MB. Split it by release."]
    }
    large.size = LARGEST_FILE
    assert FeeFileForm({}, {"file": large}).is_valid()

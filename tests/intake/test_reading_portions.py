"""A file is read in portions: together they are the whole file, whoever reads the next one."""

import pytest

from coding.actions import uploads
from coding.importing import reading
from coding.importing.reading import read_on
from coding.intake.drafts import BEGINNING
from coding.intake.formats import FORMATS
from coding.models import Upload
from tests import factories
from tests.incoming import bad_row, row, table
from tests.intake import samples

ROWS = [row("V-1"), bad_row("V-2"), row("V-3", note="Two\nlines."), row("V-4"), row("V-5")]


def workbook():
    return FORMATS["xlsx"].table.template()


FILES = {
    "csv": table(*ROWS),
    "x12": samples.claims_file(*(samples.claim(f"V{number}") for number in range(5))),
    "hl7": b"".join(samples.dft(f"V{number}", control=str(number)) for number in range(5)),
    "ndjson": samples.ndjson(
        *samples.visit_resources("1").values(), *samples.visit_resources("2").values()
    ),
    "fhir": samples.bundle(
        *samples.visit_resources("1").values(), *samples.visit_resources("2").values()
    ),
    "xlsx": workbook(),
}


def kept(people, format_key, content):
    return uploads.receive(people["coder"], [content], format_key, "his")


def whole(upload):
    return read_on(upload, BEGINNING, 1000).items


def in_portions(upload, most, between=lambda: None):
    """All items, read so many at a time."""
    items, after, ended = [], BEGINNING, False
    while not ended:
        portion = read_on(upload, after, most)
        assert len(portion.items) <= most
        items += portion.items
        after, ended = portion.after, portion.ended
        between()
    return items


@pytest.mark.parametrize("format_key", FILES)
@pytest.mark.parametrize("most", [1, 2, 5])
def test_the_portions_together_are_the_file(people, format_key, most):
    upload = kept(people, format_key, FILES[format_key])
    items = whole(upload)
    assert items
    assert [item.number for item in items] == list(range(1, len(items) + 1))
    assert in_portions(upload, most) == items


@pytest.mark.parametrize("format_key", FILES)
def test_another_worker_goes_on_where_the_last_one_ended(people, format_key):
    """A process that read another file in between has nothing of this one in hand."""
    upload, other = kept(people, format_key, FILES[format_key]), kept(people, "csv", FILES["csv"])
    items = whole(upload)
    assert in_portions(upload, 1, between=lambda: read_on(other, BEGINNING, 1)) == items


def test_two_files_that_are_read_by_turns_do_not_mix(people):
    first, second = (
        kept(people, "csv", FILES["csv"]),
        kept(people, "csv", table(row("W-1"), row("W-2"))),
    )
    begun = read_on(first, BEGINNING, 1)
    ids = [item.texts.external_id for item in whole(second)]
    rest = read_on(first, begun.after, 10)
    assert ids == ["W-1", "W-2"]
    assert [item.texts.external_id for item in rest.items] == ["V-2", "V-3", "V-4", "V-5"]


def test_a_portion_that_was_read_can_be_read_again(people):
    upload = kept(people, "csv", FILES["csv"])
    first = read_on(upload, BEGINNING, 2)
    again = read_on(upload, BEGINNING, 2)
    assert again == first
    assert [item.number for item in read_on(upload, first.after, 2).items] == [3, 4]


def test_a_portion_ends_early_where_its_notes_are_long(people, monkeypatch):
    monkeypatch.setattr(reading, "MOST_CHARACTERS", 30)
    upload = kept(
        people, "csv", table(row("V-1", note="x" * 20), row("V-2", note="x" * 20), row("V-3"))
    )
    portion = read_on(upload, BEGINNING, 1000)
    assert [item.texts.external_id for item in portion.items] == ["V-1", "V-2"]
    assert not portion.ended


def test_a_portion_ends_early_where_it_takes_long(people, monkeypatch):
    monkeypatch.setattr(reading, "PORTION_SECONDS", -1.0)
    upload = kept(people, "csv", FILES["csv"])
    assert len(read_on(upload, BEGINNING, 1000).items) == 1
    assert len(in_portions(upload, 1000)) == len(ROWS)


def test_a_file_that_cannot_be_read_further_ends_with_why_and_with_what_was_read(people):
    upload = kept(people, "csv", table(row("V-1")) + b"V-2,P,2026-05-31,11,Dr. Falk,,caf\x81,,\n")
    portion = read_on(upload, BEGINNING, 1000)
    assert portion.ended
    assert "UTF-8" in portion.problem
    assert portion.items[0].texts.external_id == "V-1"


def test_a_file_that_cannot_be_read_at_all_holds_nothing(people):
    upload = kept(people, "csv", b"\n\n")
    portion = read_on(upload, BEGINNING, 1000)
    assert (portion.items, portion.after, portion.ended) == ([], BEGINNING, True)
    assert portion.problem.startswith("The file is empty.")


def test_columns_that_were_matched_are_read_as_they_were_matched(people):
    upload = factories.upload(
        people, b"Visit,Patient,Day,POS,Seen by,Text\nV-1,P-1,31.05.2026,11,Dr. Falk,Out.\n"
    )
    columns = dict(
        zip(reading_order(), ("Visit", "Patient", "Day", "POS", "Seen by", "Text"), strict=True)
    )
    Upload.objects.filter(pk=upload.pk).update(layout={"columns": columns, "date_order": "dmy"})
    upload.refresh_from_db()
    [draft] = whole(upload)
    assert (draft.texts.external_id, draft.texts.date_of_service) == ("V-1", "2026-05-31")
    assert draft.texts.note == "Out."


def reading_order():
    return (
        "external_id",
        "patient_reference",
        "date_of_service",
        "place_of_service",
        "provider",
        "note",
    )


@pytest.mark.parametrize("format_key", ["hl7", "ndjson", "fhir"])
def test_a_file_that_was_read_to_its_end_is_not_held_open(people, format_key):
    upload = kept(people, format_key, FILES[format_key])
    whole(upload)
    assert upload.public_id not in reading._open

"""The look at a table's columns: known, or to be matched by a person, who is shown the first rows."""

import pytest

from coding.actions import uploads
from coding.importing.look import preview_of
from coding.intake.column_names import FIELDS, PREVIEW_ROWS, PROBLEM_COLUMN
from coding.intake.drafts import Layout
from coding.intake.formats import FORMATS
from coding.models import SourceLayout
from tests import factories, incoming
from tests.incoming import work

HEADER, ROW = incoming.FOREIGN.splitlines()


def sent(people, content, source="his"):
    upload = factories.upload(people, content.encode(), source=source)
    work()
    return incoming.now(upload)


def match(people, upload, **changes):
    uploads.match_columns(
        people["coder"], upload, Layout({**incoming.FOREIGN_COLUMNS, **changes}, "mdy")
    )
    work()


@pytest.mark.parametrize(
    "header",
    [
        ",".join(FIELDS),
        ",".join(reversed(FIELDS)),
        ",".join(FIELDS).upper(),
        ",".join(f" {name} " for name in FIELDS),
        ",".join([PROBLEM_COLUMN, *FIELDS]),
    ],
    ids=[
        "as in the template",
        "in another order",
        "in capitals",
        "with blanks",
        "with what was wrong",
    ],
)
def test_the_columns_of_the_template_are_known(people, header):
    upload = sent(people, f"{header}\n")
    assert not upload.waits_for_columns
    assert upload.layout == {"columns": {}, "date_order": "ymd", "numbered": {}, "sheet": ""}


def test_a_column_that_the_template_lacks_is_asked_for(people):
    upload = sent(people, ",".join([*FIELDS, "ward"]) + "\n")
    assert upload.waits_for_columns


def test_who_matches_columns_sees_the_header_and_the_first_rows(people):
    rows = [ROW.replace("V-1", f"V-{number}") for number in range(PREVIEW_ROWS + 3)]
    upload = sent(people, "\n".join([HEADER, *rows]))
    preview = preview_of(upload)
    assert preview.headers == tuple(HEADER.split(","))
    assert [cells[1] for cells in preview.rows] == [f"V-{number}" for number in range(PREVIEW_ROWS)]


def test_of_a_long_note_only_the_beginning_is_shown(people):
    upload = sent(people, f"{HEADER}\n{ROW.replace('Left hip out.', 'x' * 5000)}\n")
    assert [len(cell) for cell in preview_of(upload).rows[0]][-1] == 200


def test_what_no_database_takes_is_shown_with_a_sign_in_its_place(people):
    upload = sent(people, f"{HEADER}\n{ROW.replace('Left hip', 'Left' + chr(1) + 'hip')}\n")
    assert preview_of(upload).rows[0][-1] == "Left\N{REPLACEMENT CHARACTER}hip out."


def test_before_a_worker_has_looked_there_is_nothing_to_show(people):
    upload = factories.upload(people, incoming.FOREIGN.encode())
    preview = preview_of(upload)
    assert (preview.headers, preview.rows) == ((), ())


def test_a_table_whose_header_cannot_be_read_says_so_after_its_check(people):
    upload = sent(people, "\n\n")
    assert not upload.waits_for_columns
    assert upload.problem.startswith("The file is empty.")
    assert incoming.states(upload) == []


def test_the_next_file_of_a_source_is_read_as_its_last_one_was_matched(people):
    match(people, sent(people, incoming.FOREIGN))
    again = sent(people, incoming.FOREIGN.replace("V-1", "V-2"))
    assert again.layout == {
        "columns": incoming.FOREIGN_COLUMNS,
        "date_order": "mdy",
        "numbered": {},
        "sheet": "",
    }
    assert incoming.states(again) == ["new"]


def test_what_was_matched_counts_although_a_file_has_more_columns_in_another_order(people):
    match(people, sent(people, incoming.FOREIGN))
    header = "Ward,Narrative,Seen by,POS,DOS,Visit number,MRN"
    again = sent(people, f"{header}\nB2,Left hip out.,Dr. Falk,11,05/31/2026,V-2,P-1\n")
    assert incoming.states(again) == ["new"]
    assert again.rows.get().record["patient_reference"] == "P-1"


def test_a_file_that_lacks_a_matched_column_is_matched_anew(people):
    match(people, sent(people, incoming.FOREIGN))
    again = sent(people, incoming.FOREIGN.replace("DOS", "Date"))
    assert again.waits_for_columns
    match(people, again, date_of_service="Date")
    assert SourceLayout.objects.get().layout["columns"]["date_of_service"] == "Date"


def test_what_was_matched_for_one_source_says_nothing_of_another(people):
    match(people, sent(people, incoming.FOREIGN))
    assert sent(people, incoming.FOREIGN, source="clinic").waits_for_columns


def test_a_file_with_our_own_columns_is_read_by_them_whatever_was_matched_for_its_source(people):
    match(people, sent(people, incoming.FOREIGN))
    upload = incoming.checked(people, incoming.row("V-7"))
    assert (upload.layout["columns"], incoming.states(upload)) == ({}, ["new"])


def test_a_workbooks_columns_are_looked_at_as_those_of_a_csv_file(people):
    content = FORMATS["xlsx"].table.template()
    upload = uploads.receive(people["coder"], [content], "xlsx", "his")
    work()
    upload = incoming.now(upload)
    assert preview_of(upload).headers == FIELDS
    assert upload.check_job is not None

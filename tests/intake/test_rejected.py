"""The rejected part of a file: what was rejected and nothing else, with why, in a file that can be sent again."""

import pytest
from django.urls import reverse

from coding.actions import uploads
from coding.importing import rejected
from coding.importing.look import preview_of, proposed
from coding.importing.rejected import RejectedRows, rejected_file
from coding.intake.drafts import Layout
from coding.models import RowState, UploadRow
from coding.tables.csv_lines import read_lines
from tests import factories, incoming
from tests.incoming import bad_row, checked, imported, row, work


def back(upload):
    return b"".join(rejected_file(upload))


def cells(upload):
    """The rows of the file as ids, with what is wrong with them."""
    header, *lines = read_lines(back(upload))
    problem, external_id = header.cells.index("problem"), header.cells.index("external_id")
    return [(line.cells[external_id], line.cells[problem]) for line in lines]


def test_rejected_rows_come_back_in_their_order_with_what_is_wrong_and_no_others(people):
    upload = checked(
        people, bad_row("V-1"), row("V-2"), row("V-3", place_of_service="9x"), row("V-2")
    )
    assert [external_id for external_id, _ in cells(upload)] == ["V-1", "V-3"]
    assert cells(upload)[0][1].startswith("Date of service: there is no such day.")
    assert cells(upload)[1][1].startswith("Place of service: this is no place of service.")


def test_everything_that_is_wrong_with_a_row_is_told_beside_it(people):
    [(_, words)] = cells(
        checked(people, row("V-1", date_of_service=incoming.NEVER, provider="", note=" "))
    )
    for field in ("Date of service:", "Provider:", "Note:"):
        assert field in words


def test_the_file_is_sent_again_with_its_problem_column_once_its_rows_are_mended(people):
    content = back(checked(people, bad_row("V-1"), row("V-2")))
    again = factories.upload(people, content.replace(incoming.NEVER.encode(), b"2026-05-31"))
    work()
    assert incoming.states(again) == ["new"]


def test_what_is_rejected_again_has_one_problem_column_still(people):
    again = factories.upload(people, back(checked(people, bad_row("V-1"))))
    work()
    header, *_ = read_lines(back(incoming.now(again)))
    assert header.cells.count("problem") == 1


def test_a_row_that_was_stopped_by_the_import_is_given_back_too(people):
    upload = checked(people, row("V-1"), row("V-2"))
    imported(people, row("V-1", note="Meanwhile."))
    uploads.start_import(people["coder"], upload)
    work()
    [(external_id, words)] = cells(incoming.now(upload))
    assert external_id == "V-1"
    assert "changed after the file was checked" in words


def test_a_table_of_another_system_comes_back_with_its_own_columns(people):
    upload = factories.upload(people, incoming.FOREIGN.replace("05/31", "13/31").encode())
    work()
    uploads.match_columns(people["coder"], upload, Layout(incoming.FOREIGN_COLUMNS, "mdy"))
    work()
    header, line = read_lines(back(incoming.now(upload)))
    assert header.cells == ("problem", *incoming.FOREIGN.splitlines()[0].split(","))
    assert "13/31/2026" in line.cells


@pytest.mark.parametrize("page", [1, 2, 3, 100])
def test_however_many_are_read_at_a_time_each_row_has_its_own_problems(people, monkeypatch, page):
    monkeypatch.setattr(rejected, "PAGE", page)
    upload = checked(people, bad_row("V-1"), row("V-2"), row("V-3", place_of_service="9x"))
    rows = RejectedRows(upload)
    assert list(rows) == [1, 3]
    assert len(rows) == 2
    assert [[problem.field for problem in rows[number]] for number in rows] == [
        ["date_of_service"],
        ["place_of_service"],
    ]
    assert [problem.value for problem in rows[1]] == [incoming.NEVER]


def test_a_row_that_was_not_rejected_has_no_problems(people):
    rows = RejectedRows(checked(people, bad_row("V-1"), row("V-2")))
    assert 2 not in rows
    with pytest.raises(KeyError):
        rows[2]
    assert 1 in rows


def test_rows_are_read_from_the_database_a_page_at_a_time(
    people, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(rejected, "PAGE", 2)
    rows = RejectedRows(checked(people, *(bad_row(f"V-{number}") for number in range(4))))
    with django_assert_num_queries(2):
        assert all(rows[number] for number in rows)


CHARGES = """Acct,MRN,DOS,POS,Rendering,Note,CPT
A1,M1,2026-05-31,11,Dr. Falk,Left hip out.,12345
A2,M2,never,11,Dr. Falk,Left hip out.,12345
A1,M1,2026-05-31,11,Dr. Falk,Left hip out.,23456
A3,M3,never,11,Dr. Falk,Left hip out.,12345
"""


@pytest.fixture
def charges(people):
    """A checked table whose first and third row are charges of one visit."""
    upload = factories.upload(people, CHARGES.encode())
    work()
    uploads.match_columns(
        people["coder"], incoming.now(upload), proposed(preview_of(incoming.now(upload)), "his")
    )
    work()
    return incoming.now(upload)


def test_of_a_table_of_charges_the_rows_of_rejected_visits_come_back(charges):
    assert incoming.states(charges) == ["new", "rejected", "rejected"]
    assert [line.cells[1] for line in read_lines(back(charges))] == ["Acct", "A2", "A3"]


def test_a_table_that_was_counted_otherwise_before_gives_no_wrong_rows_back(
    people, client, charges
):
    """An earlier version took the third row for an item of its own."""
    UploadRow.objects.create(upload=charges, number=4, state=RowState.REJECTED)
    client.force_login(people["coder"])
    response = client.post(reverse("rejected-rows", args=[charges.public_id]))
    assert response.status_code == 409
    assert "Upload it again." in response.content.decode()

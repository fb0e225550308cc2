"""Damaged and hostile CSV files: every good row gets in, every bad line is named, and the effort stays bounded."""

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.intake.column_names import FIELDS
from coding.intake.csv.table import CsvTable, headers
from coding.intake.drafts import Layout
from coding.tables import csv_rows, text_lines
from coding.tables.errors import FileError

HEADER = ",".join(FIELDS)
CSV = CsvTable()
# Ways in which a line is damaged, each but the last on one physical line.
DAMAGES = [
    lambda row: row.replace("Left hip", '"Left hip'),
    lambda row: row.replace("Left hip", '"Left" hip'),
    lambda row: f'"{row}',
    lambda row: row.replace("MRN", '"MR\nN', 1) + '"',
    lambda row: f"{row},extra",
    lambda row: row.rpartition(",")[0],
    lambda row: row.replace(",", ";"),
    lambda row: row.replace(",", "", 1),
    lambda row: row.replace("Plan", '"Plan ""A""'),
    lambda row: row[: len(row) // 2],
]


def good(number):
    note = '"Left hip out,\nreduced ""gently""."' if number % 7 == 0 else "Left hip out."
    return f"V-{number},MRN-{number},2026-01-15,F,2026-05-31,22,Dr. A,Plan,{note},Q65.02,27256-LT x1 for 1"


def plain(number):
    return good(number).replace('"Left hip out,\nreduced ""gently""."', "Left hip out.")


def drafts_of(text):
    return list(CSV.read(io.BytesIO(text.encode()), Layout()))


@pytest.mark.parametrize("quoted", [False, True], ids=["plain rows", "rows with quotation marks"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_row_takes_no_other_with_it(damage, quoted):
    make = good if quoted else plain
    rows = [make(number) for number in range(1, 100)]
    rows[49] = damage(plain(50))
    line = sum(row.count("\n") + 1 for row in rows[:49]) + 2
    drafts = drafts_of("\n".join([HEADER, *rows, ""]))
    assert [draft.texts.external_id for draft in drafts if not draft.problems] == [
        f"V-{number}" for number in range(1, 100) if number != 50
    ]
    bad = [draft for draft in drafts if draft.problems]
    assert [draft.place for draft in bad] == [
        f"line {line + n}" for n in range(rows[49].count("\n") + 1)
    ]
    assert all(draft.problems[0].field == "row" and draft.problems[0].value for draft in bad)


def test_in_a_file_with_one_percent_of_damaged_rows_every_line_is_accounted_for():
    rng = random.Random(5)
    damaged = {number: rng.choice(DAMAGES) for number in rng.sample(range(1, 5_000), 50)}
    rows = [
        damaged[number](plain(number)) if number in damaged else good(number)
        for number in range(1, 5_000)
    ]
    text = "\n".join([HEADER, *rows, ""])
    drafts = drafts_of(text)
    assert {draft.texts.external_id for draft in drafts if not draft.problems} == {
        f"V-{number}" for number in range(1, 5_000) if number not in damaged
    }
    covered = [n for draft in drafts for n in lines_of(draft.place)]
    assert covered == list(range(2, text.count("\n") + 1))


def lines_of(place):
    first, _, last = place.split(" ")[1].partition("-")
    return range(int(first), int(last or first) + 1)


@given(st.data())
@settings(max_examples=80)
def test_a_file_cut_anywhere_yields_its_whole_rows_and_at_most_a_file_error(data):
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    content = "\r\n".join(
        [HEADER, good(7), good(8).replace("Dr. A", "Dr. Çé\U0001f9b4"), good(14), ""]
    ).encode(encoding)
    cut = data.draw(st.integers(0, len(content)))
    whole = [draft.texts for draft in CSV.read(io.BytesIO(content), Layout())]
    rows = []
    try:
        headers(io.BytesIO(content[:cut]))
        rows.extend(CSV.read(io.BytesIO(content[:cut]), Layout()))
    except FileError:
        return
    for draft, texts in zip(rows, whole, strict=False):
        assert draft.problems or draft.after.offset == cut or draft.texts == texts


@given(st.text(st.sampled_from("\",;\n\r\ta'é"), max_size=60), st.booleans())
@settings(max_examples=200)
def test_whatever_stands_below_the_header_every_line_that_holds_something_is_in_exactly_one_row(
    body, wide
):
    header = HEADER if wide else "x,note"
    breaking = frozenset({1, 2} if wide else {1})
    rows = list(
        csv_rows.csv_rows(
            lines_in(header + "\n" + body), csv_rows.Shape(",", header.count(",") + 1, breaking)
        )
    )
    places = [line for row in rows for line in range(row.first.number, row.last.number + 1)]
    assert places == sorted(set(places))
    missing = {
        line.number: line.text
        for line in lines_in(header + "\n" + body)
        if line.number not in places
    }
    assert all(not text.strip('", \t\r\n') for text in missing.values())


def lines_in(text):
    return text_lines.physical_lines(io.BytesIO(text.encode()), text_lines.Encoding("utf-8"))


def test_a_mark_that_is_never_closed_to_the_end_of_the_file_is_named_and_the_rows_behind_it_get_in():
    bad, *others = drafts_of(
        "\n".join([HEADER, plain(1).replace("Left", '"Left'), plain(2), plain(3)])
    )
    assert "quotation mark that opens cell 9 is not closed" in bad.problems[0].text
    assert [draft.texts.external_id for draft in others] == ["V-2", "V-3"]


@pytest.mark.parametrize("size", [200_001, 10_000_000])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_huge_cell_is_a_bad_row_and_is_not_kept(size, quote):
    huge = plain(2).replace("Left hip out.", f"{quote}{'x' * size}{quote}")
    _, bad, last = drafts_of("\n".join([HEADER, plain(1), huge, plain(3)]))
    assert "Shorten it" in bad.problems[0].text
    assert (bad.place, last.place, last.texts.external_id) == ("line 3", "line 4", "V-3")
    excerpt = b"".join(
        CSV.excerpt(io.BytesIO("\n".join([HEADER, huge]).encode()), Layout(), {1: bad.problems})
    )
    assert len(excerpt) < text_lines.LONGEST_LINE + 2 * text_lines.CHUNK


@pytest.mark.parametrize(
    "line",
    ['x,"', 'x","', '"', '""', ',"""', '"",""', "a,b", 'x,"y', 'x,"y"",', '","', 'a""b,"c'],
)
@pytest.mark.parametrize("opening", ["", 'x,"open'])
@pytest.mark.parametrize("breaking", [frozenset({1}), frozenset({0, 1})])
def test_no_line_makes_the_reader_look_ahead_again_and_again(line, opening, breaking, monkeypatch):
    looks = 0
    ahead = csv_rows._Ahead.line

    def counted(self, number):
        nonlocal looks
        looks += 1
        return ahead(self, number)

    monkeypatch.setattr(csv_rows._Ahead, "line", counted)
    text = "x,note\n" + "\n".join([opening, *[line] * 3_000])
    for _ in csv_rows.csv_rows(lines_in(text), csv_rows.Shape(",", 2, breaking)):
        pass
    assert looks <= 3 * text.count("\n") + 10

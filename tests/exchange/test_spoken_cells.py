"""A spreadsheet may name answers by their labels, in another case, and with tabs or semicolons between."""

import pytest

from coding.decision import TableError
from coding.exchange import FORMATS
from coding.exchange.csv_file import read_csv
from tests.decision import tables as make

CHOICES = [
    {"value": "general", "label": "General anesthesia"},
    {"value": "mac", "label": "Monitored care"},
]
BASE = make.table(
    [{**make.fact("anesthesia"), "choices": CHOICES}, make.fact("ready", "yes_no")],
    [make.rule("R1", {}, code="00001")],
)


def cells(anesthesia: str, ready: str, delimiter: str = "\t") -> dict[str, object]:
    header = ["rule", "title", "anesthesia", "ready", "outcome", "code", "message", "basis"]
    row = ["R1", "T", anesthesia, ready, "code", "00001", "m", "b"]
    content = "\n".join(delimiter.join(line) for line in (header, row))
    [rule] = read_csv(content.encode(), BASE).to_document()["rules"]
    [row_cells] = rule["rows"]
    return dict(row_cells)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("General", {"in": ["general"]}),
        ("general; MAC", {"in": ["general", "mac"]}),
        ("Monitored care, Not documented", {"in": ["mac", "not_documented"]}),
        ("Not General Anesthesia", {"not": ["general"]}),
        ("not documented", {"in": ["not_documented"]}),
        ("Documented two ways", {"in": ["conflicting"]}),
    ],
)
def test_labels_and_other_case_mean_the_value(written: str, read: dict[str, object]) -> None:
    assert cells(written, "")["anesthesia"] == read


@pytest.mark.parametrize(("written", "truth"), [("YES", True), ("True", True), ("No", False)])
def test_yes_and_no_are_read_in_any_case(written: str, truth: bool) -> None:
    assert cells("", written)["ready"] == {"in": [truth]}


def test_what_names_no_answer_is_refused_as_it_stands() -> None:
    with pytest.raises(TableError, match="“Sleepy” is not a value of this fact"):
        cells("Sleepy", "")


def test_what_is_exported_comes_back_as_it_went() -> None:
    assert FORMATS["csv"].read(FORMATS["csv"].write(BASE), BASE).content_hash == BASE.content_hash

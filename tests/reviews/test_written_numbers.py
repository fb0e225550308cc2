"""Lengths as people write them, whatever the unit in which the question counts."""

import pytest

from coding.decision import facts_of_document
from reviews.forms.written_numbers import without_unit


def fact(unit, decimals=0):
    data = {
        "key": "length",
        "kind": "whole_number",
        "label": "Length",
        "question": "?",
        "unit": unit,
    }
    [own] = facts_of_document([{**data, **({"decimals": decimals} if decimals else {})}])
    return own


@pytest.mark.parametrize(
    ("unit", "written", "read"),
    [
        ("mm", "26", "26"),
        ("mm", "26 mm", "26"),
        ("mm", "26MM", "26"),
        ("mm", "2.6 cm", "26"),
        ("mm", "2,6cm", "26"),
        ("mm", "0.1 m", "100"),
        ("mm", "2.65 cm", "26.5"),
        ("cm", "26 mm", "2.6"),
        ("cm", "2.6 cm", "2.6"),
        ("years", "2 years", "2"),
        ("years", "2 cm", "2 cm"),
        ("mm", "2.6", "2.6"),
        ("mm", "1e3 cm", "1e3 cm"),
        ("mm", "two cm", "two cm"),
        ("", "2 cm", "2 cm"),
    ],
)
def test_a_length_is_read_in_the_unit_of_the_question(unit, written, read):
    assert without_unit(fact(unit), written) == read

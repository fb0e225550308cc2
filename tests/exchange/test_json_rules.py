"""Rule sets as JSON: the canonical document, whose bytes give the content hash, and nothing else is taken for one."""

import hashlib
import json
import re

import pytest
from hypothesis import given, settings

from coding.decision import RuleTable, TableError, canonical_json
from coding.exchange import FORMATS
from tests.decision import tables as make

TABLE = make.table(
    [make.fact("colour")], [make.rule("R1", {"colour": {"in": ["red"]}}, code="00001")]
)


def refusal(content: bytes) -> str:
    with pytest.raises(TableError) as caught:
        FORMATS["json"].read(content, TABLE)
    return str(caught.value)


@settings(max_examples=30)
@given(make.tables())
def test_what_is_written_gives_the_content_hash_in_its_canonical_form(table: RuleTable) -> None:
    content = FORMATS["json"].write(table)
    canonical = canonical_json(json.loads(content))
    assert hashlib.sha256(canonical.encode()).hexdigest() == table.content_hash


def test_it_is_laid_out_in_lines_so_that_an_error_has_a_line() -> None:
    content = FORMATS["json"].write(TABLE)
    assert content.endswith(b"}\n")
    assert re.search(rb'\n      "id": "R1",\n', content)
    assert refusal(content.replace(b'"id": "R1",', b'"id": "R1",,')).startswith("Line ")


@settings(max_examples=30)
@given(make.tables())
def test_order_and_layout_of_a_file_do_not_matter(table: RuleTable) -> None:
    document = json.loads(FORMATS["json"].write(table))
    turned = dict(reversed(document.items()))
    laid_out = json.dumps(turned, indent=4, ensure_ascii=True).encode("utf-8-sig")
    assert FORMATS["json"].read(laid_out, None).content_hash == table.content_hash


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "Line 1, column 1: this is no JSON"),
        (b"{}\n{}", "Line 2, column 1: this is no JSON: Extra data."),
        (b"[]", "the rule set is an object, not “[]”."),
        (b"null", "the rule set is an object, not “None”."),
        (b'"rules"', "the rule set is an object, not “rules”."),
        (b"{}", "the rule set: facts is missing."),
        (b'{"facts": [], "rules": [], "colour": 1}', "the rule set: “colour” is no part of it"),
        (b'{"facts": [], "rules": []}', "the rule set: key is missing."),
        (b'{"a": Infinity}', "Infinity is no value of a rule set."),
        (b'{"a": -Infinity}', "-Infinity is no value of a rule set."),
        (
            b'{"facts": [{"key": "a", "key": "b"}]}',
            "“key” stands twice in one object. Keep one of them.",
        ),
        (b"\xff\xfe{\0}\0", "The file is not text in UTF-8."),
        ('{"name": "Gr\xfcn"}'.encode("latin-1"), "The file is not text in UTF-8."),
    ],
)
def test_what_is_no_rule_set_is_refused_with_its_cause(content: bytes, problem: str) -> None:
    assert problem in refusal(content)


def test_what_the_file_lacks_is_not_taken_from_the_base() -> None:
    document = TABLE.to_document()
    del document["rules"]
    assert refusal(json.dumps(document).encode()) == "the rule set: rules is missing."


def test_letters_of_every_language_come_back() -> None:
    table = make.table([make.fact("colour")], [make.rule("R1", {})], name="Hüfte 股関節 🦴")
    assert "Hüfte 股関節 🦴".encode() in FORMATS["json"].write(table)
    assert FORMATS["json"].read(FORMATS["json"].write(table), None).name == "Hüfte 股関節 🦴"

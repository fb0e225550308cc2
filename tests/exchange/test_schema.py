"""The published schema says what a document may hold."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from coding import exchange
from coding.decision import RuleTable, TableError
from tests import shipped_hip
from tests.decision import saying_more
from tests.decision import tables as make

SCHEMA = json.loads(
    (Path(exchange.__file__).parent / "rule_set.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA)


def test_it_is_a_schema_and_the_hip_rules_follow_it() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert list(VALIDATOR.iter_errors(shipped_hip.table().to_document())) == []


def test_a_document_that_says_more_follows_it() -> None:
    assert list(VALIDATOR.iter_errors(saying_more.table().to_document())) == []


@settings(max_examples=30)
@given(make.tables())
def test_every_canonical_document_follows_it(table: RuleTable) -> None:
    assert list(VALIDATOR.iter_errors(table.to_document())) == []


def add_key(document: dict) -> None:
    document["colour"] = "red"


def foreign_operator(document: dict) -> None:
    document["rules"][0]["rows"][0] = {"treatment": {"like": ["none"]}}


def two_operators(document: dict) -> None:
    document["rules"][0]["rows"][0] = {"treatment": {"in": ["none"], "not": ["open"]}}


def code_of_a_query(document: dict) -> None:
    document["rules"][0]["code"] = "27256"


def no_code(document: dict) -> None:
    rule = next(rule for rule in document["rules"] if rule["outcome"] == "code")
    del rule["code"]


def no_rows(document: dict) -> None:
    document["rules"][0]["rows"] = []


@pytest.mark.parametrize(
    "spoil", [add_key, foreign_operator, two_operators, code_of_a_query, no_code, no_rows]
)
def test_what_the_core_refuses_for_its_shape_the_schema_refuses(spoil) -> None:
    document = copy.deepcopy(shipped_hip.table().to_document())
    spoil(document)
    assert not VALIDATOR.is_valid(document)
    with pytest.raises(TableError):
        RuleTable.from_document(document)

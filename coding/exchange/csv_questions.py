"""A CSV of rules without a rule set: plain questions are made of what the columns of facts test."""

from collections.abc import Iterable, Iterator
from typing import Any

from coding.exchange.csv_file import read_columns
from coding.exchange.decision_rows import BEFORE, after_in
from coding.exchange.errors import UnreadableFile

OPERATORS = ("any of ", "none of ", "not ")
# Answers that every fact has.
SILENCES = ("not documented", "not_documented", "conflicting")


def document_of_columns(content: bytes) -> dict[str, Any]:
    """Codes and questions of a document that lacks the rules. A choice has the values that rules name, and no other.

    Raises UnreadableFile for a column from which no kind of question can be read.
    """
    columns = read_columns(content)
    around = {*BEFORE, *after_in(list(columns))}
    facts = []
    for key, texts in columns.items():
        if key and key not in around:
            facts.append(_question(key, texts))

    codes = {text.strip() for text in columns.get("code", ())} - {""}
    return {"family": sorted(codes), "facts": facts, "rules": []}


def _question(key: str, texts: Iterable[str]) -> dict[str, Any]:
    label = key.replace("_", " ").capitalize()
    fact: dict[str, Any] = {"key": key, "label": label, "question": f"{label}?"}

    filled = [text.strip() for text in texts if text.strip()]
    if any(text.startswith(("any of ", "none of ")) for text in filled):
        return fact | {"kind": "code_set"}

    values: dict[str, None] = {}
    for text in filled:
        values.update(dict.fromkeys(_values(text)))
    if not values:
        raise UnreadableFile(
            f"Column “{key}”: no rule tests it, so that its answers are not known. Delete the column."
        )
    if any(".." in value for value in values):
        return fact | {"kind": "whole_number"}
    if values.keys() <= {"yes", "no"}:
        return fact | {"kind": "yes_no"}
    return fact | {"kind": "choice", "choices": [_choice(value) for value in values]}


def _values(text: str) -> Iterator[str]:
    """The values that a cell names."""
    for operator in OPERATORS:
        # “Not documented” is a value, no operator.
        if text != "not documented" and not text.startswith("not documented,"):
            text = text.removeprefix(operator)
    for part in text.split(","):
        value = part.strip()
        if value and value not in SILENCES:
            yield value


def _choice(value: str) -> dict[str, str]:
    return {"value": value, "label": value.replace("_", " ").capitalize()}

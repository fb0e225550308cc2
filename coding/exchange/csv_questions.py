"""A CSV of rules without a rule set: plain questions are made of what the columns of facts test."""

from collections.abc import Iterable, Iterator
from typing import Any

from coding.exchange.answer_names import values_of
from coding.exchange.csv_file import read_columns
from coding.exchange.decision_rows import BEFORE, after_in
from coding.exchange.errors import UnreadableFile
from coding.exchange.spoken_cells import SILENCES, TRUTHS, lists_codes, spoken
from coding.exchange.unary_tests import decimals_in


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
    label = _in_words(key)
    fact: dict[str, Any] = {"key": key, "label": label, "question": f"{label}?"}

    on_one_line = [" ".join(text.split()) for text in texts]
    filled = [text for text in on_one_line if text]
    if any(map(lists_codes, filled)):
        return fact | {"kind": "code_set"}

    named = [value for text in filled for value in _values(text)]
    if not named:
        raise UnreadableFile(
            f"Column “{key}”: no rule tests it, so that its answers are not known. Delete the column."
        )
    if any(".." in value for value in named):
        decimals = max(map(decimals_in, named))
        number: dict[str, Any] = fact | {"kind": "whole_number"}
        return number | {"decimals": decimals} if decimals else number
    if all(value.lower() in TRUTHS for value in named):
        return fact | {"kind": "yes_no"}
    return fact | {"kind": "choice", "choices": _choices(named)}


def _values(text: str) -> Iterator[str]:
    """The values that a cell names."""
    for part in spoken(text).listed:
        if part and part.lower() not in SILENCES:
            yield part


def _choices(named: Iterable[str]) -> list[dict[str, str]]:
    """A choice for each value as it is first written; another case of it is no other."""
    written: dict[str, str] = {}
    for text in named:
        written.setdefault(text.lower(), text)

    choices = []
    for text, value in values_of(list(written.values())).items():
        # Such as “General anesthesia”: a value has no blanks, and its label says it as the file does.
        label = _in_words(text) if value == text else text
        choices.append({"value": value, "label": label})
    return choices


def _in_words(name: str) -> str:
    return name.replace("_", " ").capitalize()

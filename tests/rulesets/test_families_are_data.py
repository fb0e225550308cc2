"""No Python, template, script or style of the product names a code or a fact of a rule set: they are data.

A code is named where it stands anywhere. A fact is named where its key stands as a text by itself, as a text that
begins with it (``key=value``, ``key: value``), or, if the key is a word of no language (``joint_state``), anywhere.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from coding import rulesets
from coding.decision import Source

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("coding", "reviews", "config", "templates", "static")
KINDS = {".py", ".html", ".txt", ".js", ".css"}
KEYS = rulesets.keys()
TABLES = [rulesets.shipped(key) for key in KEYS]
CODES = {code for table in TABLES for code in table.family}
# What record, set-up and history give has the names under which the product gives it.
FACTS = {fact.key for table in TABLES for fact in table.facts if fact.source is Source.CODER}
# Keys that the product uses as words of its own: columns, fields and relations of models, names of templates.
# Of these only what is read of facts or answers counts.
WORDS = {
    "data",
    "encounter",
    "line",
    "medicare",
    "method",
    "origin",
    "performer",
    "place",
    "problems",
}
WORDS |= {"record", "result", "side", "site", "split"}
HOLDERS = re.compile(r"(fact|answer|proposal)s?(_by_key)?\Z")


def files() -> Iterator[Path]:
    for folder in PRODUCT:
        for path in sorted((ROOT / folder).rglob("*")):
            inside = path.relative_to(ROOT).parts
            if path.suffix in KINDS and not {"vendor", "migrations"} & set(inside):
                yield path


@pytest.mark.parametrize("path", list(files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_it_names_no_code_and_no_fact_of_a_rule_set(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert sorted(CODES & set(re.findall(r"\w+", text))) == []
    assert sorted(_compound_facts() & set(re.findall(r"\w+", text))) == []
    if path.suffix == ".py":
        assert sorted(set(_facts_of_python(ast.parse(text)))) == []
    else:
        assert re.findall(rf"\b(?:facts|answers)\.(?:{'|'.join(FACTS)})\b", text) == []


@pytest.mark.parametrize(
    ("source", "facts"),
    [
        ('if fact.key == "laterality": pass', ["laterality"]),
        ('condition = "joint_state: dislocated"', ["joint_state"]),
        ('condition = "anesthesia=general|regional"', ["anesthesia"]),
        ('facts["encounter"], service.answers["encounter"]', ["encounter", "encounter"]),
        ('row["encounter"], "The side: which anesthesia was given?"', []),
        ('"""manipulation=performed stands for a condition."""', []),
    ],
)
def test_a_fact_is_named_by_a_text_that_is_its_key_or_a_condition_on_it(
    source: str, facts: list[str]
) -> None:
    assert list(_facts_of_python(ast.parse(source))) == facts


def _compound_facts() -> set[str]:
    return {key for key in FACTS if "_" in key}


def _facts_of_python(tree: ast.AST) -> Iterator[str]:
    docs = set(_docstrings(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs:
            key = re.split(r"[=:]", node.value, maxsplit=1)[0].strip()
            if key in FACTS - WORDS and (key == node.value or not node.value.endswith(":")):
                yield key
        elif isinstance(node, ast.Subscript) and _holds_facts(node.value):
            yield from FACTS & {getattr(node.slice, "value", None)}


def _holds_facts(node: ast.expr) -> bool:
    name = (
        node.attr
        if isinstance(node, ast.Attribute)
        else node.id
        if isinstance(node, ast.Name)
        else ""
    )
    return bool(HOLDERS.search(name))


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value

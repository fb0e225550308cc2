"""Rules of a draft read from their rows. A row that says what it said, beside the same facts, is not read again."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from coding.decision import FactDefinition
from coding.decision.table import Rule, rule_from_data
from coding.rules import rulebook
from coding.rules.draft_content import PARTS

FIELDS = PARTS["rules"].fields
# Some megabytes: ten drafts of two hundred rules.
KEPT_RULES, KEPT_FRAMES = 2000, 16


@dataclass(frozen=True, eq=False)
class Frame:
    """What rules are read beside: the facts by their keys, and the codes of the family."""

    facts: Mapping[str, FactDefinition]
    family: tuple[str, ...]


@lru_cache(maxsize=KEPT_FRAMES)
def frame_of(facts: tuple[FactDefinition, ...], family: tuple[str, ...]) -> Frame:
    """The same object for the same facts and codes."""
    return Frame({fact.key: fact for fact in facts}, family)


def read_rule(row: Mapping[str, Any], frame: Frame) -> Rule:
    """The rule that a row describes. Raises a ``TableError`` that names the cell and the cause."""
    return _read(tuple(row[name] for name in FIELDS), frame)


@lru_cache(maxsize=KEPT_RULES)
def _read(texts: tuple[str, ...], frame: Frame) -> Rule:
    row = dict(zip(FIELDS, texts, strict=True))
    return rule_from_data(rule_data(row, frame), frame.facts, frame.family)


def rule_data(row: Mapping[str, Any], frame: Frame) -> dict[str, Any]:
    """A row as a rule of a document."""
    return rulebook.rule_to_data(row, tuple(frame.facts.values()))

"""What a draft says, sound or broken, as data: the rows that people edit, part by part in their order.

A condition that cannot be read stays as it was written, under ``UNREAD``: nothing typed is lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Model

from coding.decision import RuleTable
from coding.decision.condition_text import alternatives_in
from coding.decision.fact_document import FACT_KEYS
from coding.models import Fact, ModifierRule, Rule, RuleSetVersion, SupportingDiagnosis, WorkedCase
from coding.rules import rulebook
from coding.rules.case_rows import SAID

Content = dict[str, Any]
Cells = dict[str, str]
UNREAD = ""


class Part(NamedTuple):
    """A part of a draft: its rows, what they say, and the field that names a row; empty where nothing does."""

    rows: str
    model: type[Model]
    fields: tuple[str, ...]
    name: str = ""


PARTS = {
    # A row has a column for each member that a fact has in a document.
    "facts": Part("facts", Fact, FACT_KEYS, "key"),
    "rules": Part("rules", Rule, rulebook.RULE_FIELDS, "rule_id"),
    "modifiers": Part("modifier_rules", ModifierRule, ("modifier", "conditions")),
    "diagnoses": Part("supporting_diagnoses", SupportingDiagnosis, ("codes", "conditions")),
}
# What stands beside the cells of a rule.
RULE_TEXTS = tuple(name for name in rulebook.RULE_FIELDS if name != "conditions")
OWN = ("description", "notes", "family", "hit_policy", "further", "opening")
# What editions keep beside the rules, and no document of them holds: texts of the draft, and its worked cases.
BESIDE = ("for_payer", "for_place", "effective_from", "change_note")
CASES = "cases"
CASES_PART = Part("worked_cases", WorkedCase, SAID, "case_id")


def content_of(version: RuleSetVersion) -> Content:
    """What the rows of a version say, each row with its id."""
    content: Content = {name: getattr(version, name) for name in OWN}
    for key, part in PARTS.items():
        content[key] = list(getattr(version, part.rows).values("id", *part.fields))
    return content


def beside_of(version: RuleSetVersion) -> Content:
    """What a version says beside its rules."""
    content: Content = {name: getattr(version, name) for name in BESIDE}
    if version.effective_from:
        # Editions are kept as JSON, which has no days.
        content["effective_from"] = version.effective_from.isoformat()
    content[CASES] = list(version.worked_cases.values(*CASES_PART.fields))
    return content


def content_of_table(table: RuleTable) -> Content:
    """What the rows of a table would say."""
    draft = RuleSetVersion(description=table.description, notes="\n\n".join(table.notes))
    draft.family, draft.hit_policy = " ".join(table.family), table.hit_policy.value
    draft.opening = table.opening.to_document()
    draft.further = rulebook.further_of(table.to_document())
    content: Content = {name: getattr(draft, name) for name in OWN}
    rows = rulebook.rows_of(draft, table)
    for key, part in PARTS.items():
        own = [row for row in rows if type(row) is part.model]
        content[key] = [_values(row, part.fields) for row in own]
    return content


def _values(row: Model, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def without_ids(content: Content) -> Content:
    """The same, as it is kept: an id is of one draft's rows."""
    kept = dict(content)
    for key in PARTS:
        kept[key] = [_without_id(row) for row in content[key]]
    return kept


def _without_id(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "id"}


def cells_of(conditions: str) -> list[Cells]:
    """The alternatives of a rule, each by fact, as they are written."""
    return [_cells(lines) for lines in alternatives_in(conditions)]


def _cells(lines: Iterable[str]) -> Cells:
    cells: Cells = {}
    for line in lines:
        key, _, text = (part.strip() for part in line.partition(":"))
        if key and text and key not in cells:
            cells[key] = text
        elif UNREAD in cells:
            cells[UNREAD] += f"\n{line}"
        else:
            cells[UNREAD] = line
    return cells


def conditions_of(rows: Iterable[Mapping[str, str]], facts: Sequence[str]) -> str:
    """Alternatives as text, each in the order of the facts; what names none of them comes last."""
    place = {key: number for number, key in enumerate(facts)}
    return "\nor\n".join(_written(row, place) for row in rows)


def _written(row: Mapping[str, str], place: Mapping[str, int]) -> str:
    filled = [key for key in row if key != UNREAD and row[key]]
    in_order = sorted(filled, key=lambda key: place.get(key, len(place)))
    lines = [f"{key}: {row[key]}" for key in in_order]
    if row.get(UNREAD):
        lines.append(row[UNREAD])
    return "\n".join(lines)

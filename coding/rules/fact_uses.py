"""What of a draft names a fact: asked before the fact is deleted or bears another key."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from coding.models import RuleSetVersion
from coding.rules.draft_content import Content, cells_of, content_of

# Parts of a draft that are kept as documents.
IN_DOCUMENTS = {
    "further": "lines, groups and facts of claim checks",
    "opening": "what opens its services",
}


def uses_of(version: RuleSetVersion, key: str) -> list[str]:
    """Each use in words; worked cases and phrases of the lexicon by their number."""
    uses = list(_in_content(content_of(version), key))
    phrases = version.lexicon_terms.filter(fact=key).count()
    if phrases:
        uses.append(f"{_counted(phrases, 'phrase')} of the lexicon")
    if _in_lexicon(version, key):
        uses.append("what the lexicon says of all its phrases")
    # Answers stand one a line, as “fact: answer”.
    answering = version.worked_cases.filter(answers__regex=rf"(^|\n)\s*{re.escape(key)}\s*:")
    cases = answering.count()
    if cases:
        uses.append(_counted(cases, "worked case"))
    return uses


def _in_lexicon(version: RuleSetVersion, key: str) -> bool:
    """Whether what the lexicon says of all its phrases names the fact, alone or in a condition “fact=value”."""
    return re.search(rf'"{re.escape(key)}["=]', json.dumps(version.lexicon_frame)) is not None


def _counted(count: int, noun: str) -> str:
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun}s"


def _in_content(content: Content, key: str) -> Iterator[str]:
    for rule in content["rules"]:
        if _names(rule, key) or key in rule["guards"].split():
            yield f"rule {rule['rule_id']}"
    for fact in content["facts"]:
        if any(key in row for row in cells_of(fact["derived"])):
            yield f"question {fact['key']}, which is derived from it"
    for row in content["modifiers"]:
        if _names(row, key):
            yield f"modifier {row['modifier']}"
    for row in content["diagnoses"]:
        if _names(row, key):
            yield f"diagnoses {row['codes']}"
    for part, words in IN_DOCUMENTS.items():
        if f'"{key}"' in json.dumps(content[part]):
            yield words


def _names(row: Mapping[str, Any], key: str) -> bool:
    return any(key in cells for cells in cells_of(row["conditions"]))

"""A draft as the grid of its page: one column a fact, one row a rule, cells as people write them. Data for JSON."""

from collections.abc import Collection, Mapping
from typing import Any

from coding.decision import Kind
from coding.models import CellComment, RuleSetVersion
from coding.rules.draft_content import PARTS, RULE_TEXTS, cells_of, content_of
from coding.rules.rulebook import choices_of

SILENT = {"not documented": "not documented", "conflicting": "documented two ways"}
# Other words for the answers that every fact has.
SPOKEN = {
    "not_documented": "not documented",
    "unknown": "not documented",
    "documented two ways": "conflicting",
}


def sheet_of(version: RuleSetVersion) -> dict[str, Any]:
    """The whole grid with the edition that it shows."""
    content = content_of(version)
    return {
        "edition": version.edition,
        "family": str(version.family).split(),
        "facts": [fact_data(row) for row in content["facts"]],
        "rules": [rule_data(row) for row in content["rules"]],
        "comments": comments_of(version),
    }


def fact_data(row: Mapping[str, Any]) -> dict[str, Any]:
    """A column: what the question's row says, and the answers that a cell can name."""
    texts = {}
    for name, value in row.items():
        texts[name] = "" if value is None else value
    return {**texts, "values": [[value, label] for value, label in values_of(row).items()]}


def rules_of(version: RuleSetVersion, ids: Collection[int]) -> list[dict[str, Any]]:
    """Some rules of the grid, by their ids."""
    rows = version.rules.filter(pk__in=ids).values("id", *PARTS["rules"].fields)
    return [rule_data(row) for row in rows]


def rule_data(row: Mapping[str, Any]) -> dict[str, Any]:
    """A rule with its alternatives."""
    texts = {name: row[name] for name in RULE_TEXTS}
    return {"id": row["id"], **texts, "rows": cells_of(row["conditions"])}


def comments_of(version: RuleSetVersion) -> list[dict[str, Any]]:
    """The comments on cells that are not settled."""
    unsettled = CellComment.objects.filter(version=version, settled_at=None)
    return [_comment_data(comment) for comment in unsettled.select_related("author")]


def _comment_data(comment: CellComment) -> dict[str, Any]:
    return {
        "id": comment.pk,
        "rule": comment.rule_id,
        "column": comment.column,
        "text": comment.text,
        "author": comment.author.name,
        "at": f"{comment.at:%Y-%m-%d %H:%M}",
    }


def values_of(row: Mapping[str, Any]) -> dict[str, str]:
    """The answers to a fact that can be listed, with their labels; those that every fact has come last."""
    match row["kind"]:
        case Kind.YES_NO:
            own = {"yes": "yes", "no": "no"}
        case Kind.CHOICE:
            own = dict(choices_of(row["choices"]))
        case _:
            own = {}
    return {**own, **SILENT}


def tidy(text: str, row: Mapping[str, Any]) -> str:
    """A cell as conditions write it: labels and another case of letters become the values that they stand for."""
    text = " ".join(text.split())
    spoken = dict(SPOKEN)
    for value, label in values_of(row).items():
        spoken |= {label.lower(): value, value.lower(): value}
    whole = spoken.get(text.lower())
    if whole is not None:
        return whole

    is_denied = text.lower().startswith("not ") and not text.lower().startswith("not documented")
    operator = "not " if is_denied else ""
    listed = [part.strip() for part in text[len(operator) :].split(",")]
    named = [spoken.get(part.lower(), part) for part in listed if part]
    return operator + ", ".join(named)

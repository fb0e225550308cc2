"""A small table that says everything a rule table can say beyond questions and rules."""

from typing import Any

from coding.decision import RuleTable
from tests.decision import tables as make

LEVELS = [{"value": "low", "label": "Low"}, {"value": "high", "label": "High"}]
FACTS: list[dict[str, Any]] = [
    make.fact("length", "whole_number", minimum=1, maximum=100, unit="cm", decimals=1),
    make.fact("ready", "yes_no"),
    {"key": "payer", "kind": "yes_no", "label": "Medicare", "source": "setup"},
    {
        "key": "level",
        "kind": "choice",
        "label": "Level",
        "choices": LEVELS,
        "derived": [
            {"value": "high", "rows": [{"length": {"between": [26, None]}}]},
            {"value": "not_documented", "rows": [{"ready": {"in": ["not_documented"]}}]},
            {"value": "low", "rows": [{}]},
        ],
    },
]
OTHER = {
    **make.rule("OTHER", {"payer": {"in": [True]}}),
    "outcome": "no_family_code",
    "see": ["hip-dislocation"],
}
HIGH = {
    **make.rule("HIGH", {"level": {"in": ["high"]}, "payer": {"not": [True]}}, code="00001"),
    "guards": ["payer"],
}
MORE = {
    "lines": [
        {"code": "00010", "rows": [{}], "units": {"fact": "length", "first": 26, "each": 10}}
    ],
    "groups": [
        {
            "key": "wounds",
            "label": "Wounds",
            "alike": ["ready"],
            "aggregate": "sum",
            "fact": "length",
        }
    ],
    "claim": {"payer": {"fact": "payer", "codes": ["00100-01999"]}},
}


def table(**more: Any) -> RuleTable:
    """The table, complete and with an outcome of each sort."""
    return make.table(FACTS, [OTHER, HIGH, make.rule("REST", {})], **{**MORE, **more})

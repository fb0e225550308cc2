"""A made-up visit whose level is derived from three elements, one of them from counts, to measure derived facts."""

import random
from typing import Any

from coding.decision import CONFLICTING, NOT_DOCUMENTED, FactValue, Kind, RuleTable, known

LEVELS = ("minimal", "low", "moderate", "high")
SILENT = 0.1


def table() -> RuleTable:
    """Two of three elements reach a level, for two sorts of patients; data are counted."""
    facts = [
        _choice("patient", ("new", "established")),
        _choice("problems", LEVELS),
        {
            "key": "items",
            "kind": "whole_number",
            "label": "Items",
            "question": "How many?",
            "minimum": 0,
            "maximum": 20,
        },
        *(_asked(key, "yes_no") for key in ("historian", "reading", "discussion")),
        _derived("data", _data_lines()),
        _choice("risk", LEVELS),
        _derived("level", _level_lines()),
    ]
    rules = [
        _rule(
            f"{patient[0]}{place}",
            {"patient": {"in": [patient]}, "level": {"in": [level]}},
            f"0{number}{place}00",
        )
        for number, patient in enumerate(("new", "established"))
        for place, level in enumerate(LEVELS)
    ]
    rules.append(_rule("ASK", {}, ""))
    family = [rule["code"] for rule in rules if "code" in rule]
    return RuleTable.from_document(
        {"key": "visit", "name": "Visit", "family": family, "facts": facts, "rules": rules}
    )


def cases(own: RuleTable, count: int, seed: int) -> list[dict[str, FactValue]]:
    """``count`` complete answers to what is asked, uniform; one in ten is a silence."""
    rng = random.Random(seed)
    asked = [fact for fact in own.facts if not fact.derived]
    return [{fact.key: _answer(rng, fact) for fact in asked} for _ in range(count)]


def _answer(rng: random.Random, fact: Any) -> FactValue:
    if rng.random() < SILENT:
        return rng.choice((NOT_DOCUMENTED, CONFLICTING))
    return known(
        rng.randint(0, 20) if fact.kind is Kind.WHOLE_NUMBER else rng.choice(fact.values())
    )


def _data_lines() -> list[dict[str, Any]]:
    yes = {"in": [True]}
    many, two = {"items": {"between": [3, None]}}, {"items": {"between": [2, None]}}
    counted = [many, {**two, "historian": yes}]
    high = [{**rows, other: yes} for other in ("reading", "discussion") for rows in counted]
    return [
        {"value": "high", "rows": [*high, {"reading": yes, "discussion": yes}]},
        {"value": "moderate", "rows": [*counted, {"reading": yes}, {"discussion": yes}]},
        {"value": "low", "rows": [two, {"historian": yes}]},
        {"value": "minimal", "rows": [{}]},
    ]


def _level_lines() -> list[dict[str, Any]]:
    pairs = (("problems", "data"), ("problems", "risk"), ("data", "risk"))
    lines = []
    for place in (3, 2, 1):
        reached = {"in": list(LEVELS[place:])}
        lines.append(
            {
                "value": LEVELS[place],
                "rows": [{first: reached, second: reached} for first, second in pairs],
            }
        )
    return [*lines, {"value": "minimal", "rows": [{}]}]


def _asked(key: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "label": key.title(), "question": f"{key.title()}?", **more}


def _listed(values: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"value": value, "label": value.title()} for value in values]


def _choice(key: str, values: tuple[str, ...]) -> dict[str, Any]:
    return _asked(key, "choice", choices=_listed(values))


def _derived(key: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "key": key,
        "kind": "choice",
        "label": key.title(),
        "choices": _listed(LEVELS),
        "derived": lines,
    }


def _rule(rule_id: str, row: dict[str, Any], code: str) -> dict[str, Any]:
    outcome = {"outcome": "code", "code": code} if code else {"outcome": "provider_query"}
    return {
        "id": rule_id,
        "title": rule_id,
        "rows": [row],
        "message": rule_id,
        "basis": "made up",
        **outcome,
    }

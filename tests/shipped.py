"""The shipped rule sets with their worked cases, for tests that need no database."""

import csv

from coding import rulesets
from coding.decision import RuleTable
from coding.rules.worked_cases import Case, CaseError, read_cases


def cases(key: str, table: RuleTable) -> list[Case | CaseError]:
    """The worked cases of a rule set."""
    with rulesets.cases_file(key).open(newline="", encoding="utf-8") as file:
        return list(read_cases(file, table))


def rules_of_cases(key: str) -> dict[str, str]:
    """The rule that each worked case names as the one that decides it."""
    with rulesets.cases_file(key).open(newline="", encoding="utf-8") as file:
        return {row["id"]: row["rule"] for row in csv.DictReader(file)}


def facts_from(table: RuleTable, texts: dict[str, str]) -> dict:
    """Answers as case files write them."""
    return {key: table.fact_by_key[key].answer_from_text(text) for key, text in texts.items()}

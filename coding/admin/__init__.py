"""Administration: rules, lexicons, fees, registers, people. What was decided is not edited here, nor the trail."""

from coding.admin import (
    accounts,
    authorities,
    claim_checks,
    claim_tables,
    draft_rows,
    fee_schedules,
    house_notes,
    lexicons,
    new_rule_sets,
    people,
    registers,
    rule_sets,
    teams,
    worked_cases,
)

__all__ = [
    "accounts",
    "authorities",
    "claim_checks",
    "claim_tables",
    "draft_rows",
    "fee_schedules",
    "house_notes",
    "lexicons",
    "new_rule_sets",
    "people",
    "registers",
    "rule_sets",
    "teams",
    "worked_cases",
]

"""Administration: rules, lexicons, fees, registers, people. What was decided is not edited here, nor the trail."""

from coding.admin import accounts, fee_schedules, lexicons, people, registers, rule_sets, teams

__all__ = ["accounts", "fee_schedules", "lexicons", "people", "registers", "rule_sets", "teams"]

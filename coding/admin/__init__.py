"""Administration: rule sets, lexicons, fee schedules, people. What was decided is not edited here, nor the trail."""

from coding.admin import fee_schedules, lexicons, people, rule_sets

__all__ = ["fee_schedules", "lexicons", "people", "rule_sets"]

"""Administration: rule sets, fee schedules, people. Encounters, decisions and the audit trail are not edited here."""

from coding.admin import fee_schedules, people, rule_sets

__all__ = ["fee_schedules", "people", "rule_sets"]

"""Administration: rule sets and people. Encounters, decisions and the audit trail are not edited here."""

from coding.admin import people, rule_sets

__all__ = ["people", "rule_sets"]

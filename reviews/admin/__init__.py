"""Administration of what needs both apps: rule sets, steps of versions, rule defects, and how long records are kept."""

from reviews.admin import defects, retention, rule_sets, versions

__all__ = ["defects", "retention", "rule_sets", "versions"]

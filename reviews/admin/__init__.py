"""Administration of what needs both apps: rule sets, steps of versions, rule defects, favourite reasons, retention."""

from reviews.admin import defects, favourite_reasons, retention, rule_sets, versions

__all__ = ["defects", "favourite_reasons", "retention", "rule_sets", "versions"]

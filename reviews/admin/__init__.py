"""Administration of what needs both apps: rule sets, defects, favourite reasons, retention, routing, sampling."""

from reviews.admin import defects, favourite_reasons, retention, routing, rule_sets, versions

__all__ = ["defects", "favourite_reasons", "retention", "routing", "rule_sets", "versions"]

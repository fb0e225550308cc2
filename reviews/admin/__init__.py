"""Administration of what needs both apps: how versions go on, and how long records are kept."""

from reviews.admin import retention, versions

__all__ = ["retention", "versions"]

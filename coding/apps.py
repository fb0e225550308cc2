"""The app that knows what the record says and what the rules make of it."""

from django.apps import AppConfig


class CodingConfig(AppConfig):
    """Encounters, facts, rule sets, suggestions, jobs and the audit trail."""

    name = "coding"
    verbose_name = "Coding"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the kinds of work known to the pump before a worker asks for them."""
        from coding.importing import checking, looking  # noqa: F401

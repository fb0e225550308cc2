"""The app that knows what people decide about what the rules suggest."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Coding decisions, review cases, rulings and re-evaluation runs."""

    name = "reviews"
    verbose_name = "Reviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the kinds of work known to the pump before a worker asks for them."""
        from reviews import corrections  # noqa: F401
        from reviews.reevaluation import applying, deciding, planning, replay  # noqa: F401

"""The app that knows what people decide about what the rules suggest."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReviewsConfig(AppConfig):
    """Coding decisions, review cases, rulings and re-evaluation runs."""

    name = "reviews"
    verbose_name = "Reviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the roles as they are written after every ``migrate``, and none that settings name wrongly."""
        from reviews import roles

        post_migrate.connect(roles.sync_after_migrations, sender=self)
        roles.check_second_factor_roles()

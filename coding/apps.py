"""The app that knows what the record says and what the rules make of it."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate


class CodingConfig(AppConfig):
    """Encounters, facts, rule sets, suggestions, jobs and the audit trail."""

    name = "coding"
    verbose_name = "Coding"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the database guarded after every ``migrate``, its cache's table made, and held roles checked."""
        from coding.people.pairs import check_duties
        from coding.trail import guards
        from coding.work import shared_cache

        checks.register(check_duties, checks.Tags.database)
        pre_migrate.connect(guards.lift_before_migrations, sender=self)
        post_migrate.connect(guards.install_after_migrations, sender=self)
        post_migrate.connect(shared_cache.make_after_migrations, sender=self)

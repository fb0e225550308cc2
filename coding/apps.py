"""The app that knows what the record says and what the rules make of it."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class CodingConfig(AppConfig):
    """Encounters, facts, rule sets, suggestions, jobs and the audit trail."""

    name = "coding"
    verbose_name = "Coding"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the database guarded after every ``migrate``, and not while tables change; make the cache's table.

        A database of the time before events told values takes down which rows are older.
        """
        from coding.trail import guards, proof
        from coding.work import shared_cache

        pre_migrate.connect(guards.lift_before_migrations, sender=self)
        post_migrate.connect(guards.install_after_migrations, sender=self)
        post_migrate.connect(proof.begin_after_migrations, sender=self)
        post_migrate.connect(shared_cache.make_after_migrations, sender=self)

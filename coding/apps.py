"""The app that knows what the record says and what the rules make of it."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_delete, post_migrate, post_save, pre_migrate


class CodingConfig(AppConfig):
    """Encounters, facts, rule sets, suggestions, jobs and the audit trail."""

    name = "coding"
    verbose_name = "Coding"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the database guarded and limited after every ``migrate``, and not while tables change; never back.

        Make the cache's table, hear what allauth changes of accounts, and have held roles checked. In a database of the
        time before events told values take down which rows are older.
        """
        from allauth.account.signals import email_changed
        from allauth.mfa.models import Authenticator

        from coding.accounts import changes
        from coding.accounts.roles_apart import check_duties
        from coding.operation import limits, way_back
        from coding.trail import begun, guards
        from coding.work import shared_cache

        checks.register(check_duties, checks.Tags.database)
        pre_migrate.connect(way_back.refuse_before_migrations, sender=self)
        pre_migrate.connect(limits.lift_before_migrations, sender=self)
        pre_migrate.connect(guards.lift_before_migrations, sender=self)
        post_migrate.connect(guards.install_after_migrations, sender=self)
        post_migrate.connect(begun.begin_after_migrations, sender=self)
        post_migrate.connect(shared_cache.make_after_migrations, sender=self)
        post_migrate.connect(limits.set_after_migrations, sender=self)
        post_save.connect(changes.factor_added, sender=Authenticator)
        post_delete.connect(changes.factor_removed, sender=Authenticator)
        email_changed.connect(changes.email_changed)

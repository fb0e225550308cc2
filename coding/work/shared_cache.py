"""The table of the cache that all processes share, where the database keeps it (``CACHE_URL``)."""

from django.core.management import call_command


def make_after_migrations(using: str, **_: object) -> None:
    """Receiver of ``post_migrate``: does nothing where the table is there, or the cache is elsewhere."""
    call_command("createcachetable", database=using, verbosity=0)

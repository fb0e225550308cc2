"""PostgreSQL's own programs for back-ups, run as Django itself connects. No password stands in a list of processes."""

import os
import subprocess
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

# What libpq reads from its environment, by the names in Django's settings.
FROM_SETTINGS = {
    "HOST": "PGHOST",
    "PORT": "PGPORT",
    "USER": "PGUSER",
    "PASSWORD": "PGPASSWORD",
    "NAME": "PGDATABASE",
}
FROM_OPTIONS = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}


class ToolFailed(Exception):
    """What a program said when it failed."""


def run(connection: BaseDatabaseWrapper, *command: str) -> None:
    """Run pg_dump or pg_restore on the database of a connection. Raises ToolFailed."""
    try:
        done = subprocess.run(  # noqa: S603
            command,
            env=_environment(connection.settings_dict),
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise ToolFailed(
            f"{command[0]} is not installed. On Debian: apt-get install postgresql-client."
        ) from None
    if done.returncode:
        raise ToolFailed(f"{command[0]} failed: {done.stderr.strip()}")


def _environment(settings: dict[str, Any]) -> dict[str, str]:
    own = {variable: settings[name] for name, variable in FROM_SETTINGS.items()}
    own |= {variable: settings["OPTIONS"].get(name) for name, variable in FROM_OPTIONS.items()}
    return os.environ | {name: str(value) for name, value in own.items() if value}

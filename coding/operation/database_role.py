"""The application's role in PostgreSQL: it reads and writes rows, and owns nothing.

An owner can drop the triggers that keep what is written (``coding.trail.guards``). So tables belong to a role that
migrates, and the application connects as another one, which these grants are for.
"""

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

# The rows of this table say which migrations ran: the owner's business alone.
MIGRATIONS = "django_migrations"
SCHEMA = "public"
FIRST_WITH_MAINTAIN = 170000

GRANTS = (
    "GRANT CONNECT ON DATABASE {database} TO {role}",
    "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}",
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    # What later migrations, or a restore, make as this owner.
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
)
# Lets the application refresh the planner's statistics, which PostgreSQL before 17 allows to owners only.
MAINTAIN = (
    "GRANT MAINTAIN ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT MAINTAIN ON TABLES TO {role}",
)
KEEP_MIGRATIONS = "REVOKE INSERT, UPDATE, DELETE ON {migrations} FROM {role}"


class UnfitRole(Exception):
    """Why a role cannot be the application's, and what to do."""


def grant(connection: BaseDatabaseWrapper, role: str) -> None:
    """Let a role read and write the rows of today's and later tables. Run as their owner; again changes nothing.

    Raises UnfitRole.
    """
    _refuse_unfit(connection, role)
    statements = list(GRANTS)
    with connection.cursor() as cursor:
        if connection.connection.info.server_version >= FIRST_WITH_MAINTAIN:
            statements += MAINTAIN
        if MIGRATIONS in connection.introspection.table_names(cursor):
            statements.append(KEEP_MIGRATIONS)
    names = {
        "database": sql.Identifier(str(connection.settings_dict["NAME"])),
        "migrations": sql.Identifier(MIGRATIONS),
        "role": sql.Identifier(role),
        "schema": sql.Identifier(SCHEMA),
    }
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(**names))


def _refuse_unfit(connection: BaseDatabaseWrapper, role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        [owner] = cursor.fetchone()
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
        known = cursor.fetchone()
        if known is None:
            raise UnfitRole(
                f"There is no role {role}. Make it first: CREATE ROLE {role} LOGIN PASSWORD '…'."
            )
        [is_superuser] = known
        if is_superuser:
            raise UnfitRole(
                f"{role} is a superuser, whom no grant binds. Take a role without any such right."
            )
        cursor.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [role, owner])
        [acts_as_owner] = cursor.fetchone()
        if acts_as_owner:
            raise UnfitRole(
                f"{role} may act as {owner}, who owns the tables. Take a role that is no member of it."
            )

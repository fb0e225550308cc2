"""Database triggers: what is written once is refused to change even to somebody with a database shell.

The triggers guard every ``AppendOnly`` table against UPDATE, DELETE and, on PostgreSQL, TRUNCATE, and
published rule set versions with their parts against any edit. SQLite would let ``REPLACE INTO`` pass;
``PRAGMA recursive_triggers`` in the settings closes that. A migration that alters a guarded table makes
SQLite rebuild it without its triggers: such a migration installs them again.
"""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from coding.models.append_only import AppendOnly

PARTS = (
    "coding_fact",
    "coding_rule",
    "coding_modifierrule",
    "coding_supportingdiagnosis",
    "coding_lexiconterm",
)
VERSIONS = "coding_rulesetversion"
REFUSAL = "concord: this row is kept as it is"

# What a published version says; only its state may still change, to retired.
FIXED_COLUMNS = [
    "rule_set_id",
    "number",
    "document_id",
    "lexicon_id",
    "lexicon_frame",
    "effective_from",
    "author_id",
    "last_editor_id",
    "approver_id",
    "published_at",
    "description",
    "notes",
    "family",
    "hit_policy",
    "change_note",
]

REFUSE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION concord_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""

GUARD_PART_FUNCTION = f"""
CREATE OR REPLACE FUNCTION concord_guard_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part RECORD;
BEGIN
  IF TG_OP = 'DELETE' THEN part := OLD; ELSE part := NEW; END IF;
  IF EXISTS (SELECT 1 FROM {VERSIONS} WHERE id = part.version_id AND state <> 'draft') THEN
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN part;
END $$
"""


def append_only_tables() -> list[str]:
    """The tables of all models that are written once."""
    return [model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnly)]


def install(connection: BaseDatabaseWrapper, tables: list[str] | None = None) -> None:
    """Create the triggers of the named append-only tables, or of all guarded tables."""
    statements = postgresql_triggers if connection.vendor == "postgresql" else sqlite_triggers
    with connection.cursor() as cursor:
        for statement in statements(append_only_tables() if tables is None else tables):
            cursor.execute(statement)


def install_version_guard(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers that keep published rule set versions as they are."""
    statements = postgresql_version_guard if connection.vendor == "postgresql" else sqlite_version_guard
    with connection.cursor() as cursor:
        # An earlier migration does not know the parts and columns of later ones.
        tables = connection.introspection.table_names(cursor)
        columns = [column.name for column in connection.introspection.get_table_description(cursor, VERSIONS)]
        parts = [table for table in PARTS if table in tables]
        fixed = [column for column in FIXED_COLUMNS if column in columns]
        for statement in statements(parts, fixed):
            cursor.execute(statement)


def renew_version_guard(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers on versions again, after a migration that altered one of their tables."""
    lift_version_guard(connection)
    install_version_guard(connection)


def lift_version_guard(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers on versions: SQLite cannot rebuild a table that triggers of other tables ask."""
    _drop(connection, (*PARTS, VERSIONS))


def lift(connection: BaseDatabaseWrapper, table: str) -> None:
    """Drop a table's triggers, for a migration that fills a new column and then installs them again."""
    _drop(connection, (table,))


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop every trigger of this module: for emptying a test database, never in operation."""
    _drop(connection)


def _drop(connection: BaseDatabaseWrapper, tables: tuple[str, ...] = ()) -> None:
    is_postgresql = connection.vendor == "postgresql"
    listed = (
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'concord_%'"
        if is_postgresql
        else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'concord_%'"
    )
    with connection.cursor() as cursor:
        cursor.execute(listed)
        for name, table in cursor.fetchall():
            if not tables or table in tables:
                cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if is_postgresql else ""))


def postgresql_triggers(tables: list[str]) -> Iterator[str]:
    """Statements that refuse UPDATE, DELETE and TRUNCATE of the tables."""
    yield REFUSE_FUNCTION
    for table in tables:
        yield (
            f"CREATE TRIGGER concord_keep_{table} BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION concord_refuse()"
        )
        yield (
            f"CREATE TRIGGER concord_keep_all_{table} BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse()"
        )


def sqlite_triggers(tables: list[str]) -> Iterator[str]:
    """Statements that refuse UPDATE and DELETE of the tables."""
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER concord_keep_{verb.lower()}_{table} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )


def published_edit(is_distinct: str, columns: Iterable[str]) -> str:
    """The condition under which an UPDATE would change what a published or retired version says."""
    changed = " OR ".join(f"NEW.{column} {is_distinct} OLD.{column}" for column in columns)
    return (
        f"OLD.state IN ('published', 'retired') AND ({changed} OR NOT"
        " (NEW.state = OLD.state OR (OLD.state = 'published' AND NEW.state = 'retired')))"
    )


def postgresql_version_guard(parts: Iterable[str], columns: Iterable[str]) -> Iterator[str]:
    """Statements that keep published versions and the parts of every version that is no draft."""
    yield REFUSE_FUNCTION
    yield GUARD_PART_FUNCTION
    yield (
        f"CREATE TRIGGER concord_published BEFORE UPDATE ON {VERSIONS} FOR EACH ROW"
        f" WHEN ({published_edit('IS DISTINCT FROM', columns)}) EXECUTE FUNCTION concord_refuse()"
    )
    yield (
        f"CREATE TRIGGER concord_published_delete BEFORE DELETE ON {VERSIONS} FOR EACH ROW"
        " WHEN (OLD.state <> 'draft') EXECUTE FUNCTION concord_refuse()"
    )
    for table in parts:
        yield (
            f"CREATE TRIGGER concord_guard_{table} BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION concord_guard_part()"
        )


def sqlite_version_guard(parts: Iterable[str], columns: Iterable[str]) -> Iterator[str]:
    """Statements that keep published versions and the parts of every version that is no draft."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    edit = published_edit("IS NOT", columns)
    yield f"CREATE TRIGGER concord_published BEFORE UPDATE ON {VERSIONS} WHEN {edit} {refuse}"
    yield f"CREATE TRIGGER concord_published_delete BEFORE DELETE ON {VERSIONS} WHEN OLD.state <> 'draft' {refuse}"
    for table in parts:
        for verb, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            yield (
                f"CREATE TRIGGER concord_guard_{verb.lower()}_{table} BEFORE {verb} ON {table}"
                f" WHEN (SELECT state FROM {VERSIONS} WHERE id = {row}.version_id) <> 'draft' {refuse}"
            )

"""Database guards: what is written once is refused to change even to somebody with a database shell.

Triggers keep every ``AppendOnly`` table from UPDATE, DELETE and, on PostgreSQL, TRUNCATE; every ``Kept`` table from
DELETE, TRUNCATE and the UPDATE of what is fixed; and published rule set versions with their parts from any edit. A
model may name in ``REFUSED_WHEN`` when the database refuses a new row. SQLite would let ``REPLACE INTO`` pass; ``PRAGMA
recursive_triggers`` in the settings closes that.

They are lifted before migrations and installed after them (``pre_migrate``, ``post_migrate``): SQLite remakes a table
that is altered without its triggers, and silently. A migration that was killed leaves them lifted until the next
``migrate``; ``missing`` says so.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from coding.models.append_only import AppendOnly, Kept

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
FIXED_COLUMNS = (
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
)

REFUSE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION concord_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""

# A part is neither written into a version that is no draft, nor taken out of one.
GUARD_PART_FUNCTION = f"""
CREATE OR REPLACE FUNCTION concord_guard_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM {VERSIONS} WHERE id = OLD.version_id AND state <> 'draft')
  OR TG_OP <> 'DELETE' AND EXISTS (SELECT 1 FROM {VERSIONS} WHERE id = NEW.version_id AND state <> 'draft') THEN
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$
"""

REFUSE_NEW_FUNCTION = """
CREATE OR REPLACE FUNCTION concord_refuse_new_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {condition} THEN
    RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""
NOT_ALLOWED = "concord: this row may not be written"


def lift_before_migrations(using: str, plan: object = (), **_: object) -> None:
    """Receiver of ``pre_migrate``: nothing guards a table while migrations change it."""
    if plan:
        lift(connections[using])


def install_after_migrations(using: str, **_: object) -> None:
    """Receiver of ``post_migrate``: what is missing is installed."""
    install(connections[using])


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers that are missing, for the tables that are there."""
    present = _installed(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(REFUSE_FUNCTION)
            if _is_there(connection, VERSIONS):
                cursor.execute(GUARD_PART_FUNCTION)
            for table, condition in _refusals(connection).items():
                cursor.execute(REFUSE_NEW_FUNCTION.format(table=table, condition=condition, refusal=NOT_ALLOWED))
        for name, statement in _wanted(connection).items():
            if name not in present:
                cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Drop every trigger of this module: for migrations and for emptying a test database."""
    with connection.cursor() as cursor:
        for name, table in _installed(connection).items():
            place = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{place}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of the triggers that should be there and are not."""
    return sorted(_wanted(connection).keys() - _installed(connection).keys())


def _installed(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The triggers of this module that are there, each with its table."""
    listed = (
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'concord_%'"
        if connection.vendor == "postgresql"
        else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'concord_%'"
    )
    with connection.cursor() as cursor:
        cursor.execute(listed)
        return dict(cursor.fetchall())


def _wanted(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The statement that creates each trigger, by its name, for the tables that are there.

    Migrated backwards, a database lacks tables and columns that the code of today knows.
    """
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        has_versions = VERSIONS in tables
        described: Any = connection.introspection.get_table_description(cursor, VERSIONS) if has_versions else []
    columns = {column.name for column in described}
    written_once = [model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnly)]
    written_once = [table for table in written_once if table in tables]
    parts = [table for table in PARTS if table in tables]
    fixed = [column for column in FIXED_COLUMNS if column in columns]
    refused_changes = _refused_changes(connection, tables)
    refusals = _refusals(connection)
    if connection.vendor == "postgresql":
        wanted = dict(_postgresql_keepers(written_once))
        wanted |= dict(_postgresql_kept(refused_changes)) | dict(_postgresql_refusals(refusals))
        return wanted | dict(_postgresql_version_guard(parts, fixed)) if has_versions else wanted
    wanted = dict(_sqlite_keepers(written_once))
    wanted |= dict(_sqlite_kept(refused_changes)) | dict(_sqlite_refusals(refusals))
    return wanted | dict(_sqlite_version_guard(parts, fixed)) if has_versions else wanted


def _refused_changes(connection: BaseDatabaseWrapper, tables: set[str]) -> dict[str, str]:
    """When a row of a ``Kept`` table may not be changed, by table."""
    is_distinct = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    conditions = {}
    for model in apps.get_models():
        table = model._meta.db_table
        if issubclass(model, Kept) and table in tables:
            with connection.cursor() as cursor:
                there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
            fixed = [column for column in model.fixed_columns() if column in there]
            own = f" OR ({model.REFUSED_CHANGE})" if model.REFUSED_CHANGE else ""
            conditions[table] = _any_changed(is_distinct, fixed) + own
    return conditions


def _refusals(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """What makes the database refuse a new row, by table."""
    refusals = {model._meta.db_table: getattr(model, "REFUSED_WHEN", "") for model in apps.get_models()}
    tables = connection.introspection.table_names()
    return {table: condition for table, condition in refusals.items() if condition and table in tables}


def _is_there(connection: BaseDatabaseWrapper, table: str) -> bool:
    return table in connection.introspection.table_names()


Statements = Iterator[tuple[str, str]]


def _postgresql_keepers(tables: Iterable[str]) -> Statements:
    for table in tables:
        yield (
            f"concord_keep_{table}",
            (
                f"CREATE TRIGGER concord_keep_{table} BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION concord_refuse()"
            ),
        )
        yield (
            f"concord_keep_all_{table}",
            (
                f"CREATE TRIGGER concord_keep_all_{table} BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse()"
            ),
        )


def _sqlite_keepers(tables: Iterable[str]) -> Statements:
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            name = f"concord_keep_{verb.lower()}_{table}"
            yield name, f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"


def _any_changed(is_distinct: str, columns: Iterable[str]) -> str:
    return " OR ".join(f"NEW.{column} {is_distinct} OLD.{column}" for column in columns)


def _postgresql_kept(refused_changes: Mapping[str, str]) -> Statements:
    refuse = "EXECUTE FUNCTION concord_refuse()"
    for table, condition in refused_changes.items():
        update, delete, empty = f"concord_fixed_{table}", f"concord_stays_{table}", f"concord_stay_all_{table}"
        yield update, f"CREATE TRIGGER {update} BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({condition}) {refuse}"
        yield delete, f"CREATE TRIGGER {delete} BEFORE DELETE ON {table} FOR EACH ROW {refuse}"
        yield empty, f"CREATE TRIGGER {empty} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}"


def _sqlite_kept(refused_changes: Mapping[str, str]) -> Statements:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for table, condition in refused_changes.items():
        update, delete = f"concord_fixed_{table}", f"concord_stays_{table}"
        yield update, f"CREATE TRIGGER {update} BEFORE UPDATE ON {table} WHEN {condition} {refuse}"
        yield delete, f"CREATE TRIGGER {delete} BEFORE DELETE ON {table} {refuse}"


def _postgresql_refusals(refusals: Mapping[str, str]) -> Statements:
    for table in refusals:
        name = f"concord_new_{table}"
        act = f"EXECUTE FUNCTION concord_refuse_new_{table}()"
        yield name, f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW {act}"


def _sqlite_refusals(refusals: Mapping[str, str]) -> Statements:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{NOT_ALLOWED}'); END"
    for table, condition in refusals.items():
        name = f"concord_new_{table}"
        yield name, f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {condition} {refuse}"


def _published_edit(is_distinct: str, columns: Iterable[str]) -> str:
    """The condition under which an UPDATE would change what a published or retired version says."""
    changed = _any_changed(is_distinct, columns)
    return (
        f"OLD.state IN ('published', 'retired') AND ({changed} OR NOT"
        " (NEW.state = OLD.state OR (OLD.state = 'published' AND NEW.state = 'retired')))"
    )


def _postgresql_version_guard(parts: Iterable[str], columns: Iterable[str]) -> Statements:
    edit = _published_edit("IS DISTINCT FROM", columns)
    yield (
        "concord_published",
        (
            f"CREATE TRIGGER concord_published BEFORE UPDATE ON {VERSIONS} FOR EACH ROW"
            f" WHEN ({edit}) EXECUTE FUNCTION concord_refuse()"
        ),
    )
    yield (
        "concord_published_delete",
        (
            f"CREATE TRIGGER concord_published_delete BEFORE DELETE ON {VERSIONS} FOR EACH ROW"
            " WHEN (OLD.state <> 'draft') EXECUTE FUNCTION concord_refuse()"
        ),
    )
    for table in parts:
        yield (
            f"concord_guard_{table}",
            (
                f"CREATE TRIGGER concord_guard_{table} BEFORE INSERT OR UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION concord_guard_part()"
            ),
        )
        yield (
            f"concord_guard_all_{table}",
            (
                f"CREATE TRIGGER concord_guard_all_{table} BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse()"
            ),
        )


def _sqlite_version_guard(parts: Iterable[str], columns: Iterable[str]) -> Statements:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    edit = _published_edit("IS NOT", columns)
    yield "concord_published", f"CREATE TRIGGER concord_published BEFORE UPDATE ON {VERSIONS} WHEN {edit} {refuse}"
    yield (
        "concord_published_delete",
        f"CREATE TRIGGER concord_published_delete BEFORE DELETE ON {VERSIONS} WHEN OLD.state <> 'draft' {refuse}",
    )
    for table in parts:
        for verb, versions in (
            ("INSERT", "NEW.version_id"),
            ("UPDATE", "OLD.version_id, NEW.version_id"),
            ("DELETE", "OLD.version_id"),
        ):
            name = f"concord_guard_{verb.lower()}_{table}"
            fixed = f"EXISTS (SELECT 1 FROM {VERSIONS} WHERE id IN ({versions}) AND state <> 'draft')"
            yield name, f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {fixed} {refuse}"

"""Database guards: what is written once is refused to change even to somebody with a database shell.

What the triggers refuse is said by the models (``coding.models.append_only``): an ``AppendOnly`` row stays as it is, of
a ``Kept`` one some columns change, and some rows are not written at all. Published rule set versions and their parts
are kept from any edit. SQLite would let ``REPLACE INTO`` pass; ``PRAGMA recursive_triggers`` in the settings closes
that for Concord itself, and ``verify_trail`` and ``verify_records`` find it where somebody else's shell did it.

They are lifted before migrations and installed after them (``pre_migrate``, ``post_migrate``): SQLite remakes a table
that is altered without its triggers, and silently. A migration that was killed leaves them lifted until the next
``migrate``; ``missing`` says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from coding.models.append_only import Kept

PARTS = (
    "coding_fact",
    "coding_rule",
    "coding_modifierrule",
    "coding_supportingdiagnosis",
    "coding_lexiconterm",
    "coding_workedcase",
)
VERSIONS = "coding_rulesetversion"
LISTED = {
    "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'concord_%'",
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'concord_%'",
}
KEPT = "concord: this row is kept as it is"
NOT_ALLOWED = "concord: this row may not be written"

# What a published version says; only its state may still change, to retired and back.
FIXED_ONCE_PUBLISHED = (
    "document_id",
    "lexicon_id",
    "lexicon_frame",
    "further",
    "effective_from",
    "approver_id",
    "published_at",
    "description",
    "notes",
    "family",
    "hit_policy",
    "opening",
    "change_note",
    "for_payer",
    "for_place",
)
FIXED_IN_VERSIONS = ("rule_set_id", "number", "author_id")
# Who edits a draft last is written with a new edition of it, and by nobody while it is read or decides.
EDITOR_IS_KEPT = "(OLD.state <> 'draft' OR NEW.edition <= OLD.edition)"


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger. ``condition`` is SQL on the row OLD and NEW under which it refuses; without one always."""

    table: str
    verb: str
    condition: str = ""
    refusal: str = KEPT

    @property
    def name(self) -> str:
        """The trigger's name in the database."""
        return f"concord_{self.verb.lower()}_{self.table}"


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
    create = _create_on_postgresql if connection.vendor == "postgresql" else _create_on_sqlite
    with connection.cursor() as cursor:
        for guard in _wanted(connection):
            if guard.name not in present:
                for statement in create(guard):
                    cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Drop every trigger of this module: for migrations and for emptying a test database."""
    with connection.cursor() as cursor:
        for name, table in _installed(connection).items():
            place = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{place}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of the triggers that should be there and are not."""
    return sorted({guard.name for guard in _wanted(connection)} - _installed(connection).keys())


def _installed(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The triggers of this module that are there, each with its table."""
    with connection.cursor() as cursor:
        cursor.execute(LISTED[connection.vendor])
        return dict(cursor.fetchall())


def _wanted(connection: BaseDatabaseWrapper) -> list[Guard]:
    """The guards of the tables and columns that are there: migrated backwards, a database lacks some of today's."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    guards: list[Guard] = []
    for model in apps.get_models():
        if issubclass(model, Kept) and model._meta.db_table in tables:
            guards += _guards_of(model, connection)
    if VERSIONS in tables:
        guards += _guards_of_versions(connection)
        for table in PARTS:
            if table in tables:
                guards += _guards_of_parts(table)

    if connection.vendor == "postgresql":
        return guards
    # SQLite has no TRUNCATE.
    return [guard for guard in guards if guard.verb != "TRUNCATE"]


def _guards_of(model: type[Kept], connection: BaseDatabaseWrapper) -> Iterator[Guard]:
    table = model._meta.db_table
    changes = ""
    if model.MAY_CHANGE:
        there = _columns(connection, table)
        fixed = [column for column in model.fixed_columns() if column in there]
        changes = _any_changed(connection, fixed)
        if model.REFUSED_CHANGE:
            changes += f" OR {model.REFUSED_CHANGE}"
    yield Guard(table, "UPDATE", changes)
    yield Guard(table, "DELETE")
    yield Guard(table, "TRUNCATE")
    if model.REFUSED_WHEN:
        yield Guard(table, "INSERT", model.REFUSED_WHEN, NOT_ALLOWED)


def _guards_of_versions(connection: BaseDatabaseWrapper) -> Iterator[Guard]:
    there = _columns(connection, VERSIONS)
    other_origin = _any_changed(connection, FIXED_IN_VERSIONS)
    other_editor = _any_changed(connection, ["last_editor_id"])
    editor_changed = f"({other_editor}) AND {EDITOR_IS_KEPT}"

    published_columns = [name for name in FIXED_ONCE_PUBLISHED if name in there]
    other_content = _any_changed(connection, ["last_editor_id", *published_columns])
    moved_back = "NEW.state NOT IN ('published', 'retired')"
    published_changed = (
        f"OLD.state IN ('published', 'retired') AND ({other_content} OR {moved_back})"
    )

    # In SQL, AND binds before OR.
    yield Guard(VERSIONS, "UPDATE", f"{other_origin} OR {editor_changed} OR {published_changed}")
    yield Guard(VERSIONS, "DELETE", "OLD.state <> 'draft'")
    yield Guard(VERSIONS, "TRUNCATE")


def _guards_of_parts(table: str) -> Iterator[Guard]:
    """A part is neither written into a version that is no draft, nor taken out of one."""
    for verb, versions in (
        ("INSERT", "NEW.version_id"),
        ("UPDATE", "OLD.version_id, NEW.version_id"),
        ("DELETE", "OLD.version_id"),
    ):
        fixed = f"EXISTS (SELECT 1 FROM {VERSIONS} WHERE id IN ({versions}) AND state <> 'draft')"
        yield Guard(table, verb, fixed)
    yield Guard(table, "TRUNCATE")


def _columns(connection: BaseDatabaseWrapper, table: str) -> set[str]:
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, table)
    return {column.name for column in columns}


def _any_changed(connection: BaseDatabaseWrapper, columns: Sequence[str]) -> str:
    is_distinct = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    return " OR ".join(f"NEW.{column} {is_distinct} OLD.{column}" for column in columns)


def _create_on_sqlite(guard: Guard) -> Iterable[str]:
    when = f" WHEN {guard.condition}" if guard.condition else ""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{guard.refusal}'); END"
    yield f"CREATE TRIGGER {guard.name} BEFORE {guard.verb} ON {guard.table}{when} {refuse}"


def _create_on_postgresql(guard: Guard) -> Iterable[str]:
    """What reads other tables is asked in a function; all else before one is called, which costs next to nothing."""
    reads_tables = "SELECT" in guard.condition
    when = f" WHEN ({guard.condition})" if guard.condition and not reads_tables else ""
    each = "STATEMENT" if guard.verb == "TRUNCATE" else "ROW"
    yield _function(guard, guard.condition if reads_tables else "TRUE")
    yield (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.verb} ON {guard.table}"
        f" FOR EACH {each}{when} EXECUTE FUNCTION {guard.name}()"
    )


def _function(guard: Guard, condition: str) -> str:
    row = "OLD" if guard.verb == "DELETE" else "NEW"
    return f"""
        CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF {condition} THEN
            RAISE EXCEPTION '{guard.refusal}' USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN {row};
        END $$
    """

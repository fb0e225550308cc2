"""What a database consists of, as it says itself: columns, indexes, constraints and guards of Concord's tables."""

import re

from tests.upgrades.conftest import StoredDatabase

# A dump writes the casts of a condition in another place than the database does.
CASTS = re.compile(r"::[a-z ]+(\[\])?|[()]")
TRIGRAMS = "gin_trgm_ops"
NAMED = re.compile(r'CONSTRAINT "(\w+)" (CHECK|UNIQUE)')

ON_POSTGRESQL = {
    "columns": """
        SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
        WHERE table_schema = 'public'
    """,
    # Names that Django makes hold a hash of what a table was called first; what they stand for is compared.
    "indexes": """
        SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON') FROM pg_indexes
        WHERE schemaname = 'public'
    """,
    "constraints": """
        SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    """,
    "guards": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def schema_of(database: StoredDatabase) -> dict[str, set[tuple[object, ...]]]:
    """Each kind of thing with all that there is of it, but for indexes of trigrams."""
    everything = _on_sqlite(database) if database.path else _on_postgresql(database)
    return {kind: _of_concord(rows) for kind, rows in everything.items()}


def trigrams_of(database: StoredDatabase) -> set[str]:
    """The tables that have an index of trigrams, on PostgreSQL."""
    return {
        table
        for table, definition in database.rows(ON_POSTGRESQL["indexes"])
        if TRIGRAMS in definition
    }


def _of_concord(rows: set[tuple[object, ...]]) -> set[tuple[object, ...]]:
    """Each row begins with its table."""
    return {row for row in rows if not str(row[0]).startswith(("django_", "auth_"))}


def _on_postgresql(database: StoredDatabase) -> dict[str, set[tuple[object, ...]]]:
    rows_of = {kind: database.rows(query) for kind, query in ON_POSTGRESQL.items()}
    rows_of["indexes"] = [
        (table, definition)
        for table, definition in rows_of["indexes"]
        if TRIGRAMS not in definition
    ]
    return {kind: _without_casts(rows) for kind, rows in rows_of.items()}


def _on_sqlite(database: StoredDatabase) -> dict[str, set[tuple[object, ...]]]:
    tables = database.rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    columns, constraints = set(), set()
    for table, sql in tables:
        for _, column, kind, not_null, *_ in database.rows(f"PRAGMA table_info({table})"):
            columns.add((table, column, kind, not_null))
        for _, _, target, column, *_ in database.rows(f"PRAGMA foreign_key_list({table})"):
            constraints.add((table, column, target))
        for name, kind in NAMED.findall(sql):
            constraints.add((table, name, kind))
    indexes = set()
    for table, sql in database.rows(
        "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ):
        indexes.add((table, re.sub(r'INDEX "\w+"', "INDEX", sql)))
    guards = set(database.rows("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"))
    return {"columns": columns, "indexes": indexes, "constraints": constraints, "guards": guards}


def _without_casts(rows: list[tuple[str, ...]]) -> set[tuple[object, ...]]:
    return {tuple(CASTS.sub("", text) for text in row) for row in rows}

"""How Concord's processes talk with each kind of database."""

SQLITE = {
    # A read that later writes would fail at once; beginning as a writer waits its turn instead.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # Without recursive triggers REPLACE INTO would slip past the triggers of the audit trail.
    "init_command": "; ".join(
        [
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=NORMAL",
            "PRAGMA foreign_keys=ON",
            "PRAGMA recursive_triggers=ON",
        ]
    ),
}

_POSTGRES_SETTINGS = {
    # Milliseconds.
    "statement_timeout": 30_000,
    "lock_timeout": 15_000,
    # A process frozen in a transaction is cut off before those who wait for its locks give up.
    "idle_in_transaction_session_timeout": 10_000,
    # To compile a plan takes longer than a page's plans run.
    "jit": "off",
}
POSTGRES = {
    "connect_timeout": 5,
    "options": " ".join(f"-c {name}={value}" for name, value in _POSTGRES_SETTINGS.items()),
}

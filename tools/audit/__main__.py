"""``make audit``: scanners of others and attacks of our own, over a copy that runs as in production.

``python -m tools.audit TOOLS [NAME …]`` with the folder in which the scanners are, and which of them to run. It writes
docs/audit.md; with names it only tells. 1 if anything was found or a goal is missed.
"""

import datetime
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

from tools.audit import scanners
from tools.audit.attacks import Goal, canary, log_ins, texts, uploads
from tools.audit.hostile import hostile
from tools.audit.scanners import Row
from tools.audit.site import ROOT, site

FILE = ROOT / "docs" / "audit.md"
HEAD = """# Audit

Written by `make audit`, {day}, {cores} cores, shared. Scanners of others over the committed files, and over a
copy that runs as in production: PostgreSQL and Redis of its own, TLS, three web processes and a worker,
`CONCORD_LOCAL=0`, loopback alone. Each is bounded in time; “none” means that nothing was found within these bounds.

| tool | version | what was run | findings | remark |
|---|---|---|---|---|
"""
GOALS = """
Attacks of our own on the same copy (`tools/audit/attacks.py`, `tools/audit/hostile.py`); the other goals stand in
[reliability.md](reliability.md).

| goal | test | figure | bound | |
|---|---|---|---|---|
"""
STILL = ("bandit", "secrets", "check", "outdated", "hostile")
RUNNING = (
    "observatory",
    "uploads",
    "canary",
    "texts",
    "log-ins",
    "schemathesis",
    "sqlmap",
    "wapiti",
)


def main(tools: Path, names: list[str]) -> int:
    """Run, tell, write."""
    warnings.filterwarnings("ignore")
    rows = []
    for row in _rows(tools, names):
        rows.append(row)
        print(line(row), flush=True)
    if not names:
        FILE.write_text(page(rows), encoding="utf-8")
    return int(any(row.faults if isinstance(row, Row) else not row.met for row in rows))


def page(rows: list[Row | Goal]) -> str:
    """Both tables."""
    head = HEAD.format(day=f"{datetime.datetime.now(datetime.UTC):%d %B %Y}", cores=os.cpu_count())
    lines = "".join(f"{line(row)}\n" for row in rows if isinstance(row, Row))
    goals = "".join(f"{line(row)}\n" for row in rows if isinstance(row, Goal))
    return f"{head}{lines}{GOALS}{goals}"


def _rows(tools: Path, names: list[str]) -> Iterator[Row | Goal]:
    for name in STILL:
        if not names or name in names:
            yield from _still(tools, name)
    wanted = [name for name in RUNNING if not names or name in names]
    if not wanted:
        return
    with site() as at:
        attacks = {
            "observatory": lambda: [scanners.observatory(at)],
            "uploads": lambda: uploads(at),
            "canary": lambda: canary(at),
            "texts": lambda: texts(at),
            "schemathesis": lambda: [scanners.schemathesis(tools, at)],
            "sqlmap": lambda: scanners.sqlmap(tools, at),
            # It sends every form that it sees.
            "wapiti": lambda: scanners.wapiti(tools, at),
            "log-ins": lambda: log_ins(at),
        }
        for name in wanted:
            yield from attacks[name]()


def _still(tools: Path, name: str) -> Iterator[Row | Goal]:
    """What needs no running copy."""
    if name == "hostile":
        with tempfile.TemporaryDirectory() as folder:
            yield from hostile(Path(folder))
        return
    scans = {
        "bandit": lambda: scanners.bandit(tools),
        "secrets": lambda: scanners.detect_secrets(tools),
        "check": scanners.django_check,
        "outdated": scanners.outdated,
    }
    yield scans[name]()


def line(row: Row | Goal) -> str:
    """A row of its table."""
    if isinstance(row, Goal):
        return f"| {row.name} | {row.test} | {row.figure} | {row.bound} | {'met' if row.met else 'short'} |"
    faults = "not run" if row.faults is None else "; ".join(row.faults) or "none"
    return f"| {row.tool} | {row.version} | {row.ran} | {faults} | {row.remark} |"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute(), sys.argv[2:]))

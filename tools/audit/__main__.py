"""``make audit``: scanners of others over the files, and over a copy that runs as in production; writes docs/audit.md.

``python -m tools.audit TOOLS [NAME …]`` with the folder in which the scanners are, and which of them to run; with names
nothing is written. 1 if anything was found.
"""

import datetime
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tools.audit import scanners
from tools.audit.scanners import Row
from tools.audit.site import ROOT, Site, site

FILE = ROOT / "docs" / "audit.md"
HEAD = """# Audit

Written by `make audit`, {day}, {cores} cores, shared. Scanners of others over the committed files, and over a
copy that runs as in production: PostgreSQL and Redis of its own, TLS, three web processes and a worker,
`CONCORD_LOCAL=0`, loopback alone. Each is bounded in time; “none” means that nothing was found within these bounds.

| tool | version | what was run | findings | remark |
|---|---|---|---|---|
"""


def main(tools: Path, names: list[str]) -> int:
    """Run, tell, write."""
    warnings.filterwarnings("ignore")
    rows = []
    for row in _rows(tools, names):
        rows.append(row)
        print(line(row), flush=True)
    if not names:
        day = f"{datetime.datetime.now(datetime.UTC):%d %B %Y}"
        FILE.write_text(HEAD.format(day=day, cores=os.cpu_count()) + "".join(f"{line(row)}\n" for row in rows))
    return int(any(row.faults for row in rows))


def _rows(tools: Path, names: list[str]) -> Iterator[Row]:
    still: dict[str, Callable[[], Row]] = {
        "bandit": lambda: scanners.bandit(tools),
        "secrets": lambda: scanners.detect_secrets(tools),
        "check": scanners.django_check,
        "outdated": scanners.outdated,
        "schemathesis": scanners.schemathesis,
    }
    running: dict[str, Callable[[Site], Iterable[Row]]] = {
        "observatory": lambda at: [scanners.observatory(at)],
        "sqlmap": lambda at: scanners.sqlmap(tools, at),
        # Last, for it sends every form that it sees.
        "wapiti": lambda at: scanners.wapiti(tools, at),
    }
    for name, scan in still.items():
        if not names or name in names:
            yield scan()
    wanted = [scan for name, scan in running.items() if not names or name in names]
    if wanted:
        with site() as at:
            for attack in wanted:
                yield from attack(at)


def line(row: Row) -> str:
    """A row of the table."""
    found = "not run" if row.faults is None else "; ".join(row.faults) or "none"
    return f"| {row.tool} | {row.version} | {row.ran} | {found} | {row.remark} |"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute(), sys.argv[2:]))

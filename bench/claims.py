"""What it takes to check a claim of twelve lines: by the checks alone, and with the look-up of its tables.

``python -m bench.claims`` starts a PostgreSQL of its own and loads a fiftieth of a quarter of pairs
(``bench.claim_tables``); the look-up asks by index, so that its cost hardly grows with the table.
"""

import os
import tempfile
from datetime import date
from pathlib import Path

from bench.goals import goal, own_milliseconds, seconds
from bench.processes import again_beside_servers

CODES = (
    "99214",
    "25605",
    "12002",
    "12013",
    "20610",
    "20604",
    "27256",
    "29125",
    "J3301",
    "99152",
    "99153",
    "76942",
)
PASSES = 50


def main() -> None:
    if "DATABASE_URL" not in os.environ:
        again_beside_servers("bench.claims")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from bench.claim_tables import ROWS, write_files

    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        call_command(
            "load_ncci_ptp", *write_files(Path(folder), ROWS // 50, all_live=True), verbosity=0
        )
    measure()


def measure() -> None:
    """Check one claim again and again, with tables that say something of most lines."""
    from coding.claim import Claim, Line
    from coding.reference.claim_checks import shipped
    from coding.reference.claim_tables import ClaimTables
    from tests.claim.claims import fee, pair, tables

    lines = tuple(
        Line(number, code, ("RT",), 1, (1,)) for number, code in enumerate(CODES, start=1)
    )
    claim = Claim(date(2026, 8, 14), lines, ("S52.501A", "S01.01XA"), "23", "commercial", ())
    pairs = [pair(first, second, 1) for first in CODES[1:6] for second in CODES[6:]]
    loaded = tables(
        fees={code: fee("000", bilateral="1", multiple="2") for code in CODES}, pairs=pairs
    )
    looked_up = ClaimTables(claim.day, claim.payer, CODES, claim.diagnoses)

    def look_up() -> None:
        ClaimTables(claim.day, claim.payer, CODES, claim.diagnoses).read()

    checked, proposed, read = seconds(
        lambda: shipped().findings(claim, loaded),
        lambda: shipped().proposals(claim, loaded),
        look_up,
        passes=PASSES,
    )
    print(f"{len(shipped().findings(claim, loaded))} findings; tables of {looked_up.day}")
    print(f"load of the machine: {', '.join(f'{load:.1f}' for load in os.getloadavg())}")
    print(f"the look-up takes {own_milliseconds(look_up, PASSES):.1f} ms of this process's own")
    goal("checking a claim of twelve lines", checked * 1000, at_most=5, unit=" ms")
    goal("its proposals", proposed * 1000, at_most=5, unit=" ms")
    goal("with the look-up of its tables", (checked + read) * 1000, at_most=25, unit=" ms")


if __name__ == "__main__":
    main()

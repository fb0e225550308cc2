"""A whole practitioner quarter of NCCI pairs: its files, how long it loads, and how much memory that takes.

``python -m bench.claim_tables`` starts a PostgreSQL of its own, writes four files as CMS lays them out (2.6 million
rows of made-up pairs, of which six in ten had ended or are tombstones, as of CMS most) and loads them; ``--quick``
takes a fiftieth, ``--all-live`` lets every pair stand. ``--only-files FOLDER`` writes the files and ends.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time

from bench.goals import goal
from bench.processes import again_beside_servers, peak_megabytes

ROWS = 2_633_389
FILES = 4
PARTNERS = 250
HEADER = (
    "CPT only copyright. All rights reserved.\t\t\t\t\t\t\n"
    "Column1/Column2 Edits\t\t\t\t\t\t\n"
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\n"
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t\n"
    "\t\t\t\t*=no data\t1=allowed\t\n"
    "\t\t\t\t\t9=not applicable\t\n"
)
LIVE, ENDED, TOMBSTONE = (
    "\t\t20100101\t*\t1\t",
    "\t\t20050101\t20121231\t1\t",
    "\t\t20080101\t20080101\t9\t",
)
# Of ten rows in turn.
KINDS = [LIVE, ENDED, ENDED, LIVE, TOMBSTONE, LIVE, ENDED, ENDED, LIVE, ENDED]
RATIONALE = "Misuse of Column Two code with Column One code"


def rows(first: int, last: int, *, all_live: bool) -> Iterator[str]:
    """Pairs by their number: each code of column 1 has some hundred partners."""
    for number in range(first, last):
        group, partner = divmod(number, PARTNERS)
        kind = LIVE if all_live else KINDS[number % len(KINDS)]
        yield f"{10_000 + group:05}\t{30_000 + (group * 7 + partner * 13) % 69_999:05}{kind}{RATIONALE}\n"


def write_files(folder: Path, count: int, *, all_live: bool) -> list[Path]:
    """The parts of the quarter."""
    paths = []
    for part in range(FILES):
        path = folder / f"ccipra-v322r0-f{part + 1}.TXT"
        with path.open("w", encoding="latin-1", newline="") as file:
            file.write(HEADER)
            file.writelines(
                rows(count * part // FILES, count * (part + 1) // FILES, all_live=all_live)
            )
        paths.append(path)
    return paths


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--all-live", action="store_true")
    parser.add_argument("--only-files", type=Path)
    options = parser.parse_args()
    count = ROWS // 50 if options.quick else ROWS
    if options.only_files:
        write_files(options.only_files, count, all_live=options.all_live)
        return
    if "DATABASE_URL" not in os.environ:
        again_beside_servers("bench.claim_tables")
    with tempfile.TemporaryDirectory() as folder:
        measure(write_files(Path(folder), count, all_live=options.all_live))


def measure(paths: list[Path]) -> None:
    """Load the files by the verb, and say what it took."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from coding.models import PairEdit

    call_command("migrate", verbosity=0)
    begun, spent = perf_counter(), process_time()
    call_command("load_ncci_ptp", *paths)
    taken = perf_counter() - begun
    print(
        f"{PairEdit.objects.count():,} pairs; {process_time() - spent:.0f} s of this process's own"
    )
    print(f"load of the machine: {', '.join(f'{load:.1f}' for load in os.getloadavg())}")
    goal("loading a quarter", taken, at_most=180, unit=" s")
    goal("memory while it loads", peak_megabytes(os.getpid()), at_most=300, unit=" MB")


if __name__ == "__main__":
    main()

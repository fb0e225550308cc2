"""The page of a code and Ask beside tables of full size: server time of each, as requests without a network.

``python -m bench.codes`` starts a PostgreSQL of its own, loads the demo, a whole practitioner quarter of pairs
(``bench.claim_tables``) in which codes of the rules stand too, twelve releases of the fee schedule and a list of unit
limits, and asks. ``--quick`` takes a fiftieth of the pairs and of each release, ``--share`` another part.
``--kept`` asks what DATABASE_URL holds, which this bench filled; ``--profile`` says where the time of a page goes.
"""

import argparse
import cProfile
import os
import pstats
import tempfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.claim_tables import LIVE, RATIONALE, ROWS, write_files
from bench.goals import goal, own_milliseconds, seconds
from bench.pages import counted
from bench.processes import again_beside_servers

PASSES = 15
RELEASES = 12
CODES_A_RELEASE = 18_000
PARTNERS = 250
DAY = date(2026, 8, 14)
IN_RULES, IN_TABLES = "27256", "10500"
# Some 3,000 characters, as a page of an operative note has.
NOTE = (
    (
        "Left hip dislocated, developmental. Under general anesthesia the hip was manipulated and reduced, "
        "and a spica cast was applied. "
    )
    + "The child was stable throughout, was observed and went home with the parents on the next morning. "
    * 30
)
QUESTIONS = {
    "a page of a note": NOTE,
    "two codes": "27256 or 27257?",
    "two codes on one claim": "27256 with 27257",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a fiftieth of the size")
    parser.add_argument("--share", type=int, default=1, metavar="N", help="an N-th of the size")
    parser.add_argument("--kept", action="store_true")
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    if "DATABASE_URL" not in os.environ:
        again_beside_servers("bench.codes")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    if not asked.kept:
        fill(50 if asked.quick else asked.share)
    measure(profiled=asked.profile)


def fill(share: int) -> None:
    """Demo, pairs, unit limits, fee schedules."""
    from django.core.management import call_command
    from django.db import connection

    from reviews.management import demo

    call_command("migrate", verbosity=0)
    demo.load("made up for the bench")
    with tempfile.TemporaryDirectory() as folder:
        paths = write_files(Path(folder), ROWS // share, all_live=False)
        with paths[-1].open("a", encoding="latin-1") as file:
            file.writelines(pairs_of(IN_RULES))
        call_command("load_ncci_ptp", *paths, verbosity=0)
        limits = Path(folder) / "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv"
        limits.write_text(limits_of(CODES_A_RELEASE // share), encoding="ascii")
        call_command("load_ncci_mue", limits, verbosity=0)
    first = load_fees(CODES_A_RELEASE // share)
    for number in range(1, RELEASES):
        copy_fees(first, number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def pairs_of(code: str) -> list[str]:
    """Pairs of one code in both columns."""
    others = range(60_000, 60_000 + PARTNERS)
    as_first = [f"{code}\t{other:05}{LIVE}{RATIONALE}\n" for other in others]
    return as_first + [f"{other:05}\t{code}{LIVE}{RATIONALE}\n" for other in others]


def codes_of(count: int) -> list[str]:
    """The codes of a release, those that are asked for among them."""
    return list(
        dict.fromkeys(
            [
                IN_RULES,
                "27257",
                IN_TABLES,
                *(f"{10_000 + 4 * number:05}" for number in range(count)),
            ]
        )
    )


def limits_of(count: int) -> str:
    """A list of unit limits as plain CSV."""
    lines = [f"{code},2,2,Clinical: Data\n" for code in codes_of(count)]
    return "hcpcs_code,mue_units,mue_mai,mue_rationale\n" + "".join(lines)


def fee_release(number: int) -> Any:
    """The release of a quarter, without rows."""
    from coding.models import FeeScheduleRelease

    year, quarter = divmod(number + 2, 4)
    # Not on the first day of a year: there lies the release of the demo.
    since = date(2023 + year, 3 * quarter + 1, 2)
    return FeeScheduleRelease.objects.create(
        name=f"Made-up {number}", valid_from=since, source="the bench"
    )


def copy_fees(first: Any, number: int) -> None:
    """A further release with the rows of the first one."""
    from django.db import connection

    from coding.models import FeeScheduleDetail, FeeScheduleValue

    release = fee_release(number)
    with connection.cursor() as cursor:
        for model in (FeeScheduleValue, FeeScheduleDetail):
            table = model._meta.db_table
            fields = [
                field.column
                for field in model._meta.concrete_fields
                if field.name not in ("id", "release")
            ]
            columns = ", ".join(fields)
            cursor.execute(
                f"INSERT INTO {table} (release_id, {columns}) SELECT %s, {columns} FROM {table} WHERE release_id = %s",
                [release.pk, first.pk],
            )


def load_fees(count: int) -> Any:
    """The first release, its rows written at once."""
    from coding.models import FeeScheduleDetail, FeeScheduleValue

    release = fee_release(0)
    value = {"status": "A", "work_rvu": Decimal(4), "global_days": "010"}
    totals = {"facility_total": Decimal(8), "non_facility_total": Decimal(9)}
    detail = {"bilateral": "1", "multiple": "2", "assistant": "2", "conversion_factor": Decimal(33)}
    codes = codes_of(count)
    values = [FeeScheduleValue(release=release, code=code, **value, **totals) for code in codes]
    FeeScheduleValue.objects.bulk_create(values, batch_size=2000)
    details = [FeeScheduleDetail(release=release, code=code, **detail) for code in codes]
    FeeScheduleDetail.objects.bulk_create(details, batch_size=2000)
    return release


def measure(*, profiled: bool) -> None:
    """Open the pages in turn, each once uncounted: a process reckons what the rules say of a code once."""
    from django.test import Client

    from coding.models import FeeScheduleValue, PairEdit, User

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(username="coder"))

    def opening(code: str) -> Callable[[], None]:
        def open_page() -> None:
            answered(client.get(f"/codes/{code}/", {"on": DAY.isoformat()}), code)

        return open_page

    def asking(text: str) -> Callable[[], None]:
        def ask() -> None:
            answered(client.post("/ask/", {"text": text, "on": DAY.isoformat()}), text)

        return ask

    pages = {
        "the page of a code of the rules": opening(IN_RULES),
        "of a code of tables alone": opening(IN_TABLES),
    }
    asks = {f"Ask: {name}": asking(text) for name, text in QUESTIONS.items()}
    for name, page in {**pages, **asks}.items():
        page()
        with counted() as queries:
            page()
        print(f"  {name:40} {len(queries):3} queries")
        if profiled:
            tell_profile(page)
    print(f"{PairEdit.objects.count():,} pairs, {FeeScheduleValue.objects.count():,} values")
    print(f"load of the machine: {', '.join(f'{load:.1f}' for load in os.getloadavg())}")
    taken = seconds(*pages.values(), *asks.values(), passes=PASSES)
    for (name, page), own in zip({**pages, **asks}.items(), taken, strict=True):
        print(f"  {name:40} {own_milliseconds(page, PASSES):6.1f} ms of this process's own")
        goal(name, own * 1000, at_most=50 if name in pages else 100, unit=" ms")


def answered(response: object, asked: str) -> None:
    """A page that is refused would be quick."""
    status = response.status_code  # type: ignore[attr-defined]
    if status != 200:
        raise SystemExit(f"{asked[:40]} answers {status}.")


def tell_profile(page: Callable[[], None]) -> None:
    """Where the time of ten openings goes."""
    profile = cProfile.Profile()
    profile.runcall(lambda: [page() for _ in range(10)])
    pstats.Stats(profile).sort_stats("cumulative").print_stats(70)


if __name__ == "__main__":
    main()

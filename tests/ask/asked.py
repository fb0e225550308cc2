"""A day with the hip rules and visits, and tables of a few codes, for tests that need no database."""

from datetime import date
from decimal import Decimal
from functools import cache

from coding import rulesets
from coding.ask import Answer, Family, Knowledge, Question, Release, ask
from coding.claim import Checks, Fee, Pair, Table, Tables, UnitLimit

DAY = date(2026, 5, 4)
HIP = "hip-dislocation"


def fee(global_days: str = "010", bilateral: str = "1", work: int = 4) -> Fee:
    """A row of the fee schedule."""
    return Fee("A", global_days, Decimal(work), Decimal(8), Decimal(9), bilateral=bilateral)


TABLES = Tables(
    fees=Table("Made-up values", {"27256": fee(), "27257": fee(), "99213": fee("XXX", "0")}),
    pairs=Table(
        "NCCI pairs 2026 Q2", {("27257", "27256"): Pair("27257", "27256", True, "more extensive")}
    ),
    unit_limits=Table("Limits", {"27252": UnitLimit(2, 3)}),
    facility_places=frozenset({"22"}),
)

TABLES_BEFORE = Tables(
    fees=Table("Values of the year before", {"27256": fee(work=5), "27275": fee()}),
    unit_limits=Table("Limits of the year before", {"27252": UnitLimit(1, 3)}),
)


@cache
def family(key: str) -> Family:
    """The first version of a shipped rule set."""
    lexicon = rulesets.shipped_lexicon(key)
    table = rulesets.shipped(key)
    return Family(f"{table.name} version 1", f"/rules/{key}/1/", date(2026, 1, 1), table, lexicon)


@cache
def knowledge(tables: bool = True) -> Knowledge:
    """What is known on the day; without tables none is loaded."""
    return Knowledge(
        DAY,
        families=(family(HIP), family("office-visit")),
        coming=(),
        releases=(Release("NCCI pairs 2026 Q3", date(2026, 7, 1)),),
        checks=Checks.from_document(rulesets.claim_checks()),
        look_up=lambda codes: TABLES if tables else Tables(),
        on=another_day,
    )


def another_day(day: date) -> Knowledge:
    """What is known on another day: before 2026 no rules, and the values of the year before."""
    if day >= date(2026, 1, 1):
        return knowledge()
    return Knowledge(
        day,
        (),
        (),
        (),
        Checks.from_document(rulesets.claim_checks()),
        look_up=lambda codes: TABLES_BEFORE,
    )


def answer(text: str, code: str = "", tables: bool = True) -> Answer:
    """The answer to a text."""
    return ask(Question(text, code), knowledge(tables))


def text_of(found: Answer) -> str:
    """All lines of an answer, with its title and its sources."""
    lines = [found.title]
    for section in found.sections:
        lines.append(section.heading)
        lines += [
            " ".join((line.text, *(cite.text for cite in line.cites))) for line in section.lines
        ]
    return "\n".join(lines)

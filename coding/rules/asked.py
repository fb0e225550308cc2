"""What Ask knows on a day: the published rule sets, the loaded tables, the shipped checks of claims."""

from collections.abc import Collection
from datetime import date
from functools import cache

from coding import rulesets
from coding.ask import Family, Knowledge, Release
from coding.claim import Checks, Tables
from coding.models import FeeScheduleRelease, TableRelease
from coding.reference.claim_tables import ClaimTables
from coding.rules.published import Published, RulesOfDay


@cache
def _checks() -> Checks:
    return Checks.from_document(rulesets.claim_checks())


def knowledge_of(day: date) -> Knowledge:
    """Read it: three queries, and a fixed number more for each look-up of codes."""
    rules = RulesOfDay.on(day)

    def look_up(codes: Collection[str]) -> Tables:
        return ClaimTables(day, "", codes, ()).read()

    return Knowledge(
        day,
        families=tuple(_family(published) for published in rules.in_force),
        coming=tuple(_family(published) for published in rules.coming),
        releases=_releases(),
        checks=_checks(),
        look_up=look_up,
    )


def _family(published: Published) -> Family:
    version = published.version
    assert version.effective_from is not None  # of a published version  # noqa: S101
    return Family(str(version), version.get_absolute_url(), version.effective_from, published.table, published.lexicon)


def _releases() -> tuple[Release, ...]:
    schedules = FeeScheduleRelease.objects.values_list("name", "valid_from")
    tables = [(str(release), release.valid_from) for release in TableRelease.objects.all()]
    return tuple(Release(name, since) for name, since in (*schedules, *tables))

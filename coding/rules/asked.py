"""What Ask knows on a day: published rule sets, loaded tables, the checks of claims as the house settled them."""

from collections.abc import Collection, Iterator
from datetime import date

from django.urls import reverse

from coding.ask import Cite, Family, Knowledge, Line, Release
from coding.claim import Tables
from coding.models import FeeScheduleRelease, TableRelease
from coding.reference.claim_checks import checks_in_force
from coding.reference.claim_tables import ClaimTables
from coding.rules import case_rows, precedents
from coding.rules.published import Published, RulesOfDay

# So many worked cases, and so many precedents, of a code.
MOST_CASES = 3


def knowledge_of(day: date, *, with_precedents: bool = False) -> Knowledge:
    """Read it: four queries, and a fixed number more for each look-up of codes or cases, or another day."""
    rules = RulesOfDay.on(day)

    def look_up(codes: Collection[str]) -> Tables:
        return ClaimTables(day, "", codes, ()).read()

    return Knowledge(
        day,
        families=tuple(_family(published) for published in rules.in_force),
        coming=tuple(_family(published) for published in rules.coming),
        releases=_releases(),
        checks=checks_in_force(),
        look_up=look_up,
        cases_of=lambda code: tuple(
            _cases(rules.of_code(code), code, with_precedents=with_precedents)
        ),
        on=lambda other: knowledge_of(other, with_precedents=with_precedents),
    )


def _cases(published: Published | None, code: str, *, with_precedents: bool) -> Iterator[Line]:
    """Worked cases of a code, decided now, and rulings that found it."""
    if published is None:
        return
    version = published.version
    address = reverse("worked-cases", args=[published.table.key, version.number])
    for row in version.worked_cases.filter(code=code)[:MOST_CASES]:
        case = case_rows.result_of(row, published.table)
        text = f"{case.facts}. Expected {case.expected}. {case.problem}".rstrip()
        yield Line(text, (Cite(f"worked case {row.case_id}, {version}", address),))
    if not with_precedents:
        return
    for precedent in precedents.of_code(version.rule_set_id, code)[:MOST_CASES]:
        day = f"{precedent.recorded_at:%Y-%m-%d}"
        place = Cite(f"precedent {precedent.name}, {day}, under {precedent.version}")
        yield Line(f"{precedent.words}: {precedent.title}", (place,))


def _family(published: Published) -> Family:
    version = published.version
    assert version.effective_from is not None  # of a published version  # noqa: S101
    return Family(
        name=str(version),
        address=version.get_absolute_url(),
        since=version.effective_from,
        table=published.table,
        lexicon=published.lexicon,
    )


def _releases() -> tuple[Release, ...]:
    schedules = FeeScheduleRelease.objects.values_list("name", "valid_from")
    tables = [(str(release), release.valid_from) for release in TableRelease.objects.all()]
    return tuple(Release(name, since) for name, since in (*schedules, *tables))

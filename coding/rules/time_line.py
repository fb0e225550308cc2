"""Versions on a time line by date of service: from when until when each is in force, and what a change does to that."""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from coding.models import RuleSetVersion, VersionState
from coding.models.layers import Layer

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A version with the first and the last day of service that it decides; without a last one it goes on."""

    version: RuleSetVersion
    since: date
    until: date | None

    def standing(self, today: date) -> str:
        """Whether it is past, in force or coming."""
        if self.since > today:
            return "coming"
        if self.until is not None and self.until < today:
            return "past"
        return "in force"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days that one version decides before a change, and one after it; None where none does."""

    since: date
    until: date | None
    before: RuleSetVersion | None
    after: RuleSetVersion | None

    @property
    def changes(self) -> bool:
        """Whether other rules decide these days."""
        return self.before != self.after


def spans(published: Iterable[RuleSetVersion]) -> list[Span]:
    """The spans of published versions of one layer, the earliest first."""
    dated = []
    for version in published:
        if version.effective_from:
            dated.append((version.effective_from, version.pk, version))
    # By days, and on one day by ids: of two versions themselves none is the lesser.
    dated.sort()

    in_order = []
    for place, (since, _, version) in enumerate(dated):
        until = None
        if place + 1 < len(dated):
            following, _, _ = dated[place + 1]
            until = following - ONE_DAY
        in_order.append(Span(version, since, until))
    return in_order


def by_layer(versions: Iterable[RuleSetVersion]) -> dict[Layer, list[Span]]:
    """The spans of the published among some versions of a rule set, the most general layer first."""
    published = [version for version in versions if version.state == VersionState.PUBLISHED]
    layers = sorted({version.layer for version in published}, key=lambda layer: (layer.rank, layer))
    spans_of = {}
    for layer in layers:
        spans_of[layer] = spans(version for version in published if version.layer == layer)
    return spans_of


def change(before: Iterable[RuleSetVersion], after: Iterable[RuleSetVersion]) -> list[Stretch]:
    """What decides before and after a change, in stretches of days, the earliest first."""
    was, will = spans(before), spans(after)
    starts = sorted({span.since for span in (*was, *will)})
    if not starts:
        return []
    ends = [following - ONE_DAY for _, following in pairwise(starts)]
    days = zip(starts, [*ends, None], strict=True)
    return list(_joined(days, was, will))


def _joined(
    days: Iterable[tuple[date, date | None]], was: list[Span], will: list[Span]
) -> Iterator[Stretch]:
    """One stretch for neighbours that are decided alike."""
    last: Stretch | None = None
    for since, until in days:
        before, after = _on(was, since), _on(will, since)
        if last and (last.before, last.after) == (before, after):
            last = Stretch(last.since, until, before, after)
            continue
        if last:
            yield last
        last = Stretch(since, until, before, after)
    if last:
        yield last


def _on(spans: list[Span], day: date) -> RuleSetVersion | None:
    """The version that decides on a day, of spans that stand with the earliest first."""
    on_day = None
    for span in spans:
        if span.since <= day:
            on_day = span.version
    return on_day


def published_beside(version: RuleSetVersion) -> list[RuleSetVersion]:
    """The other published versions of its rule set and layer."""
    same_layer = RuleSetVersion.objects.published().filter(
        rule_set=version.rule_set_id,
        for_payer=version.for_payer,
        for_place=version.for_place,
    )
    return list(same_layer.exclude(pk=version.pk).select_related("rule_set"))


def from_day(version: RuleSetVersion, day: date | None) -> RuleSetVersion:
    """The version as if it were in force from a day on; not to be saved."""
    moved = copy(version)
    moved.effective_from = day
    return moved

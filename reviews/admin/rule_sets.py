"""A rule set in the administration: its versions on a time line, and how the rules of one of them fare."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Any, NamedTuple, Self

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone

from coding.admin.new_rule_sets import RuleSetAdmin
from coding.models import RuleSet, RuleSetVersion, VersionState
from coding.models.layers import Layer
from coding.rules import time_line
from coding.rules.precedents import Reversal
from coding.rules.time_line import Span
from reviews.models import DefectState
from reviews.publishing import named
from reviews.publishing.figures import figures_of

UNDER_WAY = (VersionState.DRAFT, VersionState.IN_REVIEW)
# The drawing is so wide, and a version at least, in units of its own.
WIDTH, LEAST_WIDTH = 1000, 4
HALF_A_YEAR = timedelta(days=183)


class Bar(NamedTuple):
    """A version drawn on the time line of its layer."""

    span: Span
    standing: str
    left: int
    width: int


class Line(NamedTuple):
    """The time line of a layer."""

    layer: Layer
    bars: list[Bar]


class Drawing(NamedTuple):
    """The lines of all layers on one scale, and where today lies on it."""

    lines: list[Line]
    today: int

    @classmethod
    def of(cls, by_layer: Mapping[Layer, Sequence[Span]], today: date) -> Self:
        """From the first day of a version, or today, to half a year after the last, and a year at least."""
        days = [today]
        for spans in by_layer.values():
            days += [span.since for span in spans]
        first = min(days)
        last = max(max(days) + HALF_A_YEAR, first + 2 * HALF_A_YEAR)

        def place(day: date | None) -> int:
            """How far from the left; of a version without an end, where the drawing ends."""
            if day is None:
                return WIDTH
            return round((day - first) * WIDTH / (last - first))

        lines = []
        for layer, spans in by_layer.items():
            bars = [_bar(span, today, place) for span in spans]
            lines.append(Line(layer, bars))
        return cls(lines, place(today))


def _bar(span: Span, today: date, place: Callable[[date | None], int]) -> Bar:
    left, right = place(span.since), place(span.until)
    width = max(right - left, LEAST_WIDTH)
    return Bar(span, span.standing(today), left, width)


@admin.register(RuleSet)
class SeenRuleSetAdmin(RuleSetAdmin):
    """The page of a rule set shows it; what changes are its versions."""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The time line, what is under way, and the figures of a version: the one in force, or the one asked for."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rule_set = get_object_or_404(RuleSet, pk=object_id if object_id.isdecimal() else 0)
        people = ("author", "last_editor", "approver", "rule_set", "document")
        versions = list(rule_set.versions.select_related(*people).defer("document__document"))
        drawing = Drawing.of(time_line.by_layer(versions), timezone.localdate())
        shown = _shown(versions, drawing.lines, request.GET.get("version", ""))
        figures = figures_of(shown) if shown else []
        context = {
            **self.admin_site.each_context(request),
            "title": rule_set.name,
            "opts": self.opts,
            "rule_set": rule_set,
            "lines": drawing.lines,
            "today": drawing.today,
            "width": WIDTH,
            **_by_state(versions),
            "shown": shown,
            "figures": figures,
            "covered": sum(1 for figure in figures if figure.cases),
            "otherwise": _otherwise(drawing.lines),
            "open_defects": rule_set.defects.filter(state=DefectState.OPEN).count(),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/reviews/rule_set.html", context)


def _by_state(versions: Sequence[RuleSetVersion]) -> dict[str, object]:
    """The versions that are not in force, and all that hold rules: any of these can be asked for."""
    return {
        "under_way": [version for version in versions if version.state in UNDER_WAY],
        "retired": [version for version in versions if version.state == VersionState.RETIRED],
        "versions": [version for version in versions if version.document_id],
    }


def _otherwise(lines: Iterable[Line]) -> list[tuple[RuleSetVersion, Reversal]]:
    """The precedents that versions in force or coming decide otherwise: those of rulings since their publication."""
    otherwise = []
    for bar in _bars(lines):
        if bar.standing != "past":
            version = bar.span.version
            otherwise += [(version, reversal) for reversal in named.reversals(version)]
    return otherwise


def _bars(lines: Iterable[Line]) -> Iterator[Bar]:
    """The bars of all layers."""
    return chain.from_iterable(line.bars for line in lines)


def _shown(
    versions: Iterable[RuleSetVersion], lines: Iterable[Line], asked: str
) -> RuleSetVersion | None:
    """The version asked for by its number; else the general one in force, else the newest with rules."""
    with_rules = [version for version in versions if version.document_id]
    chosen = [version for version in with_rules if str(version.number) == asked]
    in_force = [bar.span.version for bar in _bars(lines) if bar.standing == "in force"]
    candidates = [*chosen, *in_force, *with_rules]
    return candidates[0] if candidates else None

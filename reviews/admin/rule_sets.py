"""A rule set in the administration: its versions on a time line, and how the rules of one of them fare."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

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
from coding.rules.time_line import Span
from reviews.models import DefectState
from reviews.publishing.figures import figures_of

# The drawing is so wide, in units of its own.
WIDTH = 1000
# What goes on, or began before all others, is drawn so many days long.
LEAST_DAYS = 365


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


@admin.register(RuleSet)
class SeenRuleSetAdmin(RuleSetAdmin):
    """The page of a rule set shows it; what changes are its versions."""

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The time line, what is under way, and the figures of a version: the one in force, or the one asked for."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rule_set = get_object_or_404(RuleSet, pk=object_id if object_id.isdecimal() else 0)
        people = ("author", "last_editor", "approver", "rule_set", "document")
        versions = list(rule_set.versions.select_related(*people).defer("document__document"))
        today = timezone.localdate()
        lines = list(_lines(time_line.by_layer(versions), today))
        shown = _shown(versions, lines, request.GET.get("version", ""))
        figures = figures_of(shown) if shown else []
        context = {
            **self.admin_site.each_context(request),
            "title": rule_set.name,
            "opts": self.opts,
            "rule_set": rule_set,
            "lines": lines,
            "today": _place(today, *_ends(lines, today)) if lines else 0,
            "width": WIDTH,
            "under_way": [version for version in versions if version.state in UNDER_WAY],
            "retired": [version for version in versions if version.state == VersionState.RETIRED],
            "versions": [version for version in versions if version.document_id],
            "shown": shown,
            "figures": figures,
            "covered": sum(1 for figure in figures if figure.cases),
            "open_defects": rule_set.defects.filter(state=DefectState.OPEN).count(),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/reviews/rule_set.html", context)


UNDER_WAY = (VersionState.DRAFT, VersionState.IN_REVIEW)


def _shown(versions: Iterable[RuleSetVersion], lines: Iterable[Line], asked: str) -> RuleSetVersion | None:
    """The version asked for by its number; else the general one in force, else the newest with rules."""
    with_rules = [version for version in versions if version.document_id]
    chosen = [version for version in with_rules if str(version.number) == asked]
    in_force = [bar.span.version for line in lines for bar in line.bars if bar.standing == "in force"]
    return next(iter((*chosen, *in_force, *with_rules)), None)


def _ends(lines: Iterable[Line], today: date) -> tuple[int, int]:
    return _bounds((bar.span for line in lines for bar in line.bars), today)


def _bounds(spans: Iterable[Span], today: date) -> tuple[int, int]:
    """The first and the last day that are drawn, as ordinals."""
    days = [today.toordinal(), *(span.since.toordinal() for span in spans)]
    return min(days), max(max(days) + LEAST_DAYS // 2, min(days) + LEAST_DAYS)


def _place(day: date, first: int, last: int) -> int:
    return round((day.toordinal() - first) * WIDTH / (last - first))


def _lines(by_layer: dict[Layer, list[Span]], today: date) -> Iterator[Line]:
    first, last = _bounds((span for spans in by_layer.values() for span in spans), today)
    for layer, spans in by_layer.items():
        bars = []
        for span in spans:
            left = _place(span.since, first, last)
            right = _place(span.until, first, last) if span.until else WIDTH
            bars.append(Bar(span, span.standing(today), left, max(right - left, 4)))
        yield Line(layer, bars)

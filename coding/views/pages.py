"""Pagination as every list does it."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

ROWS = 25


def page_of(
    request: HttpRequest, queryset: QuerySet | Sequence[Any], rows: int | None = None
) -> Page:
    """The page that the address asks for; the nearest one if there is none of that number."""
    return numbered_page(queryset, request.GET.get("page", ""), rows)


def numbered_page(queryset: QuerySet | Sequence[Any], asked: str, rows: int | None = None) -> Page:
    """The page of a number as it was sent; the nearest one if there is none of that number."""
    lies_before_the_first = asked.startswith("-") or not asked.strip("0")
    return Paginator(queryset, rows or ROWS).get_page(1 if lies_before_the_first else asked)

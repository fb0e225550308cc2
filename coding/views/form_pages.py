"""Pages that hold a form, and pages of which htmx asks for a part."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from coding.views.access import HtmxRequest


def form_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, refused: bool
) -> HttpResponse:
    """The page as it is opened; or, with status 422, what was sent and ``refused``, beside what is wrong with it."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, template, context, status=status)


def page_or_part(
    request: HtmxRequest, page: str, part: str, context: Mapping[str, Any], *, refused: bool = False
) -> HttpResponse:
    """The part alone for htmx, else the page around it: two templates of one address, which caches keep apart."""
    template = part if request.htmx else page
    response = form_page(request, template, context, refused=refused)
    patch_vary_headers(response, ["HX-Request"])
    return response

"""Pages that hold a form, whose text outlives the session, and pages of which htmx asks for a part."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from coding.actions import kept_texts
from coding.forms.parts import IdempotentForm
from coding.views.access import HtmxRequest, user_of


def form_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    refused: bool,
    refusal: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> HttpResponse:
    """The page as it is opened; or, with the status of a ``refusal``, what was sent, beside what is wrong with it."""
    status = refusal if refused else HTTPStatus.OK
    return render(request, template, {**kept_on_page(request, context), **context}, status=status)


def kept_on_page(request: HttpRequest, context: Mapping[str, Any]) -> dict[str, str]:
    """Under which name what is typed on a page is kept, where its form is long work; what was kept stands in it.

    A page that names it itself puts it back itself.
    """
    form = context.get("form")
    if not isinstance(form, IdempotentForm) or not form.is_long_work:
        return {}
    if "kept" in context or not request.user.is_authenticated:
        return {}
    name = kept_name(request)
    if not form.is_bound:
        form.put_back(kept_texts.kept(user_of(request), name))
    return {"kept": name}


def kept_name(request: HttpRequest) -> str:
    """Under which name what is typed on this page is kept."""
    return f"page:{uuid5(NAMESPACE_URL, request.path)}"


def page_or_part(
    request: HtmxRequest, page: str, part: str, context: Mapping[str, Any], *, refused: bool = False
) -> HttpResponse:
    """The part alone for htmx, else the page around it: two templates of one address, which caches keep apart."""
    template = part if request.htmx else page
    response = form_page(request, template, context, refused=refused)
    patch_vary_headers(response, ["HX-Request"])
    return response

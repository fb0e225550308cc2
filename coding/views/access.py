"""Who may open a view: permission first, then the objects that the person may see."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from coding.models import User


class HtmxRequest(HttpRequest):
    """A request that went through django-htmx's middleware."""

    htmx: HtmxDetails


View = Callable[..., HttpResponseBase]


def allowed(*permissions: str) -> Callable[[View], View]:
    """Open a view to people who have one of the permissions."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(request.user.has_perm(permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def lead_back(request: HttpRequest, address: str) -> None:
    """Where a person goes on if this request is refused with a conflict."""
    request.leads_back_to = address  # type: ignore[attr-defined]


def posted_from(page: str) -> Callable[[View], View]:
    """A verb's address without a page of its own: opened, it leads to the page on which its button stands.

    ``page`` is the name of that page's address, with the same arguments. A refused verb leads back there too.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def posted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            address = reverse(page, args=args, kwargs=kwargs)
            if request.method != "POST":
                return redirect(address)
            lead_back(request, address)
            return view(request, *args, **kwargs)

        return posted

    return decorate


def user_of(request: HttpRequest) -> User:
    """The person who is logged in; every view but the login asks for one."""
    return cast("User", request.user)

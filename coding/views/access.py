"""Who may open a view: permission first, then the objects that the person may see.

What a view asks for stands on it as data, ``needs``: the middleware refuses by it before anything of a form is read,
and ``authorisation_matrix`` writes it down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from coding.models import User


class HtmxRequest(HttpRequest):
    """A request that went through django-htmx's middleware."""

    htmx: HtmxDetails


View = Callable[..., HttpResponseBase]
# What a middleware passes a request on to.
Respond = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Needs:
    """The permissions that a view asks for, one of each list; an empty list lets in whoever is signed in.

    ``send`` is for its forms; None where it takes none. A page that only leads on is no page of its own.
    """

    read: tuple[str, ...] = ()
    send: tuple[str, ...] | None = None
    leads_on: bool = False

    def check(self, request: HttpRequest) -> None:
        """Raise PermissionDenied for whoever lacks what the request's method asks for."""
        sends = request.method == "POST" and self.send is not None
        asked = self.send if sends else self.read
        if asked and not any(request.user.has_perm(permission) for permission in asked):
            raise PermissionDenied


def needs_of(view: View) -> Needs | None:
    """What a view says that it asks for; None for the views of libraries."""
    return getattr(view, "needs", None)


def allowed(*permissions: str, send: str | tuple[str, ...] | None = None) -> Callable[[View], View]:
    """Open a view to people who have one of the permissions; its forms, with ``send``, to those with one of these."""
    needs = Needs(permissions, (send,) if isinstance(send, str) else send)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            needs.check(request)
            return view(request, *args, **kwargs)

        guarded.needs = needs  # type: ignore[attr-defined]
        return guarded

    return decorate


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of what is forbidden. Django's own would read the form that came, and its files, to check its token."""
    return render(request, "403.html", {"exception": str(exception)}, status=403)


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

        own = needs_of(view)
        send = (own.send or own.read) if own else None
        posted.needs = Needs(send=send, leads_on=True)  # type: ignore[attr-defined]
        return posted

    return decorate


def user_of(request: HttpRequest) -> User:
    """The person who is logged in; every view but the login asks for one."""
    return cast("User", request.user)

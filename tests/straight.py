"""Requests without a browser's way to them: straight to a view or to a method of the administration, which is quick."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import models
from django.http import HttpRequest
from django.test import RequestFactory

from coding.models import User


def admin_of(model: type[models.Model]) -> Any:
    """What the administration registered for a model."""
    return admin.site._registry[model]


def asked(person: User, **query: Any) -> HttpRequest:
    """A page that a person asks for."""
    return _of(person, RequestFactory().get("/", query))


def sent(person: User, **data: Any) -> HttpRequest:
    """A form that a person sends."""
    return _of(person, RequestFactory().post("/", data))


def sent_as_json(person: User, body: object) -> HttpRequest:
    """What a page's script sends."""
    request = RequestFactory().post("/", json.dumps(body), content_type="application/json")
    return _of(person, request)


def _of(person: User, request: HttpRequest) -> HttpRequest:
    request.user = person
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    request.htmx = False  # type: ignore[attr-defined]
    return request


def told(request: HttpRequest) -> list[str]:
    """What the person is told on the next page."""
    return [str(message) for message in get_messages(request)]

"""What is carried on: the text of a form over the end of a session, the filters of the queue over its cases."""

import uuid
from typing import Any

from django.http import HttpRequest, QueryDict

from coding.actions import kept_texts
from coding.views.access import user_of
from coding.views.stretches import PLACES


def initial_of(request: HttpRequest, form: str, **own: Any) -> dict[str, Any]:
    """What a form begins with: what the person typed there before; then its own key, and what the page itself says."""
    kept = kept_texts.kept(user_of(request), form)
    return kept | {"idempotency_key": uuid.uuid4()} | own


def with_filters(address: str, asked: QueryDict) -> str:
    """An address with the filters of the queue, so that what comes next comes out of the same list."""
    kept = asked.copy()
    for name in ("page", *PLACES):
        kept.pop(name, None)
    return f"{address}?{kept.urlencode()}" if kept else address

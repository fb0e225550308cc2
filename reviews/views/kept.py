"""Forms whose text survives the end of a session."""

from typing import Any

from django.http import HttpRequest

from coding.actions import kept_texts
from coding.views.access import user_of


def initial_of(request: HttpRequest, form: str, **own: Any) -> dict[str, Any]:
    """What a form begins with: what the person typed there before, then what the page itself says."""
    return {**kept_texts.kept(user_of(request), form), **own}

"""What a form holds whose text survives the end of a session."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from coding.actions.kept_texts import author_token

register = template.Library()


@register.simple_tag(takes_context=True)
def author(context: dict[str, Any], form: str) -> SafeString:
    """The hidden field by which a form is kept: under which name, ``form``, and whose text it is."""
    token = author_token(context["user"], form)
    return format_html('<input type="hidden" name="author" value="{}" data-keep="{}">', token, form)

"""How templates write what is reported."""

from django import template

from coding.models.reported import OUTCOMES

register = template.Library()


@register.filter
def report_words(reported: str) -> str:
    """``27256-LT`` as it is, ``provider_query`` as "Provider query"."""
    return dict(OUTCOMES).get(reported, reported)

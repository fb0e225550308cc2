"""How templates write what is reported."""

from django import template

from coding.decision.modifiers import in_order
from coding.models.reported import report_in_words

register = template.Library()


@register.filter
def report_words(reported: str) -> str:
    """``12345-LT-58`` as ``12345-58-LT``, ``provider_query`` as "Provider query"."""
    return report_in_words(reported) if reported else ""


@register.filter
def claim_order(modifiers: list[str]) -> list[str]:
    """Modifiers as they stand on a claim: those that change the price first."""
    return in_order(modifiers)

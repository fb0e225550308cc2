"""Whose a case is, as far as the reader may know before the ruling."""

from django import template

from coding.models import User
from reviews.actions.second_codings import hides_names
from reviews.models import ReviewCase

register = template.Library()

HIDDEN = "hidden until the ruling"


@register.filter
def coder_for(case: ReviewCase, reader: User) -> str:
    """The name of a case's coder, or that it is hidden."""
    return HIDDEN if hides_names(reader, case) else case.coder.name

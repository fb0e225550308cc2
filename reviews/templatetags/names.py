"""Whose a case is, as far as the reader may know before the ruling."""

from django import template

from coding.models import User
from reviews.judging.blind import Sight
from reviews.models import ReviewCase

register = template.Library()

THE_CODER = "The coder of the case"


@register.filter
def coder_for(case: ReviewCase, sight: Sight) -> str:
    """The name of a case's coder, or that it is hidden."""
    return sight.coder_of(case)


@register.simple_tag
def name_in(person: User, case: ReviewCase, sight: Sight) -> str:
    """The name of somebody who has to do with a case; of its coder as far as it may be known."""
    return THE_CODER if person.pk == case.coder_id and sight.hides_names(case) else person.name

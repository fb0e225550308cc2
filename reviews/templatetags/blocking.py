"""What blocks an encounter, for lists of encounters."""

from django import template

from coding.models import Encounter, EncounterState
from reviews.blocking import what_blocks
from reviews.lists import whereabouts
from reviews.models import ServiceHold

register = template.Library()


@register.filter
def blocked_by(encounter: Encounter) -> tuple[str, ...]:
    """What keeps a blocked encounter from being final, in words; empty of any other."""
    return what_blocks(encounter) if encounter.state == EncounterState.BLOCKED else ()


@register.filter
def held(encounter: Encounter) -> list[ServiceHold]:
    """The holds of an encounter that was read with its whereabouts."""
    return whereabouts.held(encounter)

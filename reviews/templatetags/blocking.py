"""What blocks an encounter, for lists of encounters."""

from django import template

from coding.models import Encounter, EncounterState
from reviews.blocking import what_blocks

register = template.Library()


@register.filter
def blocked_by(encounter: Encounter) -> tuple[str, ...]:
    """What keeps a blocked encounter from being final, in words; empty of any other."""
    return what_blocks(encounter) if encounter.state == EncounterState.BLOCKED else ()

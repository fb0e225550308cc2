"""What templates ask of filters and of columns."""

from django import template
from django.forms import BoundField
from django.http import QueryDict

from coding.views.columns import CHOSEN
from coding.views.filters import ListFilter

register = template.Library()


@register.filter
def fields_in_sight(chosen: ListFilter) -> list[BoundField]:
    """The filters that always stand on the page."""
    return [field for field in chosen.form.visible_fields() if field.name not in chosen.FOLDED]


@register.filter
def fields_folded(chosen: ListFilter) -> list[BoundField]:
    """Those that are seldom used, and folded until somebody uses one."""
    return [field for field in chosen.form.visible_fields() if field.name in chosen.FOLDED]


@register.filter
def asks_folded(chosen: ListFilter) -> bool:
    """Whether one of the folded filters is used."""
    return any(name in chosen.FOLDED for name in chosen.form.changed_data)


@register.filter
def chosen_in_address(asked: QueryDict) -> list[str]:
    """The columns that the address asks for, to be carried on."""
    return asked.getlist(CHOSEN)

"""How templates write keys: on what a key presses, and as a cap that shows it."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from coding.views.keys import KEYS, KEYS_OF_ANSWERS, Key

register = template.Library()


@register.simple_tag
def key(name: str) -> SafeString:
    """The attributes of the control that a key presses; of several on a page the first one that is shown."""
    pressed = KEYS[name].key
    return format_html('data-key="{}" aria-keyshortcuts="{}"', pressed, pressed)


@register.simple_tag
def cap(name: str) -> SafeString:
    """A key's cap, for the eye alone: it is hidden where keys are switched off."""
    return format_html(' <kbd class="cap" aria-hidden="true">{}</kbd>', KEYS[name].key)


@register.simple_tag
def key_of_answer(value: object) -> str | SafeString:
    """The attribute of an option that has a key of its own."""
    name = KEYS_OF_ANSWERS.get(str(value))
    return format_html('data-key="{}"', KEYS[name].key) if name else ""


@register.simple_tag
def cap_of_answer(value: object) -> str | SafeString:
    """The cap of an option that has a key of its own."""
    name = KEYS_OF_ANSWERS.get(str(value))
    return cap(name) if name else ""


@register.simple_tag
def all_keys() -> list[Key]:
    """Every key, in the order of the day."""
    return list(KEYS.values())

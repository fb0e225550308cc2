"""What a verb says when it refuses, in words for the person who asked."""

from django.core.exceptions import PermissionDenied


class NotAllowed(PermissionDenied):
    """The person may not do this."""


class Conflict(Exception):
    """What the person saw is no longer so, or does not allow what they ask for. Shown as a page of status 409.

    The message says who or what, and what to do now. It holds no patient data. ``heading`` is that of the page.
    """

    heading = "This cannot be done now"


class NoRules(Conflict):
    """No version of a rule set decides what is to be decided."""

    heading = "No rules are in force"


class IdTaken(Conflict):
    """The external id of a new encounter is another one's. Shown at its field: the rest of what was typed stays."""

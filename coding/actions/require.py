"""How verbs check what a person may do."""

from coding.actions.errors import NotAllowed
from coding.models import User


def require(actor: User, permission: str, to_do: str) -> None:
    """Refuse unless the person is active and has the permission; ``to_do`` ends the sentence "You may not …"."""
    if not (actor.is_active and actor.has_perm(permission)):
        raise NotAllowed(f"You may not {to_do}. Ask an administrator for the role that may.")

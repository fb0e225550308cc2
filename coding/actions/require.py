"""How verbs check what a person may do, and who there is that may."""

from django.db.models import QuerySet

from coding.actions.errors import NotAllowed
from coding.models import User


def require(actor: User, permission: str, to_do: str) -> None:
    """Refuse unless the person is active and has the permission; ``to_do`` ends the sentence "You may not …"."""
    if not (actor.is_active and actor.has_perm(permission)):
        raise NotAllowed(f"You may not {to_do}. Ask an administrator for the role that may.")


def people_who_may(permission: str) -> QuerySet[User]:
    """The active people of whom a role has the permission, by name. To be a superuser is no role."""
    _, codename = permission.split(".")
    # A person with two such roles would come twice.
    people = User.objects.filter(is_active=True, groups__permissions__codename=codename).distinct()
    return people.order_by("last_name", "first_name", "pk")

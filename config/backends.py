"""Who may do what: the roles of a person alone, as single permissions are given to nobody."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from coding.models import User


class RolesBackend(ModelBackend):
    """Django's own, which asks the database for no permissions but those of the roles."""

    def _get_user_permissions(self, user_obj: User) -> QuerySet[Permission]:
        return Permission.objects.none()

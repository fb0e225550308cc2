"""Who acts in Concord."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person with a login. What they may do follows from their groups, the roles."""

    @property
    def name(self) -> str:
        """The name as shown and as copied into the audit trail."""
        return self.get_full_name() or self.get_username()

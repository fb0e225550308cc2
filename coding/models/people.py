"""Who acts in Concord."""

from collections.abc import Iterator

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person with a login. What they may do follows from their groups, the roles.

    ``sessions_ended`` counts how often all sessions of the person were ended: one that began before is none any more,
    wherever it is kept, and does not come back with the account.
    """

    sessions_ended = models.PositiveIntegerField(default=0, editable=False)

    @property
    def name(self) -> str:
        """The name as shown and as copied into the audit trail."""
        return self.get_full_name() or self.get_username()

    def get_session_auth_hash(self) -> str:
        """What a session has to hold to be this person's: it changes with the password, and when all are ended."""
        return self._counted(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under each secret that was replaced."""
        return map(self._counted, super().get_session_auth_fallback_hash())

    def _counted(self, session_hash: str) -> str:
        # Sessions that were there before anything was counted go on.
        return f"{session_hash}:{self.sessions_ended}" if self.sessions_ended else session_hash

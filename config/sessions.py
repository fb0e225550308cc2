"""Sessions in the database, of which a request writes only what it changed."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import transaction


class SessionStore(db.SessionStore):
    """Django's, but for requests that change nothing in a session: they prolong it and leave the rest as it is.

    Each request is saved, so that a session ends some time after the last one. A page asks for its parts side by side
    with what a person does next; such a part, saved whole, would undo what the other request wrote meanwhile.
    """

    def save(self, must_create: bool = False) -> None:
        """Write what changed; ``UpdateError`` where the session has ended meanwhile."""
        if must_create or self.modified or self.session_key is None:
            super().save(must_create)
            return
        own = self.model.objects.filter(session_key=self.session_key)
        with transaction.atomic():
            is_there = own.update(expire_date=self.get_expiry_date())
        if not is_there:
            raise UpdateError

"""That a person proved, just now or some minutes ago, that it is they who sign."""

from dataclasses import dataclass

from django.conf import settings

from coding.models import Meaning, Means, User

# A supervisor rules on many cases in a row, a coder keeps several answers of one encounter. For these a confirmation
# stays good for ``SIGNATURE_SECONDS``; publishing, access and export are asked for each time.
STAY_GOOD = (Meaning.RULING, Meaning.REOPENING, Meaning.OVERRIDE, Meaning.CHECK)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who confirmed, by their id, and by what means."""

    person: int
    means: Means


def at_console(person: User) -> Confirmation:
    """For commands: nobody types a password there; that the operator acted in this person's name is recorded."""
    return Confirmation(person.pk, Means.CONSOLE)


def by_sign_in(person: User) -> Confirmation | None:
    """Where a local copy does not ask again, having signed in is enough; None where it is not."""
    return None if settings.SIGN_AGAIN else Confirmation(person.pk, Means.SIGN_IN)

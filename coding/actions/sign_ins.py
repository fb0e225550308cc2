"""Verbs at the door: a person signs in, fails to, signs out, is refused. The door itself is allauth's."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from coding import trail
from coding.accounts import notices, repeated
from coding.accounts.places import Place
from coding.models import AuditHead, KnownPlace, User

PASSWORD, SECOND_FACTOR, HELD_BACK = "password", "second factor", "held back after failures"


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a sign-in was: whether from a place that is new for the person, and the notices on their page."""

    is_new_place: bool
    notices: list[str]


def sign_in(person: User, place: Place, steps: Sequence[str]) -> SignIn:
    """Note that somebody got in as this person; ``steps`` are the factors by which, such as “password”, “totp”."""
    with transaction.atomic():
        visit, is_new = KnownPlace.objects.get_or_create(
            person=person, network=place.network, browser=place.browser
        )
        visit = KnownPlace.objects.select_for_update(no_key=True).get(pk=visit.pk)
        others = KnownPlace.objects.filter(person=person).exclude(pk=visit.pk)
        before = others.order_by("-last_event").first()

        # The first place of all differs from no other, and nothing happened before it.
        is_first = is_new and before is None
        is_new_place = is_new and not is_first
        since = before.last_event if is_new and before else visit.last_event
        lines = [] if is_first else notices.since(person, since)

        after = {
            "client": place.client,
            "place": "new" if is_new_place else "known",
            "by": list(steps),
        }
        trail.record(person, "user.logged_in", person, after=after)
        visit.last_event = AuditHead.objects.get(pk=1).count
        visit.save(update_fields=["last_event", "last_at"])
    return SignIn(is_new_place, lines)


def fail(username: str, client: str, step: str) -> None:
    """Note that somebody did not get in. Of the name that was typed nothing is kept but the account that has it."""
    account = User.objects.filter(username=username).first()
    repeated.repeat("user.login_failed", client, step, account)


def sign_out(person: User, client: str, reason: str = "") -> None:
    """Note that a session was ended by its person, or by its longest time."""
    with transaction.atomic():
        trail.record(person, "user.logged_out", person, after={"client": client}, reason=reason)


def refuse(person: User | None, client: str, method: str, address: str) -> None:
    """Note that somebody asked for what they may not have; ``address`` is a pattern, without ids."""
    repeated.repeat("access.refused", client, f"{method} {address}"[:200], person, actor=person)

"""Verbs on lists: keep a filter under a name, and take a list away as a file."""

from django.db import transaction

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.require import require
from coding.actions.signatures import sign
from coding.models import ListExport, Meaning, SavedFilter, User
from coding.signing.confirmation import Confirmation
from coding.signing.content import SignedContent

# More names than a person keeps apart.
MOST_SAVED = 30


def save_filter(
    person: User, place: str, name: str, asked: str, *, default: bool = False
) -> SavedFilter:
    """Keep how a person narrowed a list, under a name; what stood under it before is replaced."""
    with transaction.atomic():
        own = _own(person, place)
        if len(own) >= MOST_SAVED and all(saved.name != name for saved in own):
            raise Conflict(f"You keep {MOST_SAVED} filters of this list. Forget one of them first.")
        saved, _ = SavedFilter.objects.update_or_create(
            person=person, place=place, name=name, defaults={"asked": asked}
        )
        if default:
            _make_default(saved)
    return saved


def open_with(person: User, place: str, saved: SavedFilter | None) -> None:
    """Let a list open with a saved filter of the person's own, or as it is."""
    with transaction.atomic():
        _own(person, place)
        defaults = SavedFilter.objects.filter(person=person, place=place, is_default=True)
        defaults.update(is_default=False)
        if saved is not None:
            _make_default(saved)


def forget_filter(person: User, saved: SavedFilter) -> None:
    """Keep a saved filter no longer."""
    SavedFilter.objects.filter(person=person, pk=saved.pk).delete()


def _own(person: User, place: str) -> list[SavedFilter]:
    """The person's filters of a list; the person is locked, so that two windows do not make two defaults."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    return list(SavedFilter.objects.filter(person=person, place=place))


def _make_default(saved: SavedFilter) -> None:
    own = SavedFilter.objects.filter(person=saved.person_id, place=saved.place)
    own.filter(is_default=True).exclude(pk=saved.pk).update(is_default=False)
    own.filter(pk=saved.pk).update(is_default=True)


def take_list(
    actor: User,
    permission: str,
    place: str,
    rows: int,
    sha256: str,
    confirmation: Confirmation | None,
) -> ListExport:
    """Note, signed, that a person takes a list away: a file of so many rows with this SHA-256."""
    require(actor, permission, "take this list away")
    with transaction.atomic():
        export = ListExport.objects.create(place=place, rows=rows, sha256=sha256, taken_by=actor)
        signed = sign(actor, Meaning.EXPORT, [SignedContent(export, sha256)], confirmation)
        after = {"list": place, "rows": rows, "file": sha256, **signed.in_trail(export)}
        trail.record(
            actor, "list.exported", export, after=after, rows=[export, *signed.rows(export)]
        )
    return export

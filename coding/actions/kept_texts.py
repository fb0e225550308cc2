"""What people typed and did not send yet: kept for its author alone, and forgotten when the form is taken."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from coding.models import KeptText, ReceivedForm, User

# As long as the longest text that a form takes, a note, and as many fields as the widest one has.
LONGEST = 100_000
MOST_FIELDS = 100
# A choice is about what the page showed: on what it shows when it is opened again, it is made again.
CHOICES = {"choice", "kind", "confirmed"}
# What signs a form is nobody's to keep.
SECRETS = {"signing_password", "signing_code"}
# A text that nobody came back for is forgotten.
KEPT_FOR = timedelta(days=14)
AUTHOR = "concord.kept_texts.author"
# A text may arrive a moment after the form that it was typed into was taken: it counts no more.
TAKEN = Exists(ReceivedForm.objects.filter(key=OuterRef("key")))


def keep(person: User, form: str, fields: Mapping[str, str], key: UUID | None = None) -> None:
    """Keep what stands in a form now; what is too long for its field is cut as the field would refuse it.

    ``key`` is the one under which the form is taken once. No database takes the character NUL, and no field of ours.
    """
    typed: dict[str, str] = {}
    ours = [name for name in fields if name not in SECRETS]
    for name in ours[:MOST_FIELDS]:
        typed[_clean(name)] = _clean(fields[name])[:LONGEST]
    KeptText.objects.update_or_create(
        person=person, form=form, defaults={"fields": typed, "key": key}
    )


def author_token(person: User, form: str) -> str:
    """Signed, that a form was shown to a person: with it what they send after their session has ended is theirs."""
    return signing.dumps({"person": person.pk, "form": form}, salt=AUTHOR)


def keep_for_author(token: str, fields: Mapping[str, str], key: UUID | None = None) -> bool:
    """Keep what came with an author's token, for nobody else; False where the token is none or too old.

    It lets nobody in and shows nothing: what is kept waits for its author to sign in.
    """
    shown = _shown(token)
    if shown is None:
        return False
    author = User.objects.filter(pk=shown["person"], is_active=True).first()
    if author is not None:
        keep(author, shown["form"], fields, key)
    return author is not None


def kept(person: User, form: str) -> dict[str, str]:
    """What the person typed there and did not send; empty if nothing was kept."""
    row = KeptText.objects.filter(~TAKEN, person=person, form=form).first()
    if row is None:
        return {}
    return {name: text for name, text in row.fields.items() if name not in CHOICES}


def forget(person: User, form: str) -> None:
    """The form was taken."""
    KeptText.objects.filter(person=person, form=form).delete()


def forget_sent(token: str) -> None:
    """The form that was shown with this token was taken."""
    shown = _shown(token)
    if shown is not None:
        KeptText.objects.filter(person=shown["person"], form=shown["form"]).delete()


def forget_old() -> int:
    """Forget what was left lying, and what came after its form was taken; how many."""
    is_old = Q(kept_at__lt=timezone.now() - KEPT_FOR)
    return KeptText.objects.filter(is_old | Q(TAKEN)).delete()[0]


def _shown(token: str) -> dict[str, Any] | None:
    """To whom which form was shown; None where the token is none or too old."""
    longest = settings.SESSION_LONGEST_SECONDS
    try:
        shown: dict[str, Any] = signing.loads(token, salt=AUTHOR, max_age=longest)
    except signing.BadSignature:
        return None
    return shown


def _clean(text: str) -> str:
    return text.replace("\0", "")

"""The navigation: what a person's roles let them do, next action first."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from coding.accounts.roles_apart import holders
from coding.actions import accounts
from coding.actions.proofs import last_problem
from coding.models import User
from coding.views import duties, no_family
from coding.views.middleware import SessionLimitMiddleware
from reviews.models import ReplayDifference, ReplayProof
from reviews.views.waiting import waiting


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the navigation."""

    label: str
    url: str
    active: bool
    count: str = ""


# label, url name, the permissions of which one opens it
PLACES: tuple[tuple[str, str, str | tuple[str, ...]], ...] = (
    ("Worklist", "worklist", "coding.view_encounter"),
    ("Queue", "queue", "reviews.view_every_reviewcase"),
    ("Queries", "queries", "reviews.view_every_reviewcase"),
    ("My cases", "my-cases", ("reviews.add_codingdecision", "reviews.rule_on_reviewcase")),
    ("Claims", "claims", "coding.view_encounter"),
    ("Codes", "codes", "coding.view_rulesetversion"),
    ("Ask", "ask", "coding.view_rulesetversion"),
    ("Uploads", "uploads", "coding.view_upload"),
    ("Re-evaluation", "runs", "reviews.view_reevaluationrun"),
    ("Shadows", "shadows", "reviews.view_shadowwatch"),
    ("Rules", "rule-sets", "coding.view_rulesetversion"),
    ("Duties", "duties", duties.READERS),
    ("Audit trail", "trail", "coding.view_auditevent"),
    ("Replay", "replays", "reviews.view_replayproof"),
    ("Operation", "operation", "coding.view_scheduledrun"),
    ("No family", "no-family", no_family.MAY),
    ("Administration", "admin:index", "coding.change_user"),
)


def places(request: HttpRequest) -> list[Item]:
    """The pages that a person may open, in the order of their day."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    numbers = waiting(user)
    items = []
    for label, name, permissions in PLACES:
        if _has_one(user, permissions):
            url = reverse(name)
            is_active = _is_at(request, user, name, url)
            items.append(Item(label, url, is_active, numbers.get(name, "")))
    return items


def _is_at(request: HttpRequest, user: User, name: str, url: str) -> bool:
    """Whether the open page belongs to a place. Supervisors come to a case by the queue, coders by their own cases."""
    is_below = url != "/" and request.path.startswith(url)
    by_the_queue = user.has_perm("reviews.view_every_reviewcase")
    match name:
        case "my-cases" if by_the_queue:
            return request.path == url
        case "queue" if by_the_queue:
            cases = reverse("my-cases")
            return is_below or (request.path.startswith(cases) and request.path != cases)
    return request.path == url or is_below


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context processor: ``nav_items``, what is wrong and whom it concerns, and how long a session idles.

    ``email_is_set_up`` says whether the pages that send mail exist.
    """
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    watches = user is not None and user.has_perm("reviews.view_replayproof")
    return {
        # A part of a page shows no navigation, and so counts nothing for it.
        "nav_items": SimpleLazyObject(lambda: places(request)),
        "replay_alarm": alarm() if watches else None,
        "records_alarm": last_problem() if watches else "",
        "roles_held_together": _reads_duties(user) and holders().exists(),
        "proposals_wait": user is not None and accounts.wait_for(user),
        **(_time_left(request) if signed_in else {}),
        "email_is_set_up": settings.EMAIL_IS_SET_UP,
    }


def _reads_duties(user: User | None) -> bool:
    return user is not None and _has_one(user, duties.READERS)


def _has_one(user: User, permissions: str | tuple[str, ...]) -> bool:
    asked = (permissions,) if isinstance(permissions, str) else permissions
    return any(user.has_perm(permission) for permission in asked)


def _time_left(request: HttpRequest) -> dict[str, int]:
    """In seconds, until the session ends if nothing is done, and until it has lasted as long as one may."""
    began: float = request.session.get(SessionLimitMiddleware.BEGAN, time.time())
    longest = max(0, int(began + settings.SESSION_LONGEST_SECONDS - time.time()))
    return {
        "session_seconds": min(settings.SESSION_COOKIE_AGE, longest),
        "session_longest": longest,
    }


def alarm() -> ReplayProof | None:
    """The last proof, if it found a difference."""
    differences = ReplayDifference.objects.filter(proof=OuterRef("pk"))
    last = ReplayProof.objects.annotate(differs=Exists(differences)).first()
    if last is None or not last.differs:
        return None
    return last

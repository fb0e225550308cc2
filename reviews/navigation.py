"""The navigation: what a person's roles let them do, next action first."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the navigation."""

    label: str
    url: str
    active: bool


# label, url name, a permission that opens it
PLACES = (
    ("Worklist", "worklist", "coding.view_encounter"),
    ("Queue", "queue", "reviews.view_every_reviewcase"),
    ("My cases", "my-cases", "reviews.add_codingdecision"),
    ("Uploads", "uploads", "coding.view_upload"),
    ("Re-evaluation", "runs", "reviews.view_reevaluationrun"),
    ("Rules", "rule-sets", "coding.view_rulesetversion"),
    ("Audit trail", "trail", "coding.view_auditevent"),
    ("Administration", "admin:index", "coding.change_user"),
)


def places(request: HttpRequest) -> list[Item]:
    """The pages that a person may open, in the order of their day."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return [
        Item(label, url := reverse(name), request.path == url or (url != "/" and request.path.startswith(url)))
        for label, name, permission in PLACES
        if user.has_perm(permission)
    ]


def navigation(request: HttpRequest) -> dict[str, list[Item]]:
    """Context processor: ``nav_items``."""
    return {"nav_items": places(request)}

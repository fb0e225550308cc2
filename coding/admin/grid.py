"""The grid of a draft: its page, and the addresses to which the page sends changes and asks for checks."""

import json
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from coding.actions import draft_changes, draft_comments
from coding.actions.draft_changes import Taken
from coding.actions.errors import Conflict
from coding.actions.once import once
from coding.admin.kept_texts import KeepsTexts
from coding.decision import Kind, OutcomeKind, Source
from coding.models import RuleSetVersion, User
from coding.rules.draft_checks import checks_of
from coding.rules.draft_sheet import comments_of, rules_of, sheet_of
from coding.rules.fact_uses import uses_of
from coding.views.access import user_of

LONGEST_COMMENT = 1000
# In the order in which each needs those before it.
PARTS = (
    "sheet",
    "draw",
    "send",
    "conflicts",
    "selection",
    "editor",
    "clipboard",
    "commands",
    "questions",
    "checks",
)
SCRIPTS = [f"js/grid/{part}.js" for part in PARTS]


class VersionPages(KeepsTexts):
    """What the further pages of a version have in common."""

    def version_of(
        self, request: HttpRequest, key: int, *, to_edit: bool = False
    ) -> RuleSetVersion:
        """The version; refused to whoever may not read it, or not edit."""
        versions = RuleSetVersion.objects.select_related("rule_set", "document", "last_editor")
        version = versions.defer("document__document").filter(pk=key).first()
        if version is None:
            raise Http404
        may = (
            request.user.has_perm("coding.change_rulesetversion")
            if to_edit
            else self.has_view_permission(request)
        )
        if not may:
            raise PermissionDenied
        return version

    def page(
        self,
        request: HttpRequest,
        version: RuleSetVersion,
        template: str,
        title: str,
        **context: Any,
    ) -> TemplateResponse:
        """A page beside the form of a version."""
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "version": version,
            "title": title,
        }
        return TemplateResponse(request, template, {**shared, **context})

    def address(self, name: str, view: Any, pattern: str) -> URLPattern:
        """An address below that of a version."""
        return path(
            f"<int:key>/{pattern}",
            self.admin_site.admin_view(view),
            name=f"coding_rulesetversion_{name}",
        )

    def posted_from(self, page: str, name: str, view: Any, pattern: str) -> URLPattern:
        """An address that takes what a page of the version sends; opened, it leads to that page."""

        def posted(request: HttpRequest, key: int, **more: int) -> HttpResponse:
            if request.method != "POST":
                return redirect(f"admin:coding_rulesetversion_{page}", key)
            response: HttpResponse = view(request, key, **more)
            return response

        return self.address(name, posted, pattern)


class GridPages(VersionPages):
    """The draft as a table."""

    def get_urls(self) -> list[URLPattern]:
        """With the grid's own addresses."""
        return [
            self.address("grid", self.grid, "grid/"),
            self.posted_from("grid", "changes", self.take_changes, "grid/changes/"),
            self.address("checks", require_GET(self.checks), "grid/checks/"),
            self.address("uses", require_GET(self.uses), "grid/uses/"),
            self.posted_from("grid", "comments", self.comment, "grid/comments/"),
            *super().get_urls(),
        ]

    def grid(self, request: HttpRequest, key: int) -> HttpResponse:
        """The page. Of a version that is no draft it is there to read."""
        version = self.version_of(request, key)
        may_edit = version.is_draft and request.user.has_perm("coding.change_rulesetversion")
        names = ("changes", "checks", "uses", "comments")
        addresses = {
            name: reverse(f"admin:coding_rulesetversion_{name}", args=[key]) for name in names
        }
        kinds = [[kind.value, kind.words] for kind in OutcomeKind]
        settings = {
            "may_edit": may_edit,
            "outcomes": kinds,
            "kinds": [kind.value for kind in Kind],
            "sources": [source.value for source in Source],
            "version": version.pk,
            "person": request.user.pk,
            **addresses,
        }
        context = {
            "scripts": SCRIPTS,
            "settings": settings,
            "sheet": sheet_of(version),
            "may_edit": may_edit,
        }
        return self.page(
            request, version, "admin/coding/grid.html", f"Grid of {version}", **context
        )

    def take_changes(self, request: HttpRequest, key: int) -> HttpResponse:
        """Take changes; whatever becomes of them, the answer says what stands now."""
        version = self.version_of(request, key, to_edit=True)
        try:
            sent = _sent(request)
            seen, changes, form = int(sent["edition"]), sent["changes"], UUID(str(sent["key"]))
        except (ValueError, KeyError, TypeError, OverflowError):
            return JsonResponse({"words": "This is no list of changes."}, status=400)
        if not isinstance(changes, list) or len(changes) > draft_changes.MOST_CHANGES:
            return JsonResponse(
                {"words": f"At most {draft_changes.MOST_CHANGES} changes are sent at once."},
                status=400,
            )
        try:
            taken = _take_once(user_of(request), version, seen, changes, form)
        except Conflict as conflict:
            return JsonResponse({"words": str(conflict)}, status=409)
        return JsonResponse(_answer(version, seen, taken))

    def checks(self, request: HttpRequest, key: int) -> HttpResponse:
        """What is wrong with the draft as it stands."""
        return JsonResponse(checks_of(self.version_of(request, key)))

    def uses(self, request: HttpRequest, key: int) -> HttpResponse:
        """What names a fact."""
        return JsonResponse(
            {"uses": uses_of(self.version_of(request, key), request.GET.get("fact", ""))}
        )

    def comment(self, request: HttpRequest, key: int) -> HttpResponse:
        """Comment on a cell, or settle a comment."""
        version = self.version_of(request, key, to_edit=True)
        try:
            sent = _sent(request)
            if "settle" in sent:
                draft_comments.settle_comment(user_of(request), version, int(sent["settle"]))
            else:
                rule, column, text = (_plain(sent[name]) for name in ("rule", "column", "text"))
                if not text or len(text) > LONGEST_COMMENT or len(rule) > 20 or len(column) > 60:
                    return JsonResponse(
                        {"words": f"A comment has 1 to {LONGEST_COMMENT} characters."}, status=400
                    )
                draft_comments.comment(user_of(request), version, rule, column, text)
        except (ValueError, KeyError, TypeError, OverflowError):
            return JsonResponse({"words": "This is no comment."}, status=400)
        except Conflict as conflict:
            return JsonResponse({"words": str(conflict)}, status=409)
        return JsonResponse({"comments": comments_of(version)})


def _plain(text: object) -> str:
    """A text without the character that PostgreSQL refuses."""
    return str(text).replace("\x00", "").strip()


def _sent(request: HttpRequest) -> dict[str, Any]:
    sent = json.loads(request.body)
    if not isinstance(sent, dict):
        raise TypeError("An object is sent.")
    return sent


def _take_once(
    actor: User, version: RuleSetVersion, seen: int, changes: list[Any], form: UUID
) -> Taken | None:
    """What became of changes; None if the same ones were taken before, and their answer did not arrive."""
    taken: list[Taken] = []

    def take() -> str:
        taken.append(draft_changes.take(actor, version, seen, changes))
        return str(taken[0].edition)

    once(actor, form, take)
    return taken[0] if taken else None


def _answer(version: RuleSetVersion, seen: int, taken: Taken | None) -> dict[str, Any]:
    """The edition, what was not taken, and the rules that changed; the whole grid where more than that is new."""
    now = RuleSetVersion.objects.select_related("rule_set").get(pk=version.pk)
    if taken is None:
        return {
            "edition": now.edition,
            "untaken": [],
            "new_ids": {},
            "rules": [],
            "sheet": sheet_of(now),
        }
    by_others = taken.edition - seen > 1 or now.edition != taken.edition
    more = by_others or taken.new_ids or taken.untaken or not taken.rules
    return {
        "edition": taken.edition,
        "new_ids": taken.new_ids,
        "untaken": [
            {"number": own.number, "words": own.words, "now": own.now, "by": own.by}
            for own in taken.untaken
        ],
        "rules": [] if more else rules_of(now, taken.rules),
        "sheet": sheet_of(now) if more else None,
    }

"""What the steps of a version have in common: one page each, with what is asked, and one verb."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from coding.actions.errors import Conflict, NotAllowed
from coding.actions.version_gate import Refused, check_another_person
from coding.forms.parts import IdempotentForm
from coding.forms.signing import SignedForm
from coding.models import Meaning, RuleSetVersion, User, VersionState
from coding.signing.asking import Signing
from coding.signing.content import version_content
from coding.views.access import user_of
from coding.views.acting_once import redirect_once
from coding.views.form_pages import kept_on_page


class Step:
    """One page. A version that is elsewhere by now leads back to its own page, which says where it is."""

    name: ClassVar[str]
    title: ClassVar[str]
    button: ClassVar[str]
    lead: ClassVar[str]
    permission: ClassVar[str]
    states: ClassVar[tuple[VersionState, ...]]
    template: ClassVar[str] = "admin/reviews/version_step.html"
    takes_another_person: ClassVar[bool] = False

    def __init__(self, model_admin: admin.ModelAdmin, request: HttpRequest, key: int) -> None:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        self.model_admin, self.request = model_admin, request
        self.actor: User = user_of(request)
        related = ("rule_set", "document", "lexicon", "author", "last_editor")
        versions = RuleSetVersion.objects.select_related(*related).defer("lexicon__document")
        self.version = get_object_or_404(versions, pk=key)

    def form(self, data: Mapping[str, Any] | None) -> IdempotentForm:
        """What is asked."""
        raise NotImplementedError

    def act(self, data: dict[str, Any]) -> str:
        """Carry the verb out and say what was done. Raises Refused and Conflict."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """What the page shows beside the form."""
        return {}

    @property
    def leads_to(self) -> str:
        """Where it goes on."""
        return reverse("admin:coding_rulesetversion_change", args=[self.version.pk])

    @cached_property
    def bound(self) -> IdempotentForm:
        """The form with what was sent, or a new one."""
        sent = self.request.method == "POST" and "_look" not in self.request.POST
        return self.form(self.request.POST if sent else None)

    def respond(self) -> HttpResponse:
        """The page, or where it leads."""
        if self.version.state not in self.states:
            return self._lead_back(
                f"{self.version} is {self.version.get_state_display().lower()} by now."
            )
        if self.takes_another_person:
            try:
                check_another_person(self.actor, self.version)
            except NotAllowed as refusal:
                return self._lead_back(str(refusal))
        if not self.bound.is_bound:
            return self._page()
        if not (self.bound.is_valid() and self._is_signed()):
            return self._page(status=422)
        try:
            return redirect_once(self.actor, self.bound, self._take)
        except (Refused, Conflict) as refusal:
            self.bound.add_error(None, str(refusal))
            return self._page(status=422)

    def _lead_back(self, why: str) -> HttpResponse:
        messages.warning(self.request, why)
        return redirect(self.leads_to)

    def _is_signed(self) -> bool:
        return self.bound.confirm() if isinstance(self.bound, SignedForm) else True

    def _take(self) -> str:
        messages.success(self.request, self.act(self.bound.cleaned_data))
        return self.leads_to

    def _page(self, status: int = 200) -> HttpResponse:
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "title": f"{self.title}: {self.version}",
            "opts": self.model_admin.opts,
            "version": self.version,
            "step": self,
            "form": self.bound,
            **self.context(),
        }
        context |= kept_on_page(self.request, context)
        return TemplateResponse(self.request, self.template, context, status=status)


class SignedStep(Step):
    """A step that is signed with the hash of what is signed on its page."""

    meaning: ClassVar[Meaning]

    @cached_property
    def signing(self) -> Signing:
        """What has to be asked of the person."""
        return Signing(self.request, self.meaning)

    def context(self) -> dict[str, Any]:
        """Who signs what."""
        return {
            **super().context(),
            "signing": self.signing,
            "sha256": version_content(self.version).sha256,
        }

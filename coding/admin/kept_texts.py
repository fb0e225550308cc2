"""What is typed into the page of a row outlives the session, as on every page.

A new row begins with it. A row that is there may say something else by then: what was typed stands above its form, to
be taken over by hand.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from coding.actions import kept_texts
from coding.views.access import user_of
from coding.views.form_pages import kept_name


class KeepsTexts(admin.ModelAdmin):
    """Pages of rows, with what was typed there before and not saved."""

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The page as it is opened shows what was kept; one that is refused holds what was sent."""
        name = kept_name(request)
        form = context["adminform"].form
        typed = {} if form.is_bound else kept_texts.kept(user_of(request), name)
        if kwargs.get("add"):
            form.initial |= {key: text for key, text in typed.items() if key in form.fields}
        context |= {"kept": name, "typed_before": _texts(form, typed)}
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What was typed is forgotten once it is saved."""
        response: HttpResponse = super().changeform_view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == 302:
            kept_texts.forget(user_of(request), kept_name(request))
        return response


def _texts(form: forms.BaseForm, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was typed and says something else than the form, each text with the label of its field."""
    told = []
    for bound in form.visible_fields():
        text = typed.get(bound.html_name, "")
        is_text = isinstance(bound.field, forms.CharField | forms.JSONField)
        if is_text and text and _plain(text) != _plain(str(bound.value() or "")):
            told.append((str(bound.label), text))
    return told


def _plain(text: str) -> str:
    """Without what a browser makes of line ends."""
    return text.replace("\r\n", "\n").strip()

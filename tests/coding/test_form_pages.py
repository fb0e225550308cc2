"""How a view answers: a form as it is opened or refused, and a page or the part of it that htmx asks for."""

from types import SimpleNamespace

import pytest
from django.http import HttpResponse

from coding.views import form_pages
from coding.views.form_pages import form_page, page_or_part


@pytest.fixture(autouse=True)
def _names_of_templates(monkeypatch):
    """In place of a page, the name of its template."""

    def render(request, template, context, status):
        return HttpResponse(template, status=status)

    monkeypatch.setattr(form_pages, "render", render)


def asked(*, htmx):
    return SimpleNamespace(htmx=htmx)


@pytest.mark.parametrize(("refused", "status"), [(False, 200), (True, 422)])
def test_a_form_that_was_refused_says_so_by_its_status(refused, status):
    page = form_page(asked(htmx=False), "page.html", {}, refused=refused)
    assert (page.status_code, page.content) == (status, b"page.html")


@pytest.mark.parametrize(("htmx", "template"), [(False, b"page.html"), (True, b"_part.html")])
def test_htmx_gets_the_part_and_a_browser_the_page_and_caches_keep_them_apart(htmx, template):
    answer = page_or_part(asked(htmx=htmx), "page.html", "_part.html", {})
    assert (answer.status_code, answer.content) == (200, template)
    assert answer["Vary"] == "HX-Request"


def test_a_part_with_a_refused_form_says_so_too():
    answer = page_or_part(asked(htmx=True), "page.html", "_part.html", {}, refused=True)
    assert answer.status_code == 422

"""The forms of a page as a browser sees them: where each is sent, with which fields, filled in as the page has them."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from django.http import HttpResponse
from lxml import html

TOKEN = "csrfmiddlewaretoken"
# By which of its parts a form is sent.
BUTTON = ".//button[not(@type) or @type='submit'] | .//input[@type='submit']"


@dataclass(frozen=True)
class PageForm:
    """One form: who met it, and what would be sent if nobody typed anything."""

    role: str
    action: str
    method: str
    fields: dict[str, str]
    files: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str, frozenset[str]]:
        """What makes it another form than the same one on another page."""
        return self.action.partition("?")[0], self.method, frozenset(self.fields)


def forms_of(role: str, response: HttpResponse) -> Iterator[PageForm]:
    """All forms of an answer that a person can send; none where it is no page."""
    if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
        return
    page = html.document_fromstring(response.content)
    for form in page.forms:
        method = form.get("method", "get").lower()
        if method != "dialog" and form.xpath(BUTTON):
            named = [field for field in form.inputs if field.get("name") not in (None, TOKEN)]
            files = tuple(field.get("name") for field in named if field.get("type") == "file")
            fields = {
                field.get("name"): value_of(field)
                for field in named
                if field.get("name") not in files
            }
            action = urljoin(response.request["PATH_INFO"], form.get("action") or "")
            yield PageForm(role, action, method, fields, files)


def value_of(field: html.HtmlElement) -> str:
    """What a field says; of choices one that can be sent."""
    if field.tag == "select":
        return next(filter(None, field.value_options), "")
    if field.tag == "textarea":
        return field.value or ""
    return field.get("value", "on" if field.get("type") in ("checkbox", "radio") else "")

"""Odd texts in every form of every page: an answer in words, never an error, and nothing stored but what was typed.

On PostgreSQL alone, which refuses more of them: a NUL, and a number of any length.
"""

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from reviews.roles import ROLES, STAFF_ROLES
from tests.reviews.addresses import PAGES
from tests.reviews.page_forms import forms_of
from tools.audit.attacks import REFLECTED

pytestmark = pytest.mark.servers

MARK = "zq7"
ODD = (f"{MARK}\0", f"{MARK}\u202e%s{{{{7*7}}}}\r\nX-Seen: 1<script>c4n4ry</script>", "9" * 400)
# Whoever was logged out by one form sends no other.
LOG_OUT = "/accounts/logout/"


class Undone(Exception):
    """Takes back what a form did."""


@pytest.fixture
def forms(stored_people, address, client):
    """Every form that some role meets on some page, each once."""
    met = {}
    for role in sorted(ROLES):
        client.force_login(stored_people[role])
        pages = [address(name) for name in sorted(PAGES) if role in PAGES[name]]
        for page in [*pages, *(administration() if role in STAFF_ROLES else ())]:
            for form in forms_of(role, client.get(page, follow=True)):
                met.setdefault(form.key, form)
    return [form for form in met.values() if form.action != LOG_OUT]


def administration():
    """The list of each table, its page of a new row, and that of its first row."""
    for model in site._registry:
        begin = f"admin:{model._meta.label_lower.replace('.', '_')}"
        yield reverse(f"{begin}_changelist")
        yield reverse(f"{begin}_add")
        if row := model._base_manager.order_by("pk").first():
            yield reverse(f"{begin}_change", args=[row.pk])


def test_no_form_of_any_page_breaks_by_an_odd_text_or_stores_another(forms, stored_people, client):
    assert len(forms) > 80
    wrong = []
    for form in forms:
        client.force_login(stored_people[form.role])
        for text in ODD:
            if problem := problem_of(client, form, dict.fromkeys(form.fields, text)):
                wrong.append((form.role, form.method, form.action, text[:12], problem))
    assert wrong == []


def problem_of(client, form, typed):
    """What is wrong with the answer to a form, and with what it stored; afterwards that is taken back."""
    files = {name: SimpleUploadedFile("odd.csv", b"\0\xff,=1\n") for name in form.files}
    send, sent = (client.get, typed) if form.method == "get" else (client.post, {**typed, **files})
    try:
        with transaction.atomic():
            response = send(form.action, sent)
            is_taken = form.method == "post" and response.status_code < 400
            problem = fault_of(response) or (stored_otherwise(typed.values()) if is_taken else "")
            raise Undone
    except Undone:
        return problem


def fault_of(response):
    if response.status_code == 403 or response.status_code >= 500:
        return f"it answered {response.status_code}"
    is_raw = not response.streaming and REFLECTED.search(response.text)
    return "a script was not escaped" if is_raw else ""


def stored_otherwise(texts):
    """A value of any table that is only a part of what was typed."""
    typed = {text.strip().replace("\r\n", "\n") for text in texts}
    # What a session holds is packed: any few letters stand there by chance.
    for model in set(apps.get_models()) - {Session}:
        fields = model._meta.concrete_fields
        columns = [
            field.attname
            for field in fields
            if isinstance(field, models.CharField | models.TextField)
        ]
        holds = Q(*((f"{column}__contains", MARK) for column in columns), _connector=Q.OR)
        for row in model._base_manager.filter(holds).values(*columns) if columns else ():
            for column, value in row.items():
                if MARK in (value or "") and not any(
                    text in value.replace("\r\n", "\n") for text in typed
                ):
                    return f"{model.__name__}.{column} says {value[:80]!r}"
    return ""

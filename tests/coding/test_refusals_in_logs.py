"""What a client writes into an address does not get into the log; which address refused it does."""

import logging

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from structlog.stdlib import ProcessorFormatter

from tests import factories

CANARY = factories.CANARY


@pytest.fixture
def lines():
    """The lines of the log as an operator reads them."""
    own = settings.LOGGING["formatters"]["json"]
    formatter = ProcessorFormatter(own["processor"], foreign_pre_chain=own["foreign_pre_chain"])
    handler, told = logging.Handler(), []
    handler.emit = lambda record: told.append(formatter.format(record))
    logger = logging.getLogger("django")
    logger.addHandler(handler)
    yield told
    logger.removeHandler(handler)


def test_a_missing_address_is_told_without_its_words(people, client, lines):
    client.force_login(people["coder"])
    assert client.get(f"/encounters/{CANARY}/?patient={CANARY}").status_code == 404
    [line] = lines
    assert '"404 at no address of ours"' in line
    assert CANARY not in line


def test_a_refused_role_is_told_by_the_route(people, client, lines):
    client.force_login(people["administrator"])
    assert client.get(reverse("worklist"), {"q": CANARY}).status_code == 403
    [line] = lines
    assert '"403 at encounters/"' in line
    assert CANARY not in line


def test_a_form_without_its_token_is_told_by_the_route(people, lines):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["coder"])
    assert client.post(reverse("find-encounters"), {"patient_reference": CANARY}).status_code == 403
    assert lines
    assert all("403 at encounters/find/" in line and CANARY not in line for line in lines)

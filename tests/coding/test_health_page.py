"""What a load balancer asks: whether the web process runs and reaches its database."""

from django.db import OperationalError, connection
from django.test import Client


def test_a_process_that_reaches_its_database_says_so_in_plain_text(client, db):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert response["Content-Type"] == "text/plain"


def test_a_process_that_does_not_reach_its_database_is_not_well(db, monkeypatch):
    def unreachable():
        raise OperationalError("connection refused")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", unreachable)
        response = Client(raise_request_exception=False).get("/healthz")
    assert response.status_code == 500
    assert b"connection refused" not in response.content


def test_it_answers_without_tls_because_load_balancers_ask_so(client, db, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/encounters/").url.startswith("https://")


def test_asking_leaves_no_session_behind(client, db):
    assert not client.get("/healthz").cookies

"""What browsers are told in production meets the rules of Mozilla's HTTP Observatory."""

import json
import os
import subprocess
import sys

import pytest

from tools.audit.headers import faults, score
from tools.check_production import PRODUCTION, ROOT

# In a process of its own: the tests run with what CONCORD_LOCAL=1 relaxes.
ANSWERS = """
import django, json
from django.conf import settings
# Static files need not be collected for this.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
from django.test import Client
told = {}
for path in ("/accounts/login/", "/encounters/", "/admin/", "/nowhere", "/healthz"):
    response = Client(headers={"host": "concord.example"}).get(path, secure=True)
    headers = {name.lower(): value for name, value in response.items()}
    told[path] = [response.status_code, headers, [morsel.OutputString() for morsel in response.cookies.values()]]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def answers():
    environment = {**os.environ, **PRODUCTION, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-W", "ignore", "-c", ANSWERS]
    return json.loads(
        subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout
    )


def test_no_answer_breaks_a_rule(answers):
    assert [
        fault for _, headers, cookies in answers.values() for fault in faults(headers, cookies)
    ] == []


def test_the_log_in_page_is_marked_a_plus(answers):
    status, headers, cookies = answers["/accounts/login/"]
    assert (status, bool(cookies)) == (200, True)
    assert score(headers, cookies) >= 100


def test_no_answer_names_its_server(answers):
    for _, headers, _ in answers.values():
        assert not {"server", "x-powered-by"} & set(headers)


def test_the_session_s_cookie_is_as_guarded_as_the_form_s(settings):
    told = "sessionid=x; Secure; HttpOnly; SameSite=Lax"
    assert faults({}, [told]) == faults({}, [])
    assert (settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE) == (True, "Lax")


@pytest.mark.parametrize(
    ("header", "value", "words"),
    [
        (
            "content-security-policy",
            "default-src 'self' 'unsafe-inline'",
            "CSP lets scripts or styles in",
        ),
        ("strict-transport-security", "max-age=60", "HSTS is missing or shorter"),
        ("referrer-policy", "unsafe-url", "Referrer-Policy is not private"),
        ("access-control-allow-origin", "*", "other origins may read answers"),
    ],
)
def test_a_weaker_header_is_named(answers, header, value, words):
    _, headers, _ = answers["/accounts/login/"]
    [fault] = [fault for fault in faults({**headers, header: value}, []) if fault.startswith(words)]
    assert score({**headers, header: value}, []) == 0, fault


def test_a_cookie_that_scripts_read_is_named():
    assert "the cookie a is not HttpOnly" in faults({}, ["a=1; Secure; SameSite=Lax"])

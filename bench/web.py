"""A web server of our own with a coder logged in, to time a page."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from time import perf_counter

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.urls import reverse

from bench.encounters import FIRST_DAY, Department
from coding.actions import encounters
from coding.intake.records import EncounterRecord
from coding.models import User

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def coder_page(department: Department) -> Iterator[tuple[Callable[[], float], int]]:
    """A function that asks for the coder's page and gives the seconds; and the id of the server's process."""
    coder = department.coders[0]
    record = EncounterRecord(
        external_id="bench-open",
        patient_reference="bench",
        date_of_service=FIRST_DAY,
        place_of_service="11",
        provider="Dr. Falk",
        note="Left hip dislocated; Pavlik harness fitted.",
    )
    service = encounters.enter(coder, record, department.rule_set).services.get()
    address = reverse("code", args=[service.public_id])
    headers = {"Cookie": session_cookie(coder)}

    def ask() -> float:
        begun = perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", address, headers=headers)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200 or b"_guide" not in body:
            raise SystemExit(f"The page was not served: status {response.status}.")
        return perf_counter() - begun

    with server() as (port, pid):
        ask()
        [child] = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        yield ask, int(child)


@contextmanager
def server(**environment: str) -> Iterator[tuple[int, int]]:
    """A web server on a free port; the port, and the id of its first process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        str(Path(sys.executable).parent / "gunicorn"),
        "config.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    command += ["--threads", "4", "--log-level", "error"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    try:
        _wait_for(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def session_cookie(user: User) -> str:
    """The cookie of somebody who has signed in."""
    return f"{settings.SESSION_COOKIE_NAME}={_session(user)}"


def _session(user: User) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)

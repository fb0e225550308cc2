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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).parent / "gunicorn"), "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*command, "--threads", "4", "--log-level", "error"], cwd=ROOT, env=os.environ)
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={_session(coder)}"}

    def ask() -> float:
        begun = perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", address, headers=headers)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200 or b"_guide" not in body:
            raise SystemExit(f"The page was not served: status {response.status}.")
        return perf_counter() - begun

    try:
        _wait_for(port)
        ask()
        [child] = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        yield ask, int(child)
    finally:
        server.terminate()
        server.wait()


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

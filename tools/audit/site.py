"""Concord as in production, on loopback: PostgreSQL and Redis of its own, TLS, three web processes, a worker."""

import http.client
import os
import secrets
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools import services

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
HOST = "127.0.0.1"


@dataclass(slots=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    text: str


@dataclass(slots=True)
class Site:
    """The running copy: where it answers, and what it writes."""

    port: int
    folder: Path
    database_log: Path
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    cookies: dict[str, str] = field(default_factory=dict)
    # The first processes of web server and worker; others are their children.
    processes: dict[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://{HOST}:{self.port}/"

    @property
    def temporary(self) -> Path:
        """Where the web server keeps files while it receives them."""
        return self.folder / "tmp"

    @property
    def answered(self) -> list[str]:
        """The status of each request so far."""
        return (self.folder / "access").read_text(encoding="utf-8").split()

    def ask(
        self,
        path: str,
        role: str = "",
        body: str | None = None,
        headers: Mapping[str, str] = {},
        client: str = HOST,
    ) -> Answer:
        """One request; a body makes it a POST. ``client`` is the loopback address that it comes from."""
        connection = http.client.HTTPSConnection(
            HOST, self.port, timeout=60, context=self.tls, source_address=(client, 0)
        )
        own = {"Cookie": self.cookies[role]} if role else {}
        if body is not None:
            own |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": self.url}
        try:
            method = "GET" if body is None else "POST"
            connection.request(method, path, body=body, headers={**own, **headers})
            response = connection.getresponse()
            return Answer(
                response.status, response.getheaders(), response.read().decode(errors="replace")
            )
        finally:
            connection.close()


@contextmanager
def site() -> Iterator[Site]:
    """Start it with the demo data and a signed-in person of each role; stop all of it at the end."""
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        for folder in (first, second):
            Path(folder).chmod(0o755)
        with services.postgresql(Path(first)) as database, services.redis(Path(second)) as redis:
            running = Site(services.free_port(), Path(second), Path(first) / "log")
            running.temporary.mkdir()
            os.environ |= _environment(database, redis, running)
            _prepare(running)
            processes = _start(running)
            running.processes = {"web": processes[0].pid, "worker": processes[1].pid}
            try:
                _wait(running)
                yield running
            finally:
                for process in processes:
                    process.terminate()
                for process in processes:
                    process.wait(timeout=60)


def _environment(database: str, redis: str, running: Site) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "CONCORD_LOCAL": "0",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "AUDIT_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": HOST,
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "CACHE_URL": redis.replace("/0", "/1"),
        "AUDIT_ANCHOR_FILE": str(running.folder / "anchor"),
        "TMPDIR": str(running.temporary),
        "DEMO_PASSWORD": secrets.token_urlsafe(12),
    }


def _prepare(running: Site) -> None:
    """Tables, static files, demo data, a certificate, and one session a role."""
    manage = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], check=True)
    subprocess.run([*manage, "collectstatic", "--noinput", "--verbosity", "0"], check=True)
    subprocess.run([*manage, "load_icd10cm"], check=True)
    # Made-up data are loaded on a local copy only.
    subprocess.run(
        [*manage, "load_demo"], check=True, env={**os.environ, "CONCORD_LOCAL": "1"}, stdout=2
    )
    openssl = shutil.which("openssl")
    if openssl is None:
        raise SystemExit("make audit needs openssl. On Debian: apt-get install openssl")
    certificate = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        f"/CN={HOST}",
    ]
    certificate += ["-addext", f"subjectAltName=IP:{HOST}"]
    files = ["-keyout", str(running.folder / "key"), "-out", str(running.folder / "certificate")]
    subprocess.run([openssl, *certificate, *files], check=True, stderr=subprocess.DEVNULL)
    running.tls.load_verify_locations(running.folder / "certificate")
    import django

    django.setup()
    running.cookies = _sessions()


def _sessions() -> dict[str, str]:
    """A session of a person of each role, signed in with password and second factor."""
    from allauth.mfa.totp.internal import auth as totp
    from django.conf import settings
    from django.test import Client

    from coding.models import User

    cookies = {}
    for user in User.objects.filter(groups__isnull=False).order_by("pk").prefetch_related("groups"):
        role = user.groups.all()[0].name
        if role in cookies:
            continue
        totp.TOTP.activate(user, totp.generate_totp_secret())
        client = Client()
        client.force_login(user)
        session = client.session
        now = time.time()
        session["account_authentication_methods"] = [
            {"method": "password", "at": now, "username": user.username},
            {"method": "mfa", "at": now, "type": "totp"},
        ]
        session.save()
        cookies[role] = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    return cookies


def _start(running: Site) -> list[subprocess.Popen[bytes]]:
    web = [
        str(BIN / "gunicorn"),
        "config.wsgi",
        "--bind",
        f"{HOST}:{running.port}",
        "--workers",
        "3",
        "--threads",
        "4",
    ]
    web += [
        "--certfile",
        str(running.folder / "certificate"),
        "--keyfile",
        str(running.folder / "key"),
    ]
    web += [
        "--no-control-socket",
        "--access-logfile",
        str(running.folder / "access"),
        "--access-logformat",
        "%(s)s",
    ]
    worker = [
        str(BIN / "celery"),
        "--app",
        "config",
        "--quiet",
        "worker",
        "--concurrency",
        "2",
        "--loglevel",
        "info",
    ]
    worker += ["--without-gossip", "--without-mingle"]
    started = []
    for name, command in (("web", web), ("worker", worker)):
        with (running.folder / f"{name}.log").open("wb") as log:
            started.append(
                subprocess.Popen(
                    command,
                    cwd=ROOT,
                    stdout=log,
                    stderr=log,
                    env=os.environ | {"C_FORCE_ROOT": "1"},
                )
            )
    return started


def _wait(running: Site) -> None:
    for _ in range(300):
        try:
            status = running.ask("/encounters/", "coder").status
        except OSError:
            time.sleep(0.2)
            continue
        if status != 200:
            raise SystemExit(
                f"The worklist answered {status} to a coder who is signed in. Nothing was scanned."
            )
        return
    raise SystemExit("The web server did not answer. Nothing was scanned.")

"""Servers and programs for the tests: install what is missing, run a command beside private servers.

``--install`` installs Debian's packages; without the rights to do so it says what is missing and fails.
``--run COMMAND …`` starts a PostgreSQL cluster and a Redis of its own on free loopback ports, runs the command
with DATABASE_URL and REDIS_URL set, and stops both. ``--keep FOLDER --run COMMAND …`` has the cluster in a folder,
where it is found again: a bench that fills a large database fills it once.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NEEDED = {
    "postgresql": "initdb",
    "redis-server": "redis-server",
    "chromium-headless-shell": "chromium-headless-shell",
    "faketime": "faketime",
    "nginx": "nginx",
    "systemd": "systemd-analyze",
    # Its module is a file that nginx loads.
    "libnginx-mod-http-headers-more-filter": "ngx_http_headers_more_filter_module.so",
}


def program(name: str) -> str | None:
    """Where a program is; Debian keeps PostgreSQL's servers and nginx's modules out of the PATH."""
    elsewhere = [
        *sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")),
        *Path("/usr/lib/nginx/modules").glob(name),
    ]
    elsewhere += Path("/usr/sbin").glob(name)
    return shutil.which(name) or (str(elsewhere[-1]) if elsewhere else None)


def install() -> None:
    """Install what is missing, or fail and say what."""
    missing = [package for package, name in NEEDED.items() if program(name) is None]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        # Packages start their servers when they are installed; this policy keeps them still.
        policy = Path("/usr/sbin/policy-rc.d")
        ours = not policy.exists()
        if ours:
            policy.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
            policy.chmod(0o755)
        try:
            subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment)
            subprocess.run(
                ["apt-get", "install", "-y", "-qq", *missing],
                check=False,
                env=environment,
                stdout=2,
            )
        finally:
            if ours:
                policy.unlink()
        missing = [package for package, name in NEEDED.items() if program(name) is None]
    if missing:
        raise SystemExit(
            f"The tests need {', '.join(missing)}. On Debian: apt-get install {' '.join(missing)}"
        )


def free_port() -> int:
    """A loopback port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def as_postgres(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: the prefix that runs it as another user, who then owns the folder."""
    if os.geteuid() != 0:
        return []
    subprocess.run(["chown", "postgres", str(folder)], check=True)
    return ["runuser", "-u", "postgres", "--"]


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A private cluster, or the one that the folder holds; its URL. It is not flushed to disk."""
    prefix, data, port = as_postgres(folder), str(folder / "data"), free_port()
    initdb, pg_ctl = program("initdb"), program("pg_ctl")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    if not Path(data).exists():
        new = [initdb, "-D", data, "-U", "concord", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([*prefix, *new], **quiet)
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    )
    options += " -c shared_buffers=1GB"
    options += " -c log_error_verbosity=terse -c log_min_error_statement=panic"
    log = str(folder / "log")
    subprocess.run([*prefix, pg_ctl, "-D", data, "-l", log, "-o", options, "-w", "start"], **quiet)
    try:
        yield f"postgres://concord@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*prefix, pg_ctl, "-D", data, "-m", "fast", "stop"], **quiet)


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A private Redis without persistence; its URL."""
    port = free_port()
    command = [
        "redis-server",
        "--bind",
        "127.0.0.1",
        "--port",
        str(port),
        "--save",
        "",
        "--dir",
        str(folder),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def database_folder(kept: str | None) -> Iterator[str]:
    """Where a cluster lies: in a folder that is kept, or in one that is deleted afterwards."""
    if kept is None:
        with tempfile.TemporaryDirectory() as folder:
            yield folder
        return
    Path(kept).mkdir(parents=True, exist_ok=True)
    yield str(Path(kept).resolve())


def run(command: list[str], kept: str | None = None) -> int:
    """Run a command beside both servers; its exit status."""
    with (
        database_folder(kept) as folder,
        tempfile.TemporaryDirectory() as other_folder,
        postgresql(Path(folder)) as database_url,
        redis(Path(other_folder)) as redis_url,
    ):
        environment = {**os.environ, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--install"]:
            install()
        case ["--run", *command] if command:
            # Whoever ends this program, such as a time limit, ends its servers too.
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
            sys.exit(run(command))
        case ["--keep", folder, "--run", *command] if command:
            sys.exit(run(command, folder))
        case _:
            sys.exit(__doc__)

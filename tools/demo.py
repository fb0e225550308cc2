"""``make demo``: prepare the database, start web server, worker and scheduler, and stop them together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from argparse import ArgumentParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
ADDRESS = "127.0.0.1"


def prepare() -> str:
    """Migrate and load what is missing; the demo accounts as text."""
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_icd10cm")
    call_command("load_demo")
    from reviews.management.demo import ACCOUNTS

    return "\n".join(f"  {account.username:<12} {account.role}" for account in ACCOUNTS)


def free_port(wanted: int) -> int:
    """The wanted port, or the next one that nobody uses."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if probe.connect_ex((ADDRESS, port)) != 0:
                return port
    raise SystemExit(f"No free port from {wanted} on. Choose another one: make demo PORT=9000")


def start(port: int) -> list[subprocess.Popen[bytes]]:
    """Web server, worker and scheduler, in process groups of their own, so that Ctrl-C reaches us first."""
    web = [
        BIN / "gunicorn",
        "config.wsgi",
        "--bind",
        f"{ADDRESS}:{port}",
        "--threads",
        "4",
        "--log-level",
        "warning",
    ]
    worker = [BIN / "celery", "--app", "config", "--quiet", "worker", "--pool", "threads"]
    worker += ["--concurrency", "2", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    worker += ["--loglevel", "warning"]
    scheduler = [sys.executable, "manage.py", "run_due_work", "--every", "30"]
    return [
        subprocess.Popen(command, cwd=ROOT, start_new_session=True)
        for command in (web, worker, scheduler)
    ]


def wait_until_served(port: int) -> None:
    """Return when the first page is served."""
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://{ADDRESS}:{port}/healthz", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """End them; what does not end in time is killed."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def main() -> None:
    """Prepare, start, tell, and wait for Ctrl-C or for one of them to end."""
    parser = ArgumentParser()
    parser.add_argument("--port", type=int, default=8000)
    port = free_port(parser.parse_args().port)
    accounts = prepare()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    processes = start(port)
    try:
        wait_until_served(port)
        print(
            f"\nConcord is ready: http://{ADDRESS}:{port}/\n\nDemo accounts, all with the password",
            end=" ",
        )
        print(f"{os.environ['DEMO_PASSWORD']}\n{accounts}\n\nCtrl-C stops it.", flush=True)
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
        print("One of the processes ended; stopping the others.", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopping.")
    finally:
        stop(processes)


if __name__ == "__main__":
    main()

"""Processes that benches start and look at: workers, and the memory that they took."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent


def again_beside_servers(module: str, kept: str = "") -> NoReturn:
    """Run a bench once more, beside a PostgreSQL and a Redis of its own; ``kept`` is a folder that keeps the first."""
    keep = ["--keep", kept] if kept else []
    beside_servers = [
        sys.executable,
        str(ROOT / "tools/services.py"),
        *keep,
        "--run",
        sys.executable,
        "-m",
    ]
    sys.exit(subprocess.call([*beside_servers, module, *sys.argv[1:]], cwd=ROOT))


def until(true: Callable[[], bool]) -> None:
    """Wait, looking every five milliseconds: more often would take the cores from what is measured."""
    while not true():
        time.sleep(0.005)


@contextmanager
def workers() -> Iterator[Callable[[], list[int]]]:
    """Two worker processes; gives a function for the ids of all their processes."""
    command = [str(Path(sys.executable).parent / "celery"), "--app", "config", "--quiet", "worker"]
    command += ["--pool", "prefork", "--concurrency", "2", "--loglevel", "error"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "C_FORCE_ROOT": "1"}, stderr=subprocess.DEVNULL
    )

    def pids() -> list[int]:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        return [process.pid, *map(int, children.split())]

    try:
        yield pids
    finally:
        process.terminate()
        process.wait()


def peak_megabytes(pid: int) -> float:
    """The most memory that a process ever held."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024

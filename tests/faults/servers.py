"""A PostgreSQL and a Redis of one's own, which may be killed, frozen and started again at the same address."""

import shlex
import signal
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path

from tests.faults.workers import wait_until
from tools import services


class Postgres:
    """A private cluster; what it holds outlives an immediate stop."""

    def __init__(self, folder, url):
        self.folder, self.url = folder, url
        self.prefix = services.as_postgres(folder)
        self.command = shlex.split(
            (folder / "data" / "postmaster.opts").read_text(encoding="utf-8")
        )

    def crash(self):
        """Stop without a checkpoint: the next start has to recover."""
        command = [
            services.program("pg_ctl"),
            "-D",
            str(self.folder / "data"),
            "-m",
            "immediate",
            "stop",
        ]
        subprocess.run([*self.prefix, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")

    def start(self):
        """Start with the same options, and wait until it answers."""
        options = shlex.join(self.command[1:])
        command = [
            services.program("pg_ctl"),
            "-D",
            str(self.folder / "data"),
            "-l",
            str(self.folder / "log"),
        ]
        command += ["-o", options, "-w", "start"]
        subprocess.run([*self.prefix, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")

    @contextmanager
    def small_disk(self, megabytes=64):
        """A mounted disk of its own for a tablespace."""
        place = self.folder / "small"
        place.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)]
        subprocess.run(mount, check=True, stderr=subprocess.DEVNULL)
        try:
            subprocess.run(["chown", "postgres", str(place)], check=True)
            yield place
        finally:
            subprocess.run(["umount", "--lazy", str(place)], check=True)


class Redis:
    """A private Redis without persistence: whatever ends it empties it."""

    def __init__(self, folder):
        self.port = services.free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.command = [
            "redis-server",
            "--bind",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--save",
            "",
            "--dir",
            folder,
        ]
        self.start()

    def start(self):
        """Start, empty, and wait until it answers."""
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)
        wait_until(self._answers)

    def _answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def send(self, number):
        """Send it a signal."""
        self.process.send_signal(number)

    def kill(self):
        """End it at once."""
        self.send(signal.SIGKILL)
        self.process.wait()


@contextmanager
def servers(folder, other_folder):
    """Both servers."""
    with services.postgresql(Path(folder)) as url:
        redis = Redis(other_folder)
        try:
            yield Postgres(Path(folder), url), redis
        finally:
            redis.kill()

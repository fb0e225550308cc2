"""Concord as an operator runs it, without containers: the shipped files, on loopback, in a folder that is thrown away.

PostgreSQL with two roles and TLS, Redis with a password and TLS, gunicorn, a worker, the scheduler, and nginx before
them. All that is started here is ended here.
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from tests.conftest import ROOT
from tests.deployment import certificates
from tests.deployment.https import Browser
from tools.services import as_postgres, free_port, program

BIN = Path(sys.executable).parent
COMPOSE = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
UPLOAD_BYTES = 1_000_000
PASSWORDS = {
    "SUPERUSER_PASSWORD": "super1",
    "OWNER_PASSWORD": "owner1",
    "APPLICATION_PASSWORD": "application1",
}
REDIS_PASSWORD = "redis1"
METRICS_TOKEN = "figures1"
POSTGRES_RULES = "hostssl all all 127.0.0.1/32 scram-sha-256\n"


class Premises:
    """The set that runs: its ports, its files, and the environment of its processes."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.files = certificates.made_in(folder)
        self.postgres_port, self.redis_port, self.web_port = free_port(), free_port(), free_port()
        self.secure_port, self.plain_port = free_port(), free_port()
        self.servers = {}
        self.anchor = folder / "elsewhere" / "audit-anchor"

    def environment(self, role="concord", database="concord", **more):
        """What the shipped example holds, filled in; as the application, or as the owner of the tables."""
        password = PASSWORDS[
            "OWNER_PASSWORD" if role == "concord_owner" else "APPLICATION_PASSWORD"
        ]
        own = {
            "SECRET_KEY": "s" * 60,
            "AUDIT_KEY": "a" * 60,
            "CONCORD_LOCAL": "0",
            "ALLOWED_HOSTS": certificates.NAME,
            "CSRF_TRUSTED_ORIGINS": f"https://{certificates.NAME}:{self.secure_port}",
            "BEHIND_PROXY": "1",
            "TRUSTED_PROXIES": "1",
            "UPLOAD_BYTES": str(UPLOAD_BYTES),
            "DATABASE_URL": f"postgres://{role}:{password}@127.0.0.1:{self.postgres_port}/{database}",
            "DATABASE_CA_FILE": str(self.files.authority),
            "REDIS_URL": f"rediss://:{REDIS_PASSWORD}@127.0.0.1:{self.redis_port}/0",
            "REDIS_CA_FILE": str(self.files.authority),
            "CACHE_URL": f"rediss://:{REDIS_PASSWORD}@127.0.0.1:{self.redis_port}/1",
            "AUDIT_ANCHOR_FILE": str(self.anchor),
            "AUDIT_ANCHOR_SECONDS": "1",
            "METRICS_TOKEN": METRICS_TOKEN,
            "VAR_DIR": str(self.folder / "var"),
            "WEB_BIND": f"127.0.0.1:{self.web_port}",
            "WEB_PROCESSES": "1",
            "WEB_THREADS": "2",
            "C_FORCE_ROOT": "1",
        }
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), **own, **more}

    def manage(self, *arguments, stdin=None, check=True, **environment):
        """Run a command of Concord; what it printed, and what it complained of where it may fail."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        own = self.environment(**environment)
        done = subprocess.run(
            command, cwd=ROOT, env=own, input=stdin, capture_output=True, text=True
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout if check else done

    @contextmanager
    def frozen(self, server):
        """A server that takes connections, and neither answers nor ends them."""
        os.kill(self.servers[server], signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.servers[server], signal.SIGCONT)

    def psql(self, *arguments, role="postgres", database="postgres"):
        """Ask PostgreSQL through TLS; the lines of its answer."""
        password = {"postgres": "SUPERUSER_PASSWORD", "concord": "APPLICATION_PASSWORD"}[role]
        address = f"host=127.0.0.1 port={self.postgres_port} user={role} dbname={database}"
        address += f" sslmode=verify-full sslrootcert={self.files.authority}"
        environment = {"PATH": os.environ["PATH"], "PGPASSWORD": PASSWORDS[password], **PASSWORDS}
        command = [
            program("psql"),
            "--no-psqlrc",
            "--tuples-only",
            "--no-align",
            *arguments,
            address,
        ]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    def browser(self):
        """A person's browser, which trusts the authority."""
        return Browser(self.secure_port, self.files.authority)


@contextmanager
def running(folder: Path):
    """The whole set, ready for the first person; ended and gone afterwards."""
    premises = Premises(folder)
    with ExitStack() as stack:
        start_postgresql(premises, stack)
        stack.enter_context(redis(premises))
        prepare(premises)
        for name in ("web", "worker", "scheduler"):
            stack.enter_context(process(command_of(name), premises.environment()))
        stack.enter_context(nginx(premises))
        yield premises


def command_of(name: str) -> list[str]:
    """What the container of a service runs, more often where it waits."""
    program_name, *arguments = (
        COMPOSE["services"][name]["command"].replace("--every 30", "--every 1").split()
    )
    return [str(BIN / program_name), *arguments]


def prepare(premises: Premises) -> None:
    """What the guide has an operator do once."""
    made = premises.psql("--file", str(ROOT / "deploy/postgres/roles.sql"))
    assert made.returncode == 0, made.stderr
    premises.manage("migrate", "--verbosity", "0", role="concord_owner")
    premises.manage("grant_application_role", "concord", role="concord_owner")
    premises.manage("collectstatic", "--noinput", "--verbosity", "0")


@contextmanager
def process(command, environment, stdin=None):
    """A process that is ended with its children."""
    log = open(Path(environment["HOME"]) / f"{Path(command[0]).name}.log", "ab")  # noqa: SIM115
    with (
        log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=stdin,
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as running,
    ):
        try:
            yield running
        finally:
            # With its children, and at once: what it holds is thrown away.
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()


def start_postgresql(premises: Premises, stack: ExitStack) -> None:
    """A cluster that speaks TLS only, and knows a superuser."""
    # Not in the tests' own folder, into which only their user may look.
    folder = Path(stack.enter_context(TemporaryDirectory()))
    password = folder / "password"
    password.write_text(PASSWORDS["SUPERUSER_PASSWORD"])
    for file in (premises.files.certificate, premises.files.key):
        shutil.copy(file, folder)
    prefix = [as_postgres(path) for path in (*folder.iterdir(), folder)][-1]
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    data = folder / "data"
    made = [
        "-D",
        str(data),
        "-U",
        "postgres",
        "-A",
        "scram-sha-256",
        f"--pwfile={password}",
        "-E",
        "UTF8",
    ]
    subprocess.run([*prefix, program("initdb"), *made, "--no-sync"], **quiet)
    (data / "pg_hba.conf").write_text(POSTGRES_RULES)
    options = f"-p {premises.postgres_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    options += f" -c fsync=off -c ssl=on -c ssl_cert_file={folder}/certificate.pem -c ssl_key_file={folder}/key.pem"
    control = [*prefix, program("pg_ctl"), "-D", str(data)]
    subprocess.run([*control, "-l", str(folder / "log"), "-o", options, "-w", "start"], **quiet)
    premises.servers["postgresql"] = int((data / "postmaster.pid").read_text().split()[0])
    stack.callback(subprocess.run, [*control, "-m", "immediate", "stop"], **quiet)


@contextmanager
def redis(premises: Premises):
    """A Redis that speaks TLS only and asks for its password, which stands in no list of processes."""
    files = premises.files
    rules = f"""
        bind 127.0.0.1
        port 0
        tls-port {premises.redis_port}
        tls-cert-file {files.certificate}
        tls-key-file {files.key}
        tls-ca-cert-file {files.authority}
        tls-auth-clients no
        requirepass {REDIS_PASSWORD}
        maxmemory-policy noeviction
        save ""
        dir {premises.folder}
    """
    configuration = premises.folder / "redis.conf"
    configuration.write_text("\n".join(line.strip() for line in rules.splitlines()))
    with process(
        [program("redis-server"), str(configuration)], {"HOME": str(premises.folder)}
    ) as server:
        premises.servers["redis"] = server.pid
        yield


@contextmanager
def nginx(premises: Premises):
    """nginx with the shipped files, filled in by the shipped command."""
    folder = premises.folder / "proxy"
    for name in ("conf.d", "work"):
        (folder / name).mkdir(parents=True)
    shutil.copy(ROOT / "deploy/nginx/nginx.conf", folder)
    options = {
        "certificate": premises.files.certificate,
        "key": premises.files.key,
        "upstream": f"127.0.0.1:{premises.web_port}",
        "secure": f"127.0.0.1:{premises.secure_port}",
        "plain": f"127.0.0.1:{premises.plain_port}",
        "access-log": folder / "access.log",
        "error-log": folder / "errors.log",
        "body-seconds": 2,
    }
    filled = premises.manage(
        "proxy_configuration", *(f"--{name}={value}" for name, value in options.items())
    )
    (folder / "conf.d/concord.conf").write_text(filled)
    # As root nginx would give its work to a user who may not look into this folder.
    own = "user root; daemon off;" if os.geteuid() == 0 else "daemon off;"
    command = [program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", own]
    with process(command, {"HOME": str(premises.folder)}):
        yield

"""What all tests share: a database that may be emptied, people, rules, a worker and a browser."""

import gc
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from coding.models import RuleSetVersion
from coding.trail import guards
from tests import emptying, factories
from tests.shared_rows import QUICK_HASHERS, Rows, SharedRows, asks_for_hip, hip_rules, stored_by
from tests.wide_stack import on_a_wide_stack

ROOT = Path(__file__).resolve().parent.parent
SHARED = SharedRows()
SHARED_HIP = "_shared_hip"
SHARED_IN_FILE = "_shared_in_file"
# How the files of tests are called that hold verbs.
OF_VERBS = ("_verb", "_verbs")
# Some tens of megabytes at most.
OBJECTS_BETWEEN_LOOKS = 50_000
SHARED_DATA = ROOT.parent / "shared" / "data"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Checks against the shared data run where that data is."""
    return True if collection_path.name == "shared_data" and not SHARED_DATA.exists() else None


def pytest_addoption(parser: pytest.Parser) -> None:
    """``make test`` runs two halves side by side; a run without the option holds all that it can."""
    parser.addoption(
        "--half", choices=["embedded", "servers"], help="which half of make test to run"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs PostgreSQL and Redis is left to the run that has them.

    Of two halves both hold what commits: locks, jobs, workers, upgrades; what is written for each database apart,
    such as its guards; and of each file that asks the database its first test, the ordinary case. Verbs lock what they
    change: their files are held on PostgreSQL, which runs in production. What else asks the database and rolls back is
    held on SQLite, which takes half as long, and so is what asks no database.
    Without a half everything runs: beside the servers all of it on PostgreSQL.
    """
    half = config.getoption("half")
    on_servers = connection.vendor == "postgresql" and bool(settings.REDIS_URL)
    if half is not None and (half == "servers") != on_servers:
        raise pytest.UsageError(
            f"The half “{half}” runs on {'SQLite' if on_servers else 'PostgreSQL and Redis'} only."
        )
    ordinary = _ordinary_cases(items)
    apart = {
        item
        for item in items
        if _is_left_out(item, half, on_servers=on_servers, is_ordinary=item in ordinary)
    }
    config.hook.pytest_deselected(items=list(apart))
    kept = [item for item in items if item not in apart]
    for item in kept:
        _let_share_rows(item)
    items[:] = sorted(kept, key=_place)


def _ordinary_cases(items: Iterable[pytest.Item]) -> set[pytest.Item]:
    """The first test of each file that asks the database."""
    first_by_file: dict[Path, pytest.Item] = {}
    for item in items:
        if _asks_database(item):
            first_by_file.setdefault(item.path, item)
    return set(first_by_file.values())


def _is_left_out(
    item: pytest.Item, half: str | None, *, on_servers: bool, is_ordinary: bool
) -> bool:
    if item.get_closest_marker("servers"):
        return not on_servers
    if half is None or item.get_closest_marker("both"):
        return False
    if item.get_closest_marker("looks"):
        return half == "servers"
    if item.path.is_relative_to(ROOT / "tests" / "upgrades") or _commits(item) or is_ordinary:
        return False
    of_a_verb = item.path.stem.endswith(OF_VERBS) and _asks_database(item)
    return of_a_verb == (half == "embedded")


def _asks_database(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", ())
    return "db" in names or item.get_closest_marker("django_db") is not None


def _let_share_rows(item: pytest.Item) -> None:
    """What asks for the hip rules or for what stands in its file: they are there before its own transaction begins.

    A test that commits shares none, and what is ``stored`` is shared already.
    """
    names = getattr(item, "fixturenames", [])
    if (
        "db" not in names
        or "stored" in names
        or _commits(item)
        or {SHARED_HIP, SHARED_IN_FILE} & set(names)
    ):
        return
    if "standing" in names:
        names.insert(0, SHARED_IN_FILE)
    elif "hip" in names:
        names.insert(0, SHARED_HIP)


def _place(item: pytest.Item) -> tuple[int, str]:
    """Tests that share rows run one after the other, before all that share none."""
    names = getattr(item, "fixturenames", ())
    if SHARED_HIP in names:
        return 0, ""
    if SHARED_IN_FILE in names:
        store = item.module.standing  # type: ignore[attr-defined]  # of a test that is a function
        return 1, f"{store.__module__}.{store.__qualname__}"
    return 2, ""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that shares no rows sees none."""
    if not _shares_rows(item):
        SHARED.end()


def _shares_rows(item: pytest.Item) -> bool:
    return bool({SHARED_HIP, SHARED_IN_FILE} & set(getattr(item, "fixturenames", ())))


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction")
    return bool(commits) or "transactional_db" in getattr(item, "fixturenames", ())


def pytest_collection() -> None:
    """What the tests import stays to their end: the garbage collector need not look through it again and again.

    That took two fifths of the time of collecting.
    """
    gc.disable()


def pytest_collection_finish() -> None:
    """From here on it looks at what the tests make, and seldom: that took a twentieth of their time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS)
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> object:
    """All tests, as pytest runs them."""
    pytest_itself: Any = session.config.pluginmanager.getplugin("main")
    return on_a_wide_stack(lambda: pytest_itself.pytest_runtestloop(session))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which pair of servers this run used, and what was not run."""
    terminalreporter.write_line(
        f"database: {connection.vendor}; broker: {settings.CELERY_BROKER_URL.split(':')[0]}"
    )
    if terminalreporter.stats.get("deselected"):
        terminalreporter.write_line(
            "not run here: what the run on the other pair of servers holds, or was not asked for"
        )
    if not SHARED_DATA.exists():
        terminalreporter.write_line(
            "not run: tests/shared_data, because ../shared/data is not beside this clone"
        )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """SQLite in a file: workers are processes of their own and have to see the test database.

    With ``--reuse-db`` the file stays where the next run looks for it.
    """
    if connection.vendor == "sqlite":
        folder = (
            settings.VAR_DIR if request.config.getoption("reuse_db") else Path(tempfile.mkdtemp())
        )
        settings.DATABASES["default"]["TEST"]["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(scope="session")
def _emptied_quickly(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What a test committed is deleted; only where it changed what ``migrate`` makes is that made anew by ``flush``.

    The guards, which would refuse to be flushed, are installed again by the ``post_migrate`` that ends it.
    """
    with django_db_blocker.unblock():
        made = emptying.made_by_migrate(connection)
    flush = TransactionTestCase._fixture_teardown

    def tear_down(test_case: TransactionTestCase) -> None:
        if emptying.made_by_migrate(connection) == made:
            emptying.empty(connection)
        else:
            guards.lift(connection)
            flush(test_case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", tear_down)
        yield


@pytest.fixture(autouse=True)
def _emptied_after_commits(request: pytest.FixtureRequest) -> None:
    """A test that commits leaves tables to be emptied."""
    if _commits(request.node):
        request.getfixturevalue("_emptied_quickly")
        request.getfixturevalue("transactional_db")


@pytest.fixture(scope="session")
def _anchors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A file for each test that wants one. A folder for every test took an eighth of those without a database."""
    folder = tmp_path_factory.mktemp("anchors")
    return (str(folder / f"anchor-{number}") for number in count())


@pytest.fixture(autouse=True)
def _quick_and_apart(request: pytest.FixtureRequest, _anchors: Iterator[str]) -> None:
    """A fast password hash, static files looked up when asked for, and an anchor of the trail of each test's own."""
    if not (_asks_database(request.node) or _commits(request.node)):
        return
    settings = request.getfixturevalue("settings")
    settings.PASSWORD_HASHERS = QUICK_HASHERS
    # Otherwise each test client begins by listing all static files: a tenth of the time of all tests.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.AUDIT_ANCHOR_FILE = next(_anchors)


@pytest.fixture(scope="session")
def _rows_end(django_db_setup: None) -> Iterator[None]:
    """The shared rows go before the database does."""
    yield
    SHARED.end()


@pytest.fixture
def _shared_hip(_rows_end: None, django_db_blocker: Any) -> None:
    """The hip rules, in a transaction around that of the test."""
    SHARED.begin("hip", hip_rules, django_db_blocker)


@pytest.fixture
def _shared_in_file(
    _rows_end: None, django_db_blocker: Any, request: pytest.FixtureRequest
) -> None:
    """What stands in the file, in a transaction around that of the test."""
    store = request.module.standing
    SHARED.begin(store, lambda: stored_by(store), django_db_blocker)


@pytest.fixture
def _rows(request: pytest.FixtureRequest) -> Rows:
    """The shared rows as this test's own, if it shares any."""
    return SHARED.for_a_test() if _shares_rows(request.node) else Rows({})


@pytest.fixture
def people(db: None, _rows: Rows) -> factories.People:
    """One person of each role, made when first asked for."""
    people = factories.People()
    people.known = _rows.known
    return people


@pytest.fixture
def hip(people: factories.People, _rows: Rows) -> RuleSetVersion:
    """The shipped hip rule set, published: a test that rolls back shares it with others."""
    return _rows.hip or factories.published_hip(people)


@pytest.fixture
def standing(request: pytest.FixtureRequest, people: factories.People, _rows: Rows) -> Any:
    """What the function ``standing`` of the test's file stored; for a test that commits it is stored anew."""
    if _shares_rows(request.node):
        return _rows.own
    store = request.module.standing
    return store(people, request.getfixturevalue("hip")) if asks_for_hip(store) else store(people)


@pytest.fixture
def worker(transactional_db: None) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts real Celery workers on the test database; the pool that the backing pair runs with in production."""
    started: list[subprocess.Popen[bytes]] = []

    def start(**environment: str) -> subprocess.Popen[bytes]:
        pool = "prefork" if settings.REDIS_URL else "threads"
        command = [
            str(Path(sys.executable).parent / "celery"),
            "--app",
            "config",
            "--quiet",
            "worker",
        ]
        command += ["--pool", pool, "--concurrency", "2", "--loglevel", "error"]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        own = {
            "DATABASE_URL": database_url(),
            "JOB_SWEEP_SECONDS": "1",
            "C_FORCE_ROOT": "1",
            # Lint asks them: a third of the time in which a worker starts.
            "CELERY_SKIP_CHECKS": "1",
            **environment,
        }
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **own}, start_new_session=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def database_url() -> str:
    """The address of the test database."""
    now = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{now['NAME']}"
    return f"postgres://{now['USER']}@{now['HOST']}:{now['PORT']}/{now['NAME']}"

"""The whole set as the guide for operators has it, without containers: what people, watchers and attackers meet."""

import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack

import pytest
import redis

from tests.deployment import observatory, premises
from tests.deployment.certificates import made_in
from tests.deployment.https import status_of

pytestmark = pytest.mark.servers

PASSWORD = "a long phrase of a test"
MAKE_CODER = f"""
from django.contrib.auth.models import Group
from coding.models import User
coder = User.objects.create_user("casey", password="{PASSWORD}", first_name="Casey")
coder.groups.add(Group.objects.get(name="coder"))
"""
VISITS = (
    b"external_id,patient_reference,date_of_service,place_of_service,provider,note\n"
    + b"".join(
        f"V-{number},P-{number},2026-05-04,11,Dr. Falk,Left hip dislocated.\n".encode()
        for number in range(20)
    )
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The set, with one coder."""
    with premises.running(tmp_path_factory.mktemp("site")) as running:
        running.manage("shell", "--command", MAKE_CODER)
        yield running


@pytest.fixture(scope="module")
def casey(site):
    """The coder's browser, signed in."""
    browser = site.browser()
    browser.post("/accounts/login/", {"login": "casey", "password": PASSWORD})
    return browser


def until(true):
    """Look again and again; what does not come in so many looks does not come."""
    for _ in range(300):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("It never came.")


def without_following(address):
    """The answer to a request of old, without TLS."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    try:
        return urllib.request.build_opener(Stay).open(address)
    except urllib.error.HTTPError as answer:
        return answer


def test_all_becomes_ready(site):
    browser = site.browser()
    until(lambda: browser.get("/readyz").status == 200)
    assert browser.get("/healthz").text == "ok"


def test_the_container_of_the_web_server_finds_itself_well(site):
    *_, ask = premises.COMPOSE["services"]["web"]["healthcheck"]["test"]
    ask = ask.replace("127.0.0.1:8000", f"127.0.0.1:{site.web_port}")
    done = subprocess.run(
        [sys.executable, "-c", ask], env=site.environment(), capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_coder_signs_in_uploads_a_file_and_a_worker_checks_it(site, casey):
    answer = casey.post("/uploads/", {"source": "his"}, [("file", "visits.csv", VISITS)])
    assert answer.status == 200
    assert "/uploads/" in answer.url
    until(lambda: "Import 20 encounters" in casey.get(answer.url.removeprefix(casey.address)).text)


@pytest.mark.parametrize(("server", "told"), [("redis", "broker"), ("postgresql", "database")])
def test_a_frozen_server_is_told_and_delays_no_answer(site, server, told):
    browser = site.browser()
    with site.frozen(server):
        answer = browser.get("/readyz")
        # On a busy machine the other server may be late too.
        assert (answer.status, told in answer.text) == (503, True)
    until(lambda: browser.get("/readyz").status == 200)


def test_without_tls_one_is_led_to_it(site):
    answer = without_following(f"http://127.0.0.1:{site.plain_port}/uploads/")
    assert (answer.status, "Server" in answer.headers) == (301, False)
    assert answer.headers["Location"].startswith("https://")


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/healthz", "/nowhere/", "/static/css/tokens.css"]
)
def test_no_answer_names_the_server(site, path):
    assert "Server" not in site.browser().get(path).headers


@pytest.mark.parametrize(
    "request_of",
    [
        b"TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET /?" + b"a" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"no request at all\r\n\r\n",
    ],
    ids=["a method", "an address", "noise"],
)
def test_no_refusal_names_the_server(site, request_of):
    answer = site.browser().raw(request_of)
    assert b"Concord takes no such request." in answer
    assert b"nginx" not in answer


def test_the_headers_reach_the_best_mark_of_the_observatory(site, casey):
    page = casey.get("/uploads/")
    plain = without_following(f"http://127.0.0.1:{site.plain_port}/uploads/")
    marks, lost = observatory.score(page, plain, list(casey.cookies))
    assert lost == []
    assert marks >= 100


def test_cookies_are_of_this_host_alone(casey):
    assert {cookie.name for cookie in casey.cookies} == {"__Host-sessionid", "__Host-csrftoken"}


def test_figures_are_for_whoever_has_the_token(site):
    browser = site.browser()
    assert browser.get("/metrics").status == 404
    assert (
        "concord_workers 1\n"
        in browser.get("/metrics", Authorization=f"Bearer {premises.METRICS_TOKEN}").text
    )


def test_a_file_over_the_size_is_refused_before_it_is_sent(site):
    with site.browser().begun(
        "/uploads/", announced=premises.UPLOAD_BYTES + 2_000_000
    ) as connection:
        assert status_of(connection) == 413


def test_slow_bodies_hold_no_thread_of_the_web_server_and_are_ended(site):
    browser = site.browser()
    with ExitStack() as stack:
        slow = [
            stack.enter_context(browser.begun("/accounts/login/", announced=1000))
            for _ in range(10)
        ]
        assert browser.get("/accounts/login/").status == 200
        # nginx answers a body that does not come with 408, or by closing.
        assert {connection.recv(100)[:12] for connection in slow} <= {b"", b"HTTP/1.1 408"}


def test_who_sends_forms_faster_than_people_do_is_slowed_down(site):
    browser = site.browser()
    with ExitStack() as stack:
        begun = [
            stack.enter_context(browser.begun("/accounts/login/", announced=2)) for _ in range(40)
        ]
        for connection in begun:
            connection.sendall(b"y")
        assert 429 in {status_of(connection) for connection in begun}


def test_a_name_that_is_not_ours_gets_no_answer(site):
    plain = ssl.create_default_context(cafile=str(site.files.authority))
    plain.check_hostname = False
    with pytest.raises((ssl.SSLError, ConnectionError)):
        plain.wrap_socket(
            socket.create_connection(("127.0.0.1", site.secure_port)),
            server_hostname="other.example",
        )
    with pytest.raises(ConnectionError):
        site.browser().get("/healthz", Host="other.example")


def test_the_head_of_the_trail_is_kept_outside_the_database(site, casey):
    until(site.anchor.exists)
    assert "The trail is whole" in site.manage("verify_trail")


def test_logs_hold_no_query_string(site, casey):
    casey.get("/uploads/?source=CANARY")
    logs = [file.read_text() for file in site.folder.glob("**/*.log")]
    assert any('"path": "/uploads/"' in log for log in logs)
    assert not any("CANARY" in log for log in logs)


def test_all_connections_to_the_database_are_the_applications_and_speak_tls(site, casey):
    ask = "SELECT DISTINCT usename, ssl FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE datname = 'concord'"
    assert site.psql("--command", ask).stdout.split() == ["concord|t"]


def test_the_application_may_not_lift_the_guards(site):
    drop = "DROP TRIGGER concord_update_coding_auditevent ON coding_auditevent"
    refused = site.psql("--command", drop, role="concord", database="concord")
    assert "must be owner" in refused.stderr


def test_a_server_with_a_certificate_of_another_authority_is_not_spoken_to(site, tmp_path):
    other = str(made_in(tmp_path).authority)
    refused = site.manage("verify_trail", check=False, DATABASE_CA_FILE=other)
    assert "SSL error" in refused.stderr


def test_the_application_backs_up_while_all_runs_and_the_owner_restores(site, casey, tmp_path):
    site.manage("backup", str(tmp_path))
    [stored] = tmp_path.glob("concord-*")
    site.psql("--command", "CREATE DATABASE trial OWNER concord_owner TEMPLATE template0")
    elsewhere = {
        "role": "concord_owner",
        "database": "trial",
        "AUDIT_ANCHOR_FILE": str(tmp_path / "anchor"),
    }
    assert "Restored as it was stored." in site.manage("restore", str(stored), **elsewhere)
    site.manage("grant_application_role", "concord", **elsewhere)
    read = site.psql(
        "--command", "SELECT count(*) FROM coding_upload", role="concord", database="trial"
    )
    assert read.stdout.strip() == "1"


def test_redis_answers_nobody_without_the_password_or_without_tls(site):
    by_tls = {"port": site.redis_port, "ssl": True, "ssl_ca_certs": str(site.files.authority)}
    with redis.Redis("127.0.0.1", **by_tls) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    with redis.Redis("127.0.0.1", site.redis_port) as plain, pytest.raises(redis.ConnectionError):
        plain.ping()
    with redis.Redis("127.0.0.1", password=premises.REDIS_PASSWORD, **by_tls) as known:
        assert known.ping()

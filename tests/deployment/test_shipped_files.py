"""The files in deploy/ agree with one another, with systemd, and with what the guide promises of them."""

import re
import subprocess

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import ROOT
from tests.deployment.premises import COMPOSE
from tools.services import program

DEPLOY = ROOT / "deploy"
SERVICES = COMPOSE["services"]
OURS = {name for name, service in SERVICES.items() if "concord:" in service.get("image", "")}


@pytest.mark.servers
def test_systemd_finds_no_fault_in_the_units(tmp_path):
    for unit in (DEPLOY / "systemd").glob("concord-*"):
        text = unit.read_text()
        # Here the programs lie elsewhere than on an operator's machine.
        (tmp_path / unit.name).write_text(text.replace("/opt/concord", str(ROOT)))
    units = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run(
        [program("systemd-analyze"), "verify", *units], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "unit", sorted((DEPLOY / "systemd").glob("*.service")), ids=lambda path: path.name
)
def test_a_unit_runs_without_rights_and_writes_in_its_own_folder_only(unit):
    text = unit.read_text()
    for line in (
        "User=concord",
        "ProtectSystem=strict",
        "NoNewPrivileges=true",
        "CapabilityBoundingSet=",
        "UMask=0077",
    ):
        assert f"\n{line}\n" in text, line


def test_only_the_unit_that_migrates_knows_the_owners_password():
    owners = [
        unit.name
        for unit in (DEPLOY / "systemd").glob("*.service")
        if "owner.env" in unit.read_text()
    ]
    assert owners == ["concord-migrate.service"]


@pytest.mark.parametrize("name", ["web", "worker", "scheduler"])
def test_a_container_runs_what_the_unit_runs(name):
    [started] = re.findall(
        r"^ExecStart=(.+)$", (DEPLOY / f"systemd/concord-{name}.service").read_text(), re.MULTILINE
    )
    assert started == f"/opt/concord/.venv/bin/{SERVICES[name]['command']}"


def test_in_compose_only_what_migrates_connects_as_the_owner():
    addresses = {name: SERVICES[name]["environment"]["DATABASE_URL"] for name in OURS}
    assert {name for name, address in addresses.items() if "concord_owner" in address} == {
        "migrate"
    }
    assert SERVICES["web"]["environment"]["DATABASE_URL"].startswith("postgres://concord:")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_container_has_no_rights_of_root_and_cannot_change_its_own_system(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"max-size", "max-file"} <= service["logging"]["options"].keys()


def test_images_are_named_by_version_and_can_be_held_to_a_digest():
    for name in ("postgres", "redis"):
        assert re.fullmatch(
            rf"\$\{{{name.upper()}_IMAGE:-{name}:\d+\.\d+(\.\d+)?\}}", SERVICES[name]["image"]
        )
    for file in (DEPLOY / "Dockerfile", DEPLOY / "nginx/Dockerfile"):
        [base] = re.findall(r"^FROM (\S+)$", file.read_text(), re.MULTILINE)
        assert re.search(r":[a-z-]*\d[\d.]+", base), base
        assert re.findall(r"^USER (\S+)$", file.read_text(), re.MULTILINE), file


def test_the_database_is_ready_only_when_others_reach_it():
    """While it is made, its first server answers at its socket, and ends: what migrates would find it gone."""
    assert "--host 127.0.0.1" in " ".join(SERVICES["postgres"]["healthcheck"]["test"])


def test_only_the_proxy_is_reached_from_outside():
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_the_anchor_lies_outside_the_volumes_of_the_machine():
    mounted = [
        volume
        for name in OURS
        for volume in SERVICES[name].get("volumes", [])
        if volume.endswith(":/anchor")
    ]
    assert mounted
    assert all(volume.startswith("${ANCHOR_DIR:?}") for volume in mounted)


def test_the_example_names_every_variable_that_compose_asks_for():
    asked = set(re.findall(r"\$\{(\w+):\?\}", (DEPLOY / "compose.yaml").read_text()))
    named = set(re.findall(r"^#? ?(\w+)=", (DEPLOY / "env.example").read_text(), re.MULTILINE))
    assert asked <= named


def test_an_image_holds_no_tests_no_history_and_no_secrets():
    taken = [
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    ]
    assert not {"tests", "var", ".git", ".env", "deploy"} & set(taken)
    assert all((ROOT / name).exists() for name in taken)


def test_the_proxy_takes_a_little_more_than_the_largest_upload_and_knows_the_names(
    settings, capsys
):
    settings.UPLOAD_BYTES, settings.ALLOWED_HOSTS = 5_000_000, ["concord.example", "other.example"]
    call_command("proxy_configuration", certificate="/a.pem", key="/b.pem")
    text = capsys.readouterr().out
    assert f"client_max_body_size {5_000_000 + 1024 * 1024};" in text
    assert text.count("server_name concord.example other.example;") == 2
    assert "return 301 https://$host$request_uri;" in text
    assert "{{ " not in text.split("upstream concord", 1)[1]


def test_the_proxy_sets_nothing_for_other_sites_of_its_nginx(settings, capsys):
    settings.ALLOWED_HOSTS = ["concord.example"]
    call_command("proxy_configuration", certificate="/a.pem", key="/b.pem")
    text = capsys.readouterr().out
    named = {"upstream", "server", "limit_req_zone", "limit_conn_zone", "log_format"}
    assert set(re.findall(r"^(\w+) ", text, re.MULTILINE)) == named
    servers = re.findall(r"^server \{$.*?^\}$", text, re.MULTILINE | re.DOTALL)
    assert len(servers) == 3
    assert all(
        "client_header_timeout" in server and "client_body_timeout" in server for server in servers
    )


@pytest.mark.parametrize("hosts", [[], ["*"]])
def test_without_names_there_is_no_proxy(settings, hosts):
    settings.ALLOWED_HOSTS = hosts
    with pytest.raises(CommandError, match="ALLOWED_HOSTS has to name"):
        call_command("proxy_configuration", certificate="/a.pem", key="/b.pem")

"""Commands at the console: what they refuse in words, and what no fault of one look ends."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from coding.management.commands import grant_application_role, load_descriptors, run_due_work
from coding.work import scheduled


def refusal(command, *arguments, **options):
    with pytest.raises(CommandError) as refused:
        call_command(command, *map(str, arguments), **options)
    return str(refused.value)


def printed(command, *arguments, **options):
    out = io.StringIO()
    call_command(command, *map(str, arguments), **options, stdout=out)
    return out.getvalue()


def test_a_file_of_encounters_that_cannot_be_read_is_named(tmp_path):
    gone = tmp_path / "nothing.csv"
    assert refusal("read_file", gone) == f"{gone} cannot be read: No such file or directory."
    assert refusal("read_file", tmp_path) == f"{tmp_path} cannot be read: Is a directory."


def test_a_file_of_rules_that_is_none_is_refused_or_told_as_a_problem(tmp_path):
    gone = tmp_path / "nothing.json"
    assert refusal("read_rules", gone) == f"{gone} cannot be read: No such file or directory."
    broken = tmp_path / "broken.json"
    broken.write_text("{}")
    words = refusal("read_rules", broken)
    shown = json.loads(printed("read_rules", broken, json=True))
    assert shown == {"facts": [], "rules": [], "problems": [words]}


@pytest.mark.parametrize("hosts", [[], ["*"], ["concord.example.org", "*"]])
def test_the_proxy_is_configured_for_hosts_that_are_named(settings, hosts):
    settings.ALLOWED_HOSTS = hosts
    assert refusal("proxy_configuration", certificate="c", key="k") == (
        "ALLOWED_HOSTS has to name the hosts that Concord answers to, without a star."
    )


@pytest.mark.parametrize(
    ("options", "address"),
    [
        ({}, "https://$host"),
        ({"secure": "8443"}, "https://$host:8443"),
        ({"secure": "192.0.2.1:8443"}, "https://$host:8443"),
        ({"secure": "8443", "public_port": "443"}, "https://$host"),
        ({"public_port": "444"}, "https://$host:444"),
    ],
)
def test_the_proxy_leads_to_the_port_that_browsers_name(settings, options, address):
    settings.ALLOWED_HOSTS = ["one.example.org", "two.example.org"]
    shown = printed("proxy_configuration", certificate="c.pem", key="k.pem", **options)
    assert "one.example.org two.example.org" in shown
    assert f"{address}$request_uri" in shown
    assert "{{ body_bytes }}" not in shown


@pytest.mark.parametrize("count", ["0", "-1", "many", "2147483648", ""])
def test_how_often_a_password_was_stolen_is_a_number_from_one_on(count):
    words = refusal("load_breached_passwords", "list.txt", f"--at-least={count}")
    assert f"“{count}” is no count. Write a number from 1 on, such as 100." in words


def test_a_list_of_passwords_that_is_not_there_is_named(tmp_path):
    assert "No such file" in refusal("load_breached_passwords", tmp_path / "nothing.txt")


def test_the_name_of_a_release_is_no_longer_than_its_column(tmp_path):
    words = refusal("load_fee_schedule", tmp_path / "fees.csv", f"--name={'x' * 200}")
    assert "the name is longer than" in words


def test_descriptors_of_a_file_that_is_too_large_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(load_descriptors, "LARGEST_FILE", 1024 * 1024)
    large = tmp_path / "large.csv"
    large.write_bytes(b"x" * (1024 * 1024 + 1))
    words = refusal("load_descriptors", large, valid_from="2026-01-01")
    assert words == "The file is larger than 1 MB."


def test_a_role_of_the_database_is_granted_where_there_are_roles(monkeypatch):
    class Sqlite:
        vendor = "sqlite"

    monkeypatch.setattr(grant_application_role, "connection", Sqlite)
    assert refusal("grant_application_role", "concord_app") == (
        "SQLite has no roles: whoever may write its file owns the database."
    )


def test_a_rule_set_comes_in_as_the_draft_of_somebody(db):
    assert refusal("load_rule_set", "hip-dislocation", author="nobody") == (
        "There is no account “nobody”. Check --author."
    )


def test_a_database_that_is_away_ends_no_runner(monkeypatch):
    def away():
        raise OperationalError

    monkeypatch.setattr(run_due_work, "close_old_connections", lambda: None)
    monkeypatch.setattr(scheduled, "run_due", away)
    run_due_work.Command().look()

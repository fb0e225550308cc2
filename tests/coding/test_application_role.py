"""Two roles in PostgreSQL: one owns the tables and migrates, the other one reads and writes rows."""

from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from coding.models import Job
from tests import factories

servers = pytest.mark.servers
APPLICATION = "concord_application_of_a_test"


@pytest.fixture
def role(db):
    """A role that may log in; it goes with the test's transaction."""
    run(f"CREATE ROLE {APPLICATION} LOGIN")
    call_command("grant_application_role", APPLICATION)
    return APPLICATION


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def acting_as(role):
    run(f"SET LOCAL ROLE {role}")
    yield
    run("RESET ROLE")


def is_refused(statement):
    try:
        with transaction.atomic():
            run(statement)
    except DatabaseError as error:
        return "permission denied" in str(error) or "must be owner" in str(error)
    return False


@servers
def test_the_application_reads_writes_and_deletes_rows(role):
    with acting_as(role):
        kept = Job.objects.create(kind="made-up")
        Job.objects.filter(pk=kept.pk).update(kind="renamed")
        assert Job.objects.get(pk=kept.pk).kind == "renamed"
        Job.objects.filter(pk=kept.pk).delete()


@servers
def test_a_coder_decides_as_the_application(role, people, hip):
    with acting_as(role):
        decision = factories.decide(
            people["coder"], factories.encounter(people, hip), factories.PAVLIK
        )
        assert decision.code == "27256"


@servers
@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER concord_update_coding_auditevent ON coding_auditevent",
        "ALTER TABLE coding_auditevent DISABLE TRIGGER ALL",
        "TRUNCATE coding_kepttext",
        "DROP TABLE coding_kepttext",
        "ALTER TABLE coding_kepttext ADD COLUMN other text",
        "CREATE TABLE of_its_own (id int)",
        "DELETE FROM django_migrations",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_changes_no_table_and_lifts_no_guard(role, statement):
    run("CREATE TABLE IF NOT EXISTS django_migrations (id int)")
    call_command("grant_application_role", role)
    with acting_as(role):
        assert is_refused(statement)


@servers
def test_a_table_of_a_later_migration_is_open_to_the_application_at_once(role):
    run("CREATE TABLE of_a_later_migration (id serial, text text)")
    with acting_as(role):
        run("INSERT INTO of_a_later_migration (text) VALUES ('kept')")
        run("UPDATE of_a_later_migration SET text = 'changed'")


@servers
def test_granting_again_changes_nothing(role):
    call_command("grant_application_role", role)
    with acting_as(role):
        assert not Job.objects.exists()


@servers
def test_a_role_that_is_not_there_is_named_with_the_way_to_make_it(db):
    with pytest.raises(
        CommandError, match=f"There is no role {APPLICATION}. Make it first: CREATE ROLE"
    ):
        call_command("grant_application_role", APPLICATION)


@servers
def test_a_superuser_is_refused_because_no_grant_binds_one(db):
    run(f"CREATE ROLE {APPLICATION} SUPERUSER")
    with pytest.raises(CommandError, match="is a superuser"):
        call_command("grant_application_role", APPLICATION)


@servers
def test_whoever_may_act_as_the_owner_is_refused(db):
    run(f"CREATE ROLE {APPLICATION} IN ROLE CURRENT_USER")
    with pytest.raises(CommandError, match="who owns the tables"):
        call_command("grant_application_role", APPLICATION)


def test_beside_sqlite_the_command_says_that_there_are_no_roles(db, monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite")
    with pytest.raises(CommandError, match="no roles"):
        call_command("grant_application_role", APPLICATION)

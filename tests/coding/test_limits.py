"""A migration takes the time that it needs; pages and workers are cut off as the settings say."""

import pytest
from django.db import connection

from coding.operation import limits


def limit(name):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]


@pytest.mark.servers
def test_while_tables_change_nothing_is_cut_off_and_afterwards_all_is_as_before(db):
    before = {name: limit(name) for name in limits.LIMITS}
    limits.lift_before_migrations("default", plan=["a migration"])
    assert {limit(name) for name in limits.LIMITS} == {"0"}
    limits.set_after_migrations("default")
    assert {name: limit(name) for name in limits.LIMITS} == before
    assert "0" not in before.values()


@pytest.mark.servers
def test_where_nothing_is_to_be_migrated_the_limits_hold(db):
    limits.lift_before_migrations("default", plan=[])
    assert "0" not in {limit(name) for name in limits.LIMITS}


def test_sqlite_has_no_limits_to_lift(db):
    limits.lift_before_migrations("default", plan=["a migration"])
    limits.set_after_migrations("default")

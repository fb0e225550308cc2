"""An upgrade loses nothing: databases of earlier versions stand after ``migrate`` as their people left them."""

import re

import pytest
from django.apps import apps
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations import Migration
from django.db.models.signals import pre_migrate

from coding.trail import guards
from tests.upgrades.conftest import OF_DJANGO
from tests.upgrades.schema import schema_of, trigrams_of

# Rows that a renewed Concord adds: queries that were final wait, reviews that were final are in the queue again, and
# the trail says which rows are older than events that tell rows.
GROWN = {"reviews_reviewcase", "reviews_caseroute", "coding_auditevent"}
# Models cannot describe these for two databases: migrations make them.
TRIGRAMS = {
    "coding_auditevent",
    "coding_encounter",
    "coding_payer",
    "coding_provider",
    "coding_uploadrow",
}
# What a table is called now that the data of another one were moved to.
GONE = {"reviews_reevaluationresult"}
# Accounts, with what they may do now; what registers and loaded tables say now.
TOLD_AS_THEY_ARE = (
    "coding_user",
    "coding_patient",
    "coding_provider",
    "coding_payer",
    "coding_provideraffiliation",
    "coding_payerterms",
    "coding_tablerelease",
    "coding_feeschedulerelease",
    "coding_codesetrelease",
)


def test_no_row_of_any_table_is_lost(upgraded):
    tables = {
        name: rows
        for name, rows in upgraded.counted["tables"].items()
        if not name.startswith(OF_DJANGO)
    }
    assert len(tables) > 20
    for table, rows in tables.items():
        if table in GONE:
            continue
        now = upgraded.count(table)
        assert (
            now >= rows
            if table in GROWN | {"coding_distinctanswer", "coding_uploadpart"}
            else now == rows
        ), table


def test_every_encounter_has_one_service_and_one_round_under_its_own_name(upgraded):
    encounters = upgraded.count("coding_encounter")
    assert upgraded.count("coding_service") == upgraded.count("reviews_codinground") == encounters
    same = """
        SELECT count(*) FROM coding_service s JOIN coding_encounter e ON e.id = s.encounter_id
        JOIN reviews_codinground r ON r.service_id = s.id AND r.number = s.round WHERE s.public_id = e.public_id
    """
    assert upgraded.rows(same) == [(encounters,)]


def test_every_decision_stands_at_its_encounter(upgraded):
    lost = """
        SELECT count(*) FROM reviews_codingdecision d LEFT JOIN coding_service s ON s.id = d.service_id
        LEFT JOIN coding_auditevent a ON a.event = 'decision.made' AND a.subject_id = CAST(d.id AS text)
        WHERE s.id IS NULL OR a.encounter IS NULL OR a.encounter <> s.public_id
    """
    assert upgraded.rows(lost) == [(0,)]


def test_every_decision_stands_in_the_round_that_it_named_by_its_number(upgraded):
    wrong = """
        SELECT count(*) FROM reviews_codingdecision d LEFT JOIN reviews_codinground r ON r.id = d.coding_round_id
        WHERE r.id IS NULL OR r.service_id <> d.service_id OR r.number <> d.round
    """
    assert upgraded.rows(wrong) == [(0,)]


def test_the_trail_is_whole_and_the_guards_are_there(upgraded):
    verified = upgraded.manage("verify_trail")
    assert verified.returncode == 0, verified.stdout
    assert "The trail is whole" in verified.stdout


def test_every_stored_decision_replays(upgraded):
    replayed = upgraded.manage("replay")
    assert replayed.returncode == 0, replayed.stdout
    assert "0 different" in replayed.stdout


def test_older_rows_are_proven_as_far_as_their_events_tell_and_counted(upgraded):
    verified = upgraded.manage("verify_records")
    assert verified.returncode == 0, verified.stdout
    proven, older = re.search(
        r"proven ([\d,]+); older than the values in their events: ([\d,]+)", verified.stdout
    ).groups()
    assert int(proven) == sum(map(upgraded.count, TOLD_AS_THEY_ARE))
    assert int(older.replace(",", "")) > 300


def test_nothing_is_final_that_is_neither_a_code_nor_nothing(upgraded):
    wrong = "SELECT count(*) FROM reviews_finalcode WHERE outcome NOT IN ('code', 'no_family_code') AND NOT superseded"
    assert upgraded.rows(wrong) == [(0,)]


def test_every_encounter_points_to_the_rows_that_its_texts_name(upgraded):
    wrong = """
        SELECT count(*) FROM coding_encounter e
        LEFT JOIN coding_provider d ON d.id = e.registered_provider_id
        LEFT JOIN coding_payer p ON p.id = e.registered_payer_id
        LEFT JOIN coding_patient t ON t.id = e.patient_id
        WHERE lower(d.name) <> lower(e.provider) OR d.id IS NULL OR (p.id IS NULL) <> (e.payer = '')
        OR t.identifier <> e.patient_reference OR t.source <> e.source OR t.birth_date <> e.birth_date
    """
    assert upgraded.rows(wrong) == [(0,)]
    assert upgraded.count("coding_patient") > 5


def test_migrating_again_changes_nothing(with_stories):
    assert with_stories.manage("migrate", "--check").returncode == 0


def test_it_has_the_tables_that_the_models_describe(upgraded, of_models):
    assert schema_of(upgraded) == schema_of(of_models)


def test_texts_that_lists_search_have_an_index_of_their_trigrams_on_postgresql(upgraded):
    if upgraded.path is None:
        assert trigrams_of(upgraded) == TRIGRAMS


@pytest.mark.django_db
def test_going_back_over_a_migration_is_refused_before_anything_is_changed():
    undone = [(Migration("0063_authority_aliases", "coding"), True)]
    with pytest.raises(CommandError, match="Restore the back-up"):
        pre_migrate.send(apps.get_app_config("coding"), using=connection.alias, plan=undone)
    assert guards.missing(connection) == []


def standing(database):
    """Where each story's encounter stands: its state, its service's state, and its final code."""
    rows = database.rows(
        """
        SELECT e.external_id, e.state, s.state, f.reported FROM coding_encounter e
        JOIN coding_service s ON s.encounter_id = e.id
        LEFT JOIN reviews_finalcode f ON f.service_id = s.id AND NOT f.superseded WHERE e.external_id LIKE 'U-%'
        """
    )
    return {name: tuple(values) for name, *values in rows}


@pytest.mark.parametrize(
    ("story", "state", "final"),
    [
        ("U-DECIDED", "final", "27256-LT"),
        ("U-UPHELD", "final", "27257-LT"),
        ("U-OTHER", "final", "27257-LT"),
        ("U-QUEUED", "in_review", None),
        ("U-CLAIMED", "in_review", None),
        ("U-CORRECTED", "in_review", "27256-LT"),
        ("U-CORRECTED-EARLY", "to_code", None),
        ("U-HALF", "to_code", None),
        ("U-RULE-CHANGE", "in_review", "27256-LT"),
        # These were "final" with a query or a review for a code.
        ("U-QUERY-RULED", "awaiting_provider", None),
        ("U-QUERY-UPHELD", "awaiting_provider", None),
        ("U-ASKED-UPHELD", "awaiting_provider", None),
        ("U-REVIEW-UPHELD", "in_review", None),
        ("U-RULE-CHANGE-RULED", "in_review", None),
    ],
)
def test_each_story_stands_where_its_people_left_it(with_stories, story, state, final):
    assert standing(with_stories)[story] == (state, state, final)


def test_a_query_that_was_final_asks_its_provider_about_the_facts_left_open(with_stories):
    asked = with_stories.rows(
        """
        SELECT e.external_id, q.state, CAST(q.facts AS text) FROM reviews_providerquery q
        JOIN coding_service s ON s.id = q.service_id JOIN coding_encounter e ON e.id = s.encounter_id
        WHERE e.external_id = 'U-QUERY-UPHELD'
        """
    )
    assert asked == [("U-QUERY-UPHELD", "open", '["anesthesia"]')]


def test_the_answers_of_a_half_answered_encounter_are_there_and_its_round_is_open(with_stories):
    counted = with_stories.counted["encounters"]["U-HALF"]
    rows = with_stories.rows(
        """
        SELECT (SELECT count(*) FROM coding_answer a WHERE a.service_id = s.id), r.ended, u.username
        FROM coding_encounter e JOIN coding_service s ON s.encounter_id = e.id
        JOIN reviews_codinground r ON r.service_id = s.id JOIN coding_user u ON u.id = s.assigned_to_id
        WHERE e.external_id = 'U-HALF'
        """
    )
    assert rows == [(counted["answers"], "", "coder")]


def test_a_reason_keeps_the_run_that_brought_it(with_stories):
    bare = "SELECT count(*) FROM reviews_caseroute WHERE reason = 'rule_change' AND run_id IS NULL"
    assert with_stories.rows(bare) == [(0,)]

"""Whatever somebody changes with a database shell, in any column of any table, is refused or found.

What proves a row is the same on both databases, and this asks it some thousand times: on SQLite alone.
"""

import datetime
import json
import uuid

import pytest
from django.apps import apps
from django.db import connection

from coding.models import Encounter, Patient, Payer, Provider
from coding.trail import guards, records
from tests.reviews import stories
from tests.reviews.whole_records import found, found_of, problem, rows_of, shell, tell_accounts

pytestmark = pytest.mark.looks

# Of what events tell no row, with why; a new model is told, or stands here.
NOT_TOLD = {
    "the trail itself": {"coding.auditevent", "coding.audithead"},
    "hashed anew with its encounter": {"coding.diagnosis", "coding.supersededdocument"},
    "stored under its hash, or decided anew by replay": {
        *(
            "coding.ruledocument",
            "coding.lexicondocument",
            "coding.factprofile",
            "coding.distinctanswer",
        ),
        "coding.suggestion",
    },
    "part of a version, whose document is hashed": {
        *(
            "coding.ruleset",
            "coding.fact",
            "coding.rule",
            "coding.modifierrule",
            "coding.supportingdiagnosis",
        ),
        *("coding.lexiconterm", "coding.workedcase", "reviews.namedreversal", "reviews.namedcure"),
    },
    "what runs found: run again, they find it again": {
        *("reviews.reevaluationrun", "reviews.runchange", "reviews.runpart", "reviews.runcell"),
        *(
            "reviews.runagreement",
            "reviews.casecluster",
            "reviews.shadowwatch",
            "reviews.shadowresult",
        ),
        *("reviews.replayproof", "reviews.replaydifference"),
    },
    "told as one digest with their release": {
        *(
            "coding.tablepart",
            "coding.pairedit",
            "coding.unitlimitedit",
            "coding.addonedit",
        ),
        *(
            "coding.hcpcscode",
            "coding.locality",
            "coding.code",
            "coding.codeexclusion",
            "coding.feeschedulevalue",
            "coding.feescheduledetail",
        ),
    },
    "files of others, whose hash is in the event that loaded them": {
        *(
            "coding.descriptorrelease",
            "coding.tableload",
            "coding.tableloadfile",
            "coding.tableloadpart",
        ),
        *(
            "coding.upload",
            "coding.uploadpart",
            "coding.uploadindexpart",
            "coding.uploadrow",
            "coding.sourcelayout",
        ),
    },
    "what an account may do is proven, its names and its password are not": {"coding.user"},
    "who sees and how people sign in": {
        *("coding.team", "coding.knownplace", "coding.repeatedevent", "coding.breachedpassword"),
        "coding.breachedpasswordlist",
    },
    "work, and what people keep for their convenience": {
        *(
            "coding.job",
            "coding.jobchunk",
            "coding.scheduledrun",
            "coding.workersign",
            "coding.receivedform",
        ),
        *(
            "coding.kepttext",
            "coding.savedfilter",
            "reviews.favouritereason",
            "reviews.checkedreport",
        ),
        # Derived from lines, suggestions, decisions and final codes.
        "coding.servicecode",
    },
}


def standing(people, hip):
    """Every kind of row, as its verbs wrote it."""
    stories.all_of_them(people, hip)
    tell_accounts()


@pytest.fixture
def told(standing):
    """The same, whole, with the guards lifted."""
    assert problem() == ""
    if connection.vendor == "postgresql":
        shell("SET CONSTRAINTS ALL IMMEDIATE")
    guards.lift(connection)


def other(field, value):
    """Another value of a column, as a shell would write it."""
    match field.get_internal_type():
        case "BooleanField":
            return not value
        case "UUIDField":
            return uuid.uuid4() if connection.vendor == "postgresql" else uuid.uuid4().hex
        case "DateTimeField":
            return (
                value or datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
            ) + datetime.timedelta(days=1)
        case "DateField":
            return (value or datetime.date(2026, 1, 1)) + datetime.timedelta(days=1)
        case "JSONField":
            return json.dumps(["tampered", value])
        case "CharField" | "TextField":
            return "x" if value != "x" else "y"
    return 1 if value is None else value + 1


def test_another_value_in_any_column_of_any_table_is_refused_or_found(told):
    unseen = []
    for model in records.told_models():
        table = model._meta.db_table
        for name in model.told_columns():
            field = next(field for field in model._meta.concrete_fields if field.attname == name)
            for row in rows_of(model):
                change = f"UPDATE {table} SET {field.column} = %s WHERE id = %s"
                if not found(change, other(field, getattr(row, name)), row.pk):
                    unseen.append(f"{table}.{field.column} {row.pk}")
    assert unseen == []


def test_of_every_model_the_trail_tells_or_it_is_said_why_not():
    told = {records.label(model) for model in records.told_models()}
    ours = {
        model._meta.label_lower
        for model in apps.get_models()
        if model._meta.app_label in ("coding", "reviews")
    }
    assert ours - told == set().union(*NOT_TOLD.values())


def test_a_row_that_is_gone_or_one_too_many_is_refused_or_found_in_any_table(told):
    unseen = []
    for model in records.told_models():
        table = model._meta.db_table
        for row in rows_of(model):
            if not found(f"DELETE FROM {table} WHERE id = %s", row.pk):
                unseen.append(f"{table} {row.pk} is gone")
        if not found_of(lambda model=model: add_a_copy(model)):
            unseen.append(f"{table} has one more")
    assert unseen == []


def add_a_copy(model):
    """As far as keys and constraints let somebody."""
    row = model._base_manager.earliest("pk")
    row.pk = model._base_manager.latest("pk").pk + 1
    if hasattr(row, "public_id"):
        row.public_id = uuid.uuid4()
    row.save_base(raw=True, force_insert=True)


def test_another_word_of_what_a_source_sent_is_found(told):
    encounter = Encounter.objects.filter(
        diagnoses__isnull=False, service_lines__isnull=False
    ).earliest("pk")
    changes = [
        ("coding_encounter SET note = 'Another note.' WHERE id = %s", encounter.pk),
        ("coding_encounter SET provider = 'Dr. Nobody' WHERE id = %s", encounter.pk),
        ("coding_encounter SET date_of_service = '2026-01-02' WHERE id = %s", encounter.pk),
        ("coding_diagnosis SET code = 'Z00.0' WHERE encounter_id = %s", encounter.pk),
        ("coding_serviceline SET units = 99 WHERE encounter_id = %s", encounter.pk),
    ]
    for change, key in changes:
        assert f"encounter {key} does not say" in found(f"UPDATE {change}", key)


def test_another_row_of_a_register_than_the_words_of_an_encounter_name_is_found(told):
    encounter = Encounter.objects.filter(registered_payer__isnull=False).latest("pk")
    others = {
        "provider": Provider.objects.exclude(pk=encounter.registered_provider_id).earliest("pk"),
        "payer": Payer.objects.exclude(pk=encounter.registered_payer_id).earliest("pk"),
        "patient": Patient.objects.exclude(identifier=encounter.patient_reference).earliest("pk"),
    }
    for register, column in (
        ("provider", "registered_provider_id"),
        ("payer", "registered_payer_id"),
        ("patient", "patient_id"),
    ):
        change = f"UPDATE coding_encounter SET {column} = %s WHERE id = %s"
        words = f"encounter {encounter.pk} is of another {register} than its source named"
        assert found(change, others[register].pk, encounter.pk) == words
    assert "is of another payer" in found(
        "UPDATE coding_payer SET key = 'other' WHERE id = %s", encounter.registered_payer_id
    )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE coding_feeschedulevalue SET facility_total = 99",
        "UPDATE coding_pairedit SET may_be_opened = NOT may_be_opened",
        "DELETE FROM coding_feescheduledetail WHERE code = '99203'",
        "UPDATE coding_code SET reportable = NOT reportable",
    ],
)
def test_another_value_of_a_loaded_table_is_found(told, change):
    words = found(change)
    assert "release" in words
    assert "than event" in words

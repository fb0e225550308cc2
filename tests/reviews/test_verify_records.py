"""``verify_records``: whatever somebody changes with a database shell, it is refused or found."""

import datetime
import json
import uuid

import pytest
from django.apps import apps
from django.db import connection, transaction

from coding import trail
from coding.actions.signatures import Signed
from coding.decision import content_hash
from coding.models import (
    AuditEvent,
    Encounter,
    LexiconDocument,
    Patient,
    Payer,
    Provider,
    ServiceLine,
    Signature,
    User,
)
from coding.trail import guards, proof, records
from reviews.models import CodingDecision, CodingRound, FinalCode
from tests import factories
from tests.reviews import stories
from tests.reviews.whole_records import (
    found,
    found_of,
    problem,
    rows_of,
    shell,
    tell_accounts,
    verify,
)

pytestmark = pytest.mark.both

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


@pytest.fixture
def told(people, hip):
    """Every kind of row, as its verbs wrote it; the guards are lifted."""
    stories.all_of_them(people, hip)
    tell_accounts()
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


@pytest.mark.parametrize(
    "change",
    [
        "coding_ruledocument SET document = '{}'",
        "coding_lexicondocument SET document = '{}'",
        "coding_factprofile SET facts = '[]'",
    ],
)
def test_rules_and_facts_that_are_not_what_their_hash_is_of_are_found(people, hip, change):
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    LexiconDocument.objects.create(content_hash=content_hash({"terms": []}), document={"terms": []})
    assert problem() == ""
    guards.lift(connection)
    assert "does not say what its hash is of" in found(f"UPDATE {change}")


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


def test_tables_and_registers_of_a_time_before_events_told_them_are_taken_down(people, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(records, "tell", lambda entries: [{} for _ in entries])
        stories.kept_registers(people)
        factories.fees()
    assert "no event tells of" in problem()
    proof.begin()
    tell_accounts()
    assert problem() == ""
    guards.lift(connection)
    changes = {
        "coding_payerterms SET options = '[]'": "payer terms",
        "coding_provideraffiliation SET specialty = 'x'": "provider affiliation",
        "coding_payer SET survivor_id = NULL, state = 'new'": "payer",
        "coding_feeschedulevalue SET work_rvu = 9": "fee schedule release",
    }
    for change, row in changes.items():
        assert found(f"UPDATE {change}").startswith(row)


def standing(people, hip):
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    return FinalCode.objects.get()


@pytest.fixture
def final(standing):
    return standing


def test_what_is_whole_is_counted(final):
    out, status = verify()
    assert status == 0
    assert out.startswith(
        f"The records are what {AuditEvent.objects.count()} events tell.\nproven "
    )
    assert out.endswith("; older than the values in their events: 0\n")


def test_a_database_without_encounters_is_whole(db):
    assert verify() == (
        "The records are what 0 events tell.\nproven 0; older than the values in their events: 0\n",
        0,
    )


def test_the_first_row_that_is_not_what_the_trail_tells_is_named_with_its_event_and_no_value(final):
    event = AuditEvent.objects.get(event="service.settled")
    guards.lift(connection)
    FinalCode.objects.update(code="27253")
    out, status = verify()
    assert status == 1
    words = f"final code {final.pk} has another code than event {event.sequence} tells"
    assert out == f"The records are not what the trail tells: {words}.\n"


def test_rows_of_a_time_before_events_told_their_model_are_taken_down_once(people, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(Signed, "rows", lambda *_: [])
        stories.agreed(people, factories.published_hip(people))
    assert "no event tells of signature" in problem()
    proof.begin()
    proof.begin()
    begun = AuditEvent.objects.get(event=proof.BEGUN)
    assert len(begun.records["coding.user"]) == User.objects.count()
    assert proof.prove().older == 4
    guards.lift(connection)
    Signature.objects.filter(meaning="export").update(printed_name="Somebody else")
    assert "since they were taken down" in problem()


def test_rows_that_were_told_in_bulk_stay_proven_when_a_later_version_tells_more_of_them(
    people, monkeypatch
):
    with monkeypatch.context() as earlier:
        earlier.setattr(Signed, "rows", lambda *_: [])
        stories.agreed(people, factories.published_hip(people))
        earlier.setattr(Signature, "TOLD", ("printed_name",))
        earlier.setattr(Encounter, "TOLD", ("public_id", "external_id"))
        earlier.setattr(ServiceLine, "BEGINS", {})
        stories.imported_and_corrected(people)
        proof.begin()
    assert problem() == ""


def test_a_row_that_was_changed_is_found_though_a_verb_told_it_anew_since(people, final):
    """A verb reads the row as it finds it: the trail then tells two numbers of one round."""
    guards.lift(connection)
    decision = CodingDecision.objects.get()
    shell("UPDATE reviews_codinground SET number = 7 WHERE service_id = %s", decision.service_id)
    with transaction.atomic():
        trail.record(None, "service.settled", decision.service, rows=[CodingRound.objects.get()])
    assert "tells another number of reviews.codinground" in problem()


def test_a_broken_trail_proves_nothing(final):
    guards.lift(connection)
    AuditEvent.objects.filter(sequence=2).update(reason="Other words.")
    assert "the trail is broken: event 2 was changed" in verify()[0]


def test_an_event_whose_values_were_changed_is_found(final):
    guards.lift(connection)
    AuditEvent.objects.filter(event="service.settled").update(records={})
    assert "was changed after it was written" in problem()


def test_imported_encounters_are_told_by_one_event_with_a_digest(people, hip):
    stories.imported_and_corrected(people)
    event = AuditEvent.objects.filter(event="upload.rows_imported").first()
    assert {len(rows) for rows in event.records.values()} == {1}
    assert problem() == ""
    guards.lift(connection)
    row = Encounter.objects.get(external_id="V-1")
    Encounter.objects.filter(pk=row.pk).update(content_hash="0" * 64)
    assert f"which event {event.sequence} tells of" in problem()


def test_a_provider_s_words_and_a_note_are_not_in_the_trail(people, hip):
    stories.asked(people, hip, answered=True)
    told = json.dumps(list(AuditEvent.objects.values_list("records", flat=True)))
    assert "None was given" not in told
    assert "Pavlik harness" not in told

"""``verify_records``: what the records say is what the trail tells, or the first row that differs is named."""

import json

import pytest
from django.db import connection, transaction

from coding import trail
from coding.actions.signatures import Signed
from coding.decision import content_hash
from coding.models import (
    AuditEvent,
    Encounter,
    LexiconDocument,
    ServiceLine,
    Signature,
    User,
)
from coding.trail import begun, guards, proof, records
from reviews.actions import services
from reviews.models import CodingDecision, CodingRound, FinalCode
from tests import factories
from tests.reviews import stories
from tests.reviews.whole_records import (
    found,
    problem,
    shell,
    tell_accounts,
    verify,
)

pytestmark = pytest.mark.both


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


def test_tables_and_registers_of_a_time_before_events_told_them_are_taken_down(people, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(records, "tell", lambda entries: [{} for _ in entries])
        stories.kept_registers(people)
        factories.fees()
    assert "no event tells of" in problem()
    begun.begin()
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


def test_rows_of_a_time_before_events_told_their_model_are_taken_down_once(people, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(Signed, "rows", lambda *_: [])
        stories.agreed(people, factories.published_hip(people))
    assert "no event tells of signature" in problem()
    begun.begin()
    begun.begin()
    taken_down = AuditEvent.objects.get(event=begun.BEGUN)
    assert len(taken_down.records["coding.user"]) == User.objects.count()
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
        begun.begin()
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
    # A line that went to another service is told under the one that it came with.
    line = ServiceLine.objects.earliest("pk")
    services.move(people["coder"], factories.service_of(line.service), hip.rule_set, "A hip.")
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

"""Finding on the worklist: by code, diagnosis, payer, coder and more; filters that are kept; columns; files."""

import csv
import io
import uuid
from dataclasses import replace

import pytest
from django.urls import reverse

from coding.actions import encounters
from coding.decision import Known
from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent, Encounter, ListExport, SavedFilter, ServiceCode
from coding.views import lists
from reviews.actions import answers, corrections, services
from reviews.actions.opening import add_reason
from reviews.models import RouteReason
from tests import factories
from tests.incoming import imported, row

BARE = "/encounters/"


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def listed(client, **asked):
    return [encounter.external_id for encounter in client.get(BARE, asked).context["page"]]


def test_each_filter_finds_its_encounter_and_no_other(people, hip, coder):
    wanted = factories.encounter(
        people,
        hip,
        external_id="WANTED",
        provider="Dr. Ada",
        payer="Union Mutual",
        diagnoses=("S73.004A",),
        service_lines=(ServiceLineRecord("27252", ("LT",)),),
    )
    decided = factories.encounter(people, hip, external_id="DECIDED")
    factories.decide(people["coder"], decided, factories.PAVLIK)
    final = decided.services.get().final_codes.get().code
    for asked in (
        {"code": "27252"},
        {"diagnosis": "s73"},
        {"diagnosis": "S73.004A"},
        {"payer": "union"},
        {"provider": "ada"},
        {"search": "wante"},
    ):
        assert listed(coder, **asked) == [wanted.external_id], asked
    for asked in ({"code": final}, {"coder": people["coder"].pk}):
        assert listed(coder, **asked) == ["DECIDED"], asked
    assert (
        listed(coder, code="00000")
        == listed(coder, remarks="yes")
        == listed(coder, received_until="2020-01-01")
        == []
    )
    assert set(listed(coder, family=hip.rule_set.key, received_from="2020-01-01")) == {
        "WANTED",
        "DECIDED",
    }


def test_a_filter_is_kept_under_a_name_opens_the_list_and_is_forgotten(people, hip, coder):
    factories.encounter(people, hip, external_id="OPEN")
    address = reverse("worklist-filters")
    coder.post(
        address,
        {"verb": "save", "name": "To do", "asked": "state=to_code&after=x&page=2", "default": "on"},
    )
    saved = SavedFilter.objects.get()
    assert (saved.asked, saved.is_default) == ("state=to_code", True)
    assert coder.get(BARE).url == f"{BARE}?state=to_code"
    assert "To do" in coder.get(BARE, {"state": "to_code"}).content.decode()
    assert coder.get(BARE, {"plain": "yes"}).status_code == 200
    coder.post(address, {"verb": "save", "name": "Mine", "asked": "whose=mine", "default": "on"})
    assert SavedFilter.objects.get(is_default=True).name == "Mine"
    coder.post(address, {"verb": "open plainly"})
    assert coder.get(BARE).status_code == 200
    coder.post(address, {"verb": "forget", "saved": saved.public_id})
    assert SavedFilter.objects.get().name == "Mine"
    assert coder.post(address, {"verb": "save", "name": ""}).status_code == 409


def test_nobody_reaches_the_saved_filter_of_another(people, coder):
    other = SavedFilter.objects.create(
        person=people["supervisor"], place="worklist", name="Theirs", asked="state=final"
    )
    assert "Theirs" not in coder.get(BARE).content.decode()
    for saved in (other.public_id, uuid.uuid4(), "no id"):
        assert (
            coder.post(reverse("worklist-filters"), {"verb": "forget", "saved": saved}).status_code
            == 404
        )


def test_chosen_columns_are_shown_and_the_file_holds_them_and_no_others(people, hip, coder):
    factories.encounter(people, hip, external_id="V-1", payer="Union Mutual")
    factories.encounter(people, hip, external_id="V-2")
    asked = {"column": ["payer", "where"], "search": "V-1"}
    page = coder.get(BARE, asked)
    assert [column.key for column in page.context["columns"]] == ["encounter", "payer", "where"]
    assert "to code, nobody’s yet" in page.content.decode()
    address = reverse("export-worklist", args=["csv"]) + "?column=payer&column=where&search=V-1"
    assert "1 encounter, narrowed" in coder.get(address).content.decode()
    answer = coder.post(address)
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows == [
        ["Encounter", "Payer", "Where it is now"],
        ["V-1", "Union Mutual", "to code, nobody’s yet"],
    ]
    export = ListExport.objects.get()
    assert (export.rows, export.taken_by) == (1, people["coder"])
    event = AuditEvent.objects.get(event="list.exported")
    assert event.after["file"] == export.sha256
    assert factories.CANARY not in str(rows)


def test_a_list_that_is_longer_than_a_file_is_to_be_narrowed_first(people, hip, coder, monkeypatch):
    factories.encounter(people, hip)
    monkeypatch.setattr(lists, "MOST_EXPORTED", 0)
    refused = coder.post(reverse("export-worklist", args=["csv"]))
    assert refused.status_code == 409
    assert "Narrow the list, by days for example." in refused.content.decode()
    assert coder.post(reverse("export-worklist", args=["pdf"])).status_code == 404
    assert not ListExport.objects.exists()


def test_the_queue_and_ones_own_cases_are_kept_laid_out_and_taken_away_as_the_worklist_is(
    people, hip, client
):
    service = factories.service(people, hip, external_id="V-1", payer="Union Mutual")
    case = factories.case_of(
        factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    )
    for role, name in (("supervisor", "queue"), ("coder", "my-cases")):
        client.force_login(people[role])
        address = reverse(name)
        asked = "search=V-1&column=payer&column=decided"
        client.post(
            reverse(f"{name}-filters"),
            {"verb": "save", "name": "V", "asked": asked, "default": "on"},
        )
        assert client.get(address).url == f"{address}?{asked}"
        page = client.get(f"{address}?{asked}")
        assert [column.key for column in page.context["columns"]] == [
            "encounter",
            "decided",
            "payer",
        ]
        assert list(page.context["page"]) == [case]
        answer = client.post(f"{reverse(f'export-{name}', args=['csv'])}?{asked}")
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert rows[1:] == [["V-1", "27257-LT", "Union Mutual"]]
    client.force_login(people["coder"])
    assert client.get(reverse("export-queue", args=["csv"])).status_code == 403


def test_what_intake_remarked_is_found_by_its_words(people, coder):
    rows = imported(people, row("TOLD"), row("OTHER")).rows
    remarks = [{"place": "field 4", "text": "Payer 100% left out: no name."}]
    rows.filter(external_id="TOLD").update(has_remarks=True, remarks=remarks)
    for asked in ("payer 100%", "LEFT OUT"):
        assert listed(coder, remark=asked) == ["TOLD"], asked
    assert listed(coder, remark="provider") == []


def test_a_code_is_looked_up_on_the_service_on_which_it_stands_now(people, hip):
    visit = factories.visit(people, ServiceLineRecord("27257", ("LT",)), ServiceLineRecord("12345"))

    def looked_up_by(code):
        return set(ServiceCode.objects.filter(code=code).values_list("service", flat=True))

    by_hip = factories.service_of(visit.services.get(rule_set=hip.rule_set))
    moved = services.move(people["coder"], by_hip, None, "Another joint.")
    assert looked_up_by("27257") == {moved.pk}

    back = services.move(
        people["coder"], factories.service_of(moved), hip.rule_set, "It is the hip."
    )
    assert looked_up_by("27257") == {back.pk}

    decided = factories.decide(
        people["coder"], factories.service_of(back), factories.PAVLIK, factories.insists()
    )
    assert looked_up_by(decided.code) == looked_up_by(decided.suggestion.code) == {back.pk}


def test_a_code_is_looked_up_no_more_by_what_was_suggested_before_other_answers(people, hip):
    visit = factories.visit(people, ServiceLineRecord("27257", ("LT",)))
    service = visit.services.get(rule_set=hip.rule_set)

    def looked_up_by():
        return set(ServiceCode.objects.filter(service=service).values_list("code", flat=True))

    factories.answer(people["coder"], factories.service_of(service), factories.PAVLIK)
    first = factories.service_of(service).suggestion.code
    assert looked_up_by() == {"27257", first}

    for fact in ("manipulation", "anesthesia"):
        value = Known(factories.REDUCED[fact])
        answers.answer(
            people["coder"], factories.service_of(service), fact, value, factories.FOR_THE_TEST
        )
    factories.answer(people["coder"], factories.service_of(service), factories.REDUCED)
    second = factories.service_of(service).suggestion.code
    assert (first != second, looked_up_by()) == (True, {"27257", second})


def test_a_code_is_looked_up_no_more_by_what_an_earlier_rule_change_suggested(people, hip):
    insists = replace(factories.insists("12345"), confirmed=True)
    decision = factories.decide(
        people["coder"], factories.service(people, hip), factories.PAVLIK, insists
    )
    other = factories.service(people, hip)
    factories.answer(people["coder"], other, factories.REDUCED)
    suggested = [factories.service_of(other).suggestion, decision.suggestion]
    looked_up_by = []
    for revision, suggestion in enumerate(suggested, start=2):
        add_reason(
            factories.case_of(decision),
            RouteReason.RULE_CHANGE,
            suggestion,
            revision=revision,
        )
        codes = ServiceCode.objects.filter(service=decision.service).values_list("code", flat=True)
        looked_up_by.append(suggested[0].code in codes)
    assert looked_up_by == [True, False]


def test_a_code_that_its_source_took_back_is_looked_up_no_more_unless_it_was_decided(people, hip):
    lines = (ServiceLineRecord("27257", ("LT",)), ServiceLineRecord("12345"))
    record = factories.record(service_lines=lines)
    visit = encounters.enter(people["coder"], record)
    factories.decide(
        people["coder"],
        factories.service_of(visit.services.get(rule_set=hip.rule_set)),
        factories.PAVLIK,
    )
    final = visit.services.get(rule_set=hip.rule_set).final_codes.get().code
    corrected = replace(record, service_lines=(ServiceLineRecord("54321"),))
    corrections.correct_typed(people["coder"], Encounter.objects.get(pk=visit.pk), corrected, 1)
    codes = set(ServiceCode.objects.filter(encounter=visit).values_list("code", flat=True))
    assert codes == {"54321", final}


def test_a_code_that_its_source_took_back_does_not_come_again_with_the_lines_of_its_service(
    people, hip
):
    visit = factories.visit(
        people, ServiceLineRecord("27257", ("LT",)), ServiceLineRecord("27256", ("LT",))
    )
    factories.send_again(people, visit, service_lines=(ServiceLineRecord("27257", ("LT",)),))
    by_hip = factories.service_of(visit.services.get(rule_set=hip.rule_set))
    assert by_hip.lines.count() == 2

    moved = services.move(people["coder"], by_hip, None, "Another joint.")
    assert moved.lines.count() == 2
    assert set(ServiceCode.objects.filter(encounter=visit).values_list("code", "service")) == {
        ("27257", moved.pk)
    }

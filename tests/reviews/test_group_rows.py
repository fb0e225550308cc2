"""Wounds as rows of a small table: those that are alike are one service, with the sum as its number."""

import uuid

import pytest
from django.urls import reverse

from coding.actions.errors import Conflict
from coding.decision import CONFLICTING, NOT_DOCUMENTED, FactError, Known
from coding.models import Answer, AuditEvent, Service, ServiceState
from coding.rules import rulebook
from coding.trail import proof
from reviews.actions import answers, group_rows, services
from tests import factories, said_rules, small_rules

SITE = {
    "key": "site",
    "kind": "choice",
    "label": "Site",
    "question": "Where is it?",
    "choices": [
        {"value": "face", "label": "Face"},
        {"value": "hand", "label": "Hand"},
        {"value": "arm", "label": "Arm"},
    ],
}
PART = {
    "key": "part",
    "kind": "choice",
    "label": "Part",
    "choices": [{"value": "face", "label": "Face"}, {"value": "limb", "label": "Limb"}],
    "derived": [
        {"value": "face", "rows": [{"site": {"in": ["face"]}}]},
        {"value": "limb", "rows": [{}]},
    ],
}
LENGTH = {
    "key": "length",
    "kind": "whole_number",
    "label": "Length",
    "question": "How long?",
    "minimum": 1,
    "maximum": 300,
    "unit": "mm",
}
GROUP = {
    "key": "wounds",
    "label": "Wounds",
    "alike": ["part"],
    "aggregate": "sum",
    "fact": "length",
}
RULES = [
    said_rules.rule(
        "SHORT", [{"site": {"in": ["face"]}, "length": {"between": [None, 25]}}], code="27256"
    ),
    said_rules.rule(
        "LONG", [{"site": {"in": ["face"]}, "length": {"between": [26, None]}}], code="27257"
    ),
    said_rules.rule("REST", [{}], "supervisor_review"),
]


def standing(people):
    rules = small_rules.table(facts=[SITE, PART, LENGTH], rules=RULES, groups=[GROUP], modifiers=[])
    return factories.service(people, small_rules.published(people, rules=rules))


@pytest.fixture
def service(standing):
    return standing


def row(site, length):
    return {"site": Known(site), "length": length if not isinstance(length, int) else Known(length)}


def enter(people, service, *rows):
    return group_rows.enter(people["coder"], factories.service_of(service), "wounds", rows)


def stored(service):
    current = rulebook.current_answers(service)
    return {fact: (answer.value, answer.origin) for fact, answer in current.items()}


def test_rows_that_are_alike_are_one_service_with_their_sum_and_others_open_one(people, service):
    own, other = enter(people, service, row("face", 14), row("hand", 30), row("face", 12))
    assert (own.service.pk, own.opened, other.opened) == (service.pk, False, True)
    assert stored(service) == {
        "site": ("face", ""),
        "length": (26, "sum of rows 1, 3: 14 mm + 12 mm"),
    }
    assert stored(other.service) == {"site": ("hand", ""), "length": (30, "sum of row 2: 30 mm")}
    assert factories.form_of(service).suggestion.code == "27257"
    assert other.service.from_service_id == service.pk
    proof.prove()


def test_changed_rows_go_to_the_services_that_stand_and_one_without_rows_loses_its_number(
    people, service
):
    _, other = enter(people, service, row("face", 14), row("hand", 30))
    enter(people, service, row("face", 14), row("face", 12))
    assert stored(service)["length"] == (26, "sum of rows 1, 2: 14 mm + 12 mm")
    assert "length" not in stored(other.service)
    assert Service.objects.count() == 2
    enter(people, service, row("hand", 5), row("face", 14))
    assert stored(other.service)["length"][0] == 5
    with pytest.raises(Conflict, match="Nothing changed"):
        enter(people, service, row("hand", 5), row("face", 14))


def test_rows_of_one_part_add_up_though_their_sites_differ(people, service):
    [own] = enter(people, service, row("hand", 14), row("arm", 12))
    assert stored(own.service)["length"] == (26, "sum of rows 1, 2: 14 mm + 12 mm")
    enter(people, service, row("face", 4), row("hand", 14), row("arm", 12))
    assert stored(own.service)["length"][1] == "sum of rows 2, 3: 14 mm + 12 mm"


def test_what_makes_rows_alike_may_lean_on_the_record(people):
    where = {
        "key": "place_of_service",
        "kind": "choice",
        "label": "Place",
        "question": "Where?",
        "source": "record",
    }
    where["choices"] = [{"value": "11", "label": "Office"}, {"value": "22", "label": "Hospital"}]
    apart = {"site": {"in": ["face"]}, "place_of_service": {"in": ["22"]}}
    part = {**PART, "derived": [{"value": "face", "rows": [apart]}, PART["derived"][1]]}
    rules = small_rules.table(
        facts=[where, SITE, part, LENGTH], rules=RULES, groups=[GROUP], modifiers=[]
    )
    version = small_rules.published(people, rules=rules)
    rows = row("face", 14), row("hand", 12)
    for place, services_of_rows in (("11", 1), ("22", 2)):
        service = factories.service(people, version, place_of_service=place)
        assert len(enter(people, service, *rows)) == services_of_rows
        with pytest.raises(Conflict, match="Nothing changed"):
            enter(people, service, *rows)


def test_a_silence_of_a_row_is_the_sum_s_and_a_number_out_of_range_is_refused_by_its_rows(
    people, service
):
    enter(people, service, row("face", 14), row("face", NOT_DOCUMENTED))
    assert factories.form_of(service).facts["length"] is NOT_DOCUMENTED
    enter(people, service, row("face", NOT_DOCUMENTED), row("face", CONFLICTING))
    assert factories.form_of(service).facts["length"] is CONFLICTING
    with pytest.raises(FactError, match=r"Length: 400 in rows 1, 2 is out of its range"):
        enter(people, service, row("face", 200), row("face", 200))


def test_what_rows_gave_is_changed_in_the_rows(people, service):
    enter(people, service, row("face", 14))
    for fact, value in (("site", Known("hand")), ("length", Known(20))):
        with pytest.raises(Conflict, match="stands in the rows of “Wounds”"):
            answers.answer(people["coder"], factories.service_of(service), fact, value)
    answers.answer(people["coder"], factories.service_of(service), "length", None)
    assert "length" not in stored(service)


def test_nobody_enters_rows_for_whoever_codes_the_encounter(people, service):
    enter(people, service, row("face", 14))
    with pytest.raises(Conflict, match="is coding this encounter"):
        group_rows.enter(
            people["coder", 2], factories.service_of(service), "wounds", [row("face", 15)]
        )
    assert AuditEvent.objects.filter(event="answer.given").count() == 1


def sent(what, *rows, **more):
    fields = {
        f"row-{number}-{name}": text
        for number, own in enumerate(rows, start=1)
        for name, text in own.items()
    }
    return {"what": what, "count": len(rows), "idempotency_key": uuid.uuid4(), **fields, **more}


def test_the_page_adds_removes_and_saves_rows_as_people_write_them(people, client, service):
    client.force_login(people["coder"])
    address = reverse("group-rows", args=[service.public_id, "wounds"])
    code = reverse("code", args=[service.public_id])
    assert address in client.get(code).text
    first, second = {"site": "face", "length": "1.4 cm"}, {"site": "face", "length": "12"}
    added = client.post(address, sent("add", first))
    assert [row.initial.get("length") for row in added.context["form"].rows] == ["1.4 cm", None]
    removed = client.post(address, sent("remove-1", first, second))
    assert [row.initial["length"] for row in removed.context["form"].rows] == ["12"]
    assert not Answer.objects.exists()
    refused = client.post(address, sent("save", first, {"site": "", "length": "long"}))
    assert refused.status_code == 422
    assert "Row 2, Site</a>: Choose an answer." in refused.text
    assert (
        "Row 2, Length</a>: “long” is not what is asked for. Write a whole number from 1 to 300 mm."
        in refused.text
    )
    too_long = client.post(address, sent("save", *[{"site": "face", "length": "20 cm"}] * 2))
    assert "Length: 400 in rows 1, 2 is out of its range" in too_long.text
    both = {"site": "face", "length": "12", "length-silence": "not_documented"}
    assert "Take one of them back" in client.post(address, sent("save", both)).text
    form = sent("save", first, second)
    for _ in range(2):
        assert client.post(address, form).url == code
    assert stored(service)["length"] == (26, "sum of rows 1, 2: 14 mm + 12 mm")
    page = client.get(address)
    assert [row.initial["length"] for row in page.context["form"].rows] == ["14", "12"]
    assert "sum of rows 1, 2: 14 mm + 12 mm" in page.text
    assert factories.service_of(service).state == ServiceState.TO_CODE


def test_hostile_input_is_no_row(people, client, service):
    client.force_login(people["coder"])
    address = reverse("group-rows", args=[service.public_id, "wounds"])
    for data in (
        {"what": "save", "count": "x"},
        {"what": "remove-9", "count": "999"},
        {"count": "-1"},
    ):
        assert client.post(address, data).status_code in (200, 302, 409, 422)
    assert (
        client.get(reverse("group-rows", args=[service.public_id, "joints"])).url
        == service.get_absolute_url()
    )
    assert not Answer.objects.exists()


def test_services_that_lines_opened_take_rows_before_another_one_is_opened(people, service):
    second = services.add(people["coder"], service.encounter, service.rule_set)
    answered = services.add(people["coder"], service.encounter, service.rule_set)
    answers.answer(people["coder"], factories.service_of(answered), "length", Known(9))
    entered = enter(people, service, row("face", 14), row("hand", 30))
    assert [(own.service.pk, own.opened) for own in entered] == [
        (service.pk, False),
        (second.pk, False),
    ]
    assert stored(answered) == {"length": (9, "")}

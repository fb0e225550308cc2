"""Further lines: what goes with a code is suggested, decided, ruled on, final, reported and checked beside it."""

import csv
import io
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from coding.actions import claim_tables
from coding.actions.claim_tables import TableFile
from coding.decision import Line
from coding.intake.records import ServiceLineRecord
from coding.models import Suggestion, TableKind
from coding.rules import suggesting
from coding.trail import proof
from reviews.actions.decisions import Judgement
from reviews.claims.step import findings_of
from reviews.coding_form.ledger import ledger
from reviews.models import Choice, CodingDecision, FinalCode, Report, RulingKind
from tests import factories, signing, small_rules

CODE = small_rules.document()["rules"][0] | {"rows": [{}]}
ADD_ON = {"code": "27275", "rows": [{"drug": {"in": ["sleep"]}}], "units": 2}
LEFT_OUT = Judgement(Choice.OTHER_CODE, "27256", ("LT",), "It was not done.")
ANSWERS = {"held": "yes", "drug": "sleep"}


@pytest.fixture
def rules(people):
    return small_rules.published(people, rules=small_rules.table(rules=[CODE], lines=[ADD_ON]))


@pytest.fixture
def service(people, rules):
    lines = (ServiceLineRecord("27256", ("LT",), 1, (1,)),)
    return factories.service(people, rules, service_lines=lines, diagnoses=("Q65.02",))


def decide(people, service, judgement=None):
    return factories.decide(people["coder"], service, ANSWERS, judgement)


def test_accepting_takes_them_to_the_final_code_the_report_and_the_claim(people, service):
    decision = decide(people, service)
    assert (decision.reported, decision.words) == ("27256-LT+27275x2", "27256-LT + 27275 × 2")
    assert decision.agrees
    assert FinalCode.objects.current().get().further_lines == [["27275", 2]]
    lines = Report.objects.get().content["lines"]
    told = [
        (line["number"], line["code"], line["units"], line["diagnosis_pointers"]) for line in lines
    ]
    assert told == [(1, "27256", 1, [1]), (2, "27275", 2, [1])]
    [row] = ledger(service.encounter)
    assert str(row.final) == "27256-LT + 27275 × 2"


def test_one_without_them_or_with_other_units_goes_to_a_supervisor(people, service):
    decision = decide(people, service, LEFT_OUT)
    assert (decision.reported, decision.agrees) == ("27256-LT", False)
    ruling = factories.rule(
        people["supervisor"], factories.case_of(decision), RulingKind.RULES_UPHELD
    )
    assert ruling.reported == "27256-LT+27275x2"
    assert FinalCode.objects.current().get().reported == ruling.reported
    proof.prove()


def test_a_supervisor_writes_others_and_what_is_no_line_is_refused_by_its_field(people, service):
    factories.fees()
    case = factories.case_of(decide(people, service, LEFT_OUT))
    with pytest.raises(ValidationError) as refused:
        factories.rule(
            people["supervisor"],
            case,
            RulingKind.OTHER_CODE,
            code="27256",
            further_lines=(Line("99999", 1),),
        )
    assert "further_lines" in refused.value.message_dict


def test_the_form_takes_them_as_people_write_them(people, client, service):
    client.force_login(people["coder"])
    factories.answer(people["coder"], service, ANSWERS)
    page = client.get(reverse("code", args=[service.public_id]))
    assert "27275 × 2" in page.text
    form = page.context["decision_form"]
    sent = {
        **{name: form.initial[name] for name in ("seen", "revision", "idempotency_key")},
        "choice": "other_code",
        "code": "27256",
        "modifiers": "LT",
        "further_lines": "27275 x 2",
        "reason": "As it was done.",
    }
    address = reverse("code", args=[service.public_id])
    assert "This is the suggested code" in client.post(address, sent).text
    assert (
        "“27275 two” is no further line"
        in client.post(address, sent | {"further_lines": "27275 two"}).text
    )
    assert (
        "27275 stands here twice"
        in client.post(address, sent | {"further_lines": "27275, 27275"}).text
    )
    client.post(address, sent | {"further_lines": "27275*3"})
    assert CodingDecision.objects.get().reported == "27256-LT+27275x3"


def test_a_suggestion_that_lost_them_does_not_replay(people, service):
    suggestion = decide(people, service).suggestion
    assert suggesting.replays(suggestion)
    suggestion.further_lines = []
    assert not suggesting.replays(suggestion)


def test_rules_that_no_longer_bring_them_flip_the_service(people, rules, service):
    decide(people, service)
    draft = small_rules.draft(people, small_rules.table(rules=[CODE]))
    run = factories.finished(people, draft)
    [cell] = run.cells.all()
    assert (cell.old, cell.new, cell.ending) == ("27256-LT+27275x2", "27256-LT", "other")
    assert Suggestion.objects.get().reported == cell.old


def test_a_submitted_line_of_one_belongs_to_the_service_that_brings_it(people, rules):
    lines = (ServiceLineRecord("27275", (), 2, (1,)), ServiceLineRecord("27256", ("LT",), 1, (1,)))
    encounter = factories.visit(people, *lines, diagnoses=("Q65.02",))
    assert [str(line) for line in factories.service_of(encounter).lines.all()] == [
        "27275",
        "27256-LT",
    ]
    alone = factories.visit(people, lines[0])
    assert alone.services.get().rule_set is None
    factories.send_again(people, alone, service_lines=(lines[1],))
    factories.send_again(people, alone, service_lines=lines)
    assert alone.services.exclude(rule_set=None).get().lines.standing().count() == 2


def test_the_claim_holds_them_as_lines(people, service):
    pairs = b"column1,column2,modifier_indicator,rationale\n27256,27275,1,More extensive\n"
    claim_tables.load(
        None, TableKind.PAIRS, [TableFile("pairs.csv", io.BytesIO(pairs))], date(2026, 4, 1)
    )
    decide(people, service)
    serious = findings_of(service.encounter, ledger(service.encounter)).serious
    assert "27275, 27256" in {shown.codes for shown in serious}


def test_the_file_of_the_report_has_a_row_for_each(people, client, service):
    decide(people, service)
    client.force_login(people["supervisor"])
    address = reverse("export-report", args=[service.encounter.public_id])
    response = client.post(address, signing.signed({}))
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [(row["line"], row["code"], row["units"], row["service"]) for row in rows] == [
        ("1", "27256", "1", "1"),
        ("2", "27275", "2", "1"),
    ]

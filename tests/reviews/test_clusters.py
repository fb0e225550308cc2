"""A cluster: who rules on it at once, which of its cases are left to be read one by one, and what its page says."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from coding.actions import kept_texts
from coding.actions.errors import NotAllowed
from coding.models import AuditEvent, KeptText, Signature, User
from reviews.actions import cases, rulings
from reviews.actions.adjudications import Adjudication
from reviews.actions.rulings import rule_cluster
from reviews.models import (
    CaseCluster,
    CaseRoute,
    CaseState,
    FinalCode,
    ReviewCase,
    Ruling,
    RulingKind,
    RunMode,
)
from tests import factories

UPHELD = Adjudication(RulingKind.CODER_UPHELD, "As it was coded.")


def clustered(people, hip, *coders):
    """A case of one run for each coder: the new version sends a harness to the supervisor."""
    for coder in coders:
        factories.decide(coder, factories.encounter(people, hip), factories.PAVLIK)
    draft = factories.draft_without_harness(people, hip)
    version = factories.publish(people, draft, date(2026, 2, 1))
    factories.finished(people, version, mode=RunMode.APPLY)
    return CaseCluster.objects.get()


def standing(people, hip):
    return clustered(people, hip, *[people["coder"]] * 3)


@pytest.fixture
def cluster(standing):
    return standing


def of(cluster):
    return list(ReviewCase.objects.filter(routes__cluster=cluster).order_by("pk"))


def states(cluster):
    return [case.state for case in of(cluster)]


@pytest.mark.parametrize(
    "role", ["coder", "auditor", "rule author", "rule approver", "administrator"]
)
def test_only_a_supervisor_rules_on_a_cluster(people, cluster, role):
    with pytest.raises(NotAllowed, match="may not rule on review cases"):
        rule_cluster(people[role], cluster, UPHELD)
    assert states(cluster) == [CaseState.QUEUED] * 3


def test_each_case_has_a_ruling_of_its_own_that_is_noted_as_one_of_many(people, cluster):
    rule_cluster(people["supervisor"], cluster, UPHELD)
    assert [ruling.case for ruling in Ruling.objects.order_by("case")] == of(cluster)
    events = AuditEvent.objects.filter(event="case.ruled")
    assert {event.after["how"] for event in events} == {"with its cluster"}
    assert len({event.encounter for event in events}) == 3


def test_a_case_whose_encounter_was_corrected_is_left_to_be_read(people, cluster):
    corrected = of(cluster)[0]
    factories.send_again(people, corrected.service.encounter, payer="Another")
    ruled = rule_cluster(people["supervisor"], cluster, UPHELD)
    assert (ruled.cases, ruled.left) == (2, 1)
    assert factories.fresh_case(corrected).state == CaseState.QUEUED


def test_a_case_that_the_supervisor_coded_is_left_to_another(people, hip, client):
    both = factories.person("coder")
    both.groups.add(people["supervisor"].groups.get())
    both = User.objects.get(pk=both.pk)
    cluster = clustered(people, hip, people["coder"], both)
    client.force_login(both)
    assert "One ruling for 1 open case<" in text_of(client, cluster)
    ruled = rule_cluster(both, cluster, UPHELD)
    assert (ruled.cases, ruled.left) == (1, 1)
    own = ReviewCase.objects.get(coder=both)
    assert own.state == CaseState.QUEUED


def test_a_code_that_is_none_rules_on_no_case(people, cluster):
    finding = Adjudication(RulingKind.OTHER_CODE, "Wrong.", code="27256", modifiers=("XX",))
    with pytest.raises(ValidationError, match="XX is no modifier"):
        rule_cluster(people["supervisor"], cluster, finding)
    assert states(cluster) == [CaseState.QUEUED] * 3
    assert not Ruling.objects.exists()


def test_what_is_too_much_for_one_page_is_ruled_on_in_several_goes(people, cluster, monkeypatch):
    monkeypatch.setattr(rulings, "MOST_CASES", 2)
    first = rule_cluster(people["supervisor"], cluster, UPHELD)
    second = rule_cluster(people["supervisor"], cluster, UPHELD)
    assert [(first.cases, first.left), (second.cases, second.left)] == [(2, 1), (1, 0)]


@pytest.mark.parametrize("kind", [RulingKind.CODER_UPHELD, RulingKind.RULES_UPHELD])
def test_a_case_of_which_the_finding_would_ask_a_provider_is_left_and_holds_up_no_other(
    people, hip, monkeypatch, kind
):
    silent = {**factories.PAVLIK, "anesthesia": ""}
    asking = factories.case_of(
        factories.decide(people["coder"], factories.service(people, hip), silent)
    )
    factories.decide(
        people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists()
    )
    disputed = ReviewCase.objects.latest("pk")
    run = factories.planned(people, hip)
    cluster = CaseCluster.objects.create(run=run, old="27256-LT", new="27257-LT", final="27256-LT")
    for case in (asking, disputed):
        CaseRoute.objects.create(case=case, reason="rule_change", run=run, cluster=cluster)
    monkeypatch.setattr(rulings, "MOST_CASES", 1)
    ruled = rule_cluster(people["supervisor"], cluster, Adjudication(kind, "The same in all."))
    assert (ruled.cases, ruled.left) == (1, 1)
    assert Ruling.objects.get().case == disputed


# --- The page.


@pytest.fixture
def supervisor(people, client):
    client.force_login(people["supervisor"])
    return client


def text_of(client, cluster):
    return client.get(cluster.get_absolute_url()).content.decode()


def ruling(**data):
    return {
        "idempotency_key": uuid.uuid4(),
        "kind": "coder_upheld",
        "reason": "As it was coded.",
        **data,
    }


def test_the_page_counts_the_cases_that_one_ruling_decides(people, supervisor, cluster):
    assert "One ruling for 3 open cases" in text_of(supervisor, cluster)
    cases.claim(people["supervisor", 2], of(cluster)[0])
    assert "One ruling for 2 open cases" in text_of(supervisor, cluster)
    factories.send_again(people, of(cluster)[1].service.encounter, payer="Another")
    assert "One ruling for 1 open case<" in text_of(supervisor, cluster)


def test_where_every_case_has_to_be_read_no_common_ruling_is_offered(people, supervisor, cluster):
    for case in of(cluster):
        factories.send_again(people, case.service.encounter, payer="Another")
    page = text_of(supervisor, cluster)
    assert "One ruling for" not in page
    assert page.count("row-link") == 3


def test_the_page_offers_no_question_to_a_provider(supervisor, cluster):
    form = supervisor.get(cluster.get_absolute_url()).context["form"]
    assert "provider_query" not in dict(form.fields["kind"].choices)
    response = supervisor.post(cluster.get_absolute_url(), ruling(kind="provider_query"))
    assert response.status_code == 422
    assert response.context["form"].errors["kind"]


def test_a_ruling_says_how_many_it_decided_and_how_many_are_left(people, supervisor, cluster):
    cases.claim(people["supervisor", 2], of(cluster)[0])
    page = supervisor.post(cluster.get_absolute_url(), ruling(), follow=True).content.decode()
    assert "Cases ruled on: 2. Still open: 1." in page


def test_a_code_that_is_refused_stands_in_the_form_again_at_its_field(supervisor, cluster):
    data = ruling(kind="other_code", code="27256", modifiers="XX", reason="Wrong side.")
    response = supervisor.post(cluster.get_absolute_url(), data)
    assert response.status_code == 422
    assert "XX is no modifier" in response.context["form"].errors["modifiers"][0]
    assert "Wrong side." in response.content.decode()
    assert not FinalCode.objects.filter(ruling__isnull=False).exists()


def test_what_was_typed_is_there_again_until_it_is_sent(people, supervisor, cluster):
    name = supervisor.get(cluster.get_absolute_url()).context["kept"]
    kept_texts.keep(people["supervisor"], name, {"reason": "Half a thought"})
    assert "Half a thought" in text_of(supervisor, cluster)
    author = kept_texts.author_token(people["supervisor"], name)
    supervisor.post(cluster.get_absolute_url(), ruling(author=author))
    assert not KeptText.objects.exists()


def test_an_auditor_reads_the_cases_and_is_offered_nothing(people, client, cluster):
    client.force_login(people["auditor"])
    page = text_of(client, cluster)
    assert page.count("row-link") == 3
    assert "One ruling for" not in page


def test_one_signature_covers_the_rulings_of_all_its_cases(people, cluster):
    rule_cluster(people["supervisor"], cluster, UPHELD)
    [signature] = Signature.objects.filter(meaning="ruling")
    assert signature.records.count() == 3
    events = AuditEvent.objects.filter(event="case.ruled")
    assert {event.after["signature"] for event in events} == {str(signature.public_id)}

"""Rule defects and precedents on the pages of authors and approvers: the register, naming, what publishing does."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coding.actions import rule_sets
from coding.actions.version_gate import Refused
from coding.models import AuditEvent, Precedent, RuleSetVersion
from reviews.actions import precedents
from reviews.models import NamedReversal, ReevaluationRun, RuleDefect, RulingKind
from tests import factories, small_rules
from tests.steps import open_page, send

TOMORROW = timezone.localdate() + timedelta(days=1)
AWAKE = {"held": "yes", "drug": "none"}


def standing(people):
    return small_rules.published(people)


@pytest.fixture
def small(standing):
    return standing


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def ruled(people, version, kind=RulingKind.CODER_UPHELD, **values):
    service = factories.service(people, version, date_of_service=date(2026, 5, 4))
    decision = factories.decide(people["coder"], service, AWAKE, factories.insists())
    return factories.rule(people["supervisor"], factories.case_of(decision), kind, **values)


def defect_of(people, version):
    return ruled(people, version, RulingKind.RULE_DEFECT, code="27257", modifiers=("LT",)).defect


def close_page(defect):
    return reverse("admin:reviews_ruledefect_close", args=[defect.pk])


def close(client, defect, **fields):
    form = client.get(close_page(defect)).context["form"]
    return client.post(
        close_page(defect), {"idempotency_key": form["idempotency_key"].value(), **fields}
    )


# The register -------------------------------------------------------------------------------------


def test_the_register_lists_defects_with_their_services_in_so_many_queries(people, small, author):
    counts = []
    for _ in range(2):
        defect_of(people, small)
        with CaptureQueriesContext(connection) as queries:
            page = author.get(reverse("admin:reviews_ruledefect_changelist"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    [defect] = page.context["cl"].result_list
    assert defect.services == 2
    assert "Small version 1, rule R1" in page.text
    assert (
        "The note says so."
        in author.get(reverse("admin:reviews_ruledefect_change", args=[defect.pk])).text
    )


def test_a_defect_is_closed_by_the_version_that_mends_it_and_its_services_are_looked_at_again(
    people, small, author
):
    defect = defect_of(people, small)
    mended = small_rules.published(
        people, date(2026, 6, 1), rules=small_rules.table(description="Mended.")
    )
    assert close(author, defect, version=mended.pk).status_code == 302
    defect.refresh_from_db()
    assert (defect.state, defect.closed_by_version) == ("closed", mended)
    run = ReevaluationRun.objects.get()
    assert (run.version, run.served_from, run.mode) == (mended, date(2026, 5, 4), "dry_run")
    assert author.get(close_page(defect)).status_code == 302


def test_without_a_version_it_is_closed_with_a_reason_only(people, small, author):
    defect = defect_of(people, small)
    response = close(author, defect)
    assert response.status_code == 422
    assert "write why nothing is to mend" in response.text
    assert close(author, defect, reason="The rule is right.").status_code == 302
    assert not ReevaluationRun.objects.exists()


def test_who_may_not_close_defects_is_refused(people, small, client):
    defect = defect_of(people, small)
    client.force_login(people["administrator"])
    assert client.get(close_page(defect)).status_code == 403


# Named by a version -------------------------------------------------------------------------------


def test_publication_closes_the_defects_that_the_author_named_and_opens_the_run_over_their_services(
    people, small, client
):
    defect = defect_of(people, small)
    draft = small_rules.draft(people, small_rules.table(description="Mended."))
    run = factories.finished(people, draft)
    open_run(client, people["rule author"], run)
    fields = {"effective_from": TOMORROW, "reason": "Mends R1.", "cures": [defect.pk]}
    assert send(client, "submit", draft, **fields).status_code == 302
    assert RuleDefect.objects.get().state == "open"
    open_run(client, people["rule approver"], run)
    assert "It mends 1 rule defect" in open_page(client, "publish", draft).text
    assert send(client, "publish", draft, reason="Read.").status_code == 302
    defect.refresh_from_db()
    assert (defect.state, defect.closed_by_version) == ("closed", draft)
    opened = ReevaluationRun.objects.first()
    assert (opened.version, opened.served_from, opened.created_by) == (
        draft,
        date(2026, 5, 4),
        people["rule approver"],
    )


def open_run(client, person, run):
    client.force_login(person)
    client.get(run.get_absolute_url())


def precedent(people, version):
    ruling = ruled(people, version)
    return precedents.record(
        people["supervisor"], ruling, ["held"], "Held counts as reduced.", "The policy of 2026."
    )


def test_a_precedent_that_comes_out_otherwise_is_named_with_a_reason_and_ends_with_the_publication(
    people, small, client
):
    standing = precedent(people, small)
    draft = small_rules.draft(people, small_rules.table(description="Other."))
    run = factories.finished(people, draft)
    open_run(client, people["rule author"], run)
    fields = {"effective_from": TOMORROW, "reason": "A new policy."}
    refused = send(client, "submit", draft, **fields)
    assert refused.status_code == 422
    assert "Say why P1 is reversed, or mend the rules." in refused.text
    assert (
        send(
            client,
            "submit",
            draft,
            **fields,
            **{f"reverses_{standing.pk}": "The payer changed it."},
        ).status_code
        == 302
    )
    open_run(client, people["rule approver"], run)
    assert "The payer changed it." in open_page(client, "publish", draft).text
    assert send(client, "publish", draft, reason="Read.").status_code == 302
    standing.refresh_from_db()
    assert standing.reversed_by == draft
    event = AuditEvent.objects.get(event="precedent.reversed")
    assert (event.reason, event.after["comes out as"]) == ("The payer changed it.", "27256-LT")


def test_a_precedent_that_was_ruled_after_the_submission_keeps_the_version_from_being_published(
    people, small, client
):
    draft = small_rules.draft(people, small_rules.table(description="Other."))
    factories.service(people, small)
    client.force_login(people["rule author"])
    assert (
        send(client, "submit", draft, effective_from=TOMORROW, reason="A new policy.").status_code
        == 302
    )
    precedent(people, small)
    open_run(client, people["rule approver"], factories.finished(people, draft))
    response = send(client, "publish", draft, reason="Read.")
    assert response.status_code == 422
    assert (
        "P1, “Held counts as reduced.”, was ruled 27257-LT and comes out as 27256-LT."
        in response.text
    )
    assert not NamedReversal.objects.exists()


def test_a_retired_version_that_decides_a_precedent_otherwise_does_not_come_back_silently(
    people, small, client
):
    precedent(people, small)
    rule_sets.retire(people["rule approver"], small)
    client.force_login(people["rule approver"])
    response = send(client, "restore", small, reason="By mistake.")
    assert response.status_code == 422
    assert "Name in a draft why the precedent is reversed" in response.text
    assert Precedent.objects.get().reversed_by is None


def test_no_door_takes_a_version_past_a_precedent_that_nobody_named(people, small):
    standing = precedent(people, small)
    draft = small_rules.draft(people, small_rules.table(description="Other."))
    RuleSetVersion.objects.filter(pk=draft.pk).update(effective_from=TOMORROW)
    with pytest.raises(Refused, match=r"P1, .* comes out as 27256-LT"):
        rule_sets.submit(people["rule author"], draft)
    rule_sets.submit(people["rule author"], draft, [standing.pk])
    with pytest.raises(Refused, match=r"P1, .* comes out as 27256-LT"):
        rule_sets.publish(people["rule approver"], draft)


def test_retiring_tells_the_precedents_that_come_out_otherwise_then(people, small, client):
    newer = small_rules.published(
        people, date(2026, 6, 1), rules=small_rules.table(description="Other.")
    )
    precedent(people, small)
    client.force_login(people["rule approver"])
    page = open_page(client, "retire", newer)
    assert [(own, reversal.precedent.name) for own, reversal in page.context["otherwise"]] == [
        (small, "P1")
    ]


def test_a_precedent_ruled_against_a_version_that_is_published_already_is_told_on_the_rule_set_s_page(
    people, small, author
):
    coming = small_rules.published(people, TOMORROW, rules=small_rules.table(description="Other."))
    precedent(people, small)
    page = author.get(reverse("admin:coding_ruleset_change", args=[small.rule_set_id]))
    assert [
        (version, reversal.precedent.name) for version, reversal in page.context["otherwise"]
    ] == [
        (small, "P1"),
        (coming, "P1"),
    ]
    assert "comes out as 27256-LT under version 2" in page.text


def test_a_version_for_one_payer_names_a_general_precedent_and_does_not_end_it(
    people, small, client
):
    standing = precedent(people, small)
    draft = small_rules.draft(people, small_rules.table(description="Other."))
    RuleSetVersion.objects.filter(pk=draft.pk).update(for_payer="kind:medicaid")
    run = factories.finished(people, small_rules.now(draft))
    open_run(client, people["rule author"], run)
    fields = {"effective_from": TOMORROW, "reason": "A policy of its own."}
    assert send(client, "submit", draft, **fields).status_code == 422
    named = {f"reverses_{standing.pk}": "This payer sees it otherwise."}
    assert send(client, "submit", draft, **fields, **named).status_code == 302
    open_run(client, people["rule approver"], run)
    assert send(client, "publish", draft, reason="Read.").status_code == 302
    standing.refresh_from_db()
    assert standing.reversed_by is None

"""The pages that take a version from draft to in force and back: what they show, ask and refuse."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coding.actions import rule_sets
from coding.models import AuditEvent, Job, RuleSetVersion, VersionState
from reviews.actions import runs
from reviews.models import ReevaluationRun
from tests import factories, small_rules, steps
from tests.signing import signatures_under, signed
from tests.steps import address, open_page, send

TOMORROW = timezone.localdate() + timedelta(days=1)
AWAKE = {"held": "yes", "drug": "none"}


def refused(response):
    assert response.status_code == 422
    return [text for texts in response.context["form"].errors.values() for text in texts]


def state(version):
    return small_rules.now(version).state


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


@pytest.fixture
def approver(people, client):
    client.force_login(people["rule approver"])
    return client


def with_a_coded_service(people, day=date(2026, 5, 4)):
    """A published version by which a service was coded."""
    version = small_rules.published(people)
    service = factories.service(people, version, date_of_service=day)
    factories.decide(people["coder"], service, AWAKE)
    return version


def asleep_first(people):
    """A draft under which what was held awake goes to a supervisor."""
    rules = small_rules.document()["rules"]
    return small_rules.draft(
        people,
        small_rules.table(
            rules=[rules[1], {**rules[0], "rows": [{"held": {"in": [False]}}]}, rules[2]]
        ),
    )


# Submitting ---------------------------------------------------------------------------------------


def test_a_draft_is_submitted_with_its_day_and_the_reason(people, author):
    version = small_rules.draft(people)
    response = send(author, "submit", version, effective_from=TOMORROW, reason="A new policy.")
    assert response.url == reverse("admin:coding_rulesetversion_change", args=[version.pk])
    now = small_rules.now(version)
    assert (now.state, now.effective_from, now.change_note) == (
        "in_review",
        TOMORROW,
        "A new policy.",
    )
    kept = now.editions.get(number=now.edition)
    assert (kept.beside["effective_from"], kept.beside["change_note"]) == (
        TOMORROW.isoformat(),
        "A new policy.",
    )
    assert kept.document == version.document


def test_the_page_tells_all_that_is_against_it_at_once_and_keeps_what_was_typed(people, author):
    small_rules.published(people, rules=small_rules.table(key="other", name="Other"))
    version = small_rules.draft(people, small_rules.with_gap())
    page = open_page(author, "submit", version)
    failing = [check.name for check in page.context["checks"] if not check.passes]
    assert failing == [
        "It is in force from a day that can be meant",
        "Every case has one rule, and every rule decides some case",
    ]
    [problem] = refused(
        send(author, "submit", version, effective_from=TOMORROW, reason="Half done.")
    )
    assert problem.startswith(
        "Every case has one rule, and every rule decides some case: No rule covers this case."
    )
    response = send(author, "submit", version, effective_from=TOMORROW, reason="Half done.")
    assert "Half done." in response.text
    assert state(version) == VersionState.DRAFT


def test_a_fact_that_its_source_never_gives_is_against_it(people, author):
    weight = {
        "key": "weight",
        "kind": "yes_no",
        "label": "Heavy",
        "question": "Heavy?",
        "source": "record",
    }
    facts = [small_rules.HELD, small_rules.DRUG, weight]
    draft = small_rules.draft(people, small_rules.table(facts=facts))
    [problem] = refused(
        send(author, "submit", draft, effective_from=TOMORROW, reason="A new policy.")
    )
    assert "Heavy: the record gives no “weight”, but age_years, sex, place_of_service" in problem
    assert state(draft) == VersionState.DRAFT


@pytest.mark.parametrize(
    ("day", "words"), [("1026-01-01", "lies before 1900"), ("2999-01-01", "years ahead")]
)
def test_a_day_that_cannot_be_meant_is_refused_at_its_field(people, author, day, words):
    version = small_rules.draft(people)
    response = send(author, "submit", version, effective_from=day, reason="A slip.")
    assert words in response.context["form"].errors["effective_from"][0]


def test_another_day_is_looked_at_without_submitting(people, author):
    first = small_rules.published(people)
    version = small_rules.draft(people)
    response = author.post(
        address("submit", version),
        {"_look": "1", "effective_from": "2030-01-01", "reason": "Soon."},
    )
    assert [(stretch.before, stretch.after) for stretch in response.context["stretches"]] == [
        (first, first),
        (first, version),
    ]
    assert "Soon." in response.text
    assert state(version) == VersionState.DRAFT


def test_what_was_changed_since_the_page_was_opened_is_looked_at_again(people, author):
    version = small_rules.draft(people)
    form = open_page(author, "submit", version).context["form"]
    seen = {name: form[name].value() for name in ("content", "idempotency_key")}
    version.rules.filter(rule_id="R1").update(title="Another title")
    rule_sets.save(people["rule author", 2], version)
    response = author.post(
        address("submit", version), {**seen, "effective_from": TOMORROW, "reason": "Mine."}
    )
    assert "was changed meanwhile" in refused(response)[0]


def test_a_form_that_is_sent_twice_submits_once(people, author):
    version = small_rules.draft(people)
    form = open_page(author, "submit", version).context["form"]
    data = {name: form[name].value() for name in ("content", "idempotency_key")}
    data |= {"effective_from": TOMORROW, "reason": "Once."}
    first = author.post(address("submit", version), data)
    assert first.status_code == 302
    assert author.post(address("submit", version), data).url == first.url
    assert AuditEvent.objects.filter(event="version.submitted").count() == 1


# The dry run --------------------------------------------------------------------------------------


def test_where_services_are_stored_the_dry_run_of_exactly_this_content_is_looked_at(people, author):
    with_a_coded_service(people)
    version = asleep_first(people)
    fields = {"effective_from": TOMORROW, "reason": "A new policy."}
    [problem] = refused(send(author, "submit", version, **fields))
    assert problem.endswith("No run over all services has ended with it.")
    response = send(author, "dry-run", version)
    assert response.url == ReevaluationRun.objects.get().get_absolute_url()
    finish(people)
    page = open_page(author, "submit", version)
    assert [(cell.old, cell.new, cell.services) for cell in page.context["changes"]] == [
        ("27256-LT", "supervisor_review", 1)
    ]
    assert refused(send(author, "submit", version, **fields))[0].endswith(
        "Open the dry run below, and come back."
    )
    author.get(page.context["run"].get_absolute_url())
    assert send(author, "submit", version, **fields).status_code == 302


def test_who_publishes_opens_the_dry_run_too_and_the_trail_tells_once_who_did(people, author):
    with_a_coded_service(people)
    version = asleep_first(people)
    run = factories.finished(people, version)
    for _ in range(2):
        author.get(run.get_absolute_url())
    send(author, "submit", version, effective_from=TOMORROW, reason="A new policy.")
    author.force_login(people["rule approver"])
    assert "Open the dry run" in refused(send(author, "publish", version, reason="Read."))[0]
    author.get(run.get_absolute_url())
    assert send(author, "publish", version, reason="Read.").status_code == 302
    opened = AuditEvent.objects.filter(event="run.viewed").values_list("actor", flat=True)
    assert list(opened) == [people["rule author"].pk, people["rule approver"].pk]


def finish(people):
    factories.leases.pump()
    runs.launch(
        people["rule author"], ReevaluationRun.objects.select_related("job", "plan_job").get()
    )
    while factories.leases.has_work():
        factories.leases.pump()
    factories.leases.close_finished()
    assert not Job.objects.exclude(state="done").exists()


def test_a_dry_run_of_other_content_does_not_count(people, author):
    with_a_coded_service(people)
    version = asleep_first(people)
    send(author, "dry-run", version)
    finish(people)
    version.rules.filter(rule_id="R1").update(title="Another title")
    rule_sets.save(people["rule author"], version)
    author.get(ReevaluationRun.objects.get().get_absolute_url())
    response = send(author, "submit", version, effective_from=TOMORROW, reason="A new policy.")
    assert "No run over all services has ended with it" in refused(response)[0]


# Publishing ---------------------------------------------------------------------------------------


def test_a_version_is_published_signed_with_a_reason(people, approver, settings):
    settings.SIGN_AGAIN = True
    version = small_rules.in_review(people, effective_from=TOMORROW)
    page = open_page(approver, "publish", version)
    assert "approval of the version for publication" in page.text
    assert "signing_password" in refused_fields(send(approver, "publish", version, reason="Read."))
    assert refused(send(approver, "publish", version, **signed({"reason": "Read."}, "wrong horse")))
    assert state(version) == VersionState.IN_REVIEW
    assert send(approver, "publish", version, **signed({"reason": "Read."})).status_code == 302
    assert state(version) == VersionState.PUBLISHED
    assert len(signatures_under(version)) == 1
    assert AuditEvent.objects.get(event="version.published").reason == "Read."


def refused_fields(response):
    assert response.status_code == 422
    return set(response.context["form"].errors)


def test_a_day_that_has_passed_shows_the_services_and_opens_a_run_over_them(people, approver):
    with_a_coded_service(people)
    version = asleep_first(people)
    RuleSetVersion.objects.filter(pk=version.pk).update(effective_from="2026-03-01")
    rule_sets.submit(people["rule author"], version)
    approver.get(factories.finished(people, version).get_absolute_url())
    page = open_page(approver, "publish", version)
    assert [(row.month, row.state, row.services) for row in page.context["touched"]] == [
        (date(2026, 5, 1), "Final", 1)
    ]
    sure = {"reason": "From March on."}
    assert refused_fields(send(approver, "publish", version, **sure)) == {"knows_past"}
    assert send(approver, "publish", version, knows_past="on", **sure).status_code == 302
    opened = ReevaluationRun.objects.first()
    assert (opened.version, opened.served_from, opened.mode) == (
        version,
        date(2026, 3, 1),
        "dry_run",
    )


def test_what_the_gate_finds_later_keeps_it_from_being_published_too(people, approver):
    version = small_rules.in_review(people, effective_from=TOMORROW)
    with_gap = small_rules.draft(people, small_rules.with_gap()).document
    RuleSetVersion.objects.filter(pk=version.pk).update(document=with_gap)
    [problem] = refused(send(approver, "publish", version, reason="Read."))
    assert "No rule covers this case" in problem
    assert state(version) == VersionState.IN_REVIEW


def test_who_wrote_it_is_told_to_leave_publishing_to_somebody_else(people, client):
    version = small_rules.in_review(people, effective_from=TOMORROW)
    people["rule author"].groups.add(people["rule approver"].groups.get())
    client.force_login(people["rule author"])
    response = client.post(address("publish", version), {"reason": "Mine."}, follow=True)
    said = [str(message) for message in response.context["messages"]]
    assert said == ["You wrote this version. Somebody else approves and publishes it."]
    assert state(version) == VersionState.IN_REVIEW


# Returning, retiring, putting in force again, rolling back ----------------------------------------


def test_a_version_goes_back_to_its_author_with_a_reason(people, approver):
    version = small_rules.in_review(people, effective_from=TOMORROW)
    assert refused_fields(send(approver, "return", version, reason="")) == {"reason"}
    send(approver, "return", version, reason="Rule R2 lacks its source.")
    assert state(version) == VersionState.DRAFT
    assert AuditEvent.objects.get(event="version.returned").reason == "Rule R2 lacks its source."
    approver.force_login(people["rule author"])
    page = approver.get(reverse("admin:coding_rulesetversion_change", args=[version.pk]))
    assert "Rule R2 lacks its source." in page.text


def test_retiring_says_that_nothing_decides_then_and_is_undone(people, approver):
    version = small_rules.published(people)
    page = open_page(approver, "retire", version)
    assert "No version decides services from 2026-01-01 on" in page.text
    assert state(version) == VersionState.PUBLISHED
    send(approver, "retire", version, reason="Withdrawn by the payer.")
    assert state(version) == VersionState.RETIRED
    page = open_page(approver, "restore", version)
    assert [(stretch.before, stretch.after) for stretch in page.context["stretches"]] == [
        (None, version)
    ]
    send(approver, "restore", version, reason="By mistake.")
    assert state(version) == VersionState.PUBLISHED


def test_an_earlier_version_is_taken_up_again_as_a_new_one(people, author):
    first = small_rules.published(people)
    small_rules.published(people, date(2026, 6, 1), rules=small_rules.table(description="Other."))
    response = send(
        author, "copy", first, effective_from=TOMORROW, reason="The newer one was wrong."
    )
    draft = RuleSetVersion.objects.get(number=3)
    assert response.url == address("change", draft)
    assert (draft.document, draft.effective_from) == (first.document, TOMORROW)
    assert draft.change_note == "Takes up version 1 again: The newer one was wrong."


def test_a_draft_is_discarded_and_copied_again(people, author):
    version = small_rules.draft(people)
    send(author, "discard", version)
    assert state(version) == VersionState.DISCARDED
    send(author, "copy", version)
    assert RuleSetVersion.objects.get(number=2).state == VersionState.DRAFT


def test_a_draft_with_errors_is_not_copied_and_the_page_says_why(people, author):
    version = small_rules.draft(people)
    version.rules.update(conditions="colour: red")
    rule_sets.save(people["rule author"], version)
    assert refused(send(author, "copy", version)) == [
        "Small version 1 has errors; mend it before you copy it."
    ]


# Who sees what ------------------------------------------------------------------------------------


def test_each_person_is_offered_the_steps_that_come_next(people, client):
    draft, in_review = (
        small_rules.draft(people),
        small_rules.in_review(people, effective_from=TOMORROW),
    )
    published = small_rules.published(people)
    offered = {
        ("rule author", draft): ["submit", "dry-run", "copy", "discard"],
        ("rule author", in_review): ["dry-run", "copy"],
        ("rule author", published): ["copy"],
        ("rule approver", draft): [],
        ("rule approver", in_review): ["publish", "return"],
        ("rule approver", published): ["retire"],
    }
    for (role, version), names in offered.items():
        client.force_login(people[role])
        page = client.get(reverse("admin:coding_rulesetversion_change", args=[version.pk]))
        assert [address for _, address in page.context["steps"]] == [
            steps.address(name, version) for name in names
        ]


@pytest.mark.parametrize(
    ("role", "closed"),
    [
        ("rule author", ["publish", "return", "retire", "restore"]),
        ("rule approver", ["submit", "copy", "discard"]),
    ],
)
def test_the_steps_of_another_role_are_closed(people, client, role, closed):
    version = small_rules.draft(people)
    client.force_login(people[role])
    assert [client.get(address(step, version)).status_code for step in closed] == [403] * len(
        closed
    )


def test_a_version_that_is_elsewhere_by_now_leads_to_its_page_with_a_word(people, author):
    version = small_rules.in_review(people, effective_from=TOMORROW)
    response = author.get(address("submit", version), follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "Small version 1 is in review by now."
    ]

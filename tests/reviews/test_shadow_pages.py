"""Shadow versions as pages: set once, read by whom, what differed and why, and ended."""

import uuid

import pytest
from django.urls import reverse

from coding.actions import rule_sets
from coding.actions.errors import Conflict, NotAllowed
from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent, Rule
from reviews.actions import decisions, shadows
from reviews.actions.decisions import Judgement
from reviews.models import Choice, ShadowResult, ShadowWatch
from tests import factories

ADDRESS = "shadows"


def standing(people, hip):
    return factories.draft_without_harness(people, hip)


@pytest.fixture
def draft(standing):
    return standing


@pytest.fixture
def watch(people, draft):
    return shadows.start(people["rule author"], draft)


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def form(version, **data):
    return {"idempotency_key": uuid.uuid4(), "version": version.pk, **data}


def text_of(client, address):
    return client.get(address).content.decode()


@pytest.mark.parametrize("role", ["coder", "supervisor", "auditor", "administrator"])
def test_only_authors_and_approvers_set_and_end_shadows(people, draft, watch, role):
    with pytest.raises(NotAllowed, match="may not set shadow versions"):
        shadows.start(people[role], draft)
    with pytest.raises(NotAllowed, match="may not end shadow versions"):
        shadows.end(people[role], watch)
    watch.refresh_from_db()
    assert watch.ended_at is None


def test_setting_and_ending_are_noted(people, watch, draft):
    shadows.end(people["rule approver"], watch)
    started = AuditEvent.objects.get(event="shadow.started")
    ended = AuditEvent.objects.get(event="shadow.ended")
    assert (started.actor, started.after) == (people["rule author"], {"version": str(draft)})
    assert (ended.actor, ended.subject_id) == (people["rule approver"], str(watch.public_id))


def test_a_version_with_errors_is_neither_set_nor_offered(people, hip, author):
    broken = rule_sets.draft_from(people["rule author"], hip)
    Rule.objects.filter(version=broken, rule_id="R32").update(conditions="weather: rainy")
    rule_sets.save(people["rule author"], broken)
    broken.refresh_from_db()
    with pytest.raises(Conflict, match="Mend it before you set it"):
        shadows.start(people["rule author"], broken)
    response = author.post(reverse(ADDRESS), form(broken))
    assert response.status_code == 422
    assert response.context["form"].errors["version"]
    assert not ShadowWatch.objects.exists()


# --- What is evaluated.


def test_a_shadow_of_the_version_that_decides_finds_nothing_to_compare(people, hip):
    shadows.start(people["rule author"], hip)
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    assert not ShadowResult.objects.exists()


def test_decisions_of_another_family_and_on_lines_without_rules_are_left_out(people, hip, watch):
    factories.fees()
    visit = factories.visit(people, ServiceLineRecord("99203"))
    decisions.decide(people["coder"], factories.service_for(visit, "99203"), Judgement(Choice.KEEP))
    knee = factories.published_knee(people)
    factories.decide(people["coder"], factories.encounter(people, knee), factories.PAVLIK)
    assert not ShadowResult.objects.exists()


def test_a_shadow_that_asks_more_than_was_answered_says_what_it_lacks(people, hip, author):
    draft = rule_sets.draft_from(people["rule author"], hip)
    Rule.objects.filter(version=draft, rule_id="R32").update(
        conditions="tenotomy: no\netiology: developmental"
    )
    Rule.objects.filter(version=draft, rule_id="R01").update(conditions="treatment: none")
    rule_sets.save(people["rule author"], draft)
    draft.refresh_from_db()
    watch = shadows.start(people["rule author"], draft)
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    found = watch.results.get()
    assert (found.differs, found.reported, found.problem) == (True, "", "Not answered: tenotomy")
    assert "Not answered: tenotomy" in text_of(author, watch.get_absolute_url())


# --- The pages.


def test_an_empty_page_says_what_a_shadow_is_for(author, hip):
    assert "Set a draft as shadow to see how it would do on new decisions." in text_of(
        author, reverse(ADDRESS)
    )


def test_a_shadow_is_set_once_however_often_its_form_is_sent(author, draft):
    data = form(draft)
    addresses = {author.post(reverse(ADDRESS), data).url for _ in range(3)}
    assert addresses == {ShadowWatch.objects.get().get_absolute_url()}


def test_what_is_a_shadow_already_is_refused_by_its_name(author, watch, draft):
    response = author.post(reverse(ADDRESS), form(draft))
    assert response.status_code == 409
    assert f"{draft} is a shadow already." in response.content.decode()


def test_after_it_has_ended_a_version_may_be_set_again(people, author, watch, draft):
    shadows.end(people["rule author"], watch)
    author.post(reverse(ADDRESS), form(draft))
    assert ShadowWatch.objects.filter(version=draft).count() == 2


def test_the_page_counts_and_lists_only_what_differed(people, hip, author, watch):
    assert "No difference so far" in text_of(author, watch.get_absolute_url())
    for facts in (factories.PAVLIK, factories.REDUCED):
        factories.decide(people["coder"], factories.encounter(people, hip), facts)
    shown = author.get(watch.get_absolute_url()).context
    assert (shown["watch"].evaluated, shown["watch"].differing, len(shown["page"])) == (2, 1, 1)
    page = text_of(author, watch.get_absolute_url())
    assert "Supervisor review · R34" in page
    assert "27256-LT · R32" in page


def test_only_who_may_open_encounters_is_led_to_them(people, hip, client, watch):
    encounter = factories.encounter(people, hip, external_id="V-77")
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    for role, is_led in (
        ("supervisor", True),
        ("auditor", True),
        ("rule author", False),
        ("rule approver", False),
    ):
        client.force_login(people[role])
        assert ("V-77" in text_of(client, watch.get_absolute_url())) is is_led, role


def test_the_button_that_ends_it_is_for_those_who_may_while_it_lasts(people, client, watch):
    address = reverse("end-shadow", args=[watch.public_id])
    for role, is_offered in (("rule author", True), ("rule approver", True), ("auditor", False)):
        client.force_login(people[role])
        assert (address in text_of(client, watch.get_absolute_url())) is is_offered, role
    client.force_login(people["rule approver"])
    page = client.post(address, follow=True).content.decode()
    assert "The shadow has ended. What it found stays here." in page
    assert address not in page
    assert client.post(address).status_code == 409

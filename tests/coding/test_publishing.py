"""Publishing, returning and retiring: what must be true of the rules, and which version decides afterwards."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from coding.actions import rule_sets
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.rule_sets import Refused
from coding.models import AuditEvent, RuleSetVersion, User, VersionState
from tests import small_rules
from tests.signing import but_for_the_signature

JUNE = date(2026, 6, 1)


def publish(people, version):
    rule_sets.publish(people["rule approver"], version)


def in_force(day):
    return RuleSetVersion.objects.in_force(small_rules.rule_set(), day)


def refusal(people, version):
    """Why a draft is not submitted, nor published had it come so far; nothing of it is told."""
    RuleSetVersion.objects.filter(pk=version.pk).update(effective_from=JUNE)
    with pytest.raises(Refused) as refused:
        rule_sets.submit(people["rule author"], version)
    assert small_rules.now(version).state == VersionState.DRAFT
    RuleSetVersion.objects.filter(pk=version.pk).update(state=VersionState.IN_REVIEW)
    with pytest.raises(Refused) as refused_later:
        publish(people, version)
    now = small_rules.now(version)
    assert (now.state, now.approver, now.published_at) == (VersionState.IN_REVIEW, None, None)
    assert not AuditEvent.objects.filter(
        event__in=["version.submitted", "version.published"]
    ).exists()
    words = str(refused.value).removesuffix(" Mend it, then submit.")
    assert str(refused_later.value) == f"{words} Return the version, so that it is mended."
    return words


def test_a_published_version_says_who_approved_it_and_when(people):
    version = small_rules.in_review(people)
    before = timezone.now()
    publish(people, version)
    now = small_rules.now(version)
    assert (now.state, now.approver) == (VersionState.PUBLISHED, people["rule approver"])
    assert before <= now.published_at <= timezone.now()
    event = AuditEvent.objects.get(event="version.published")
    assert event.actor == people["rule approver"]
    assert event.before == {"state": "In review"}
    assert but_for_the_signature(event.after) == {
        "state": "Published",
        "in force from": "2026-01-01",
    }


def test_rules_that_overlap_where_one_only_may_apply_are_refused(people):
    rules = small_rules.document()["rules"]
    version = small_rules.draft(people, small_rules.table(rules=rules, hit_policy="unique"))
    message = refusal(people, version)
    assert "R1" in message
    assert "R3" in message
    assert "The case: " in message


def test_a_rule_that_never_decides_is_refused_by_its_name(people):
    rules = small_rules.document()["rules"]
    behind_what_always_applies = [rules[2], rules[0], rules[1]]
    version = small_rules.draft(people, small_rules.table(rules=behind_what_always_applies))
    assert "R1" in refusal(people, version)


def test_a_code_of_the_family_that_can_be_none_is_refused_as_it_was_written(people):
    rules = small_rules.document()["rules"]
    cut_short = [{**rules[0], "code": "2725"}, *rules[1:]]
    version = small_rules.draft(
        people, small_rules.table(family=["2725", "27257"], rules=cut_short)
    )
    assert refusal(people, version) == (
        "Small version 1: “2725” is no code: a code has five capital letters or digits."
        " Correct the codes of the family."
    )


def test_a_gap_is_refused_with_a_case_that_falls_into_it(people):
    message = refusal(people, small_rules.draft(people, small_rules.with_gap()))
    assert message.startswith("Small version 1: No rule covers this case. The case: held: ")


def test_a_lexicon_with_an_error_keeps_the_version_from_being_published(people):
    version = small_rules.draft(people, lexicon=small_rules.lexicon())
    version.lexicon_terms.filter(phrase="held").update(value="perhaps")
    words = rule_sets.save(people["rule author"], version)
    assert words.startswith("“held”: ")
    assert refusal(people, version) == f"Small version 1: The lexicon, {words}"


def test_a_defect_is_mended_before_the_draft_is_submitted_again(people):
    version = small_rules.draft(people, small_rules.with_gap())
    RuleSetVersion.objects.filter(pk=version.pk).update(effective_from=JUNE)
    with pytest.raises(Refused):
        rule_sets.submit(people["rule author"], version)
    last_rule = version.rules.get(rule_id="R2")
    last_rule.conditions = ""
    last_rule.save()
    assert rule_sets.save(people["rule author"], version) == ""
    rule_sets.submit(people["rule author"], version)
    publish(people, version)
    assert in_force(JUNE) == version


def test_a_version_without_a_day_or_without_a_content_is_not_submitted(people):
    version = small_rules.draft(people)
    with pytest.raises(
        Refused, match=r"Small version 1: It needs a date from which it is in force\."
    ):
        rule_sets.submit(people["rule author"], version)
    RuleSetVersion.objects.filter(pk=version.pk).update(effective_from=JUNE, document=None)
    with pytest.raises(Refused, match="Its rows make no rule table"):
        rule_sets.submit(people["rule author"], version)
    assert small_rules.now(version).state == VersionState.DRAFT
    assert not AuditEvent.objects.filter(event="version.submitted").exists()


def test_submitting_counts_what_is_stored_and_not_what_the_page_showed(people):
    version = small_rules.draft(people)
    stale = small_rules.now(version)
    stale.effective_from = JUNE
    with pytest.raises(Refused, match="needs a date"):
        rule_sets.submit(people["rule author"], stale)


@pytest.mark.parametrize(
    "verb", [rule_sets.submit, rule_sets.send_back, rule_sets.publish, rule_sets.retire]
)
def test_a_verb_that_is_sent_twice_is_refused_the_second_time(people, verb):
    person = people["rule author"] if verb is rule_sets.submit else people["rule approver"]
    version = small_rules.in_review(people)
    if verb is rule_sets.submit:
        rule_sets.send_back(people["rule approver"], version)
    if verb is rule_sets.retire:
        publish(people, version)
    verb(person, version)
    state = small_rules.now(version).state
    told = AuditEvent.objects.count()
    with pytest.raises((Conflict, Refused)):
        verb(person, version)
    assert small_rules.now(version).state == state
    assert AuditEvent.objects.count() == told


def test_the_one_who_returns_and_retires_is_told_where_the_version_is_not(people):
    version = small_rules.published(people)
    words = r"Small version 1 is not in review any more\. Reload the page to see where it is\."
    with pytest.raises(Conflict, match=words):
        rule_sets.send_back(people["rule approver"], version)
    rule_sets.retire(people["rule approver"], version)
    with pytest.raises(Conflict, match="Small version 1 is not published any more"):
        rule_sets.retire(people["rule approver"], version)


def test_a_version_decides_from_its_first_day_until_the_next_one_s(people):
    first = small_rules.published(people)
    second = small_rules.published(people, JUNE)
    assert in_force(small_rules.NEW_YEAR - timedelta(days=1)) is None
    assert in_force(small_rules.NEW_YEAR) == first
    assert in_force(JUNE - timedelta(days=1)) == first
    assert in_force(JUNE) == second
    assert in_force(date(2040, 1, 1)) == second


def test_a_version_that_is_published_for_an_earlier_day_leaves_the_later_one_in_force(people):
    later = small_rules.published(people, JUNE)
    earlier = small_rules.published(people)
    assert in_force(JUNE) == later
    assert in_force(JUNE - timedelta(days=1)) == earlier


def test_when_the_only_version_is_retired_none_decides(people):
    version = small_rules.published(people)
    rule_sets.retire(people["rule approver"], version)
    assert in_force(JUNE) is None
    event = AuditEvent.objects.get(event="version.retired")
    assert (event.before, but_for_the_signature(event.after)) == (
        {"state": "Published"},
        {"state": "Retired"},
    )


def test_a_day_that_is_taken_is_named_and_the_version_stays_in_review(people):
    small_rules.published(people)
    second = small_rules.in_review(people)
    words = r"Another version takes effect on 2026-01-01\. Choose another day for one of them\."
    with pytest.raises(Conflict, match=words):
        publish(people, second)
    assert small_rules.now(second).state == VersionState.IN_REVIEW
    assert AuditEvent.objects.filter(event="version.published").count() == 1


def test_the_day_of_a_retired_version_is_free_again(people):
    first = small_rules.published(people)
    rule_sets.retire(people["rule approver"], first)
    second = small_rules.published(people)
    assert in_force(small_rules.NEW_YEAR) == second


def test_two_rule_sets_have_a_version_of_the_same_day_each(people):
    small = small_rules.published(people)
    other = small_rules.published(people, rules=small_rules.another())
    assert in_force(JUNE) == small
    assert RuleSetVersion.objects.in_force(other.rule_set, JUNE) == other
    rule_sets.retire(people["rule approver"], other)
    assert in_force(JUNE) == small


def test_a_retired_version_is_put_in_force_again_by_another_person_than_its_author(people):
    version = small_rules.published(people)
    rule_sets.retire(people["rule approver"], version, reason="By mistake.")
    people["rule author"].groups.add(people["rule approver"].groups.get())
    # As a page reads the account: what it may do is kept with the object.
    author = User.objects.get(pk=people["rule author"].pk)
    with pytest.raises(NotAllowed, match="You wrote this version"):
        rule_sets.restore(author, version)
    rule_sets.restore(people["rule approver", 2], version, reason="It is right.")
    assert in_force(JUNE) == version
    assert small_rules.now(version).retired_at is None
    event = AuditEvent.objects.get(event="version.restored")
    assert (event.reason, but_for_the_signature(event.after)) == (
        "It is right.",
        {"state": "Published"},
    )


def test_a_retired_version_stays_so_while_another_one_has_its_day(people):
    version = small_rules.published(people)
    rule_sets.retire(people["rule approver"], version)
    small_rules.published(people)
    with pytest.raises(Conflict, match=r"Another version takes effect on 2026-01-01\."):
        rule_sets.restore(people["rule approver"], version)
    assert small_rules.now(version).state == VersionState.RETIRED


def test_a_version_of_a_year_that_no_service_is_coded_in_any_more_is_not_submitted(people):
    version = small_rules.draft(people)
    long_ago = timezone.localdate().year - 11
    RuleSetVersion.objects.filter(pk=version.pk).update(effective_from=date(long_ago, 1, 1))
    with pytest.raises(Refused, match=r"more than 10 years back\. Correct the year\."):
        rule_sets.submit(people["rule author"], version)

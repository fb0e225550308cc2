"""What the database itself holds of versions, their parts and their documents, whoever writes to it."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import ProtectedError

from coding.actions import rule_sets
from coding.models import (
    Fact,
    LexiconDocument,
    LexiconTerm,
    ModifierRule,
    Rule,
    RuleDocument,
    RuleSet,
    RuleSetVersion,
    SupportingDiagnosis,
    User,
    VersionState,
    WorkedCase,
)
from coding.trail.guards import FIXED_IN_VERSIONS, FIXED_ONCE_PUBLISHED
from tests import small_rules

# Each database has constraints and triggers of its own.
pytestmark = pytest.mark.both

FIXED_COLUMNS = (*FIXED_IN_VERSIONS, *FIXED_ONCE_PUBLISHED, "last_editor_id")
REVIEW = "supervisor_review"
OTHER_VALUES = {
    "number": 99,
    "effective_from": "2020-01-01",
    "published_at": "2020-01-01T00:00:00Z",
    "description": "Something else.",
    "notes": "Something else.",
    "family": "27250",
    "hit_policy": "unique",
    "change_note": "Something else.",
    "lexicon_frame": {"groups": {}},
    "for_payer": "kind:medicare",
    "for_place": "11",
    "further": {"claim": {}},
    "opening": {"claims": ["27250-27266"]},
}


def standing(people):
    return small_rules.published(people, lexicon=small_rules.lexicon())


@pytest.fixture
def published(standing):
    return standing


def update(version, **values):
    with transaction.atomic():
        RuleSetVersion.objects.filter(pk=version.pk).update(**values)


def kept(act):
    """The database refuses to change what is kept."""
    with pytest.raises(DatabaseError, match="kept as it is"), transaction.atomic():
        act()


@pytest.mark.parametrize("column", [column for column in FIXED_COLUMNS if column in OTHER_VALUES])
def test_no_word_of_a_published_version_changes(published, column):
    kept(lambda: update(published, **{column: OTHER_VALUES[column]}))


def test_a_published_version_keeps_its_rule_set_its_content_and_its_people(people, published):
    elsewhere = small_rules.rule_set("other")
    other_document = small_rules.draft(people, small_rules.with_gap()).document
    stranger = people["coder"]
    pointers = {
        "rule_set": elsewhere,
        "document": other_document,
        "lexicon": None,
        "author": stranger,
        "last_editor": stranger,
        "approver": stranger,
    }
    tested = {f"{name}_id" for name in pointers} | set(OTHER_VALUES)
    assert tested == set(FIXED_COLUMNS)
    for name, value in pointers.items():
        kept(lambda name=name, value=value: update(published, **{name: value}))


def test_a_retired_version_is_as_fixed_as_a_published_one_and_comes_back_as_published_alone(
    people, published
):
    rule_sets.retire(people["rule approver"], published)
    kept(lambda: update(published, description="Something else."))
    for state in set(VersionState) - {VersionState.RETIRED, VersionState.PUBLISHED}:
        kept(lambda state=state: update(published, state=state))
    update(published, state=VersionState.PUBLISHED)


@pytest.mark.parametrize("state", [VersionState.DRAFT, VersionState.IN_REVIEW])
def test_a_published_version_goes_nowhere_but_to_retired(published, state):
    kept(lambda: update(published, state=state))


def test_no_version_is_deleted_for_its_editions_are_kept(people, published):
    draft, in_review = small_rules.draft(people), small_rules.in_review(people)
    for version in (published, in_review):
        kept(
            lambda version=version: RuleSetVersion.objects.filter(pk=version.pk)._raw_delete(
                "default"
            )
        )
    with pytest.raises(ProtectedError):
        draft.delete()
    assert set(RuleSetVersion.objects.all()) == {published, in_review, draft}


PARTS = {
    Fact: {"key": "new", "kind": "yes_no", "label": "New", "question": "New?"},
    Rule: {
        "rule_id": "R9",
        "title": "New",
        "outcome": "provider_query",
        "message": "m",
        "basis": "b",
    },
    ModifierRule: {"modifier": "52"},
    SupportingDiagnosis: {"codes": "Q65.0"},
    LexiconTerm: {"phrase": "new", "fact": "held", "value": "yes"},
    WorkedCase: {"case_id": "V9", "outcome": REVIEW},
}


@pytest.mark.parametrize("model", PARTS)
@pytest.mark.parametrize("state", [VersionState.IN_REVIEW, VersionState.PUBLISHED])
def test_no_part_of_what_is_reviewed_or_published_is_added_changed_or_deleted(people, model, state):
    version = small_rules.draft(people, lexicon=small_rules.lexicon())
    WorkedCase.objects.create(
        version=version, case_id="V1", answers="held: no\ndrug: none", outcome=REVIEW
    )
    update(version, effective_from="2026-01-01")
    rule_sets.submit(people["rule author"], version)
    if state == VersionState.PUBLISHED:
        rule_sets.publish(people["rule approver"], version)
    parts = model.objects.filter(version=version)
    before = list(parts.values())
    assert before
    kept(lambda: model.objects.create(version=version, **PARTS[model]))
    kept(lambda: parts.update(position=77))
    kept(lambda: parts._raw_delete("default"))
    assert list(parts.values()) == before


def test_a_part_of_a_draft_is_not_slipped_into_a_published_version(people, published):
    rule = small_rules.draft(people).rules.get(rule_id="R1")
    kept(lambda: Rule.objects.filter(pk=rule.pk).update(version=published, rule_id="R9"))


def test_what_an_approved_version_must_have_is_asked_for_by_the_database(people):
    version = small_rules.in_review(people)
    complete = {
        "state": "published",
        "approver": people["rule approver"],
        "published_at": "2026-01-01T00:00:00Z",
    }
    for lacking in ("approver", "published_at", "effective_from", "document"):
        with pytest.raises(IntegrityError, match="published_version_is_complete"):
            update(version, **{**complete, lacking: None})
    update(version, **complete)
    assert small_rules.now(version).state == VersionState.PUBLISHED
    with pytest.raises(IntegrityError, match="retired_version_says_when"):
        update(version, state=VersionState.RETIRED)


def test_neither_author_nor_last_editor_is_ever_the_approver(people):
    version = small_rules.draft(people)
    rule_sets.save(people["rule author", 2], version)
    for person in (people["rule author"], people["rule author", 2]):
        with pytest.raises(IntegrityError, match="author_does_not_approve"):
            update(version, approver=person)
    update(version, approver=people["rule approver"])


def test_a_rule_set_has_each_number_once(people):
    first, second = small_rules.draft(people), small_rules.draft(people)
    with pytest.raises(IntegrityError):
        update(second, number=first.number)
    other = small_rules.draft(people, small_rules.table(key="other"))
    assert other.number == first.number


def test_a_day_belongs_to_one_published_version_of_a_rule_set(people, published):
    second = small_rules.in_review(people)
    approved = {
        "state": "published",
        "approver": people["rule approver"],
        "published_at": "2026-01-01T00:00:00Z",
    }
    with pytest.raises(IntegrityError):
        update(second, **approved)
    update(second, **approved, effective_from="2026-01-02")


@pytest.mark.parametrize(
    ("model", "same"),
    [
        (Fact, {"key": "held"}),
        (Rule, {"rule_id": "R1"}),
        (LexiconTerm, {"phrase": "held", "fact": "held"}),
    ],
)
def test_a_version_has_each_fact_rule_and_phrase_once(people, model, same):
    draft = small_rules.draft(people, lexicon=small_rules.lexicon())
    values = {**PARTS[model], **same}
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(version=draft, **values)
    other = small_rules.draft(
        people, small_rules.table(facts=[small_rules.DRUG], rules=[], modifiers=[])
    )
    assert model.objects.create(version=other, **values).pk


def test_a_phrase_may_stand_once_more_for_a_section_of_its_own(people):
    draft = small_rules.draft(people, lexicon=small_rules.lexicon())
    twice = {"version": draft, "phrase": "held", "fact": "held", "value": "yes"}
    assert LexiconTerm.objects.create(**twice, section="procedure").pk


def test_a_key_names_one_rule_set(db):
    small_rules.rule_set()
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSet.objects.create(key=small_rules.KEY, name="Another")


@pytest.mark.parametrize("model", [RuleDocument, LexiconDocument])
def test_a_document_is_written_once_and_stays(published, model):
    document = model.objects.get()
    document.document = {}
    with pytest.raises(IntegrityError), transaction.atomic():
        document.save()
    with pytest.raises(TypeError, match="rows are never deleted"):
        document.delete()
    kept(lambda: model.objects.update(document={}))
    kept(lambda: model.objects.all()._raw_delete("default"))
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(content_hash=document.content_hash, document={})


def test_who_wrote_or_approved_a_version_and_what_it_rests_on_is_not_deleted(people, published):
    for person in (people["rule author"], people["rule approver"]):
        with pytest.raises(ProtectedError):
            person.delete()
    with pytest.raises(ProtectedError):
        published.rule_set.delete()
    assert User.objects.filter(pk=published.author_id).exists()


@pytest.mark.parametrize("part", [Fact, Rule, ModifierRule, SupportingDiagnosis, LexiconTerm])
def test_no_part_is_moved_out_of_a_published_version(people, published, part):
    draft = small_rules.draft(people)
    parts = part.objects.filter(version=published)
    assert parts.exists()
    kept(lambda: parts.update(version=draft))

"""Lexicons: versioned with their rules, edited in the administration, refused with the term and the cause."""

import dataclasses

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from coding import rulesets
from coding.actions import rule_sets
from coding.actions.rule_sets import Refused
from coding.evidence import Lexicon
from coding.models import LexiconTerm
from coding.rules import lexicons
from tests import factories


@pytest.fixture
def small():
    """A lexicon of two phrases."""
    terms = [
        {
            "phrase": "general anesthesia",
            "fact": "anesthesia",
            "value": "general",
            "negated": "none",
        },
        {
            "phrase": "pavlik",
            "fact": "stabilization",
            "value": "pavlik",
            "strength": "explicit",
            "lasting": True,
        },
    ]
    return Lexicon.from_document(
        {"rule_set": factories.HIP, "terms": terms, "groups": {"hip": ["hip"]}}
    )


def test_a_draft_keeps_its_lexicon_as_rows_and_reads_it_back_the_same(people, small):
    version = factories.draft_hip(people, lexicon=small)
    assert version.lexicon_terms.count() == 2
    assert lexicons.from_rows(version, factories.hip_table()) == small
    assert lexicons.lexicon_of(version.lexicon) == small


def test_the_shipped_lexicon_survives_rows_and_back(people):
    shipped = rulesets.shipped_lexicon(factories.HIP)
    version = factories.draft_hip(people, lexicon=shipped)
    assert (
        lexicons.from_rows(version, factories.hip_table()).content_hash() == shipped.content_hash()
    )


def test_a_copy_of_a_version_takes_its_lexicon_along(people, small):
    version = factories.published_hip(people, lexicon=small)
    copy = rule_sets.draft_from(people["rule author"], version)
    assert copy.lexicon == version.lexicon
    assert copy.lexicon_terms.count() == 2


def test_a_published_lexicon_is_not_changed(people, small):
    version = factories.published_hip(people, lexicon=small)
    with pytest.raises(DatabaseError), transaction.atomic():
        version.lexicon_terms.update(value="none")
    with pytest.raises(DatabaseError), transaction.atomic():
        LexiconTerm.objects.create(version=version, phrase="x", fact="anesthesia")


def test_a_term_that_names_no_answer_is_told_and_blocks_publishing(people, small):
    version = factories.draft_hip(people, lexicon=small)
    version.lexicon_terms.filter(phrase="pavlik").update(value="pavlov")
    problem = rule_sets.save(people["rule author"], version)
    assert "pavlik" in problem
    assert "never “pavlov”" in problem
    version.refresh_from_db()
    assert version.lexicon is None
    with pytest.raises(Refused, match="lexicon"):
        factories.publish(people, version, factories.date(2026, 1, 1))


def test_an_author_edits_terms_of_drafts_in_the_administration(people, small, client):
    version = factories.draft_hip(people, lexicon=small)
    client.force_login(people["rule author"])
    term = version.lexicon_terms.get(phrase="pavlik")
    address = reverse("admin:coding_lexiconterm_change", args=[term.pk])
    fields = {
        "version": version.pk,
        "phrase": "pavlik harness",
        "fact": "stabilization",
        "value": "pavlik",
    }
    assert client.post(address, {**fields, "strength": "usual"}).status_code == 302
    version.refresh_from_db()
    assert "pavlik harness" in [
        entry.phrase for entry in lexicons.lexicon_of(version.lexicon).terms
    ]
    page = client.post(
        address, {**fields, "strength": "usual", "value": "brace"}, follow=True
    ).content.decode()
    assert "never “brace”" in page
    assert client.get(reverse("admin:coding_lexiconterm_changelist")).status_code == 200


def test_terms_of_published_versions_are_read_only(people, small, client):
    version = factories.published_hip(people, lexicon=small)
    client.force_login(people["rule author"])
    address = reverse("admin:coding_lexiconterm_change", args=[version.lexicon_terms.first().pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"phrase": "x"}).status_code == 409


def test_rules_from_a_file_keep_the_lexicon_of_their_base_unless_it_no_longer_fits(people, small):
    author, version = people["rule author"], factories.draft_hip(people, lexicon=small)
    table = factories.hip_table()
    assert (
        rule_sets.draft(author, version.rule_set, table, lexicon=small).lexicon == version.lexicon
    )
    fewer = dataclasses.replace(
        table, facts=tuple(fact for fact in table.facts if fact.key != "tenotomy")
    )
    other = Lexicon.from_document(
        {"rule_set": "hip", "terms": [{"phrase": "release", "fact": "tenotomy", "value": "yes"}]}
    )
    draft = rule_sets.draft(author, version.rule_set, fewer, lexicon=other)
    assert draft.lexicon is None
    assert "tenotomy" in rule_sets.save(author, draft)

"""Terms of a lexicon in the administration: found in a long list, edited in drafts only, taken up at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.models import AuditEvent, LexiconTerm, RuleSetVersion
from coding.rules import lexicons
from tests import small_rules

LIST = "admin:coding_lexiconterm_changelist"
ADD = "admin:coding_lexiconterm_add"


def standing(people):
    return small_rules.draft(people, lexicon=small_rules.lexicon())


@pytest.fixture
def draft(standing):
    return standing


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def address(verb, term):
    return reverse(f"admin:coding_lexiconterm_{verb}", args=[term.pk])


def fields(version, **changes):
    term = {
        "version": version.pk,
        "phrase": "holding",
        "fact": "held",
        "value": "yes",
        "strength": "usual",
    }
    return {**term, **changes}


def listed(client, **query):
    response = client.get(reverse(LIST), query)
    assert response.status_code == 200
    return [term.phrase for term in response.context["cl"].result_list]


def said(response):
    return [str(message) for message in response.context["messages"]]


def phrases_read(version):
    """The phrases that the stored lexicon of a version reads."""
    lexicon = lexicons.lexicon_of(small_rules.now(version).lexicon)
    return sorted(term.phrase for term in lexicon.terms)


# The list -----------------------------------------------------------------------------------------


def test_the_list_is_searched_by_phrase_and_value_and_narrowed_by_version_fact_and_strength(
    people, author, draft
):
    weak = {"phrase": "kept in place", "fact": "held", "value": "yes", "strength": "hint"}
    other = small_rules.draft(people, lexicon=small_rules.lexicon(weak))
    assert listed(author) == ["kept in place", "put to sleep", "held"]
    assert listed(author, q="sleep") == ["put to sleep"]
    assert listed(author, q="no such phrase") == []
    assert listed(author, version__id__exact=draft.pk) == ["put to sleep", "held"]
    assert listed(author, version__id__exact=other.pk) == ["kept in place"]
    assert listed(author, fact="drug") == ["put to sleep"]
    assert listed(author, strength="hint") == ["kept in place"]


def test_a_second_page_shows_the_terms_that_the_first_one_does_not(author, draft):
    many = [
        LexiconTerm(version=draft, phrase=f"phrase {number:03}", fact="held", value="yes")
        for number in range(100)
    ]
    LexiconTerm.objects.bulk_create(many)
    first, second = listed(author), listed(author, p=2)
    assert (len(first), len(second)) == (100, 2)
    assert set(first) | set(second) == set(draft.lexicon_terms.values_list("phrase", flat=True))


def test_the_list_takes_the_same_queries_however_many_terms_and_versions_there_are(
    people, author, draft
):
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            listed(author)
        counts.append(len(queries))
        small_rules.draft(people, small_rules.table(key="other"), small_rules.lexicon())
    assert counts[0] == counts[1]


@pytest.mark.parametrize("role", ["coder", "supervisor", "auditor", "administrator"])
def test_who_has_no_part_in_rules_sees_no_terms(people, client, draft, role):
    client.force_login(people[role])
    assert client.get(reverse(LIST)).status_code in (302, 403)
    assert client.get(address("change", draft.lexicon_terms.first())).status_code in (302, 403)


def test_an_approver_reads_terms_and_changes_none(people, client, draft):
    client.force_login(people["rule approver"])
    assert listed(client) == ["put to sleep", "held"]
    term = draft.lexicon_terms.get(phrase="held")
    assert client.get(address("change", term)).status_code == 200
    assert client.post(address("change", term), fields(draft)).status_code == 403
    assert client.post(address("delete", term), {"post": "yes"}).status_code == 403
    assert client.post(reverse(ADD), fields(draft)).status_code == 403
    assert phrases_read(draft) == ["held", "put to sleep"]


# Adding, changing, deleting -----------------------------------------------------------------------


def test_an_added_term_is_read_at_once_and_the_trail_tells_who_added_it(people, client, draft):
    client.force_login(people["rule author", 2])
    assert client.post(reverse(ADD), fields(draft)).status_code == 302
    assert phrases_read(draft) == ["held", "holding", "put to sleep"]
    now = small_rules.now(draft)
    assert (now.last_editor, now.edition) == (people["rule author", 2], draft.edition + 1)
    event = AuditEvent.objects.get(event="version.saved")
    assert event.before["lexicon"] == draft.lexicon.content_hash
    assert event.after["lexicon"] == now.lexicon.content_hash


def test_terms_are_added_to_drafts_only(people, author, draft):
    published = small_rules.published(people)
    in_review = small_rules.in_review(people)
    choices = author.get(reverse(ADD)).context["adminform"].form.fields["version"].queryset
    assert list(choices) == [draft]
    for version in (published, in_review):
        response = author.post(reverse(ADD), fields(version))
        assert "Select a valid choice" in response.text
    assert LexiconTerm.objects.count() == 2


def test_a_term_with_an_error_is_kept_and_the_draft_reads_no_notes_until_it_is_mended(
    author, draft
):
    response = author.post(reverse(ADD), fields(draft, fact="colour"), follow=True)
    assert "Saved, but the draft reads no notes yet: “holding”: there is no fact “colour”." in said(
        response
    )
    response = author.post(reverse(ADD), fields(draft, phrase="(held"), follow=True)
    [words] = [words for words in said(response) if "reads no notes yet" in words]
    assert "“holding”: there is no fact" in words
    assert words.endswith("“(held” cannot be read from “(held” on. Check the brackets.")

    # Told whenever the draft is open, too: on its page and beside its grid.
    told = "The lexicon, “holding”: there is no fact “colour”."
    page = author.get(reverse("admin:coding_rulesetversion_change", args=[draft.pk]))
    assert told in page.text
    checks = author.get(reverse("admin:coding_rulesetversion_checks", args=[draft.pk])).json()
    assert told in [problem["words"] for problem in checks["problems"]]

    draft.lexicon_terms.get(phrase="(held").delete()
    assert small_rules.now(draft).lexicon is None
    term = draft.lexicon_terms.get(phrase="holding")
    author.post(address("change", term), fields(draft))
    assert phrases_read(draft) == ["held", "holding", "put to sleep"]


def test_a_phrase_that_stands_twice_for_a_fact_is_refused_at_the_form(author, draft):
    response = author.post(reverse(ADD), fields(draft, phrase="held"))
    assert response.status_code == 200
    assert "bears it already" in response.text
    assert draft.lexicon_terms.count() == 2
    assert small_rules.now(draft).edition == draft.edition


def test_a_changed_term_stays_in_its_version(people, author, draft):
    other = small_rules.draft(people)
    term = draft.lexicon_terms.get(phrase="held")
    author.post(address("change", term), fields(other, phrase="was held"))
    term.refresh_from_db()
    assert (term.version, term.phrase) == (draft, "was held")
    assert phrases_read(draft) == ["put to sleep", "was held"]
    assert small_rules.now(other).edition == other.edition


def test_a_deleted_term_is_read_no_more(author, draft):
    term = draft.lexicon_terms.get(phrase="held")
    assert "Are you sure" in author.get(address("delete", term)).text
    assert author.post(address("delete", term), {"post": "yes"}).status_code == 302
    assert phrases_read(draft) == ["put to sleep"]


def test_a_term_of_what_is_no_draft_is_neither_changed_nor_deleted(people, author):
    version = small_rules.published(people, lexicon=small_rules.lexicon())
    term = version.lexicon_terms.get(phrase="held")
    assert author.post(address("change", term), fields(version)).status_code == 409
    assert author.post(address("delete", term), {"post": "yes"}).status_code == 403
    assert phrases_read(version) == ["held", "put to sleep"]


def test_many_terms_are_not_deleted_at_once(author, draft):
    keys = list(draft.lexicon_terms.values_list("pk", flat=True))
    author.post(
        reverse(LIST), {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    )
    assert draft.lexicon_terms.count() == 2


def test_a_draft_that_was_submitted_while_its_term_was_open_keeps_its_lexicon(
    people, author, draft
):
    RuleSetVersion.objects.filter(pk=draft.pk).update(
        effective_from="2026-06-01", state="in_review"
    )
    term = draft.lexicon_terms.get(phrase="held")
    assert author.post(address("change", term), fields(draft, phrase="late")).status_code == 409
    assert phrases_read(draft) == ["held", "put to sleep"]

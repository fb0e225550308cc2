"""A note pasted on trial: parts, statements, treatments and proposals under a draft; nothing of it is kept."""

import pytest
from django.urls import reverse

from coding import rulesets
from coding.models import AuditEvent, KeptText, LexiconTerm
from tests import factories

NOTE = (
    "HISTORY: closed reduction of the right hip in 2019.\n\n"
    "The left hip was dislocated. No sedation was given. Under general anesthesia I reduced the left hip "
    f"for {factories.CANARY}."
)


@pytest.fixture
def draft(people):
    return factories.draft_hip(people, lexicon=rulesets.shipped_lexicon(factories.HIP))


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def address(draft):
    return reverse("try-lexicon", args=[draft.rule_set.key, draft.number])


def tried(client, draft, note=NOTE):
    return client.post(address(draft), {"note": note})


def proposals(response):
    return {row.fact: (row.value, row.firmness) for row in response.context["trial"].proposals}


def test_the_page_shows_parts_statements_and_proposals(author, draft):
    response = tried(author, draft)
    assert proposals(response)["anesthesia"] == ("general", "firm")
    first, *_ = response.context["trial"].sentences
    assert "background" in first.part
    assert "does not count" in first.statements[0].context
    html = response.content.decode()
    assert "The note opens the rule set" in html
    assert "<q>reduced the left hip</q> manipulation: performed" in html


def test_a_note_of_something_else_is_shown_not_to_open(author, draft):
    html = tried(
        author, draft, "The left shoulder was reduced under general anesthesia."
    ).content.decode()
    assert "The note does not open the rule set" in html


def test_two_treatments_are_shown(author, draft):
    note = (
        "The left hip was dislocated and I reduced the left hip under general anesthesia. "
        "The right hip was dislocated and was treated in a Pavlik harness without anesthesia."
    )
    assert "It tells 2 treatments" in tried(author, draft, note).content.decode()


def test_nothing_that_was_pasted_is_kept_or_written_down(author, draft, caplog):
    events = AuditEvent.objects.count()
    response = tried(author, draft)
    assert response.headers["Cache-Control"] == "no-store, private"
    assert AuditEvent.objects.count() == events
    assert not KeptText.objects.exists()
    assert factories.CANARY not in caplog.text


def test_one_row_that_cannot_be_read_stands_at_its_phrase_and_the_others_read(author, draft):
    LexiconTerm.objects.create(version=draft, phrase="(open|", fact="anesthesia", value="general")
    LexiconTerm.objects.create(version=draft, phrase="ether", fact="anesthesia", value="ether")
    response = tried(author, draft)
    bad = {row.term.phrase: row.problem for row in response.context["bad_terms"]}
    assert set(bad) == {"(open|", "ether"}
    assert "anesthesia is never “ether”" in bad["ether"]
    assert proposals(response)["anesthesia"] == ("general", "firm")


def test_a_row_says_what_is_wrong_with_it_where_it_is_edited(author, draft):
    term = LexiconTerm.objects.create(
        version=draft, phrase="ether", fact="anesthesia", value="ether"
    )
    html = author.get(reverse("admin:coding_lexiconterm_change", args=[term.pk])).content.decode()
    assert "anesthesia is never “ether”" in html
    assert address(draft) in html


def test_what_is_wrong_with_the_rest_of_the_lexicon_is_told(author, draft):
    draft.lexicon_frame = {**draft.lexicon_frame, "free": ["nonsense"]}
    draft.save()
    html = author.get(address(draft)).content.decode()
    assert "The lexicon reads nothing: free: “nonsense” is no condition" in html


def test_an_empty_box_is_refused(author, draft):
    response = tried(author, draft, "")
    assert response.status_code == 422
    assert "Paste a note." in response.content.decode()

"""Drafts that several people edit in the administration at once: every edit is kept, or refused with a word."""

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from coding.actions import editions, rule_sets
from coding.decision import RuleTable
from coding.models import RuleSetVersion, VersionState
from tests import factories
from tests.races import at_once

EDITORS, EDITS = 4, 4
FORM = "rulesetversion_form"
SMALL = {
    "key": "small",
    "name": "Small",
    "description": "small",
    "notes": [],
    "family": ["27256"],
    "hit_policy": "first",
    "facts": [
        {"key": "held", "kind": "yes_no", "label": "Held", "question": "Was it held?", "help": ""}
    ],
    "rules": [
        {
            "id": "R1",
            "title": "Held",
            "rows": [{}],
            "outcome": "code",
            "code": "27256",
            "message": "m",
            "basis": "b",
        }
    ],
    "modifiers": [],
    "diagnoses": [],
}


@pytest.fixture
def draft(people):
    return factories.draft_hip(people, RuleTable.from_document(SMALL))


def page_of(draft):
    return reverse("admin:coding_rulesetversion_change", args=[draft.pk])


def fields_of(response):
    """What the browser would send back unchanged. Read from the page: contexts of several threads get mixed up."""
    [form] = [
        form for form in html.fromstring(response.content.decode()).forms if form.get("id") == FORM
    ]
    return dict(form.form_values())


def edit(editor, draft, text):
    """Read the page, change a line, save: what the line had said, if it was taken."""
    client = Client()
    client.force_login(editor)
    sent = fields_of(client.get(page_of(draft)))
    read, sent["description"] = sent["description"].strip(), text
    response = client.post(page_of(draft), sent)
    if response.status_code == 302:
        return read
    page = response.content.decode()
    assert "meanwhile" in page or "not edited any more" in page
    return None


def test_an_edit_is_taken(people, draft):
    assert edit(people["rule author"], draft, "first") == "small"
    draft.refresh_from_db()
    assert (draft.description, draft.edition) == ("first", 2)


@pytest.mark.django_db(transaction=True)
def test_of_many_edits_at_once_each_is_kept_or_refused(people, draft):
    editors = [people["rule author", number] for number in range(EDITORS)]

    def work(number):
        texts = [f"{number}:{turn}" for turn in range(EDITS)]
        return {text: edit(editors[number], draft, text) for text in texts}

    results = at_once(EDITORS, work)
    assert all(isinstance(result, dict) for result in results), results
    read_by = {text: read for result in results for text, read in result.items()}
    taken = {text for text, read in read_by.items() if read is not None}
    assert len(taken) >= EDITS  # somebody always gets through

    # Whoever's edit was taken had read what the one before had written: no edit was written over unread.
    kept = draft.editions.order_by("number")
    said = [editions.content_then(edition)["description"] for edition in kept]
    assert set(said[1:]) == taken
    assert [read_by[text] for text in said[1:]] == said[:-1]


@pytest.mark.django_db(transaction=True)
def test_a_save_in_flight_never_turns_a_submitted_version_back_into_a_draft(people, draft):
    RuleSetVersion.objects.filter(pk=draft.pk).update(effective_from="2026-01-01")
    author, other = people["rule author"], people["rule author", 2]
    acts = [lambda: edit(other, draft, "late"), lambda: rule_sets.submit(author, draft)]
    at_once(2, lambda number: acts[number]())
    draft.refresh_from_db()
    assert draft.state == VersionState.IN_REVIEW

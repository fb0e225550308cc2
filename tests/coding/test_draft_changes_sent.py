"""The changes of a draft's grid as its page sends them."""

from uuid import uuid4

import pytest
from django.urls import reverse

from coding.models import VersionState
from tests.coding.draft_changes import cell, client_of, send, small_draft

standing = small_draft


@pytest.fixture
def draft(standing):
    return standing


def test_the_page_is_answered_with_the_rules_that_changed_or_with_all_where_others_did(
    people, draft
):
    client = client_of(people["rule author"])
    first = send(client, draft, cell(draft, "drug", "none", "")).json()
    assert (first["edition"], first["sheet"]) == (2, None)
    assert [own["rows"] for own in first["rules"]] == [[{"held": "yes"}]]
    other = send(
        client_of(people["rule author", 1]), draft, cell(draft, "held", "yes", "no")
    ).json()
    assert other["sheet"]["rules"][0]["rows"] == [{"held": "no"}]


def test_changes_that_come_twice_are_taken_once(people, draft):
    client, key = client_of(people["rule author"]), uuid4()
    new = {"kind": "add rule", "id": "new-1", "after": None, "texts": {}, "rows": [{}]}
    send(client, draft, new, key=key)
    again = send(client, draft, new, key=key).json()
    assert len(again["sheet"]["rules"]) == 4


def test_what_is_in_review_meanwhile_is_told_in_words(people, draft):
    change = cell(draft, "drug", "none", "")
    type(draft).objects.filter(pk=draft.pk).update(state=VersionState.IN_REVIEW)
    answer = send(client_of(people["rule author"]), draft, change)
    assert answer.status_code == 409
    assert "in review" in answer.json()["words"]


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"edition": 1, "key": "x", "changes": []}', '{"edition": 1, "changes": 5}'],
)
def test_what_is_no_list_of_changes_is_refused(people, draft, body):
    address = reverse("admin:coding_rulesetversion_changes", args=[draft.pk])
    answer = client_of(people["rule author"]).post(address, body, content_type="application/json")
    assert answer.status_code == 400


def test_who_may_not_edit_sends_nothing_and_who_may_not_read_sees_nothing(people, draft):
    assert (
        send(client_of(people["rule approver"]), draft, cell(draft, "drug", "none", "")).status_code
        == 403
    )
    page = reverse("admin:coding_rulesetversion_grid", args=[draft.pk])
    assert client_of(people["coder"]).get(page).status_code in (302, 403)

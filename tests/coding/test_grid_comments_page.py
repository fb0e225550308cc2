"""Comments beside the grid of a draft as its page sends them: made, settled, and what is refused."""

import json

import pytest
from django.urls import reverse

from coding.actions import rule_sets
from coding.models import CellComment
from tests import small_rules
from tests.coding.draft_changes import client_of, small_draft

standing = small_draft
CELL = {"rule": "R1", "column": "drug", "text": "Any drug?"}


@pytest.fixture
def author(people):
    return client_of(people["rule author"])


def send(client, draft, sent):
    body = sent if isinstance(sent, str) else json.dumps(sent)
    address = reverse("admin:coding_rulesetversion_comments", args=[draft.pk])
    return client.post(address, body, content_type="application/json")


def test_the_answer_holds_the_comments_that_stand_by_now(people, standing, author):
    [first] = send(author, standing, {**CELL, "text": "  Any drug?\x00 "}).json()["comments"]
    assert (first["rule"], first["column"], first["text"]) == ("R1", "drug", "Any drug?")
    assert first["author"] == people["rule author"].name
    other = client_of(people["rule author", 2])
    both = send(other, standing, {**CELL, "rule": "R2"}).json()["comments"]
    assert [comment["rule"] for comment in both] == ["R1", "R2"]
    left = send(other, standing, {"settle": first["id"]}).json()["comments"]
    assert [comment["rule"] for comment in left] == ["R2"]


def test_whoever_settles_it_a_second_time_is_told(people, standing, author):
    [comment] = send(author, standing, CELL).json()["comments"]
    send(author, standing, {"settle": comment["id"]})
    again = send(author, standing, {"settle": comment["id"]})
    assert (again.status_code, again.json()["words"]) == (409, "The comment is settled already.")


@pytest.mark.parametrize(
    "sent",
    [
        '{"settle": Infinity}',
        '{"settle": NaN}',
    ],
)
def test_what_is_no_comment_is_refused_in_words(standing, author, sent):
    refused = send(author, standing, sent)
    assert (refused.status_code, refused.json()["words"]) == (400, "This is no comment.")
    assert not CellComment.objects.exists()


def test_an_edition_that_is_no_number_is_refused_in_words(standing, author):
    address = reverse("admin:coding_rulesetversion_changes", args=[standing.pk])
    for edition in ("Infinity", "NaN", '"x"', "null"):
        body = f'{{"edition": {edition}, "key": "x", "changes": []}}'
        refused = author.post(address, body, content_type="application/json")
        assert refused.json()["words"] == "This is no list of changes."


def test_who_may_not_edit_comments_on_nothing(people, standing):
    for role in ("rule approver", "auditor", "coder"):
        answer = send(client_of(people[role]), standing, CELL)
        assert answer.status_code in (302, 403, 404), role
    assert not CellComment.objects.exists()


def test_of_what_is_no_draft_any_more_no_cell_is_commented_on(people, standing, author):
    rule_sets.discard(people["rule author"], standing)
    refused = send(author, small_rules.now(standing), CELL)
    assert refused.status_code == 409
    assert "is discarded and not edited any more" in refused.json()["words"]

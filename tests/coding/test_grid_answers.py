"""What the page of a grid is answered, in words: to changes, comments and questions that cannot be taken."""

import json
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from coding.actions import draft_changes
from coding.admin.grid import LONGEST_COMMENT
from coding.models import CellComment, RuleSetVersion, VersionState
from tests import small_rules
from tests.coding.draft_changes import cell
from tests.straight import admin_of, asked, sent_as_json


def standing(people):
    return small_rules.draft(people)


@pytest.fixture
def draft(standing):
    return standing


@pytest.fixture
def grid(db):
    return admin_of(RuleSetVersion)


def words(response):
    return response.status_code, json.loads(response.content)["words"]


# The page.


def test_a_version_that_is_not_there_and_one_that_a_person_may_not_read(people, draft, grid):
    with pytest.raises(Http404):
        grid.grid(asked(people["rule author"]), draft.pk + 1)
    with pytest.raises(PermissionDenied):
        grid.grid(asked(people["administrator"]), draft.pk)


def test_an_author_edits_a_draft_and_an_approver_reads_it(people, draft, grid):
    def shown(role):
        return grid.grid(asked(people[role]), draft.pk).context_data

    author = shown("rule author")
    assert author["title"] == "Grid of Small version 1"
    assert author["may_edit"] is author["settings"]["may_edit"] is True
    assert author["settings"]["changes"].endswith("/grid/changes/")
    assert (author["settings"]["version"], author["settings"]["person"]) == (
        draft.pk,
        people["rule author"].pk,
    )
    assert shown("rule approver")["may_edit"] is False

    RuleSetVersion.objects.filter(pk=draft.pk).update(state=VersionState.IN_REVIEW)
    assert shown("rule author")["may_edit"] is False


# Changes.


def changed(people, grid, draft, body, role="rule author"):
    return grid.take_changes(sent_as_json(people[role], body), draft.pk)


@pytest.mark.parametrize(
    "body",
    [
        "no object",
        {"changes": [], "key": str(uuid4())},
        {"edition": "x", "changes": [], "key": str(uuid4())},
        {"edition": 1, "changes": [], "key": "7"},
    ],
)
def test_what_is_no_list_of_changes_is_told_so(people, draft, grid, body):
    assert words(changed(people, grid, draft, body)) == (400, "This is no list of changes.")


def test_as_many_changes_are_taken_at_once_as_a_page_sends_and_not_one_more(people, draft, grid):
    most = draft_changes.MOST_CHANGES
    for changes in ([{}] * (most + 1), "text"):
        body = {"edition": 1, "changes": changes, "key": str(uuid4())}
        refusal = (400, f"At most {most} changes are sent at once.")
        assert words(changed(people, grid, draft, body)) == refusal


def test_only_who_edits_drafts_sends_changes(people, draft, grid):
    body = {"edition": 1, "changes": [], "key": str(uuid4())}
    with pytest.raises(PermissionDenied):
        changed(people, grid, draft, body, "rule approver")


def test_a_change_that_came_twice_is_answered_with_the_grid_as_it_is(people, draft, grid):
    body = {"edition": 1, "changes": [cell(draft, "drug", "none", "")], "key": str(uuid4())}
    first = json.loads(changed(people, grid, draft, body).content)
    assert first["edition"] == 2
    assert (first["untaken"], first["new_ids"], first["sheet"]) == ([], {}, None)
    assert first["rules"]

    again = json.loads(changed(people, grid, draft, body).content)
    assert again["edition"] == 2
    assert (again["untaken"], again["new_ids"], again["rules"]) == ([], {}, [])
    assert again["sheet"]["edition"] == 2


def test_what_was_not_taken_is_told_with_what_stands_there_and_by_whom(people, draft, grid):
    mine = cell(draft, "drug", "none", "")
    first = {"edition": 1, "changes": [mine], "key": str(uuid4())}
    changed(people, grid, draft, first)
    second = {"edition": 1, "changes": [cell(draft, "drug", "none", "sleep")], "key": str(uuid4())}
    answer = json.loads(changed(people, grid, draft, second).content)
    [untaken] = answer["untaken"]
    assert set(untaken) == {"number", "words", "now", "by"}
    assert untaken["by"] == people["rule author"].name
    assert untaken["words"]
    assert answer["rules"] == []
    assert answer["sheet"] is not None


# Comments.


def commented(people, grid, draft, body):
    return grid.comment(sent_as_json(people["rule author"], body), draft.pk)


def on_a_cell(text, **changes):
    return {"rule": "R1", "column": "drug", "text": text, **changes}


def test_a_comment_has_its_length(people, draft, grid):
    refusal = (400, "A comment has 1 to 1000 characters.")
    assert words(commented(people, grid, draft, on_a_cell(" \0 "))) == refusal
    assert words(commented(people, grid, draft, on_a_cell("x" * (LONGEST_COMMENT + 1)))) == refusal
    assert words(commented(people, grid, draft, on_a_cell("x", rule="R" * 21))) == refusal
    assert words(commented(people, grid, draft, on_a_cell("x", column="c" * 61))) == refusal
    assert not CellComment.objects.exists()

    longest = commented(people, grid, draft, on_a_cell("x" * LONGEST_COMMENT))
    assert [row["text"] for row in json.loads(longest.content)["comments"]] == ["x" * 1000]


@pytest.mark.parametrize("body", [{}, {"rule": "R1"}, {"settle": "x"}, ["text"], 7])
def test_what_is_no_comment_is_told_so(people, draft, grid, body):
    assert words(commented(people, grid, draft, body)) == (400, "This is no comment.")


def test_a_comment_that_is_not_there_is_not_settled(people, draft, grid):
    status, said = words(commented(people, grid, draft, {"settle": 0}))
    assert status == 409
    assert said

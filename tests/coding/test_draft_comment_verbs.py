"""Comments on the cells of a draft: who makes and settles them, until when, and what the draft keeps."""

import pytest

from coding.actions import draft_comments, rule_sets
from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, CellComment
from coding.rules.draft_sheet import comments_of
from reviews.roles import ROLES
from tests import small_rules

OTHERS = sorted(set(ROLES) - {"rule author"})


def standing(people):
    """A draft with a comment on one of its cells."""
    draft = small_rules.draft(people)
    comment = draft_comments.comment(people["rule author"], draft, "R1", "drug", "Any drug?")
    return draft, comment


def shown(draft):
    return [(row["rule"], row["column"], row["text"]) for row in comments_of(draft)]


def test_a_comment_stands_at_its_cell_with_its_author_and_the_draft_says_what_it_said(
    people, standing
):
    draft, comment = standing
    [row] = comments_of(draft)
    assert (row["rule"], row["column"], row["text"]) == ("R1", "drug", "Any drug?")
    assert (row["id"], row["author"]) == (comment.pk, people["rule author"].name)
    now = small_rules.now(draft)
    assert (now.edition, now.document) == (draft.edition, draft.document)


def test_the_trail_tells_the_cell_and_not_the_text(people, standing):
    draft, _ = standing
    event = AuditEvent.objects.get(event="version.commented")
    assert (event.actor, event.subject_id) == (people["rule author"], str(draft.pk))
    assert event.after == {"rule": "R1", "column": "drug"}


def test_a_settled_comment_is_kept_and_not_shown_any_more(people, standing):
    draft, comment = standing
    second = draft_comments.comment(people["rule author"], draft, "R2", "code", "Which?")
    draft_comments.settle_comment(people["rule author", 2], draft, comment.pk)
    assert shown(draft) == [("R2", "code", "Which?")]
    comment.refresh_from_db()
    assert comment.settled_by == people["rule author", 2]
    assert comment.settled_at is not None
    second.refresh_from_db()
    assert second.settled_at is None
    event = AuditEvent.objects.get(event="version.comment_settled")
    assert event.after == {"rule": "R1", "column": "drug"}


def test_whoever_comes_second_is_told_and_the_first_settled_it(people, standing):
    draft, comment = standing
    draft_comments.settle_comment(people["rule author"], draft, comment.pk)
    with pytest.raises(Conflict, match=r"^The comment is settled already\.$"):
        draft_comments.settle_comment(people["rule author", 2], draft, comment.pk)
    comment.refresh_from_db()
    assert comment.settled_by == people["rule author"]


def test_a_comment_is_settled_on_its_own_draft_alone(people, standing):
    _, comment = standing
    another = small_rules.draft(people)
    with pytest.raises(Conflict):
        draft_comments.settle_comment(people["rule author"], another, comment.pk)
    assert shown(another) == []
    comment.refresh_from_db()
    assert comment.settled_at is None


def test_other_roles_neither_make_nor_settle_one(people, standing):
    draft, comment = standing
    for role in OTHERS:
        with pytest.raises(NotAllowed, match="You may not comment on drafts"):
            draft_comments.comment(people[role], draft, "R1", "code", "Mine")
        with pytest.raises(NotAllowed, match="You may not settle comments on drafts"):
            draft_comments.settle_comment(people[role], draft, comment.pk)
    assert CellComment.objects.get().settled_at is None


def test_of_what_is_no_draft_any_more_no_cell_is_commented_on(people, standing):
    draft, comment = standing
    rule_sets.discard(people["rule author"], draft)
    with pytest.raises(Conflict, match="is discarded and not edited any more"):
        draft_comments.comment(people["rule author"], draft, "R1", "code", "Late")
    with pytest.raises(Conflict, match="is discarded and not edited any more"):
        draft_comments.settle_comment(people["rule author"], draft, comment.pk)
    assert shown(draft) == [("R1", "drug", "Any drug?")]

"""The grid of a draft: every change is taken, merged with those of others, or refused with both texts."""

import json
from datetime import date
from itertools import count

import pytest
from django.test import Client
from django.urls import reverse

from coding.actions import draft_changes, rule_sets
from coding.actions.errors import Conflict, NotAllowed
from coding.models import (
    AuditEvent,
    CellComment,
    DraftEdition,
    RuleSetVersion,
    VersionState,
    WorkedCase,
)
from coding.rules.draft_content import content_of, without_ids
from coding.rules.draft_sheet import sheet_of
from tests import small_rules
from tests.coding.draft_changes import cell, client_of, rows_of, rule, send, small_draft, take, text
from tests.races import at_once

PEOPLE, EDITS = 8, 50


standing = small_draft


@pytest.fixture
def draft(standing):
    return standing


def test_a_cell_and_texts_are_taken_as_one_edition_of_their_author(people, draft):
    changes = (
        cell(draft, "drug", "none", "Put to sleep"),
        text(draft, "message", "Held without a drug.", "Held."),
    )
    taken = take(people, draft, *changes, who=1)
    now = small_rules.now(draft)
    assert (taken.edition, taken.untaken, now.edition) == (2, (), 2)
    assert rule(draft).conditions == "held: yes\ndrug: sleep"
    assert rule(draft).message == "Held."
    assert now.document is not None
    assert now.lexicon == draft.lexicon
    edition = DraftEdition.objects.get(version=draft, number=2)
    assert (edition.author, edition.document, edition.what) == (
        people["rule author", 1],
        now.document,
        "cell of R1, message of R1",
    )
    assert AuditEvent.objects.filter(event="version.saved").count() == 1


def test_changes_of_two_people_to_different_cells_are_merged(people, draft):
    take(people, draft, cell(draft, "drug", "none", ""))
    taken = take(people, draft, cell(draft, "held", "yes", "no"), who=1, seen=1)
    assert taken.untaken == ()
    assert rule(draft).conditions == "held: no"


def test_of_two_texts_for_one_cell_both_are_told_and_the_first_stands(people, draft):
    take(people, draft, cell(draft, "drug", "none", "sleep"))
    taken = take(
        people,
        draft,
        cell(draft, "drug", "none", "not none"),
        cell(draft, "held", "yes", "no"),
        who=1,
        seen=1,
    )
    [refused] = taken.untaken
    assert (refused.number, refused.now, refused.by) == (0, "sleep", people["rule author", 0].name)
    assert rule(draft).conditions == "held: no\ndrug: sleep"


def test_the_same_change_twice_changes_nothing_the_second_time(people, draft):
    change = cell(draft, "drug", "none", "sleep")
    take(people, draft, change)
    assert take(people, draft, change, seen=1).untaken == ()
    assert small_rules.now(draft).edition == 2


def test_rules_are_added_moved_duplicated_and_deleted_in_one_go(people, draft):
    copied = {
        "kind": "add rule",
        "id": "new-1",
        "after": rule(draft).pk,
        "texts": {"rule_id": "R1"},
        "rows": [{"held": "no"}],
    }
    moved = {"kind": "move rule", "rule": rule(draft, "R2").pk, "after": "new-1"}
    to_the_top = {"kind": "move rule", "rule": rule(draft, "R3").pk, "after": None}
    gone = {"kind": "delete rule", "rule": rule(draft).pk, "was": sheet_of(draft)["rules"][0]}
    taken = take(people, draft, copied, moved, to_the_top, gone)
    assert taken.untaken == ()
    assert rows_of(draft, "rules") == ["R3", "R4", "R2"]
    assert draft.rules.get(pk=taken.new_ids["new-1"]).conditions == "held: no"


def test_a_rule_that_somebody_changed_is_not_deleted_unseen(people, draft):
    seen = sheet_of(draft)["rules"][0]
    take(people, draft, cell(draft, "drug", "none", "sleep"), who=1)
    [refused] = take(
        people, draft, {"kind": "delete rule", "rule": seen["id"], "was": seen}, seen=1
    ).untaken
    assert refused.now["rows"] == [{"held": "yes", "drug": "sleep"}]
    assert rule(draft)


def test_alternatives_are_added_and_taken_out(people, draft):
    was = [{"held": "yes", "drug": "none"}]
    rows = [*was, {"drug": "sleep"}]
    take(people, draft, {"kind": "rows", "rule": rule(draft).pk, "was": was, "rows": rows})
    assert rule(draft).conditions == "held: yes\ndrug: none\nor\ndrug: sleep"
    [refused] = take(people, draft, cell(draft, "held", "yes", "no"), seen=1).untaken
    assert "alternatives" in refused.words


def test_questions_are_columns(people, draft):
    held = draft.facts.get(key="held")
    new = {
        "kind": "add fact",
        "id": "new-1",
        "after": held.pk,
        "texts": {"key": "age", "kind": "whole_number", "maximum": "99"},
    }
    asked = {
        "kind": "fact text",
        "fact_id": "new-1",
        "field": "question",
        "was": "",
        "text": "How old?",
    }
    renamed = {
        "kind": "fact text",
        "fact_id": held.pk,
        "field": "key",
        "was": "held",
        "text": "kept",
    }
    moved = {"kind": "move fact", "fact_id": held.pk, "after": "new-1"}
    assert take(people, draft, new, asked, renamed, moved).untaken == ()
    assert rows_of(draft, "facts") == ["age", "kept", "drug"]
    assert rule(draft).conditions == "kept: yes\ndrug: none"
    assert draft.facts.get(key="age").maximum == 99


def test_a_broken_draft_is_kept_with_its_broken_rows_and_taken_back(people, draft):
    before = without_ids(content_of(draft))
    take(people, draft, cell(draft, "drug", "none", "ether"), text(draft, "code", "27256", ""))
    broken = DraftEdition.objects.get(version=draft, number=2)
    assert broken.document is None
    assert broken.content["rules"][0]["conditions"] == "held: yes\ndrug: ether"
    kept = rule(draft).pk
    assert rule_sets.take_back(people["rule author"], small_rules.now(draft), 1) == ""
    assert without_ids(content_of(draft)) == before
    assert rule(draft).pk == kept
    assert rule_sets.take_back(people["rule author"], small_rules.now(draft), 2) != ""
    assert without_ids(content_of(draft)) == broken.content


def test_an_edition_holds_worked_cases_whom_it_is_for_its_day_and_its_note(people, draft):
    author = people["rule author"]
    case = WorkedCase(case_id="V1", answers="held: yes", outcome="code", code="27256")
    rule_sets.take_cases(author, small_rules.now(draft), [case])
    changed = {"for_place": "11", "effective_from": date(2027, 1, 1), "change_note": "For offices."}
    RuleSetVersion.objects.filter(pk=draft.pk).update(**changed)
    draft.worked_cases.update(code="27257")
    rule_sets.save(author, small_rules.now(draft))

    client = Client()
    client.force_login(author)
    second, third = (draft.editions.get(number=number) for number in (2, 3))
    compared = {"before": f"edition-{second.pk}", "after": f"edition-{third.pk}"}
    page = client.get(reverse("admin:coding_rulesetversion_compare", args=[draft.pk]), compared)
    changes = {
        (revision.subject, edit.place): edit.after
        for revision in page.context["revisions"]
        for edit in revision.edits
    }
    assert changes == {
        ("the version", "for place"): "11",
        ("the version", "effective from"): "2027-01-01",
        ("the version", "change note"): "For offices.",
        ("worked case V1", "code"): "27257",
    }

    rule_sets.take_back(author, small_rules.now(draft), 2)
    now = small_rules.now(draft)
    assert (now.for_place, now.effective_from, now.change_note) == ("any", None, "")
    assert now.worked_cases.get().code == "27256"
    rule_sets.take_back(author, now, 1)
    assert not now.worked_cases.exists()
    rule_sets.take_back(author, now, 3)
    assert small_rules.now(draft).effective_from == date(2027, 1, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "burn"},
        "no object",
        {"kind": "cell"},
        {"kind": "text", "field": "version", "text": "1"},
        {"kind": "add rule", "rows": [1]},
        {"kind": "fact text", "fact_id": 0},
        {"kind": "text", "field": "title", "text": "x" * 121},
        {"kind": "text", "field": "outcome", "text": "burn"},
        {"kind": "text", "field": "rule_id", "text": "R2"},
    ],
)
def test_what_cannot_be_kept_is_refused_and_changes_nothing(people, draft, change):
    if isinstance(change, dict) and change.get("kind") == "text":
        change = {
            "was": getattr(rule(draft), change["field"], ""),
            "rule": rule(draft).pk,
            **change,
        }
    [refused] = take(people, draft, change).untaken
    assert refused.words
    assert small_rules.now(draft).edition == 1


def test_nobody_changes_what_is_no_draft_and_only_authors_change_drafts(people, draft):
    with pytest.raises(NotAllowed):
        draft_changes.take(people["rule approver"], draft, 1, [cell(draft, "drug", "none", "")])
    type(draft).objects.filter(pk=draft.pk).update(state=VersionState.IN_REVIEW)
    with pytest.raises(Conflict, match="in review and not edited any more"):
        take(people, draft, cell(draft, "drug", "none", ""))


# --- The address to which the page sends


def test_a_comment_on_a_cell_is_read_until_it_is_settled(people, draft):
    client = client_of(people["rule author"])
    address = reverse("admin:coding_rulesetversion_comments", args=[draft.pk])

    def sent(**data):
        return client.post(address, json.dumps(data), content_type="application/json")

    [made] = sent(rule="R1", column="drug", text=" Is that\x00 so? ").json()["comments"]
    assert (made["text"], made["author"]) == ("Is that so?", people["rule author"].name)
    assert sheet_of(draft)["comments"] == [made]
    assert sent(rule="R1", column="drug", text=" ").status_code == 400
    assert sent(rule="R1", column="drug", text="x" * 1001).status_code == 400
    assert sent(settle=made["id"]).json()["comments"] == []
    assert sent(settle=made["id"]).status_code == 409
    assert CellComment.objects.get().settled_by == people["rule author"]
    client.force_login(people["rule approver"])
    assert sent(rule="R1", column="drug", text="Mine.").status_code == 403


def test_what_uses_a_question_is_told_before_it_is_deleted(people, draft):
    client = client_of(people["rule author"])
    uses = client.get(
        reverse("admin:coding_rulesetversion_uses", args=[draft.pk]), {"fact": "held"}
    ).json()["uses"]
    assert uses == ["rule R1", "rule R2", "modifier LT", "1 phrase of the lexicon"]


def test_checks_stand_at_their_cells_and_a_gap_comes_as_a_row(people, draft):
    gone = {"kind": "delete rule", "rule": rule(draft, "R3").pk, "was": sheet_of(draft)["rules"][2]}
    take(people, draft, gone, text(draft, "code", "27256", "99999"))
    client = client_of(people["rule approver"])
    told = client.get(reverse("admin:coding_rulesetversion_checks", args=[draft.pk])).json()
    assert told["left_out"] == 1
    [problem] = told["problems"]
    assert (problem["row"], problem["column"]) == (rule(draft).pk, "code")
    assert {"drug": "none, conflicting, not documented"} in [gap["cells"] for gap in told["gaps"]]


def test_an_error_in_a_cell_names_its_column_as_its_heading_does(people, draft):
    take(people, draft, cell(draft, "drug", "none", "nonsense"))
    client = client_of(people["rule author"])
    told = client.get(reverse("admin:coding_rulesetversion_checks", args=[draft.pk])).json()
    [problem] = told["problems"]
    assert problem["words"].startswith("Rule R1, Drug: “nonsense” is not a value")


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_of_400_edits_by_8_people_each_is_kept_merged_or_refused_with_both_texts(people, draft):
    """Each of eight people writes fifty texts, half of them into a cell that all write to."""
    author = people["rule author"]
    own = [
        {
            "kind": "add rule",
            "id": f"new-{number}",
            "after": None,
            "texts": {"rule_id": f"P{number}"},
            "rows": [{}],
        }
        for number in range(PEOPLE)
    ]
    draft_changes.take(author, draft, 1, own)
    shared = rule(draft).pk

    def work(number):
        client, turns = client_of(people["rule author", number]), count(1)
        mine, edition, told = draft.rules.get(rule_id=f"P{number}").pk, 2, []
        said = {mine: "", shared: "Held without a drug."}
        for turn in range(EDITS):
            key = shared if turn % 2 else mine
            words = f"{number}:{next(turns)}"
            change = {
                "kind": "text",
                "rule": key,
                "field": "message",
                "was": said[key],
                "text": words,
            }
            answer = send(client, draft, change, edition=edition).json()
            edition, said[key] = answer["edition"], words
            for refused in answer["untaken"]:
                assert refused["now"] != words
                assert refused["by"]
            # As the page does: what others did is taken over.
            if answer["sheet"]:
                said = {own["id"]: own["message"] for own in answer["sheet"]["rules"]}
            told.append((key, None if answer["untaken"] else words))
        return told

    results = at_once(PEOPLE, work)
    assert all(isinstance(result, list) for result in results), results
    kept = [(key, words) for told in results for key, words in told if words]
    assert small_rules.now(draft).edition == 2 + len(kept)
    assert sum(len(told) for told in results) == PEOPLE * EDITS
    # All that were taken are in the history, in the order of the editions.
    assert draft.editions.count() == small_rules.now(draft).edition
    for number in range(PEOPLE):
        assert draft.rules.get(rule_id=f"P{number}").message == f"{number}:{EDITS - 1}"
    assert rule(draft).message in {words for key, words in kept if key == shared}


def test_after_each_change_the_worked_cases_that_fail_are_told_once_all_can_be_read(people, draft):
    answers = {
        "answers": "held: yes\ndrug: none",
        "outcome": "code",
        "code": "27256",
        "modifiers": "LT",
    }
    WorkedCase.objects.create(version=draft, case_id="V1", **answers)
    client = client_of(people["rule author"])
    checks = reverse("admin:coding_rulesetversion_checks", args=[draft.pk])
    assert client.get(checks).json()["failing"] == 0
    send(client, draft, text(draft, "code", "27256", "27257"))
    told = client.get(checks).json()
    assert (told["failing"], told["cases"]) == (
        1,
        ["Case V1 expects 27256-LT. It comes out as 27257-LT."],
    )
    send(client, draft, cell(draft, "drug", "none", "nonsense"), edition=2)
    assert client.get(checks).json()["failing"] == 0

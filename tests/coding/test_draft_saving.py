"""Saving a draft: its edited rows become its content, or what is wrong is said and nothing is lost."""

import pytest

from coding.actions import rule_sets
from coding.actions.errors import NotAllowed
from coding.models import AuditEvent, Fact, ModifierRule, SupportingDiagnosis
from coding.rules import rulebook
from tests import small_rules


def standing(people):
    return small_rules.draft(people, lexicon=small_rules.lexicon())


@pytest.fixture
def draft(standing):
    return standing


def save(people, draft):
    return rule_sets.save(people["rule author"], draft)


def last_save():
    return AuditEvent.objects.filter(event="version.saved").latest("sequence")


def test_edited_rows_become_the_content(people, draft):
    draft.rules.filter(rule_id="R3").update(message="Ask somebody.")
    assert save(people, draft) == ""
    now = small_rules.now(draft)
    rule = rulebook.table_of(now.document).rule_by_id["R3"]
    assert rule.message == "Ask somebody."
    assert now.lexicon == draft.lexicon


def test_the_trail_tells_which_content_became_which(people, draft):
    draft.rules.filter(rule_id="R3").update(message="Ask somebody.")
    save(people, draft)
    now, event = small_rules.now(draft), last_save()
    lexicon = small_rules.lexicon().content_hash()
    assert event.before == {"content": small_rules.table().content_hash, "lexicon": lexicon}
    assert event.after == {"content": now.document.content_hash, "lexicon": lexicon}
    assert now.document.content_hash != small_rules.table().content_hash


def test_saving_what_was_not_changed_keeps_the_content(people, draft):
    assert save(people, draft) == ""
    now = small_rules.now(draft)
    assert (now.document, now.lexicon) == (draft.document, draft.lexicon)
    assert now.edition == draft.edition + 1


@pytest.mark.parametrize(
    "role", ["coder", "supervisor", "rule approver", "auditor", "administrator"]
)
def test_only_a_rule_author_saves(people, draft, role):
    with pytest.raises(NotAllowed, match="You may not edit rule set versions"):
        rule_sets.save(people[role], draft)
    assert small_rules.now(draft).edition == draft.edition
    assert not AuditEvent.objects.filter(event="version.saved").exists()


@pytest.mark.parametrize(
    ("rows", "change", "problem"),
    [
        ("rules", {"conditions": "held yes"}, "R1: “held yes” is not of the form “fact: values”."),
        (
            "rules",
            {"conditions": "drug: ether"},
            "rule R1, drug: “ether” is not a value of this fact",
        ),
        ("rules", {"code": "99999"}, "rule R1: “99999” is not a code of the family"),
        ("rules", {"basis": " "}, "rule R1: basis is missing"),
        ("facts", {"label": ""}, "fact held: label is missing"),
        (
            "facts",
            {"choices": "yes | Yes"},
            "fact held: a choice has choices, any other kind has none.",
        ),
        (
            "modifier_rules",
            {"conditions": "colour: red"},
            "modifier LT: there is no fact “colour”.",
        ),
        ("supporting_diagnoses", {"codes": " "}, "supporting diagnoses: codes is missing."),
        (
            "supporting_diagnoses",
            {"conditions": "held: maybe"},
            "diagnoses Q65.01 Q65.02, held: “maybe”",
        ),
    ],
)
def test_what_makes_no_rule_table_is_named_and_stays_as_it_was_written(
    people, draft, rows, change, problem
):
    row = getattr(draft, rows).first()
    getattr(draft, rows).filter(pk=row.pk).update(**change)
    assert problem in save(people, draft)
    now = small_rules.now(draft)
    assert (now.document, now.lexicon) == (None, None)
    kept = getattr(draft, rows).get(pk=row.pk)
    assert {name: getattr(kept, name) for name in change} == change
    assert last_save().after == {"content": None, "lexicon": None}


def test_a_draft_that_is_mended_has_a_content_again(people, draft):
    rule = draft.rules.get(rule_id="R1")
    draft.rules.filter(pk=rule.pk).update(conditions="colour: red")
    assert save(people, draft) != ""
    draft.rules.filter(pk=rule.pk).update(conditions=rule.conditions)
    assert save(people, draft) == ""
    assert small_rules.now(draft).document == draft.document
    assert last_save().before == {"content": None, "lexicon": None}


def test_a_lexicon_with_an_error_leaves_the_rules_their_content(people, draft):
    draft.rules.filter(rule_id="R3").update(message="Ask somebody.")
    draft.lexicon_terms.filter(phrase="held").update(phrase="(held")
    assert save(people, draft).startswith("“(held”: ")
    now = small_rules.now(draft)
    assert now.lexicon is None
    assert rulebook.table_of(now.document).rule_by_id["R3"].message == "Ask somebody."


def test_a_draft_whose_last_term_was_deleted_reads_no_notes(people, draft):
    draft.lexicon_terms.all().delete()
    assert save(people, draft) == ""
    now = small_rules.now(draft)
    assert now.lexicon is None
    assert now.document == draft.document


def test_the_frame_of_a_lexicon_is_a_part_of_it(people, draft):
    draft.lexicon_frame = {"groups": {"joint": ["hip"]}}
    draft.save()
    assert save(people, draft) == ""
    assert small_rules.now(draft).lexicon.document["groups"] == {"joint": ["hip"]}


def test_a_frame_with_an_unknown_part_is_named(people, draft):
    draft.lexicon_frame = {"colours": ["red"]}
    draft.save()
    assert save(people, draft).startswith(
        "A lexicon is an object with the keys rule_set, terms, groups"
    )
    assert small_rules.now(draft).lexicon is None


def test_rules_stand_in_the_order_of_their_positions(people, draft):
    draft.rules.filter(rule_id="R2").update(position=0)
    save(people, draft)
    assert list(rulebook.table_of(small_rules.now(draft).document).rule_by_id) == ["R2", "R1", "R3"]


def test_a_choice_without_a_label_is_called_by_its_value_and_empty_lines_do_not_count(
    people, draft
):
    choices = "none\n\n  sleep |  Put to sleep \n"
    Fact.objects.filter(version=draft, key="drug").update(choices=choices)
    assert save(people, draft) == ""
    [_, drug] = rulebook.table_of(small_rules.now(draft).document).facts
    assert [(choice.value, choice.label) for choice in drug.choices] == [
        ("none", "none"),
        ("sleep", "Put to sleep"),
    ]


def test_notes_are_paragraphs_and_a_family_is_words(people, draft):
    draft.notes = "First.\n\n\n\n  Second,\nstill second.\n\n"
    draft.family = "  27256\n27257  "
    draft.save()
    assert save(people, draft) == ""
    table = rulebook.table_of(small_rules.now(draft).document)
    assert table.notes == ("First.", "Second,\nstill second.")
    assert table.family == ("27256", "27257")


def test_an_added_modifier_and_diagnosis_are_taken_up(people, draft):
    ModifierRule.objects.create(
        version=draft, position=2, modifier="52", conditions="drug: none\nor\nheld: no"
    )
    SupportingDiagnosis.objects.create(version=draft, position=2, codes="M24.351", conditions="")
    assert save(people, draft) == ""
    table = rulebook.table_of(small_rules.now(draft).document)
    assert [(line.modifier, len(line.rows)) for line in table.modifiers] == [("LT", 1), ("52", 2)]
    assert [line.codes for line in table.diagnoses] == [("Q65.01", "Q65.02"), ("M24.351",)]

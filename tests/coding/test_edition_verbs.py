"""Editions of a draft: each save is kept as it stood, and what was saved is taken back as an edition of its own."""

from datetime import date

import pytest

from coding.actions import rule_sets
from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, DraftEdition, RuleSetVersion
from reviews.roles import ROLES
from tests import small_rules

OTHERS = sorted(set(ROLES) - {"rule author"})


def standing(people):
    """A draft with a lexicon, as its first edition keeps it."""
    return small_rules.draft(people, lexicon=small_rules.lexicon())


def save(people, draft, what="", who=0):
    return rule_sets.save(people["rule author", who], small_rules.now(draft), what)


def take_back(people, draft, number, who=0):
    return rule_sets.take_back(people["rule author", who], small_rules.now(draft), number)


def edition(draft, number):
    return draft.editions.get(number=number)


def conditions(draft):
    return dict(draft.rules.values_list("rule_id", "conditions"))


# What is kept -------------------------------------------------------------------------------------


def test_the_first_edition_is_what_was_drafted(people, standing):
    first = edition(standing, 1)
    assert (first.author, first.what) == (people["rule author"], "")
    assert (first.document, first.lexicon) == (standing.document, standing.lexicon)
    assert (first.content, first.terms) == (None, None)


def test_a_save_is_the_next_edition_with_its_author_and_what_they_wrote(people, standing):
    standing.rules.filter(rule_id="R1").update(title="Held, awake")
    assert save(people, standing, "A better title.", who=2) == ""
    second = edition(standing, 2)
    assert (second.author, second.what) == (people["rule author", 2], "A better title.")
    now = small_rules.now(standing)
    assert (now.edition, now.last_editor) == (2, people["rule author", 2])
    assert second.document == now.document != standing.document
    assert edition(standing, 1).document == standing.document


def test_words_that_are_too_long_for_the_history_are_cut(people, standing):
    save(people, standing, "x" * 201)
    assert edition(standing, 2).what == "x" * 200


def test_of_a_broken_draft_the_rows_are_kept_without_their_ids(people, standing):
    standing.rules.filter(rule_id="R1").update(conditions="held: perhaps")
    assert "perhaps" in save(people, standing)
    broken = edition(standing, 2)
    assert (broken.document, small_rules.now(standing).document) == (None, None)
    assert broken.content["rules"][0]["conditions"] == "held: perhaps"
    assert "id" not in broken.content["rules"][0]


def test_of_a_lexicon_that_cannot_be_read_the_phrases_are_kept(people, standing):
    standing.lexicon_terms.filter(phrase="held").update(value="perhaps")
    assert "perhaps" in save(people, standing)
    second = edition(standing, 2)
    assert second.document == standing.document
    assert second.lexicon is None
    assert [term["phrase"] for term in second.terms["terms"]] == ["held", "put to sleep"]
    assert small_rules.now(standing).lexicon is None


# What is taken back -------------------------------------------------------------------------------


def test_what_is_taken_back_is_an_edition_of_its_own_and_says_so(people, standing):
    standing.rules.filter(rule_id="R1").update(conditions="held: no\ndrug: none")
    save(people, standing)
    assert take_back(people, standing, 1, who=2) == ""
    assert conditions(standing)["R1"] == "held: yes\ndrug: none"
    third = edition(standing, 3)
    assert (third.author, third.what) == (people["rule author", 2], "Edition 1 taken back.")
    assert third.document == edition(standing, 1).document
    event = AuditEvent.objects.filter(event="version.saved").latest("sequence")
    assert event.before["content"] == edition(standing, 2).document.content_hash
    assert event.after["content"] == third.document.content_hash


def test_a_rule_that_was_deleted_comes_back_in_its_place_and_the_others_stay_the_rows_they_are(
    people, standing
):
    ids = dict(standing.rules.values_list("rule_id", "pk"))
    standing.rules.filter(rule_id="R2").delete()
    save(people, standing)
    take_back(people, standing, 1)
    rows = list(standing.rules.values_list("rule_id", "position"))
    assert rows == [("R1", 1), ("R2", 2), ("R3", 3)]
    now = dict(standing.rules.values_list("rule_id", "pk"))
    assert (now["R1"], now["R3"]) == (ids["R1"], ids["R3"])


def test_a_rule_that_was_added_goes_again(people, standing):
    third = standing.rules.get(rule_id="R3")
    third.pk, third.rule_id, third.position = None, "R4", 4
    third.conditions = "held: no"
    third.save()
    save(people, standing)
    take_back(people, standing, 1)
    assert list(conditions(standing)) == ["R1", "R2", "R3"]
    take_back(people, standing, 2)
    assert conditions(standing)["R4"] == "held: no"


def test_modifiers_and_diagnoses_are_written_anew(people, standing):
    standing.modifier_rules.update(modifier="RT")
    standing.supporting_diagnoses.all().delete()
    save(people, standing)
    take_back(people, standing, 1)
    assert standing.modifier_rules.get().modifier == "LT"
    assert standing.supporting_diagnoses.get().codes == "Q65.01 Q65.02"


def test_a_broken_edition_is_taken_back_too_and_says_what_is_wrong(people, standing):
    standing.rules.filter(rule_id="R1").update(conditions="held: perhaps")
    save(people, standing)
    take_back(people, standing, 1)
    assert "perhaps" in take_back(people, standing, 2)
    assert conditions(standing)["R1"] == "held: perhaps"
    assert small_rules.now(standing).document is None


def test_a_lexicon_comes_back_with_the_rest_whether_it_could_be_read_or_not(people, standing):
    standing.lexicon_terms.filter(phrase="held").update(value="perhaps")
    save(people, standing)
    assert take_back(people, standing, 1) == ""
    assert small_rules.now(standing).lexicon == standing.lexicon
    values = dict(standing.lexicon_terms.values_list("phrase", "value"))
    assert values == {"held": "yes", "put to sleep": "sleep"}

    assert "perhaps" in take_back(people, standing, 2)
    terms = standing.lexicon_terms.order_by("position")
    assert [(term.phrase, term.value) for term in terms] == [
        ("held", "perhaps"),
        ("put to sleep", "sleep"),
    ]


def test_what_stands_around_the_phrases_comes_back_with_them(people, standing):
    frame = small_rules.now(standing).lexicon_frame
    groups = {**frame, "groups": {"joint": ["hip", "knee"]}}
    RuleSetVersion.objects.filter(pk=standing.pk).update(lexicon_frame=groups)
    assert save(people, standing) == ""
    take_back(people, standing, 1)
    assert small_rules.now(standing).lexicon_frame == frame
    take_back(people, standing, 2)
    assert small_rules.now(standing).lexicon_frame["groups"] == {"joint": ["hip", "knee"]}


def test_a_day_comes_back_as_a_day(people, standing):
    RuleSetVersion.objects.filter(pk=standing.pk).update(effective_from=date(2027, 1, 1))
    save(people, standing)
    take_back(people, standing, 1)
    assert small_rules.now(standing).effective_from is None
    take_back(people, standing, 2)
    assert small_rules.now(standing).effective_from == date(2027, 1, 1)


# What is refused ----------------------------------------------------------------------------------


def test_of_an_edition_before_these_were_kept_only_the_number_is_known(people, standing):
    DraftEdition.objects.bulk_create(
        [DraftEdition(version=standing, number=9, author=people["rule author"])]
    )
    with pytest.raises(Conflict) as refusal:
        take_back(people, standing, 9)
    assert str(refusal.value) == (
        "Of edition 9 only its number is kept: its rules had errors before editions were kept."
    )
    assert small_rules.now(standing).edition == 1


def test_what_an_older_edition_does_not_tell_stays_as_it_is(people, standing):
    older = DraftEdition(
        version=standing, number=9, author=people["rule author"], document=standing.document
    )
    DraftEdition.objects.bulk_create([older])
    RuleSetVersion.objects.filter(pk=standing.pk).update(
        effective_from=date(2027, 1, 1), change_note="Why.", edition=9
    )
    take_back(people, standing, 9)
    now = small_rules.now(standing)
    assert (now.effective_from, now.change_note) == (date(2027, 1, 1), "Why.")
    assert now.lexicon_terms.count() == 2


def test_only_a_rule_author_takes_back_and_only_in_a_draft(people, standing):
    for role in OTHERS:
        with pytest.raises(NotAllowed, match="You may not edit rule set versions"):
            rule_sets.take_back(people[role], standing, 1)
    rule_sets.discard(people["rule author"], standing)
    with pytest.raises(Conflict, match="is discarded and not edited any more"):
        take_back(people, standing, 1)
    assert standing.editions.count() == 1

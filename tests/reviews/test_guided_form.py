"""What the guided form tells beside its question: what is still possible, what would change it, and why not another."""

import pytest

from coding import rulesets
from coding.actions import rule_sets
from coding.actions.errors import Conflict
from coding.decision import NOT_DOCUMENTED, Known
from coding.intake.records import ServiceLineRecord
from coding.models import FactProfile, Rule, Suggestion
from reviews.actions import answers
from reviews.actions.answers import Support
from reviews.coding_form.evidence import facts_to_ask, stale_answers_of, version_read_with
from reviews.coding_form.guided import in_force, version_of
from tests import factories

AWAKE = (
    "Left hip dislocated since birth. A Pavlik harness was fitted. No anesthesia. No manipulation."
)


@pytest.fixture
def service(people, hip):
    return factories.service(people, hip)


@pytest.fixture
def reading(people):
    """A service of a version that reads notes."""
    version = factories.published_hip(people, lexicon=rulesets.shipped_lexicon(factories.HIP))
    return factories.service(people, version, note=AWAKE)


def test_reading_the_form_stores_nothing(service):
    factories.form_of(service)
    assert not FactProfile.objects.exists()
    assert not Suggestion.objects.exists()


def test_at_first_every_code_of_the_family_and_every_other_way_to_end_is_possible(service):
    guided = factories.form_of(service)
    assert set(guided.possible_codes) == set(guided.table.family)
    assert set(guided.possible_without_code) == {
        "Provider query",
        "Supervisor review",
        "No code of the family",
    }
    assert (guided.suggestion, guided.explanation) == (None, None)


def test_at_the_end_one_outcome_is_left_with_what_decided_it(people, service):
    guided = factories.answer(people["coder"], service, factories.PAVLIK)
    assert (guided.possible_codes, guided.possible_without_code) == (["27256"], [])
    assert guided.suggestion.reported == "27256-LT"
    matters = {given.definition.key for given in guided.answers if given.matters}
    assert {"manipulation", "anesthesia"} <= matters


def test_the_neighbours_of_a_suggestion_are_named_with_what_they_would_need_nearest_first(
    people, service
):
    guided = factories.answer(people["coder"], service, factories.PAVLIK)
    needed = {other.code: {need.fact for need in other.needs} for other in guided.other_codes}
    assert needed["27257"] == {"manipulation", "anesthesia"}
    assert "27256" not in needed
    counts = [len(other.needs) for other in guided.other_codes]
    assert counts == sorted(counts)
    assert max(counts) <= 2


def test_every_other_code_of_the_family_is_excluded_for_a_reason(people, service):
    guided = factories.answer(people["coder"], service, factories.PAVLIK)
    excluded = dict(guided.excluded_codes)
    assert set(excluded) == set(guided.table.family) - {"27256"}
    assert all(why.excluded or why.masked_by for whys in excluded.values() for why in whys)


def test_a_single_answer_that_would_give_another_outcome_is_told(people, service):
    guided = factories.answer(people["coder"], service, factories.PAVLIK)
    changed = {change.fact for flip in guided.flips for change in flip.changes}
    assert "manipulation" in changed


def test_what_was_seen_is_another_after_each_answer_and_the_same_after_it_is_taken_back(
    people, service
):
    before = factories.answer(people["coder"], service, factories.PAVLIK).seen
    other = answers.answer(
        people["coder"], factories.service_of(service), "laterality", Known("right")
    ).seen
    again = answers.answer(
        people["coder"], factories.service_of(service), "laterality", Known("left")
    ).seen
    assert other != before
    assert again == before


# --- Versions.


def test_before_the_first_version_there_is_nothing_to_code_with(people, hip):
    early = factories.service(people, hip, date_of_service=hip.effective_from.replace(year=2025))
    with pytest.raises(Conflict, match="No version of the rules is in force on 2025-01-01"):
        version_of(early)


def test_a_line_that_no_rule_set_codes_has_no_version_and_no_stale_answers(people, hip):
    visit = factories.visit(people, ServiceLineRecord("99203"))
    line = factories.service_for(visit, "99203")
    assert version_read_with(line) is None
    assert stale_answers_of(line) == {}
    with pytest.raises(Conflict, match="nothing is asked of it"):
        in_force(line)


def test_where_the_version_was_edited_the_stored_suggestion_is_not_shown_for_it(
    people, hip, service
):
    factories.answer(people["coder"], service, factories.PAVLIK)
    draft = rule_sets.draft_from(people["rule author"], hip)
    Rule.objects.filter(version=draft, rule_id="R32").update(title="Another title")
    rule_sets.save(people["rule author"], draft)
    newer = factories.publish(people, draft, hip.effective_from.replace(month=2))
    answers.renew_version(people["coder"], factories.service_of(service))
    guided = factories.form_of(service)
    assert guided.version == newer
    assert guided.suggestion.document_id == newer.document_id


# --- What an answer rests on, and what is asked of the provider.


def test_an_answer_that_lost_its_passage_is_stale_and_one_that_the_note_contradicts_says_so(
    people, reading
):
    for fact, value in (("laterality", "left"), ("anesthesia", "none")):
        answers.answer(
            people["coder"],
            factories.service_of(reading),
            fact,
            Known(value),
            Support(reason="As read."),
        )
    factories.send_again(
        people,
        reading.encounter,
        note="Left hip dislocated since birth. Reduced under general anesthesia.",
    )
    stale = stale_answers_of(factories.service_of(reading))
    assert stale["anesthesia"].contradicted
    assert "laterality" not in stale


def test_an_answer_whose_passages_all_stand_is_not_stale(people, reading):
    answers.answer(people["coder"], factories.service_of(reading), "laterality", Known("left"))
    factories.send_again(people, reading.encounter, note=f"{AWAKE} Dictated and signed.")
    assert stale_answers_of(factories.service_of(reading)) == {}


def test_a_query_is_about_what_decides_and_is_silent(people, service):
    silent = {**factories.PAVLIK, "anesthesia": "", "etiology": ""}
    case = factories.case_of(factories.decide(people["coder"], service, silent))
    asked = facts_to_ask(case)
    documented = factories.form_of(service).facts
    assert asked
    assert all(documented[fact] == NOT_DOCUMENTED for fact in asked)

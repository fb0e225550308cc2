"""What is wrong or idle in a draft as it stands, each at its cell, in the words of the grid."""

import pytest

from coding.actions import rule_sets
from coding.models import RuleSet, WorkedCase
from coding.rules.draft_checks import checks_of, conditions_of
from coding.rules.draft_content import content_of_table
from coding.rules.draft_reading import read_content
from tests import said_rules, small_rules

RULE_SET = RuleSet(key="small", name="Small")


@pytest.fixture
def content():
    """What a sound draft says, for a test to break."""
    return content_of_table(small_rules.table())


def problems(content):
    reading = read_content(RULE_SET, content)
    return [(own.column, own.words) for own in reading.problems], reading


# What cannot be read --------------------------------------------------------------------------------


def test_a_sound_draft_is_read_whole(content):
    told, reading = problems(content)
    assert (told, reading.is_whole, reading.words(), reading.left_out) == ([], True, "", 0)


@pytest.mark.parametrize(
    ("conditions", "column", "words"),
    [
        ("held yes", "", "R1: “held yes” is not of the form “fact: values”."),
        (
            "held: yes\nheld: no",
            "",
            "R1: held stands twice in one row; part alternatives by a line “or”.",
        ),
        (
            "colour: red",
            "colour",
            "R1: there is no fact “colour”. Take the cell out, or add the question.",
        ),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_at_its_place(content, conditions, column, words):
    content["rules"][0]["conditions"] = conditions
    told, reading = problems(content)
    assert told == [(column, words)]
    assert reading.left_out == 1


@pytest.mark.parametrize("name", ["title", "message", "basis"])
def test_a_rule_that_lacks_nothing_but_words_decides_all_the_same(content, name):
    content["rules"][0][name] = "  "
    told, reading = problems(content)
    assert told == [(name, f"rule R1: {name} is missing.")]
    assert reading.left_out == 0
    assert len(reading.table.rules) == 3


def test_a_code_of_another_family_is_told_at_the_code(content):
    content["rules"][0]["code"] = "99999"
    [(column, words)], reading = problems(content)
    assert column == "code"
    assert "99999" in words
    assert reading.left_out == 1


def test_an_outcome_that_does_not_go_with_its_code_is_told(content):
    content["rules"][2]["code"] = "27256"
    [(column, _)], _ = problems(content)
    assert column == "code"


def test_what_no_cell_shows_by_itself_is_told_at_a_column_that_the_words_name(content):
    content["rules"][2]["guards"] = "held"
    content["rules"][0]["see"] = "other"
    told, reading = problems(content)
    assert told == [
        ("outcome", "rule R1: only an outcome of no_family_code names other rule sets under see."),
        ("guards", "rule R3, guards: no cell of the rule tests “held”."),
    ]
    assert reading.left_out == 2


def test_all_that_is_wrong_is_told_in_one_text_too(content):
    content["rules"][0] |= {"title": "", "message": ""}
    _, reading = problems(content)
    assert reading.words() == "rule R1: title is missing. rule R1: message is missing."


def test_two_rules_or_two_questions_of_one_name_are_told_at_the_second(content):
    content["rules"][1]["rule_id"] = "R1"
    content["facts"].append({**content["facts"][0], "label": "Again"})
    told, reading = problems(content)
    assert told == [
        ("key", "fact held: another question bears this key. Give it one of its own."),
        ("rule_id", "R1: another rule bears this name. Give it its own."),
    ]
    assert reading.left_out == 1


def test_modifiers_and_diagnoses_that_name_nothing_are_told_and_the_rest_is_read(content):
    content["modifiers"][0]["conditions"] = "colour: red"
    content["diagnoses"][0]["conditions"] = "held: perhaps"
    reading = read_content(RULE_SET, content)
    assert [(own.part, own.row) for own in reading.problems] == [
        ("modifiers", 0),
        ("diagnoses", 0),
    ]
    assert (reading.table.modifiers, reading.table.diagnoses) == ((), ())
    assert len(reading.table.rules) == 3


def test_what_hangs_on_a_question_that_cannot_be_read_is_no_error_of_its_own(content):
    content["facts"][0]["kind"] = "colour"
    content["modifiers"][0]["conditions"] = "held: yes"
    told, reading = problems(content)
    assert [column for column, _ in told] == ["kind"]
    assert reading.left_out == 2
    assert reading.table.modifiers == ()


# What is checked ------------------------------------------------------------------------------------


def standing(people):
    """A sound draft."""
    return small_rules.draft(people)


def checked(people, draft, **rule):
    if rule:
        draft.rules.filter(rule_id=rule.pop("rule_id", "R1")).update(**rule)
        rule_sets.save(people["rule author"], small_rules.now(draft))
    return checks_of(small_rules.now(draft))


def test_of_a_sound_draft_nothing_is_told(people, standing):
    checks = checked(people, standing)
    assert (checks["edition"], checks["left_out"], checks["failing"]) == (1, 0, 0)
    assert checks["problems"] == checks["gaps"] == checks["cases"] == []
    assert [finding["words"] for finding in checks["findings"] if finding["is_defect"]] == []


def test_what_rules_above_leave_is_told_as_meant_where_the_first_rule_decides(people, standing):
    masked, unmentioned = checked(people, standing)["findings"]
    ids = dict(standing.rules.values_list("rule_id", "pk"))
    assert masked["words"].startswith("R3 is partly masked by R1, R2")
    assert masked["rules"] == [ids["R3"], ids["R1"], ids["R2"]]
    assert masked["case"] == "held: yes; drug: None"
    assert masked["by_design"]
    assert (unmentioned["fact"], unmentioned["rules"], unmentioned["case"]) == ("held", [], "")
    assert not unmentioned["by_design"]


def test_a_problem_names_its_rule_and_its_question_by_the_label(people, standing):
    checks = checked(people, standing, conditions="drug: ether")
    [problem] = checks["problems"]
    rule = standing.rules.get(rule_id="R1")
    assert (problem["row"], problem["name"], problem["column"]) == (rule.pk, "R1", "drug")
    assert problem["alternative"] == 0
    assert problem["words"].startswith("Rule R1, Drug: ")
    assert checks["left_out"] == 1


def test_a_question_is_named_by_its_label_or_its_key(people, standing):
    standing.facts.filter(key="drug").update(kind="colour")
    [problem] = checked(people, standing)["problems"]
    assert problem["words"].startswith("Question “Drug”")
    standing.facts.filter(key="drug").update(label="")
    words = [problem["words"] for problem in checked(people, standing)["problems"]]
    assert words[0].startswith("Question “drug”")


def test_a_gap_is_told_by_its_regions_with_cells_and_a_case(people, standing):
    standing.rules.filter(rule_id="R3").delete()
    checks = checked(people, standing, title="Still held awake")
    assert "gap" not in {finding["flaw"] for finding in checks["findings"]}
    assert checks["gaps"]
    for gap in checks["gaps"]:
        assert gap["words"]
        assert set(gap["cells"]) <= {"held", "drug"}
        assert gap["case"].startswith("held: ")


def test_a_rule_that_never_decides_is_a_defect_and_what_the_order_means_is_none(people, standing):
    checks = checked(people, standing, rule_id="R2", conditions="held: yes\ndrug: none")
    ids = dict(standing.rules.values_list("rule_id", "pk"))
    [defect] = [finding for finding in checks["findings"] if finding["is_defect"]]
    assert ids["R2"] in defect["rules"]
    assert not defect["by_design"]


def test_a_case_that_fails_is_told_once_all_can_be_read(people, standing):
    WorkedCase.objects.create(
        version=standing,
        case_id="V1",
        answers="held: yes\ndrug: none",
        outcome="code",
        code="27257",
    )
    checks = checked(people, standing)
    assert checks["failing"] == 1
    assert checks["cases"] == ["Case V1 expects 27257. It comes out as 27256-LT."]
    broken = checked(people, standing, conditions="drug: ether")
    assert (broken["failing"], broken["cases"]) == (0, [])


def test_a_region_that_asks_nothing_is_any_answers():
    class Anything:
        row = ()

    assert conditions_of(small_rules.table(), Anything) == ["any answers"]


def test_what_of_a_lexicon_cannot_be_read_stands_in_no_cell(people):
    draft = small_rules.draft(people, lexicon=small_rules.lexicon())
    draft.lexicon_terms.filter(phrase="held").update(value="perhaps")
    rule_sets.save(people["rule author"], small_rules.now(draft))
    [problem] = checks_of(small_rules.now(draft))["problems"]
    words = "The lexicon, “held”: held is never “perhaps”. Use yes, no."
    assert problem == {"part": "lexicon", "words": words}
    # With rules that cannot be read, nothing is said of what a lexicon may name.
    draft.rules.filter(rule_id="R1").update(conditions="drug: ether")
    rule_sets.save(people["rule author"], small_rules.now(draft))
    assert {own["part"] for own in checks_of(small_rules.now(draft))["problems"]} == {"rules"}


def test_a_gap_of_a_derived_question_is_told_at_the_question(people):
    short = {**said_rules.SIZE, "derived": said_rules.SIZE["derived"][:1]}
    facts = [said_rules.WOUND, said_rules.AGE, said_rules.GLUE, short]
    draft = small_rules.draft(people, said_rules.table(facts=facts))
    checks = checks_of(small_rules.now(draft))
    gaps = [finding for finding in checks["findings"] if finding["flaw"] == "gap"]
    assert [(gap["fact"], gap["rules"]) for gap in gaps] == [("size", [])]
    assert gaps[0]["is_defect"]
    assert checks["gaps"] == []

"""A modifier, or both sides: what the rules yield, what the checks say with it and without, and what is left out."""

from dataclasses import replace

import pytest

from coding.claim import Checks
from coding.decision import RuleTable
from tests.ask.made_up import (
    CHECKS,
    RULES,
    UNLOADED,
    asked,
    cites,
    joints,
    knowledge,
    told,
    visits,
)

# A modifier alone --------------------------------------------------------------------------------------


def test_a_modifier_alone_is_told_by_the_rules_that_yield_it():
    assert asked("modifier 22").title == "Modifier 22"
    assert told("modifier 22") == {"22 by the rules": ["Reported when Asleep: yes"]}
    assert cites("modifier 22") == {"22 by the rules": ["Joints version 1"]}


def test_a_modifier_that_no_rule_yields():
    assert told("modifier 25") == {"25 by the rules": ["No rule set of this day yields 25."]}
    assert cites("modifier 25")["25 by the rules"] == ["the 2 rule sets in force on 2026-05-04"]


def test_of_several_modifiers_each_has_its_own_section():
    assert told("modifiers LT or 50") == {
        "LT by the rules": ["Reported when Side: Left"],
        "50 by the rules": ["Reported when Asleep: no; Side: Both"],
    }


# With one code -----------------------------------------------------------------------------------------


def test_a_modifier_that_the_rules_yield_for_a_code():
    assert asked("modifier LT with 12345").title == "Modifier LT with 12345"
    assert told("modifier LT with 12345") == {
        "LT by the rules": ["Reported when Side: Left"],
        "LT on the line of 12345": ["The checks say the same with it and without it."],
        "The code's days": ["12345 has 010 global days."],
    }


def test_a_modifier_that_changes_what_the_checks_say_on_the_line_and_on_a_visit():
    assert told("modifier 25 with 12345") == {
        "25 by the rules": [
            "No answer of its rule set yields 25: it follows from other lines, or not at all."
        ],
        "25 on the line of 12345": ["With 25: 25 is not for 12345."],
        "25 on a visit beside it": [
            "Without 25 on the visit 23457: 23457 beside 12345 needs 25.",
            "With 25 on the visit 23457 these are gone, and nothing new is said.",
        ],
        "The code's days": ["12345 has 010 global days."],
    }
    assert cites("modifier 25 with 12345")["25 on a visit beside it"] == [
        "check M1, Values, 12345: 10 global days",
        "the claim checks",
    ]


def test_a_modifier_of_other_codes_of_the_family_is_not_of_this_one():
    """The condition is told of no code whose own answers rule it out."""
    assert told("modifier 22 with 12346")["22 by the rules"] == ["Reported when Asleep: yes"]
    assert told("modifier 22 with 12345")["22 by the rules"] == [
        "No answer with which 12345 is reported yields 22."
    ]
    assert cites("modifier 22 with 12345")["22 by the rules"] == ["Joints version 1"]


def test_what_the_answers_say_of_a_modifier_is_what_a_detail_of_the_code_says():
    for code in ("12345", "12346", "12347"):
        details = told(f"modifiers of {code}")["Modifiers by the rules"]
        for modifier in ("LT", "RT", "50", "22"):
            yields = any(line.startswith(f"{modifier}, when") for line in details)
            by_rules = told(f"modifier {modifier} with {code}")[f"{modifier} by the rules"]
            assert yields is by_rules[0].startswith("Reported when")


def test_with_a_visit_the_visit_is_not_tried_beside_itself():
    assert "25 on a visit beside it" not in told("modifier 25 with 23456")


def test_a_code_without_rules_or_values():
    assert told("modifier LT with 99999") == {
        "LT by the rules": ["No rule set of this day has 99999."],
        "LT on the line of 99999": ["The checks say the same with it and without it."],
        "The code's days": ["No value loaded."],
    }
    assert cites("modifier LT with 99999")["The code's days"] == [
        "the tables loaded for 2026-05-04"
    ]


def test_a_code_without_global_days_of_its_own():
    assert told("modifier LT with 12347")["The code's days"] == ["12347 has no global days."]
    assert told("modifier LT with 34567")["The code's days"] == ["34567 has ZZZ global days."]


@pytest.mark.parametrize("text", ["25 or 57 with 12345?", "do I need 25 or 57 with 12345"])
def test_modifiers_that_the_checks_know_need_no_such_word(text):
    assert asked(text).title == "Modifier 25 or 57 with 12345"
    assert "57 by the rules" in told(text)


@pytest.mark.parametrize(
    "text", ["25 or 99 with 12345?", "12345 at 25 degrees", "modifier 25 with 12345 in 2024"]
)
def test_other_numbers_are_no_modifiers(text):
    assert asked(text).intent == ""


def test_the_code_of_the_page_is_the_one_that_is_meant():
    assert asked("modifier LT", "12345").title == "Modifier LT with 12345"


def test_words_that_are_not_minded_are_left_out_by_name():
    assert told("modifier LT with 12345 for Aetna")["Left out"] == [
        "The answer does not mind “aetna”."
    ]
    assert "Left out" not in told("modifier LT with 12345")


def test_without_lists_of_visits_none_is_tried():
    checks = Checks.from_document({**CHECKS, "checks": CHECKS["checks"][3:]})
    assert "25 on a visit beside it" not in told(
        "modifier 25 with 12345", known=knowledge(checks=checks)
    )


# Between two codes -------------------------------------------------------------------------------------


def test_between_two_codes_a_modifier_is_tried_on_each():
    text = "does modifier 59 open 12345 with 12346"
    assert asked(text).title == "Modifier 59 with 12345 and 12346"
    assert told(text) == {
        "Pairs": ["12345 is part of 12346; a modifier may open it (1). More extensive."],
        "59 on 12345": [
            "Without 59 on 12345: 12345 is part of 12346.",
            "With 59 on 12345 these are gone, and nothing new is said.",
        ],
        "59 on 12346": [
            "Without 59 on 12346: 12345 is part of 12346.",
            "With 59 on 12346 these are gone, and nothing new is said.",
        ],
    }


def test_a_modifier_that_changes_nothing_between_two_codes():
    said = told("modifier 22 with 12345 and 12347")
    assert said["22 on 12345"] == ["The checks say the same with it and without it."]
    assert said["22 on 12347"] == ["The checks say the same with it and without it."]


def test_of_more_than_two_codes_or_of_a_line_no_modifier_is_tried():
    assert asked("modifier 59 with 12345, 12346, 12347").intent != "a modifier"
    assert asked("modifier 59 with 12345-LT").intent == ""


# Both sides --------------------------------------------------------------------------------------------


def test_both_sides_by_the_rules_and_by_the_schedule():
    assert asked("both sides with 12345").title == "Both sides: Joints"
    assert told("both sides with 12345") == {
        "By the rules": ["50 on one line of one unit, when Asleep: no; Side: Both"],
        "By the fee schedule": ["12345: indicator 1, 150 percent for both sides"],
    }
    assert cites("both sides with 12345") == {
        "By the rules": ["Joints version 1"],
        "By the fee schedule": ["Values, 12345"],
    }


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("12345", "indicator 1, 150 percent for both sides"),
        ("12346", "indicator 2, the value is for both sides already"),
        ("12347", "indicator 7, not explained"),
        ("23456", "indicator 0, no addition for both sides"),
    ],
)
def test_each_indicator_of_both_sides_in_words(code, words):
    assert told(f"both sides with {code}")["By the fee schedule"] == [f"{code}: {words}"]


def test_a_code_whose_answers_rule_both_sides_out_is_told_so():
    assert told("both sides with 12346")["By the rules"] == [
        "No answer with which 12346 is reported yields one for both sides."
    ]


def test_codes_whose_answers_all_rule_it_out_are_named_together():
    rules = [*RULES[:3], {**RULES[3], "outcome": "code", "code": "12348"}, RULES[4]]
    document = {**joints().table.to_document(), "family": [f"1234{n}" for n in range(5, 9)]}
    family = replace(joints(), table=RuleTable.from_document({**document, "rules": rules}))
    found = told("both sides with 12346 and 12348", known=knowledge(families=(family,)))
    assert found["By the rules"] == [
        "No answer with which 12346 or 12348 is reported yields one for both sides."
    ]


def test_of_several_codes_each_is_told_and_a_way_that_is_the_same_once():
    assert told("both sides with 12345 and 12347") == {
        "By the rules": ["50 on one line of one unit, when Asleep: no; Side: Both"],
        "By the fee schedule": [
            "12345: indicator 1, 150 percent for both sides",
            "12347: indicator 7, not explained",
        ],
    }


def test_codes_of_two_families_are_both_told():
    found = told("both sides with 12345 and 23456")
    assert asked("both sides with 12345 and 23456").title == "Both sides: Joints, Visits"
    assert found["By the rules"] == [
        "50 on one line of one unit, when Asleep: no; Side: Both",
        "No answer with which 23456 is reported yields one for both sides.",
    ]


def test_the_code_of_the_page_is_enough():
    assert asked("bilateral?", "12345").title == "Both sides: Joints"


@pytest.mark.parametrize(
    "text",
    [
        "both sides with 34567",
        "both sides with 12345, 34567",
        "both sides",
        "both sides with 12345 in 2024",
        "both sides with 12345-LT",
        "are both sides of it paid as one when he says so with 12345",
    ],
    ids=["no family", "one without", "no code", "a number", "a line", "too many words"],
)
def test_what_cannot_be_told_of_both_sides_is_not_answered(text):
    assert asked(text).intent != "both sides"


def test_a_value_that_is_not_loaded_and_one_that_the_schedule_lacks():
    assert told("both sides with 12345", known=UNLOADED)["By the fee schedule"] == [
        "No value loaded."
    ]
    assert cites("both sides with 12345", known=UNLOADED)["By the fee schedule"] == [
        "the tables loaded for 2026-05-04"
    ]
    only_visits = knowledge(families=(visits(),))
    assert told("both sides with 23457", known=only_visits)["By the fee schedule"] == [
        "No value loaded."
    ]
    assert cites("both sides with 23457", known=only_visits)["By the fee schedule"] == ["Values"]

"""What of a draft names a question: told before it is deleted or bears another key."""

import pytest

from coding.models import RuleSetVersion, WorkedCase
from coding.rules.draft_content import content_of_table
from coding.rules.fact_uses import _in_content, _in_lexicon, uses_of
from tests import said_rules, small_rules


def used_by(key, table=None):
    return list(_in_content(content_of_table(table or small_rules.table()), key))


def test_rules_modifiers_and_diagnoses_name_the_questions_of_their_conditions():
    table = small_rules.table(
        diagnoses=[{"codes": ["Q65.01", "Q65.02"], "rows": [{"held": {"in": [True]}}]}]
    )
    assert used_by("held", table) == [
        "rule R1",
        "rule R2",
        "modifier LT",
        "diagnoses Q65.01 Q65.02",
    ]
    assert used_by("drug", table) == ["rule R1", "rule R2"]


def test_a_rule_that_guards_a_question_names_it():
    content = content_of_table(small_rules.table())
    content["rules"][2]["guards"] = "drug held"
    assert list(_in_content(content, "held"))[:3] == ["rule R1", "rule R2", "rule R3"]


def test_a_question_that_is_derived_from_it_names_it():
    assert used_by("length", said_rules.table()) == ["question size, which is derived from it"]
    assert used_by("size", said_rules.table()) == ["rule SMALL", "rule LARGE"]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (
            {"lines": [{"code": "54321", "rows": [{"drug": {"in": ["sleep"]}}]}]},
            "lines, groups and facts of claim checks",
        ),
        ({"claim": {"minutes": {"fact": "drug"}}}, "lines, groups and facts of claim checks"),
        ({"meanings": {"drug": "anesthesia"}}, "what opens its services"),
    ],
)
def test_parts_that_are_kept_as_documents_are_told_as_a_whole(parts, words):
    content = content_of_table(small_rules.table())
    content["further"] = {name: part for name, part in parts.items() if name != "meanings"}
    content["opening"] = {name: part for name, part in parts.items() if name == "meanings"}
    assert list(_in_content(content, "drug"))[-1] == words
    assert words not in list(_in_content(content, "held"))


def test_a_question_whose_key_only_begins_alike_is_another():
    assert used_by("hel") == []
    assert used_by("nothing") == []


def test_phrases_and_worked_cases_are_told_by_their_number(people):
    draft = small_rules.draft(people, lexicon=small_rules.lexicon())
    assert uses_of(draft, "held")[-1] == "1 phrase of the lexicon"
    texts = ["held: yes\ndrug: none", "drug: none\n held : no", "upheld: yes", "drug: held"]
    WorkedCase.objects.bulk_create(
        WorkedCase(version=draft, case_id=f"V{number}", answers=text, outcome="code", code="27256")
        for number, text in enumerate(texts)
    )
    assert uses_of(draft, "held")[-2:] == ["1 phrase of the lexicon", "2 worked cases"]
    assert uses_of(draft, "upheld") == ["1 worked case"]
    draft.lexicon_terms.update(fact="held")
    draft.lexicon_frame = {"opens": ["held=yes"]}
    assert "what the lexicon says of all its phrases" in uses_of(draft, "held")
    assert "2 phrases of the lexicon" in uses_of(draft, "held")


def test_what_a_lexicon_says_of_all_its_phrases_is_told_once():
    version = RuleSetVersion(
        lexicon_frame={"opens": ["held=yes"], "prevails": {"held": {"yes": ["no"]}}}
    )
    assert _in_lexicon(version, "held")
    assert not _in_lexicon(version, "hel")
    assert not _in_lexicon(RuleSetVersion(), "held")
    version.lexicon_frame = {"findings": ["held"]}
    assert _in_lexicon(version, "held")

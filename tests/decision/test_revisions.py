"""What stands differently in two versions, rule by rule and cell by cell."""

import copy

from coding.decision import Revised, RuleTable, revisions
from tests import shipped_hip

HIP = shipped_hip.table()


def edited(edit) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    document = copy.deepcopy(HIP.to_document())
    edit(document)
    revised = revisions(HIP, RuleTable.from_document(document))
    return [
        (r.subject, r.what.value, [(e.place, e.before, e.after) for e in r.edits]) for r in revised
    ]


def rule(document: dict, rule_id: str) -> dict:
    return next(rule for rule in document["rules"] if rule["id"] == rule_id)


def test_equal_versions_have_none() -> None:
    assert edited(lambda document: None) == []


def test_a_changed_cell_is_told_in_words() -> None:
    def no_skin_traction(document: dict) -> None:
        rule(document, "R32")["rows"][0]["stabilization"]["in"].remove("skin_traction")

    [(subject, what, edits)] = edited(no_skin_traction)
    assert (subject, what) == ("R32", "changed")
    [(place, old, new)] = edits
    assert place == "Holding method"
    assert old.endswith(" or Skin traction")
    assert new == old.removesuffix(" or Skin traction")


def test_a_cell_that_came_or_went_reads_any() -> None:
    def no_anesthesia(document: dict) -> None:
        del rule(document, "R31")["rows"][0]["anesthesia"]

    assert edited(no_anesthesia) == [
        (
            "R31",
            "changed",
            [("Anesthesia", "Monitored anesthesia care or Regional or General", "any")],
        )
    ]


def test_a_rule_that_moved_is_named_and_not_those_that_it_passed() -> None:
    def first_last(document: dict) -> None:
        document["rules"].append(document["rules"].pop(0))

    assert edited(first_last) == [("R01", "moved", [])]


def test_added_and_removed_rules_facts_and_modifiers_are_named() -> None:
    def edit(document: dict) -> None:
        document["rules"].append({**document["rules"].pop(), "id": "R99"})
        document["facts"] = [fact for fact in document["facts"] if fact["key"] != "tenotomy"]
        document["modifiers"][0]["modifier"] = "59"

    assert edited(edit) == [
        ("fact tenotomy", "removed", []),
        ("R36", "removed", []),
        ("R99", "added", []),
        ("modifier 54", "removed", []),
        ("modifier 59", "added", []),
    ]


def test_an_alternative_that_was_added_is_told_in_full() -> None:
    def another_way(document: dict) -> None:
        rule(document, "R03")["rows"].append({"treatment": {"in": ["none"]}})

    assert edited(another_way) == [
        ("R03", "changed", [("alternative 2", "", "Treatment: Not treated")])
    ]


def test_a_changed_question_is_an_edit_of_its_fact() -> None:
    def ask_otherwise(document: dict) -> None:
        document["facts"][0]["question"] = "How was it treated?"
        document["facts"][0]["asked_first"] = True

    [(subject, what, edits)] = edited(ask_otherwise)
    assert (subject, what) == ("fact treatment", Revised.CHANGED)
    assert [(place, after) for place, _, after in edits] == [
        ("question", "How was it treated?"),
        ("asked first", "yes"),
    ]

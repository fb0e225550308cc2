"""What a draft keeps of what is typed into its grid: names, numbers and texts, and what it cannot keep."""

import pytest

from coding.actions.draft_changes import KINDS
from coding.actions.draft_rows import _value, _with_names, free_name, shown
from coding.actions.sent_changes import Malformed, Unwanted, number_of, object_of, text_of
from coding.models import Fact, Rule
from tests.coding.draft_changes import rows_of, small_draft, take

standing = small_draft


# Names ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "taken", "free"),
    [
        ("R1", ["R1", "R2", "R3"], "R4"),
        ("R1", ["R1", "R9", "R10"], "R11"),
        ("R01", ["R01", "R02"], "R03"),
        ("R09", ["R09"], "R10"),
        ("REST", ["REST"], "REST1"),
        ("REST", ["REST", "REST1"], "REST2"),
        ("R1", ["R1", "R2b", "Rx", "R"], "R2"),
        ("drug", ["drug", "drugs"], "drug1"),
        ("7", ["7"], "8"),
    ],
)
def test_a_copy_bears_the_name_with_the_next_number_that_is_free(name, taken, free):
    assert free_name(name, taken, 20) == free


def test_a_name_that_would_be_too_long_is_cut_and_is_never_that_of_another():
    assert free_name("ABCDE", ["ABCDE"], 5) == "ABCD1"
    assert free_name("ABCDE", ["ABCDE", "ABCD1"], 5) == "ABCD2"
    assert free_name("ABC99", ["ABC99"], 5) == "AB100"


def test_the_copy_of_a_rule_whose_name_fills_its_column_is_taken(people, standing):
    longest = "A" * 20
    standing.rules.filter(rule_id="R1").update(rule_id=longest)
    copy = {"kind": "add rule", "id": "new", "after": None, "texts": {"rule_id": longest}}
    assert take(people, standing, copy).untaken == ()
    assert rows_of(standing, "rules")[:2] == [f"{'A' * 19}1", longest]


# Numbers -------------------------------------------------------------------------------------------


def kept(name, sent, row=None):
    return _value(row or Fact(), name, sent)


def refused(name, sent, row=None):
    with pytest.raises(Unwanted) as refusal:
        kept(name, sent, row)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("name", "sent", "number"),
    [
        ("minimum", "12", 12),
        ("minimum", 12, 12),
        ("minimum", " -3 ", -3),
        ("minimum", "", None),
        ("maximum", None, None),
        ("decimals", "", 0),
        ("maximum", str(2**31 - 1), 2**31 - 1),
        ("minimum", str(-(2**31)), -(2**31)),
        ("decimals", "32767", 32767),
    ],
)
def test_a_number_is_kept_as_it_is_and_none_is_none(name, sent, number):
    assert kept(name, sent) == number


@pytest.mark.parametrize("sent", ["two", "1.5", "1,000", [1], {}])
def test_what_is_no_whole_number_is_refused_as_it_was_typed(sent):
    assert refused("minimum", sent) == f"Minimum is a whole number, not “{sent}”."


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("minimum", 2**31),
        ("maximum", -(2**31) - 1),
        ("decimals", -1),
        ("decimals", 32768),
    ],
)
def test_a_number_that_no_column_holds_is_refused(name, sent):
    assert refused(name, sent) == f"{name.capitalize()}: {sent} is out of range."


def test_of_changes_in_one_go_one_that_cannot_be_kept_takes_no_other_along(people, standing):
    held = standing.facts.get(key="held")
    change = {"kind": "fact text", "fact_id": held.pk, "field": "decimals", "was": 0, "text": "-1"}
    title = {**change, "field": "label", "was": "Held", "text": "Held fast"}
    [untaken] = take(people, standing, change, title).untaken
    assert (untaken.number, untaken.words) == (0, "Decimals: -1 is out of range.")
    held.refresh_from_db()
    assert (held.decimals, held.label) == (0, "Held fast")


# Texts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("  A title ", "A title"),
        ("a\x00b", "ab"),
        ("a\r\nb", "a\nb"),
        (None, ""),
        (5, "5"),
        ("", ""),
    ],
)
def test_a_text_is_kept_without_what_no_column_holds(sent, text):
    assert kept("message", sent, Rule()) == text


def test_a_text_that_is_too_long_or_none_of_a_list_is_refused_with_its_column():
    assert refused("title", "x" * 121, Rule()).startswith("Title: Ensure this value has at most")
    assert refused("outcome", "maybe", Rule()) == "Outcome: Value 'maybe' is not a valid choice."
    assert refused("key", "two words").startswith("Key: Enter a valid “slug”")
    assert kept("title", "x" * 120, Rule()) == "x" * 120


@pytest.mark.parametrize("sent", [True, "yes", "true", "True"])
def test_a_question_is_asked_first_where_the_cell_says_yes(sent):
    assert kept("asked_first", sent) is True


@pytest.mark.parametrize("sent", [False, "no", "", None, 1, "YES"])
def test_and_in_its_turn_where_it_says_anything_else(sent):
    assert kept("asked_first", sent) is False


def test_what_is_empty_is_shown_as_an_empty_text():
    assert (shown(None), shown(0), shown(False), shown("a")) == ("", 0, False, "a")


# The history ---------------------------------------------------------------------------------------


def test_the_history_names_the_first_five_rules_of_a_change():
    assert _with_names("rule R1 added", []) == "rule R1 added"
    assert _with_names("title", ["R1", "R2"]) == "title of R1, R2"
    five = ["R1", "R2", "R3", "R4", "R5"]
    assert _with_names("cell", five) == "cell of R1, R2, R3, R4, R5"
    assert _with_names("cell", [*five, "R6"]) == "cell of R1, R2, R3, R4, R5 …"


# What no page of ours sends ------------------------------------------------------------------------


def test_each_part_of_a_change_is_what_it_has_to_be_or_the_change_is_malformed():
    assert text_of({}, "text") == ""
    assert text_of({"text": "a"}, "text") == "a"
    assert number_of({"row": 0}, "row") == 0
    assert object_of({}, "was") == {}
    for wrong in (5, None, ["a"]):
        with pytest.raises(Malformed, match=r"^text is a text\.$"):
            text_of({"text": wrong}, "text")
        with pytest.raises(Malformed, match=r"^was is an object\.$"):
            object_of({"was": wrong}, "was")
    for wrong in (-1, "1", True, None, 1.0):
        with pytest.raises(Malformed, match=r"^row is a whole number\.$"):
            number_of({"row": wrong}, "row")


def test_a_kind_that_is_none_names_those_that_are(people, standing):
    for change in ({"kind": "burn"}, {"kind": []}, {}, "no object", 5):
        [untaken] = take(people, standing, change).untaken
        assert untaken.words == f"A change is one of {', '.join(KINDS)}."
        assert (untaken.now, untaken.by) == (None, "")


# What somebody else did meanwhile ------------------------------------------------------------------


def test_what_was_deleted_or_parted_otherwise_meanwhile_is_told_with_who_did_it(people, standing):
    first, other = people["rule author", 0], standing.facts.get(key="drug")
    cell = {"kind": "cell", "rule": 0, "row": 0, "of": 1, "fact": "drug", "was": "", "text": "none"}
    gone = {"kind": "fact text", "fact_id": 0, "field": "label", "was": "", "text": "A"}
    rules = {"kind": "rows", "rule": standing.rules.get(rule_id="R1").pk, "was": [{}], "rows": [{}]}
    two = {**cell, "rule": rules["rule"], "of": 2}
    label = {**gone, "fact_id": other.pk, "was": "Drog", "text": "Drugs"}
    take(people, standing, {**label, "was": "Drug", "text": "Any drug"})
    untaken = take(people, standing, cell, gone, rules, two, label, who=1, seen=1).untaken
    assert [own.words for own in untaken] == [
        "The rule was deleted meanwhile.",
        "The question was deleted meanwhile.",
        "The alternatives of R1 are others by now.",
        "The alternatives of R1 are others by now.",
        "drug, label, says something else by now.",
    ]
    assert {own.by for own in untaken} == {first.name}
    assert untaken[2].now == [{"held": "yes", "drug": "none"}]
    assert untaken[4].now == "Any drug"

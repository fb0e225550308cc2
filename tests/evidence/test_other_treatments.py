"""What seems to tell of a treatment before today's: what stays of it, and what is moot."""

from collections.abc import Iterator

from coding.evidence import Lexicon, Statement, read
from tests.evidence.lexicons import lexicon

ROWS = [
    {"phrase": "reduced", "fact": "manipulation", "value": "performed"},
    {"phrase": "repeated", "fact": "course", "value": "repeat"},
    {
        "phrase": "again",
        "fact": "course",
        "value": "same_day",
        "strength": "clue",
        "against": "silence",
    },
    {"phrase": "by another", "fact": "course", "against": "repeat|silence"},
]
RULES = {"acts": ["manipulation=performed"], "again": ["course=repeat"]}
COURSES = lexicon(*ROWS, events=RULES, operative=["manipulation"])


def of_the_course(note: str, of: Lexicon = COURSES) -> Iterator[Statement]:
    return (each for each in read(of, note).statements if each.fact == "course")


def test_a_clue_beside_the_last_act_is_moot_where_nothing_else_tells_of_another() -> None:
    assert list(of_the_course("It was reduced again.")) == []


def test_a_clue_that_names_another_treatment_itself_stays() -> None:
    named = {"phrase": "anew", "fact": "course", "value": "repeat", "against": "silence"}
    naming = lexicon(*ROWS, named | {"strength": "clue"}, events=RULES, operative=["manipulation"])

    assert [each.phrase for each in of_the_course("It was reduced anew.", naming)] == ["anew"]


def test_a_clue_stays_beside_what_tells_of_another_treatment() -> None:
    note = "It was reduced. Repeated. It was reduced again."

    assert [each.phrase for each in of_the_course(note)] == ["repeated", "again"]


def test_a_clue_stays_where_an_act_is_told_behind_it() -> None:
    note = "It was reduced again. It was reduced."

    assert [each.phrase for each in of_the_course(note)] == ["again"]


def test_another_treatment_of_another_day_leaves_open_how_today_s_stands_to_it() -> None:
    [earlier] = of_the_course("Last month repeated.")

    assert (earlier.value, earlier.asserts) == ("", None)
    assert earlier.against == {"silence"}
    assert earlier.counts


def test_another_treatment_of_today_says_what_it_says() -> None:
    [today] = of_the_course("Repeated today.")

    assert (today.value, today.asserts) == ("repeat", "repeat")


def test_what_was_not_done_on_another_day_says_nothing_of_today() -> None:
    [denied] = of_the_course("Last month not repeated.")

    assert denied.against == frozenset()
    assert not denied.counts


def test_who_treated_is_doubtful_unless_that_one_failed() -> None:
    assert [each.phrase for each in of_the_course("Reduced by another.")] == ["by another"]
    assert list(of_the_course("An attempt by another failed.")) == []


def test_a_lexicon_without_rules_for_events_keeps_every_statement() -> None:
    without = lexicon(*ROWS)

    assert [each.phrase for each in of_the_course("It was reduced again.", without)] == ["again"]
    assert [each.value for each in of_the_course("Last month repeated.", without)] == ["repeat"]

"""What would flip a decision: every single answer, or every pair where no single one does."""

from itertools import combinations, product

from hypothesis import given, settings

from coding.decision import Facts, Flip, Known, OutcomeKind, RuleTable, flips, possible_outcomes
from tests import shipped_hip
from tests.decision import tables as make

HIP = shipped_hip.table()


def hip(**changes: str) -> Facts:
    texts = {**shipped_hip.PAVLIK, **changes}
    answers = {key: HIP.fact_by_key[key].answer_from_text(text) for key, text in texts.items()}
    return {key: answer for key, answer in answers.items() if answer is not None}


def in_short(changes: tuple[Flip, ...]) -> dict[tuple[str, str], list[str]]:
    return {
        (change.label, change.needed): [outcome.name for outcome in flip.outcomes]
        for flip in changes
        for change in flip.changes
    }


def test_it_names_every_answer_that_would_give_another_outcome_and_which() -> None:
    changes = in_short(flips(HIP, hip()))
    assert changes["Manipulation", "Manipulated"] == ["supervisor review"]
    assert changes["Side", "Right"] == ["27256-RT"]
    assert changes["Holding method", "Skeletal traction or Spica or other cast"] == [
        "supervisor review"
    ]
    assert changes["Treatment", "Not treated"] == ["no family code"]
    assert all(len(flip.changes) == 1 for flip in flips(HIP, hip()))


def test_where_more_would_have_to_be_asked_it_names_all_that_is_then_possible() -> None:
    [opened] = [
        names for (label, needed), names in in_short(flips(HIP, hip())).items() if needed == "Open"
    ]
    assert set(opened) == {"27258-LT", "27259-LT", "provider query"}


def colours(*rules: dict) -> RuleTable:
    return make.table(
        [make.fact("colour"), make.fact("shape")], [*rules, make.rule("REST", {}, code="00001")]
    )


def test_where_no_single_answer_flips_it_names_the_pairs_that_do() -> None:
    table = colours(make.rule("BOTH", {"colour": {"in": ["red"]}, "shape": {"in": ["red"]}}))
    [flip] = flips(table, {"colour": Known("blue"), "shape": Known("blue")})
    assert [(change.label, change.given, change.needed) for change in flip.changes] == [
        ("Colour", "Blue", "Red"),
        ("Shape", "Blue", "Red"),
    ]
    assert [outcome.kind for outcome in flip.outcomes] == [OutcomeKind.SUPERVISOR_REVIEW]


def test_an_outcome_that_nothing_changes_has_no_flips() -> None:
    assert flips(colours(), {"colour": Known("red")}) == ()


@settings(max_examples=40)
@given(make.tables(), make.answers(complete=True))
def test_it_finds_a_flip_of_one_or_two_answers_exactly_where_there_is_one(
    table: RuleTable, facts: Facts
) -> None:
    present = possible_outcomes(table, facts)
    changes = flips(table, facts)
    sizes = [
        size
        for size in (1, 2)
        if any(
            possible_outcomes(table, {**facts, **dict(zip(keys, answers, strict=True))}) != present
            for keys in combinations(facts, size)
            for answers in product(*(make.ANSWERS[key] for key in keys))
        )
    ]
    assert {len(flip.changes) for flip in changes} == set(sizes[:1])
    assert all(flip.outcomes != present for flip in changes)

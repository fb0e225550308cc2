"""Repeated groups: rows that are alike in some facts are one service with one number."""

from typing import Any

import pytest

from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    FactValue,
    Known,
    RuleTable,
    asked_in_rows,
    decide,
    errors,
    grouped_services,
    services,
    verify,
)
from tests.decision import tables as make

SITE = make.fact("colour")
LENGTH = make.fact("length", "whole_number", minimum=1, maximum=100, unit="cm", decimals=1)
RULES = [
    make.rule("SHORT", {"length": {"between": [1, 25]}}, code="00001"),
    make.rule("LONG", {"length": {"between": [26, None]}}, code="00002"),
    make.rule("ASK", {}),
]
GROUP = {
    "key": "wounds",
    "label": "Wounds",
    "alike": ["colour"],
    "aggregate": "sum",
    "fact": "length",
}
RED, BLUE = Known("red"), Known("blue")


def table(**more: Any) -> RuleTable:
    return make.table([SITE, LENGTH], RULES, groups=[{**GROUP, **more}])


def rows(*pairs: tuple[FactValue, FactValue]) -> list[dict[str, FactValue]]:
    return [{"colour": colour, "length": length} for colour, length in pairs]


def numbers(
    own: RuleTable, *pairs: tuple[FactValue, FactValue]
) -> list[tuple[FactValue, FactValue, tuple[int, ...]]]:
    made = services(own.groups[0], own.fact_by_key, rows(*pairs))
    return [(service.facts["colour"], service.facts["length"], service.rows) for service in made]


def test_rows_that_are_alike_are_one_service_with_their_sum() -> None:
    made = services(
        table().groups[0],
        table().fact_by_key,
        rows((RED, Known(20)), (BLUE, Known(9)), (RED, Known(6))),
    )
    assert [(service.facts, service.rows) for service in made] == [
        ({"colour": RED, "length": Known(26)}, (1, 3)),
        ({"colour": BLUE, "length": Known(9)}, (2,)),
    ]
    assert [decide(table(), service.facts).rule_id for service in made] == ["LONG", "SHORT"]


def test_they_may_give_their_count_or_the_largest() -> None:
    pairs = (RED, Known(20)), (RED, Known(6))
    assert numbers(table(aggregate="count"), *pairs) == [(RED, Known(2), (1, 2))]
    assert numbers(table(aggregate="largest"), *pairs) == [(RED, Known(20), (1, 2))]


def test_a_number_that_is_documented_two_ways_prevails_over_one_that_is_not_documented() -> None:
    silent = (RED, NOT_DOCUMENTED)
    assert numbers(table(), (RED, Known(1)), silent)[0][1] is NOT_DOCUMENTED
    assert numbers(table(), silent, (RED, CONFLICTING))[0][1] is CONFLICTING


def test_rows_in_which_the_same_is_silent_are_alike() -> None:
    assert numbers(table(), (NOT_DOCUMENTED, Known(1)), (NOT_DOCUMENTED, Known(2))) == [
        (NOT_DOCUMENTED, Known(3), (1, 2))
    ]


def test_a_sum_out_of_range_is_refused_with_its_rows() -> None:
    with pytest.raises(
        errors.UnknownValue,
        match=r"Length: 10\.1 in rows 1, 2 is out of its range, 0\.1 to 10\.0 cm",
    ):
        numbers(table(), (RED, Known(100)), (RED, Known(1)))


def test_a_row_that_lacks_an_answer_is_refused_by_its_number() -> None:
    with pytest.raises(errors.UnknownValue, match="Row 2: Length has no answer"):
        services(table().groups[0], table().fact_by_key, [*rows((RED, Known(1))), {"colour": RED}])


@pytest.mark.parametrize(
    ("groups", "error", "words"),
    [
        (
            [GROUP, {**GROUP, "fact": "length", "aggregate": "count"}],
            errors.DuplicateId,
            "“wounds” stands there twice",
        ),
        (
            [GROUP, {**GROUP, "key": "cuts"}],
            errors.DuplicateId,
            "length is given by another group already",
        ),
        ([{**GROUP, "fact": "depth"}], errors.DanglingFact, "there is no fact “depth”"),
        (
            [{**GROUP, "fact": "colour", "alike": []}],
            errors.UnsuitableTest,
            "colour has to be a number",
        ),
        (
            [{**GROUP, "aggregate": "mean"}],
            errors.WrongType,
            "“mean” is none of count, sum, largest",
        ),
    ],
)
def test_it_refuses_groups_that_cannot_be_meant(
    groups: list[Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        make.table([SITE, LENGTH], RULES, groups=groups)


def test_the_document_keeps_the_groups() -> None:
    document = table().to_document()
    assert document["groups"] == [GROUP]
    assert RuleTable.from_document(document).to_document() == document


SITES = [{"value": own, "label": own.title()} for own in ("arm", "leg", "face")]
BY_PART: dict[str, Any] = {
    "facts": [
        {"key": "site", "kind": "choice", "label": "Site", "question": "Where?", "choices": SITES},
        {
            "key": "part",
            "kind": "choice",
            "label": "Part",
            "choices": [{"value": "face", "label": "Face"}, {"value": "limb", "label": "Limb"}],
            "derived": [
                {"value": "face", "rows": [{"site": {"in": ["face"]}}]},
                {"value": "limb", "rows": [{}]},
            ],
        },
        make.fact("age", "whole_number", minimum=0, maximum=90),
    ],
    "groups": [
        {"key": "wounds", "label": "Wounds", "alike": ["part"], "aggregate": "sum", "fact": "age"}
    ],
}


def test_rows_may_be_alike_in_what_a_derived_fact_says_of_them() -> None:
    own = make.table(BY_PART["facts"], [make.rule("R", {})], groups=BY_PART["groups"])
    assert [fact.key for fact in asked_in_rows(own, own.groups[0])] == ["site", "age"]
    answers = [("arm", 3), ("face", 4), ("leg", 5)]
    given = [{"site": Known(site), "age": Known(age)} for site, age in answers]
    limb, face = grouped_services(own, own.groups[0], given)
    assert (limb.facts, limb.rows) == ({"site": Known("arm"), "age": Known(8)}, (1, 3))
    assert (face.facts, face.rows) == ({"site": Known("face"), "age": Known(4)}, (2,))
    assert not [finding for finding in verify(own) if finding.fact == "part"]


def test_rows_may_be_alike_by_what_the_record_gives_beside_what_they_answer() -> None:
    site, part, age = BY_PART["facts"]
    small = {
        "key": "child",
        "kind": "yes_no",
        "label": "Child",
        "question": "A child?",
        "source": "record",
    }
    lines = [
        {"value": "face", "rows": [{"child": {"in": [True]}}, {"site": {"in": ["face"]}}]},
        part["derived"][1],
    ]
    own = make.table(
        [small, site, {**part, "derived": lines}, age],
        [make.rule("R", {})],
        groups=BY_PART["groups"],
    )
    given = [{"site": Known("face"), "age": Known(3)}, {"site": Known("leg"), "age": Known(4)}]
    for child, numbers_of_rows in ((True, [(1, 2)]), (False, [(1,), (2,)])):
        entered = grouped_services(own, own.groups[0], given, {"child": Known(child)})
        assert [service.rows for service in entered] == numbers_of_rows


def test_what_makes_rows_alike_is_not_derived_from_their_number() -> None:
    site, part, age = BY_PART["facts"]
    lines = [{"value": "face", "rows": [{"age": {"between": [5, None]}}]}, part["derived"][1]]
    with pytest.raises(
        errors.UnsuitableTest, match="part is derived from age, so a sum would change which rows"
    ):
        make.table(
            [site, age, {**part, "derived": lines}], [make.rule("R", {})], groups=BY_PART["groups"]
        )


def test_a_derived_number_or_one_from_the_record_is_no_part_of_a_row() -> None:
    site, _, age = BY_PART["facts"]
    groups = [{**BY_PART["groups"][0], "alike": ["site"]}]
    with pytest.raises(errors.UnsuitableTest, match="neither asked nor derived"):
        make.table([site, {**age, "source": "record"}], [make.rule("R", {})], groups=groups)

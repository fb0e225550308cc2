"""How the profiles of a run end under the new version, and how they are counted together."""

import pytest

from coding.decision import Decision, DecisionError, FactError, Line, Outcome, OutcomeKind
from reviews.models import Ending
from reviews.reevaluation.deciding import EndingKind, Endings
from reviews.reevaluation.planning import _parts as parts

CODE = OutcomeKind.CODE


def decided(code="12345", *modifiers, rule="R1", kind=CODE, lines=()):
    return Decision(Outcome(kind, code, modifiers, "So it is.", tuple(lines)), rule)


def stored(*reports):
    """Suggestions as the plan reads them: id, report, answers."""
    return [(pk, report, b"") for pk, report in enumerate(reports, start=1)]


def ending_of(old, result):
    return EndingKind.of(old, result)


def test_what_reports_the_same_keeps_its_outcome_whatever_rule_speaks():
    kept = ending_of("12345-LT", decided("12345", "LT", rule="R9"))
    assert (kept.ending, kept.report, kept.code, kept.rule) == (
        Ending.SAME,
        "12345-LT",
        "12345",
        "R9",
    )


def test_modifiers_that_only_stand_in_another_order_are_the_same_report():
    assert ending_of("12345-53-LT", decided("12345", "LT", "53")).ending == Ending.SAME


@pytest.mark.parametrize(
    "result",
    [
        decided("54321", "LT"),
        decided("12345", "RT"),
        decided("12345"),
        decided("12345", "LT", lines=[Line("54321", 2)]),
        decided("", kind=OutcomeKind.PROVIDER_QUERY),
    ],
    ids=["code", "side", "no modifier", "a further line", "a query"],
)
def test_another_report_is_another_outcome(result):
    assert ending_of("12345-LT", result).ending == Ending.OTHER


def test_an_outcome_that_is_no_code_is_told_by_its_kind_and_names_none():
    asks = ending_of("12345-LT", decided("", kind=OutcomeKind.PROVIDER_QUERY, rule="ASK"))
    assert (asks.report, asks.code, asks.rule) == ("provider_query", "", "ASK")


def test_what_the_version_asks_and_nobody_answered_is_told_apart_with_the_questions():
    open_now = ending_of("12345-LT", Decision(None, None, ("drug", "held")))
    assert (open_now.ending, open_now.report) == (Ending.UNANSWERED, "")
    assert open_now.problem == "Not answered: drug, held"


@pytest.mark.parametrize("error", [DecisionError, FactError])
def test_what_cannot_be_decided_is_an_error_with_its_words_cut_to_their_room(error):
    failed = ending_of("12345-LT", error("x" * 400))
    assert (failed.ending, failed.report) == (Ending.ERROR, "")
    assert failed.problem == "x" * 300


def test_each_suggestion_is_counted_to_how_it_ended():
    endings = Endings(run_id=1)
    same, other = decided("12345"), decided("54321", rule="R2")
    endings.add(stored("12345", "12345", "54321"), [same, other, other])
    kinds = {place: kind.ending for kind, place in endings.kinds.items()}
    assert [kinds[endings.place_of[pk]] for pk in (1, 2, 3)] == [
        Ending.SAME,
        Ending.OTHER,
        Ending.SAME,
    ]


def test_what_ends_alike_is_one_kind_however_many_portions_it_comes_in():
    endings = Endings(run_id=1)
    endings.add([(1, "12345", b"")], [decided("54321")])
    endings.add([(2, "12345", b""), (3, "12345", b"")], [decided("54321"), decided("54321")])
    assert len(endings.kinds) == 1
    assert set(endings.place_of.values()) == {0}


def test_the_same_result_ends_otherwise_beside_another_old_report():
    endings = Endings(run_id=1)
    result = decided("54321")
    endings.add(stored("12345", "54321"), [result, result])
    assert [kind.ending for kind in endings.kinds] == [Ending.OTHER, Ending.SAME]


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (3, [3]), (4, [3, 1]), (6, [3, 3])]
)
def test_a_plan_is_cut_into_whole_parts_and_a_rest_without_losing_any(count, sizes):
    items = list(range(count))
    portions = list(parts(items, 3))
    assert [len(portion) for portion in portions] == sizes
    assert [item for portion in portions for item in portion] == items

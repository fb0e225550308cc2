"""What a finished run found, as its page sums it up: endings, flips, and what they are worth."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from coding.models import RuleSetVersion, VersionState
from reviews.models import Ending, ReevaluationRun, RunCell
from reviews.reevaluation.report import Report


def cell(old, new, ending=Ending.OTHER, *, profiles=1, services=1, **values):
    return RunCell(old=old, new=new, ending=ending, profiles=profiles, services=services, **values)


KEPT = cell("12345", "12345", Ending.SAME, profiles=3, services=30)
UP = cell("12345", "54321", profiles=2, services=5, work_up=Decimal("1.50"), total_up=Decimal(3))
DOWN = cell("54321", "12345", services=4, work_down=Decimal("0.50"), unvalued=1)
OPEN = cell("12345", "", Ending.UNANSWERED, services=2)
FAILED = cell("12345", "", Ending.ERROR)


def report(*cells, **run):
    """Of a run whose matrix has these fields."""
    matrix = SimpleNamespace(order_by=lambda *names: list(cells))
    return Report(SimpleNamespace(cells=matrix, **run))


def test_what_changes_stands_apart_from_what_is_kept():
    found = report(KEPT, UP, OPEN, FAILED)
    assert found.kept == [KEPT]
    assert found.changes == [UP, OPEN, FAILED]


def test_each_way_to_end_is_told_with_its_profiles_and_services_even_where_none_did():
    assert report(KEPT, UP, DOWN, OPEN).endings == [
        ("Same outcome", 3, 30),
        ("Other outcome", 3, 9),
        ("Needs answers that were never given", 1, 2),
        ("Error", 0, 0),
    ]


def test_flips_are_services_that_get_another_outcome_and_nothing_else():
    assert report(KEPT, UP, DOWN, OPEN, FAILED).flips == 9
    assert report(KEPT, OPEN, FAILED).flips == 0


def test_gains_and_losses_are_summed_apart_and_never_against_each_other():
    assert report(KEPT, UP, DOWN).worth == {
        "work_up": Decimal("1.50"),
        "work_down": Decimal("0.50"),
        "total_up": Decimal(3),
        "total_down": Decimal(0),
        "unvalued": 1,
    }


def test_a_run_is_valued_where_a_list_tells_the_worth_of_some_flip():
    all_unvalued = cell("12345", "54321", services=5, unvalued=5)
    assert report(UP, all_unvalued).is_valued
    assert not report(all_unvalued).is_valued
    assert not report(KEPT).is_valued


@pytest.mark.parametrize(
    ("ending", "unvalued", "is_valued"),
    [(Ending.OTHER, 4, True), (Ending.OTHER, 5, False), (Ending.SAME, 0, False)],
)
def test_a_field_is_valued_where_some_of_its_services_are(ending, unvalued, is_valued):
    assert cell("12345", "54321", ending, services=5, unvalued=unvalued).is_valued is is_valued


@pytest.mark.parametrize(
    ("state", "document", "is_applicable"),
    [
        (VersionState.PUBLISHED, 1, True),
        (VersionState.PUBLISHED, 2, False),
        (VersionState.DRAFT, 1, False),
        (VersionState.RETIRED, 1, False),
    ],
    ids=["published", "edited since", "a draft", "retired"],
)
def test_cases_are_opened_of_what_is_published_as_it_was_run(state, document, is_applicable):
    version = RuleSetVersion(state=state, document_id=document)
    assert Report(ReevaluationRun(version=version, document_id=1)).applicable is is_applicable

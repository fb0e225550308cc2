"""A row of the file that lists what a run changes: both outcomes, why, and what it says of the final code."""

from datetime import date
from types import SimpleNamespace

import pytest

from coding.models import Encounter, User
from reviews.models import Ending
from reviews.reevaluation import listing

CARLA = User(pk=1, first_name="Carla", last_name="Bishop")


def change(**values):
    """A service as the list reads it, with what the run makes of it."""
    usual = {
        "encounter": Encounter(source="his", external_id="V-1"),
        "number": 2,
        "day": date(2026, 5, 4),
        "payer": "Northern",
        "assigned_to": CARLA,
        "state": "final",
        "suggestion_id": 1,
        "ending": Ending.OTHER,
        "old_report": "12345-LT",
        "old_rule": "R1",
        "new_report": "54321-LT",
        "new_rule": "R2",
        "problem": "",
        "final_report": None,
        "final_ruling": None,
    }
    return SimpleNamespace(**{**usual, **values})


@pytest.fixture
def explained(monkeypatch):
    """What was asked to be explained: costly, so once for what is alike."""
    asked = []

    def deciding(run, service):
        asked.append((service.suggestion_id, service.new_rule))
        return "Held: yes"

    monkeypatch.setattr(listing, "deciding", deciding)
    return asked


def rows(*changes):
    return [dict(zip(listing.COLUMNS, row, strict=True)) for row in listing.rows(None, changes)]


def test_a_row_says_which_service_what_it_was_and_what_it_becomes(explained):
    assert rows(change()) == [
        {
            "source": "his",
            "external_id": "V-1",
            "service": "2",
            "date_of_service": "2026-05-04",
            "payer": "Northern",
            "coder": "Carla Bishop",
            "state": "final",
            "ending": "other",
            "old_outcome": "12345-LT",
            "old_rule": "R1",
            "new_outcome": "54321-LT",
            "new_rule": "R2",
            "deciding": "Held: yes",
            "final_code": "",
            "contradicts_final_code": "no",
            "ruled_by_supervisor": "no",
        }
    ]


@pytest.mark.parametrize(
    ("ending", "final", "contradicts"),
    [
        (Ending.OTHER, "12345-LT", "yes"),
        (Ending.OTHER, "54321-LT", "no"),
        (Ending.OTHER, None, "no"),
        (Ending.UNANSWERED, "12345-LT", "no"),
        (Ending.ERROR, "12345-LT", "no"),
    ],
    ids=["another", "the new one already", "none", "not answered", "not decided"],
)
def test_a_final_code_is_contradicted_by_another_outcome_and_by_nothing_else(
    explained, ending, final, contradicts
):
    [row] = rows(change(ending=ending, final_report=final))
    assert (row["final_code"], row["contradicts_final_code"]) == (final or "", contradicts)


def test_a_final_code_that_a_supervisor_ruled_is_told_apart(explained):
    [row] = rows(change(final_report="12345-LT", final_ruling=7))
    assert row["ruled_by_supervisor"] == "yes"


def test_what_nobody_took_has_no_coder(explained):
    [row] = rows(change(assigned_to=None))
    assert row["coder"] == ""


def test_what_is_alike_is_explained_once(explained):
    rows(change(), change(number=3), change(new_rule="R3"), change(suggestion_id=2))
    assert explained == [(1, "R2"), (1, "R3"), (2, "R2")]


@pytest.mark.parametrize("ending", [Ending.UNANSWERED, Ending.ERROR])
def test_what_has_no_new_outcome_says_the_problem_in_its_place(ending):
    [row] = rows(change(ending=ending, problem="Not answered: drug"))
    assert row["deciding"] == "Not answered: drug"

"""What a person is told once it is done: columns kept or forgotten, an encounter outside of work, a proposal decided.

The views are asked straight; their pages have files of their own.
"""

import re
import uuid

import pytest
from django.http import Http404

from coding.actions import accounts
from coding.actions import mappings as mapping_actions
from coding.importing.doubled_rows import DoubledId
from coding.intake.records import ServiceLineRecord
from coding.models import AccountProposal, SourceLayout, UploadRow
from coding.views import doubled_rows, duties, glass, mappings
from tests import factories
from tests.straight import asked, sent, told

COLUMNS = {
    "external_id": "Visit",
    "patient_reference": "MRN",
    "date_of_service": "Seen on",
    "place_of_service": "Room",
    "provider": "Doctor",
    "note": "Text",
}


def done(view, person, *key, **data):
    """What a person is told who sent a form, and where they are led."""
    request = sent(person, idempotency_key=uuid.uuid4(), **data)
    response = view(request, *key)
    assert response.status_code == 302, getattr(response, "context_data", response.content)
    return told(request), response.url


# Columns of a system.


def test_kept_columns_count_for_the_next_files_and_forgotten_ones_are_matched_anew(people):
    coder = people["coder"]
    layout = {"columns": COLUMNS, "date_order": "ymd", "numbered": {}, "sheet": ""}
    kept = SourceLayout.objects.create(
        source="his", layout=layout, headers=list(COLUMNS.values()), matched_by=coder
    )
    as_read = mapping_actions.state_of(kept)
    said = done(mappings.mapping, coder, "his", date_order="dmy", as_read=as_read, **COLUMNS)
    assert said == (["The next files of his are read this way."], kept.get_absolute_url())
    kept.refresh_from_db()
    assert kept.layout["date_order"] == "dmy"

    assert done(mappings.forget_mapping, coder, "his") == (
        ["The columns of the next file of his are matched anew."],
        "/uploads/mappings/",
    )
    with pytest.raises(Http404):
        mappings.mapping(asked(coder), "his")


# An id that stands in a file twice.


def test_the_item_that_counts_is_told_by_its_place_or_that_none_does():
    rows = tuple(UploadRow(number=number, place=f"row {number}") for number in (3, 4))
    doubled = DoubledId("V-1", rows, 0, (), False)
    assert doubled_rows.row_in_words(doubled, 4) == "the item at row 4 counts."
    assert doubled_rows.row_in_words(doubled, None) == "all its items are rejected."


# An encounter outside of one's work.


def test_an_encounter_outside_of_work_is_open_until_a_time_that_is_told(people, settings):
    settings.CODERS_SEE, settings.BREAK_GLASS_HOURS = "own", 1
    encounter = factories.visit(people, ServiceLineRecord("12345"), external_id="V-7")
    encounter.services.update(assigned_to=people["coder"])
    said, address = done(
        glass.break_glass, people["coder", 2], external_id="V-7", reason="The patient called."
    )
    assert address == encounter.get_absolute_url()
    assert re.fullmatch(r"The encounter is open to you until \d{4}-\d\d-\d\d \d\d:\d\d\.", said[0])


def test_where_nothing_lies_outside_there_is_no_such_page(people, settings):
    settings.CODERS_SEE = "all"
    with pytest.raises(Http404):
        glass.break_glass(asked(people["coder"]))


# A proposal for an account.


@pytest.fixture
def proposal(people):
    somebody = people["rule author"]
    return accounts.propose_role(people["administrator"], somebody, "supervisor")


def decided(person, proposal, **data):
    request = sent(person, **data)
    response = duties.proposal(request, proposal.public_id)
    return told(request), response.url


def test_a_refused_proposal_and_one_that_is_taken_back_say_so(people, proposal):
    other = people["administrator", 2]
    refused = decided(other, proposal, verb="refuse", reason="They are leaving.")
    assert refused == (["The proposal is refused."], "/duties/")

    again = accounts.propose_role(people["administrator"], proposal.person, "supervisor")
    withdrawn = decided(people["administrator"], again, verb="withdraw")
    assert withdrawn == (["The proposal is withdrawn."], "/duties/")


def test_an_approved_role_is_told_with_whose_it_is_now(people, proposal, settings):
    settings.SIGN_AGAIN = False
    said, address = decided(people["administrator", 2], proposal, verb="approve")
    assert said == [f"{proposal.person.name} is supervisor now."]
    assert address == "/duties/"
    assert AccountProposal.objects.get().state != proposal.state

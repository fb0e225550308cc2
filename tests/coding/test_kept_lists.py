"""What every long list has: columns to choose, filters kept under names, the one it opens with, and its file."""

import uuid
from dataclasses import replace
from types import SimpleNamespace

import django_filters
import pytest
from django import forms
from django.http import Http404, QueryDict

from coding.actions import encounters
from coding.actions import lists as actions
from coding.actions.errors import Conflict, NotAllowed
from coding.models import Encounter, SavedFilter
from coding.views import lists
from coding.views.columns import (
    Column,
    as_texts,
    chosen_columns,
    in_cells,
    keys_of,
    usual_columns,
)
from coding.views.filters import CleanTextFilter, ListFilter
from coding.views.lists import KeptList
from tests import factories
from tests.straight import asked, sent

ID = Column("id", "Id", lambda row: [row.name], fixed=True)
PAYER = Column("payer", "Payer", lambda row: [row.payer])
CODES = Column("codes", "Codes", lambda row: row.codes, usual=False)
COLUMNS = (ID, PAYER, CODES)
WORKLIST = KeptList("worklist", "encounters", "coding.view_encounter", COLUMNS)
ROW = SimpleNamespace(name="V-1", payer="Northern", codes=["12345", "54321"])


# Columns.


def chosen(address):
    return [column.key for column in chosen_columns(COLUMNS, QueryDict(address))]


def test_whoever_chose_no_column_sees_the_usual_ones():
    assert chosen("") == chosen("page=2") == ["id", "payer"]
    assert usual_columns(COLUMNS) == [ID, PAYER]


def test_chosen_columns_stand_in_the_order_of_the_list_and_the_fixed_one_always():
    assert chosen("column=codes&column=payer") == ["id", "payer", "codes"]
    assert chosen("column=codes") == ["id", "codes"]
    assert chosen("column=id") == ["id"]


def test_columns_that_there_are_not_are_asked_for_in_vain():
    assert chosen("column=colour") == ["id", "payer"]
    assert chosen("column=colour&column=codes") == ["id", "codes"]


def test_a_row_has_its_cells_in_the_order_of_the_columns_and_a_file_its_words():
    [shown] = in_cells([ROW], COLUMNS)
    assert shown.row is ROW
    assert [cell.words for cell in shown.cells] == [["V-1"], ["Northern"], ["12345", "54321"]]
    assert list(as_texts([ROW], COLUMNS)) == [["V-1", "Northern", "12345; 54321"]]
    assert keys_of(COLUMNS) == {"id", "payer", "codes"}


# What an address asks.


def test_what_is_asked_of_a_list_is_neither_its_page_nor_what_is_empty():
    asked_for = QueryDict("state=open&payer=&page=2&plain=yes&column=codes&column=id")
    assert lists.question_of(asked_for) == "state=open&column=codes&column=id"
    assert lists.question_of(QueryDict("page=2&payer=")) == ""


def test_a_list_counts_its_rows_in_words():
    assert [WORKLIST.counted(number) for number in (0, 1, 20_000)] == [
        "0 encounters",
        "1 encounter",
        "20,000 encounters",
    ]
    assert (WORKLIST.filters, WORKLIST.export) == ("worklist-filters", "export-worklist")


class Filter(ListFilter):
    state = django_filters.ChoiceFilter(choices=[("open", "Open"), ("done", "Done")])
    id = CleanTextFilter(field_name="external_id")

    DEFAULTS = {"state": "open"}

    class Meta:
        model = Encounter
        fields: list[str] = []


def filtered(**data):
    return Filter(data or None, queryset=Encounter.objects.all())


def test_a_list_is_narrowed_by_what_is_not_so_by_itself():
    assert not filtered().narrows
    assert not filtered(state="open").narrows
    assert filtered(state="done").narrows
    assert filtered(state="open", id="V-1").narrows


def test_a_filter_that_is_not_understood_finds_nothing_and_its_field_says_so(db):
    wrong = filtered(state="lost")
    assert wrong.qs.query.is_empty()
    assert wrong.form.fields["state"].widget.attrs["class"] == "form-select is-invalid"
    assert filtered(state="done").form.fields["id"].widget.attrs["class"] == "form-control"
    assert isinstance(wrong.form, forms.Form)


# Filters under names.


@pytest.fixture
def coder(people):
    return people["coder"]


def keep(person, name="Northern", asked_for="payer=Northern", *, default=False):
    actions.save_filter(person, "worklist", name, asked_for, default=default)
    return SavedFilter.objects.get(person=person, name=name)


def send(person, **data):
    view = lists.saved_filter_view(WORKLIST)
    return view(sent(person, **data)).url


def test_what_is_asked_is_kept_under_a_name_and_the_list_is_asked_it_again(coder):
    address = send(coder, name="Open ones", asked="state=open&page=3", default="on")
    assert address == "/encounters/?state=open"
    saved = SavedFilter.objects.get(person=coder)
    assert (saved.name, saved.asked, saved.is_default) == ("Open ones", "state=open", True)


def test_a_filter_without_a_good_name_is_refused_in_words(coder):
    for name in ("", "x" * 61):
        with pytest.raises(Conflict, match=r"^Give the filter a name of at most 60 letters\.$"):
            send(coder, name=name, asked="state=open")


def test_a_filter_that_asks_nothing_says_so_plainly_or_the_default_would_come_in(coder):
    assert send(coder, name="All", asked="") == "/encounters/?plain=yes"


def test_a_saved_filter_opens_the_list_until_it_is_said_otherwise(coder):
    saved = keep(coder)
    key = str(saved.public_id)
    assert send(coder, verb="open with", saved=key) == "/encounters/?payer=Northern"
    assert lists.opening(asked(coder), "worklist").url == "/?payer=Northern"

    assert send(coder, verb="open plainly", saved=key) == "/encounters/?payer=Northern"
    assert lists.opening(asked(coder), "worklist") is None


def test_an_address_that_asks_something_is_not_led_on(coder):
    keep(coder, default=True)
    assert lists.opening(asked(coder, state="open"), "worklist") is None
    assert lists.opening(asked(coder), "queue") is None


def test_a_forgotten_filter_is_gone(coder):
    saved = keep(coder)
    assert send(coder, verb="forget", saved=str(saved.public_id)) == "/encounters/?payer=Northern"
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("hostile", ["x", "7", str(uuid.uuid4())])
def test_a_filter_that_is_not_there_is_not_found(coder, hostile):
    with pytest.raises(Http404):
        send(coder, verb="forget", saved=hostile)


# What stands around the rows.


def test_the_list_knows_which_kept_filter_it_shows_and_how_to_get_rid_of_it(coder):
    saved = keep(coder)
    around = lists.frame(asked(coder, payer="Northern"), WORKLIST, filtered())
    assert around["saved_filters"] == [saved]
    assert around["saved_here"] == saved
    assert around["asked"] == "payer=Northern"
    assert around["clear_address"] == "/"
    assert around["column_choice"] == [(PAYER, True), (CODES, False)]
    assert around["exports"] == ["csv", "xlsx"]

    actions.open_with(coder, "worklist", saved)
    around = lists.frame(asked(coder, state="open"), WORKLIST, filtered())
    assert around["saved_here"] is None
    assert around["clear_address"] == "/?plain=yes"


# A file.


def test_a_file_is_one_of_two_kinds_and_for_whoever_may_take_it_away(people):
    rows = Encounter.objects.all()
    with pytest.raises(Http404):
        lists.export_list(asked(people["coder"]), WORKLIST, rows, "pdf")
    with pytest.raises(NotAllowed):
        lists.export_list(asked(people["rule approver"]), WORKLIST, rows, "csv")


@pytest.fixture
def two(people, settings):
    """Two encounters, and a house that counts having signed in as a signature."""
    settings.SIGN_AGAIN = False
    for name in ("V-1", "V-2"):
        encounters.enter(people["coder"], factories.record(external_id=name))
    return Encounter.objects.order_by("pk")


IN_A_FILE = replace(WORKLIST, columns=(Column("id", "Id", lambda row: [row.external_id]),))


def taken(person, rows, form="csv"):
    response = lists.export_list(sent(person), IN_A_FILE, rows, form)
    return b"".join(response.streaming_content)


def test_a_file_holds_the_labels_and_a_line_for_each_row_as_spreadsheets_read_it(coder, two):
    assert taken(coder, two).decode() == "\N{BYTE ORDER MARK}Id\r\nV-1\r\nV-2\r\n"
    assert taken(coder, two, "xlsx").startswith(b"PK")


def test_a_file_holds_as_many_rows_as_one_waits_for_and_not_one_more(coder, two, monkeypatch):
    monkeypatch.setattr(lists, "MOST_EXPORTED", 1)
    assert b"V-1" in taken(coder, two.filter(external_id="V-1"))
    words = r"^A file holds 1 encounter at most\. Narrow the list, by days for example\.$"
    with pytest.raises(Conflict, match=words):
        taken(coder, two)

"""Pages of a list: whatever number an address asks for, a page is shown."""

import pytest
from django.test import RequestFactory

from coding.views.pages import ROWS, page_of

SIXTY = range(1, 61)


def asked(page=None, rows=SIXTY):
    parameters = {} if page is None else {"page": page}
    return page_of(RequestFactory().get("/worklist/", parameters), rows)


def test_a_list_is_cut_into_pages_without_loss_or_repetition():
    pages = [asked(str(number)) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [ROWS, ROWS, 10]
    assert [row for page in pages for row in page] == list(SIXTY)


@pytest.mark.parametrize(
    "page", [None, "", "1", "0", "00", "-1", "-99", "-", "first", "1.5", "\0", "9" * 5000, "NaN"]
)
def test_what_is_no_page_is_the_first_one(page):
    assert list(asked(page)) == list(SIXTY[:ROWS])


@pytest.mark.parametrize("page", ["4", "5", "99999999999999999999"])
def test_a_page_behind_the_last_one_is_the_last_one(page):
    assert list(asked(page)) == list(SIXTY[50:])
    assert asked(page).number == 3


@pytest.mark.parametrize("page", [None, "0", "1", "2", "-1"])
def test_an_empty_list_has_one_page_without_a_row(page):
    shown = asked(page, rows=[])
    assert (list(shown), shown.number, shown.paginator.num_pages) == ([], 1, 1)


def test_a_list_that_fills_its_page_has_no_second_one():
    assert not asked("1", rows=range(ROWS)).has_other_pages()
    assert asked("1", rows=range(ROWS + 1)).has_next()

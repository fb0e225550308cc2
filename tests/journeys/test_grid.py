"""A rule author edits a draft in the grid: the gap that an edit opens is caught, filled from its region, and undone."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests import small_rules
from tests.journeys.grid_steps import cell, choose, fill, row, saved

pytestmark = pytest.mark.looks


@pytest.mark.django_db(transaction=True)
def test_a_gap_is_caught_filled_from_its_region_and_undone(people, sign_in):
    draft = small_rules.draft(people)
    page = sign_in("rule author")
    page.goto(f"/admin/coding/rulesetversion/{draft.pk}/grid/")
    expect(page.locator("#told-sum")).to_contain_text("No error")

    catch_all = row(page, "R3")
    choose(page, catch_all, "Held", "no")
    gaps = page.locator("#told-gaps li")
    expect(gaps).to_contain_text(
        ["Held: documented two ways or not documented", "Held: yes; Drug: documented two ways"]
    )
    assert draft.rules.get(rule_id="R3").conditions == "held: no"

    for left, name in ((1, "R4"), (0, "R5")):
        gaps.first.get_by_role("button", name="Make a rule for this").click()
        page.keyboard.type("What the note leaves open")
        page.keyboard.press("Enter")
        expect(gaps).to_have_count(left)
        expect(cell(page, row(page, name), "Message")).to_have_class(re.compile("wrong"))
        fill(page, row(page, name), "Message", "A person decides.")
        fill(page, row(page, name), "Basis", "Our own words.")
        expect(page.locator("#told-problems")).to_be_hidden()
    expect(row(page, "R4")).to_contain_text("conflicting, not documented")
    saved(page)
    expect(page.locator("#told-problems")).to_be_hidden()
    expect(page.locator("#told-gaps")).to_be_hidden()
    assert small_rules.now(draft).document is not None

    before = small_rules.now(draft).edition
    # A cell of the last rule, and of each new rule three texts and the rule.
    for _ in range(1 + 2 * 4):
        page.keyboard.press("Control+z")
    expect(page.locator("#grid tbody tr")).to_have_count(3)
    expect(page.locator("#told-sum")).to_contain_text("No error")
    saved(page)
    assert small_rules.now(draft).document == draft.document
    assert small_rules.now(draft).edition > before


@pytest.mark.django_db(transaction=True)
def test_keys_of_a_spreadsheet_move_copy_and_paste(people, sign_in):
    draft = small_rules.draft(people)
    page = sign_in("rule author")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/admin/coding/rulesetversion/{draft.pk}/grid/")
    cell(page, row(page, "R1"), "Drug").click()
    page.keyboard.press("Control+c")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+v")
    expect(cell(page, row(page, "R3"), "Drug")).to_have_text("none")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Delete")
    expect(cell(page, row(page, "R3"), "Drug")).to_have_text("")
    page.keyboard.press("Shift+Space")
    page.keyboard.press("Control+x")
    cell(page, row(page, "R1"), "Title").click()
    page.keyboard.press("Control+v")
    expect(page.locator("#grid tbody tr").nth(1)).to_contain_text("R3")
    lines = "R7\tFrom a sheet\tYes\tPut to sleep\nR8\tAnother\tno\t"
    page.evaluate("text => navigator.clipboard.writeText(text)", lines)
    cell(page, row(page, "R2"), "Rule").click()
    page.keyboard.press("Control+v")
    expect(row(page, "R8")).to_contain_text("Another")
    saved(page)
    expect(row(page, "R7")).to_contain_text("sleep")
    assert list(draft.rules.values_list("rule_id", flat=True)) == ["R1", "R3", "R7", "R8"]

    cell(page, row(page, "R1"), "Drug").click()
    page.get_by_role("button", name="Duplicate the question").click()
    copied = page.get_by_role("columnheader", name="Drug 2")
    expect(copied).to_be_visible()
    page.get_by_role("button", name="Delete the question").click()
    farewell = page.get_by_role("dialog", name="Delete the question “Drug 2”?")
    farewell.get_by_role("button", name="Delete").click()
    expect(copied).to_be_hidden()
    # The keys of the grid go on when a dialog has closed.
    page.keyboard.press("Control+z")
    expect(copied).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_two_people_in_one_cell_are_both_shown_and_asked(people, sign_in):
    draft = small_rules.draft(people)
    first, second = sign_in(("rule author", 1)), sign_in(("rule author", 2))
    for page in (first, second):
        page.goto(f"/admin/coding/rulesetversion/{draft.pk}/grid/")
    fill(first, row(first, "R1"), "Title", "By the first")
    saved(first)
    fill(second, row(second, "R1"), "Title", "By the second")
    panel = second.locator("#grid-conflicts")
    expect(panel).to_contain_text("By the second")
    expect(panel).to_contain_text("By the first")
    panel.get_by_role("button", name="Take mine").click()
    saved(second)
    expect(panel).to_be_hidden()
    assert draft.rules.get(rule_id="R1").title == "By the second"


@pytest.mark.django_db(transaction=True)
def test_what_is_typed_while_signed_out_is_saved_once_the_person_is_back(people, sign_in):
    draft = small_rules.draft(people)
    page = sign_in("rule author")
    page.goto(f"/admin/coding/rulesetversion/{draft.pk}/grid/")
    # On the server: a late answer to the browser would bring cleared cookies again.
    Session.objects.all().delete()
    fill(page, row(page, "R1"), "Title", "Typed meanwhile")
    expect(page.locator("#grid-status")).to_contain_text("you are signed out")
    own = sign_in("rule author").context.cookies()
    page.context.add_cookies(own)
    saved(page)
    assert draft.rules.get(rule_id="R1").title == "Typed meanwhile"

    # What one person typed is neither saved nor shown while another one is signed in in the same window.
    page.context.add_cookies(sign_in(("rule author", 2)).context.cookies())
    fill(page, row(page, "R1"), "Title", "Typed again")
    expect(page.locator("#grid-status")).to_contain_text("somebody else is signed in here")
    page.reload()
    expect(page.locator("#told-sum")).to_contain_text("No error")
    expect(page.locator("#grid-unsent")).to_be_hidden()
    page.context.add_cookies(own)
    page.reload()
    expect(page.locator("#grid-unsent")).to_contain_text("Typed again")
    assert draft.rules.get(rule_id="R1").title == "Typed meanwhile"

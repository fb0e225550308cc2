"""A rule author takes a policy change from the rule of today to in force; what is against it is told on the way."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from coding.models import Precedent, RuleSetVersion, VersionState
from reviews.actions import precedents
from reviews.models import RulingKind
from tests import factories, small_rules
from tests.journeys.axe import violations_of
from tests.journeys.grid_steps import choose, fill, row, saved
from tests.journeys.steps import open_step

pytestmark = pytest.mark.looks

AWAKE = {"held": "yes", "drug": "none"}
FIRST, DRAFT = "Small version 1", "Small version 2"
NEXT_YEAR = f"{timezone.localdate().year + 1}-01-01"


@pytest.fixture
def small(people):
    """Rules in force, services that they coded, and one of a supervisor's rulings kept as a precedent."""
    version = small_rules.published(people)
    factories.decide(people["coder"], factories.service(people, version), AWAKE)
    decision = factories.decide(
        people["coder"], factories.service(people, version), AWAKE, factories.insists()
    )
    ruling = factories.rule(
        people["supervisor"], factories.case_of(decision), RulingKind.RULES_UPHELD
    )
    precedents.record(
        people["supervisor"], ruling, ["held"], "Held is not reduced.", "The policy of this year."
    )
    return version


def passes_axe(page: Page) -> None:
    faults = [(fault["id"], fault["nodes"][0]["html"]) for fault in violations_of(page)]
    assert faults == [], page.url


@pytest.mark.django_db(transaction=True)
def test_a_policy_change_from_the_first_edit_to_the_flips(people, small, sign_in, worker):
    worker()
    author = sign_in("rule author")
    begin_as_a_copy(author)
    edit_in_the_grid(author)
    fill_the_gaps_from_their_regions(author)
    see_that_a_precedent_fails(author)
    make_the_dry_run(author)
    name_the_precedent_and_submit(author)
    publish(sign_in("rule approver"))

    version = RuleSetVersion.objects.get(number=2)
    assert (version.state, str(version.effective_from)) == (VersionState.PUBLISHED, NEXT_YEAR)
    assert Precedent.objects.get().reversed_by == version
    see_it_coming(author)


def begin_as_a_copy(page: Page) -> None:
    open_step(page, FIRST, "Copy as a draft")
    passes_axe(page)
    page.get_by_label("In force from").fill(NEXT_YEAR)
    page.get_by_role("button", name="Make the draft").click()
    expect(page.locator(".messagelist .success")).to_contain_text(
        "is a draft with the content of version 1"
    )


def edit_in_the_grid(page: Page) -> None:
    """What is held awake goes to the other code; by a slip, the last rule is no longer for all else."""
    open_step(page, DRAFT, "Grid")
    expect(page.locator("#told-sum")).to_contain_text("No error")
    fill(page, row(page, "R1"), "Code", "27257")
    choose(page, row(page, "R3"), "Held", "no")


def fill_the_gaps_from_their_regions(page: Page) -> None:
    gaps = page.locator("#told-gaps li")
    expect(gaps).to_contain_text(
        ["Held: documented two ways or not documented", "Drug: documented two ways"]
    )
    for left, name in ((1, "R4"), (0, "R5")):
        gaps.first.get_by_role("button", name="Make a rule for this").click()
        page.keyboard.type("What the note leaves open")
        page.keyboard.press("Enter")
        expect(gaps).to_have_count(left)
        fill(page, row(page, name), "Message", "A person decides.")
        fill(page, row(page, name), "Basis", "The policy of next year.")
    expect(page.locator("#told-sum")).to_contain_text("No error")
    saved(page)
    passes_axe(page)


def see_that_a_precedent_fails(page: Page) -> None:
    open_step(page, DRAFT, "Submit for review")
    expect(page.get_by_role("row", name="Every case has one rule")).to_contain_text("Yes")
    expect(page.get_by_role("row", name="Every precedent")).to_contain_text("comes out as 27257-LT")
    expect(page.get_by_role("row", name=NEXT_YEAR)).to_contain_text("version 2")
    passes_axe(page)


def make_the_dry_run(page: Page) -> None:
    open_step(page, DRAFT, "Submit for review")
    page.get_by_role("link", name="Make the dry run").click()
    page.get_by_role("button", name="Plan the dry run").click()
    expect(page.get_by_text("Nothing has been decided yet")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    heading = page.get_by_role("heading", name="Services that get another outcome: 2")
    expect(heading).to_be_visible()


def name_the_precedent_and_submit(page: Page) -> None:
    page.get_by_role("link", name="Go on to submit the version").click()
    expect(page.get_by_role("row", name="27256-LT 27257-LT 2", exact=True)).to_be_visible()
    page.get_by_label("Reason").fill("The payer wants it so from the New Year on.")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator(".errorlist")).to_have_text("Say why P1 is reversed, or mend the rules.")
    passes_axe(page)
    page.get_by_label("Why P1 is reversed").fill("The policy says otherwise now.")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator(".messagelist .success")).to_contain_text("is in review")


def publish(page: Page) -> None:
    open_step(page, DRAFT, "Publish")
    expect(page.get_by_role("row", name="P1")).to_contain_text("The policy says otherwise now.")
    passes_axe(page)
    page.get_by_role("link", name="Open the dry run").click()
    page.get_by_role("link", name="Go on to publish the version").click()
    page.get_by_label("Reason").fill("Compared with the payer's letter.")
    page.get_by_role("button", name="Sign and publish").click()
    expect(page.locator(".messagelist .success")).to_contain_text(f"in force from {NEXT_YEAR}")


def see_it_coming(page: Page) -> None:
    page.goto("/admin/coding/ruleset/")
    page.get_by_role("link", name="Small", exact=True).click()
    expect(page.get_by_role("row", name="Version 2")).to_contain_text("coming")
    last_day = date.fromisoformat(NEXT_YEAR) - timedelta(days=1)
    expect(page.get_by_role("row", name="Version 1")).to_contain_text(str(last_day))
    passes_axe(page)

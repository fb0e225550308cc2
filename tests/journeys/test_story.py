"""The seed's story, played in a browser from the newborn in a harness to the flips of a rule change."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from coding.models import RuleSetVersion
from reviews.models import FinalCode
from tests import factories
from tests.journeys.steps import go_on

pytestmark = pytest.mark.looks

HIP = ["Yes", "Closed", "Dislocated", "Developmental", "First treatment", "Left"]
HARNESS = [*HIP, "Positioned only", "None", "Pavlik harness", "Treatment and follow-up"]
UNDER_ANESTHESIA = [*HIP, "Manipulated", "General", "Treatment and follow-up"]
AWAKE = [*HIP, "Manipulated", "None"]


def code(page: Page, external_id: str, answers: list[str]) -> None:
    """Open the encounter from the worklist and answer what is asked."""
    page.goto("/encounters/?state=to_code")
    page.get_by_role("link", name=f"Code {external_id}").click()
    for number, answer in enumerate(answers):
        guide = page.locator("#_guide")
        guide.locator(".option", has=page.get_by_text(answer, exact=True)).click()
        guide.get_by_role("button", name="Answer", exact=True).click()
        expect(page.locator(".answered > li")).to_have_count(number + 1)


def submit(page: Page, choice: str, **fields: str) -> None:
    page.get_by_text(choice, exact=True).click()
    for label, text in fields.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(text)
    page.get_by_role("button", name="Submit", exact=True).click()


@pytest.fixture
def encounters(people, hip):
    for external_id in ("NEWBORN", "REDUCED", "AWAKE", "INSISTS"):
        factories.encounter(people, hip, external_id=external_id)


@pytest.mark.django_db(transaction=True)
def test_it_plays_from_the_newborn_to_the_flips(people, hip, encounters, sign_in, worker):
    worker()
    coder = sign_in("coder")
    code_the_three_stories(coder)
    code(coder, "INSISTS", HARNESS)
    submit(
        coder,
        "Report another code",
        Other_code="27257",
        Modifiers="LT",
        Reason="I call it a reduction.",
    )
    expect(coder.locator("#messages")).to_contain_text("supervisor queue")

    supervisor = sign_in("supervisor")
    rule_for_the_rules(supervisor)
    read_the_ruling(coder)

    factories.draft_without_harness(people, hip)
    supervisor.goto("/runs/new/")
    supervisor.get_by_label("Version").select_option(label="Treatment of hip dislocation version 2")
    supervisor.get_by_role("button", name="Count the services").click()
    expect(supervisor.get_by_text("Nothing has been decided yet")).to_be_visible()
    supervisor.get_by_role("button", name="Start").click()
    heading = supervisor.get_by_role("heading", name="Services that get another outcome: 2")
    expect(heading).to_be_visible()
    run = supervisor.url
    supervisor.get_by_role("link", name="List them").first.click()
    row = supervisor.get_by_role("row", name="NEWBORN")
    expect(row).to_contain_text("27256-LT")
    expect(row).to_contain_text("Supervisor review")
    assert set(FinalCode.objects.current().values_list("reported", flat=True)) == {
        "27256-LT",
        "27257-LT",
    }

    publish_in_the_administration(people, sign_in)
    supervisor.goto(run)
    supervisor.get_by_role("button", name="Open review cases").click()
    rule_on_the_cluster(supervisor)


def rule_on_the_cluster(supervisor: Page) -> None:
    """One ruling for the cases that the new version opened."""
    supervisor.get_by_role("link", name="27256-LT → Supervisor review").click()
    supervisor.get_by_label("Coder upheld").check()
    supervisor.get_by_label("Reason").fill("Coded before the version was in force.")
    supervisor.get_by_role("button", name="Rule on all").click()
    expect(supervisor.locator("#messages")).to_contain_text("Cases ruled on: 2. Still open: 0.")


def code_the_three_stories(coder: Page) -> None:
    """A harness, a reduction under anesthesia, and a manipulation without any."""
    code(coder, "NEWBORN", HARNESS)
    expect(coder.locator(".outcome-large")).to_contain_text("27256-LT")
    expect(coder.locator("#_guide")).to_contain_text("Decided by")
    submit(coder, "Accept the suggestion")
    expect(coder.locator("#messages")).to_contain_text("27256-LT is final")

    code(coder, "REDUCED", UNDER_ANESTHESIA)
    expect(coder.locator(".outcome-large")).to_contain_text("27257-LT")
    submit(coder, "Accept the suggestion")
    expect(coder.locator("#messages")).to_contain_text("27257-LT is final")

    code(coder, "AWAKE", AWAKE)
    expect(coder.locator(".outcome-large")).to_contain_text("Supervisor review")
    expect(coder.locator(".outcome-large")).to_contain_text("fits neither 27256 nor 27257")
    submit(coder, "Accept the suggestion")
    expect(coder.locator("#messages")).to_contain_text("supervisor queue")


def rule_for_the_rules(supervisor: Page) -> None:
    """The supervisor claims the case, sees by fact what 27257 would need, and upholds the rules."""
    supervisor.get_by_role("link", name="INSISTS", exact=True).click()
    supervisor.get_by_role("button", name="Claim").click()
    manipulation = supervisor.get_by_role("row", name=re.compile("^Manipulation "))
    expect(manipulation).to_contain_text("Positioned only")
    expect(manipulation).to_contain_text("Manipulated")
    supervisor.get_by_text("Rules upheld", exact=True).click()
    supervisor.get_by_label("Reason").fill("Placing a harness is no manipulation.")
    supervisor.get_by_role("button", name="Rule", exact=True).click()
    expect(supervisor.locator("#messages")).to_contain_text("Final: 27256-LT")


def read_the_ruling(coder: Page) -> None:
    coder.goto("/cases/")
    coder.get_by_role("link", name="INSISTS").click()
    expect(coder.locator("main")).to_contain_text("Placing a harness is no manipulation.")
    coder.get_by_role("button", name="I have read the ruling").click()
    expect(coder.locator("#messages")).to_contain_text("marked as read")


def publish_in_the_administration(people, sign_in) -> None:
    """The author submits, somebody else publishes."""
    RuleSetVersion.objects.filter(number=2).update(effective_from=date(2026, 2, 1))
    version = "Treatment of hip dislocation version 2"
    go_on(sign_in("rule author"), version, "Submit for review", "Submit for review")
    go_on(sign_in("rule approver"), version, "Publish", "Sign and publish")


@pytest.mark.django_db(transaction=True)
def test_it_codes_without_javascript(people, hip, encounters, sign_in):
    coder = sign_in("coder", java_script_enabled=False)
    code(coder, "NEWBORN", HARNESS)
    expect(coder.locator(".outcome-large")).to_contain_text("27256-LT")
    submit(coder, "Accept the suggestion")
    expect(coder.locator("#messages")).to_contain_text("27256-LT is final")


@pytest.mark.django_db(transaction=True)
def test_it_codes_with_the_keyboard_alone(people, hip, encounters, sign_in):
    coder = sign_in("coder")
    coder.goto("/encounters/?search=NEWBORN")
    coder.get_by_role("link", name="Code NEWBORN").click()
    for number, key in enumerate("1111113111"):
        expect(coder.locator("legend[data-focus]")).to_be_focused()
        coder.keyboard.press(key)
        coder.keyboard.press("Enter")
        expect(coder.locator(".answered > li")).to_have_count(number + 1)
    expect(coder.locator("#suggestion")).to_be_focused()

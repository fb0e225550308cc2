"""A rule author makes a family from nothing in the browser, a second person publishes it, a visit is coded by it."""

import pytest
from playwright.sync_api import Page, expect

from coding.models import VersionState
from reviews.models import FinalCode
from tests import incoming, small_rules
from tests.journeys.steps import go_on

DRAFT = "Finger joint dislocation version 1"

QUESTIONS = (
    {
        "kind": "choice",
        "key": "treatment",
        "label": "Treatment",
        "question": "How was the dislocation treated?",
    },
    {
        "kind": "yes_no",
        "key": "manipulated",
        "label": "Manipulated",
        "question": "Was the finger joint manipulated?",
    },
    {
        "kind": "yes_no",
        "key": "anesthesia",
        "label": "Anesthesia",
        "question": "Was anesthesia given?",
    },
)
CLOSED = "treatment: closed\nmanipulated: yes"
RULES = (
    ("Reduced awake", f"{CLOSED}\nanesthesia: no", "code", "26770"),
    ("Reduced under anesthesia", f"{CLOSED}\nanesthesia: yes", "code", "26775"),
    ("Anything else", "", "supervisor_review", ""),
)
CASES = (
    ("AWAKE", f"{CLOSED}\nanesthesia: no", "26770"),
    ("ASLEEP", f"{CLOSED}\nanesthesia: yes", "26775"),
)

pytestmark = pytest.mark.looks


@pytest.mark.django_db(transaction=True)
def test_a_family_from_nothing_codes_a_visit(people, sign_in, worker):
    worker()
    author = sign_in("rule author")
    begin(author)
    write_questions(author)
    write_rules(author)
    write_cases(author)
    go_on(author, DRAFT, "Submit for review", "Submit for review")
    go_on(sign_in("rule approver"), DRAFT, "Publish", "Sign and publish")
    assert small_rules.rule_set("finger-dislocation").versions.get().state == VersionState.PUBLISHED

    coder = sign_in("coder")
    upload(coder)
    coder.goto("/encounters/?state=to_code")
    coder.get_by_role("link", name="Code FINGER").click()
    for number, words in enumerate(("Closed", "Yes", "Yes"), start=1):
        coder.locator("#_guide .option", has=coder.get_by_text(words, exact=True)).click()
        coder.locator("#_guide").get_by_role("button", name="Answer", exact=True).click()
        expect(coder.locator(".answered > li")).to_have_count(number)
    expect(coder.locator(".outcome-large")).to_contain_text("26775")
    expect(coder.locator("main")).to_contain_text("any payer, any place of service")
    coder.get_by_text("Accept the suggestion", exact=True).click()
    coder.get_by_role("button", name="Submit", exact=True).click()
    expect(coder.locator("#messages")).to_contain_text("26775 is final")
    assert FinalCode.objects.get().code == "26775"


def begin(page: Page) -> None:
    page.goto("/admin/coding/ruleset/add/")
    page.get_by_label("Key").fill("finger-dislocation")
    page.get_by_label("Name").fill("Finger joint dislocation")
    page.get_by_label("Codes of the family").fill("26770 26775")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".messagelist")).to_contain_text("is a draft")
    page.locator("#id_effective_from").fill("2026-01-01")
    page.get_by_role("button", name="Save", exact=True).click()


def write_questions(page: Page) -> None:
    for number, question in enumerate(QUESTIONS):
        begin_row(page, "questions", number)
        page.get_by_label("Kind").select_option(question["kind"])
        for name in ("key", "label", "question"):
            page.locator(f"#id_{name}").fill(question[name])
        if question["kind"] == "choice":
            page.get_by_label("Choices").fill("closed | Closed\nopen | Open")
        save_row(page, number, len(QUESTIONS))


def write_rules(page: Page) -> None:
    for number, (title, conditions, outcome, code) in enumerate(RULES):
        begin_row(page, "rules", number)
        page.locator("#id_rule_id").fill(f"F{number + 1}")
        page.locator("#id_title").fill(title)
        page.locator("#id_conditions").fill(conditions)
        page.locator("#id_outcome").select_option(outcome)
        page.locator("#id_code").fill(code)
        page.locator("#id_message").fill(f"{title}.")
        page.locator("#id_basis").fill("Our own words.")
        save_row(page, number, len(RULES))


def open_draft(page: Page) -> None:
    page.goto("/admin/coding/rulesetversion/")
    page.get_by_role("link", name=DRAFT).click()


def begin_row(page: Page, kind: str, number: int) -> None:
    if number == 0:
        open_draft(page)
        page.locator(f".field-{kind}").get_by_role("link", name="add one").click()


def save_row(page: Page, number: int, count: int) -> None:
    is_last = number == count - 1
    page.get_by_role(
        "button", name="Save" if is_last else "Save and add another", exact=True
    ).click()
    expect(page.locator(".messagelist")).to_contain_text("added successfully")


def write_cases(page: Page) -> None:
    for case_id, answers, code in CASES:
        open_draft(page)
        page.locator(".field-worked_cases").get_by_role("link", name="add one").click()
        page.get_by_label("Case", exact=False).first.fill(case_id)
        page.get_by_label("Answers").fill(answers)
        page.get_by_label("Expected outcome").select_option("code")
        page.get_by_label("Expected code").fill(code)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".messagelist")).to_contain_text(f"Case {case_id} passes")


def upload(page: Page) -> None:
    row = incoming.row(
        "FINGER", note="The finger was put back under a digital block.", service_lines="26775 x1"
    )
    page.goto("/uploads/")
    page.get_by_label("Sending system").fill("his")
    file = {"name": "visits.csv", "mimeType": "text/csv", "buffer": incoming.table(row)}
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name="Import 1 encounter").click()
    imported = page.get_by_role("progressbar", name="Items imported")
    expect(imported).to_have_attribute("value", "1")

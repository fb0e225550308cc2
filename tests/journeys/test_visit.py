"""A whole visit, played in a browser: four lines, a disagreement, a rebuttal, a report, a query, a correction."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from coding import trail
from coding.actions import encounters, kept_texts
from coding.importing.write_encounters import correct, record_of
from coding.intake.records import ServiceLineRecord
from coding.models import Encounter
from reviews.actions import corrections
from reviews.models import FinalCode, Report
from tests import factories
from tests.journeys.test_story import UNDER_ANESTHESIA

LINES = (
    ServiceLineRecord("27257", ("LT",), 1, (1,)),
    ServiceLineRecord("27093", ("LT",), 1, (1,)),
    ServiceLineRecord("73525", ("26",), 1, (1,)),
    ServiceLineRecord("99203", ("57",), 1, (1,)),
)
NOTE = """New patient. Arthrogram of the left hip with contrast, read by me.
The dislocated left hip was reduced closed under general anesthesia. Spica cast.
The operation was decided at this visit."""
# Without the drug nothing is asked of who follows the patient.
SILENT = [*UNDER_ANESTHESIA[:-2], "Not documented"]


@pytest.fixture
def visit(people, hip):
    factories.fees()
    values = {
        "service_lines": LINES,
        "diagnoses": ("Q65.02",),
        "external_id": "VISIT",
        "note": NOTE,
    }
    return encounters.enter(people["coder"], factories.record(**values))


def answer(page: Page, answers: list[str]) -> None:
    guide = page.locator("#_guide")
    for number, text in enumerate(answers):
        guide.locator(".option", has=page.get_by_text(text, exact=True)).click()
        guide.get_by_role("button", name="Answer", exact=True).click()
        expect(page.locator(".answered > li")).to_have_count(number + 1)


def decide(page: Page, choice: str, **fields: str) -> None:
    page.get_by_text(choice, exact=True).click()
    for label, text in fields.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(text)
    page.get_by_role("button", name="Submit", exact=True).click()


def row(page: Page, line: str):
    return page.get_by_role("row", name=line)


def open_line(page: Page, visit: Encounter, line: str) -> None:
    page.goto(visit.get_absolute_url())
    row(page, line).get_by_role("link", name="Code", exact=False).first.click()


def rule(page: Page, visit: Encounter, kind: str, reason: str) -> None:
    """Claim the open case of a visit and rule on it."""
    page.goto("/queue/")
    page.get_by_role("link", name=visit.external_id).first.click()
    page.get_by_role("button", name="Claim").click()
    page.get_by_text(kind, exact=True).click()
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Rule", exact=True).click()
    expect(page.locator("#messages")).to_contain_text(kind)


@pytest.mark.django_db(transaction=True)
def test_four_lines_a_disagreement_a_rebuttal_and_a_report(people, visit, sign_in):
    coder = sign_in("coder")
    open_line(coder, visit, "27257-LT")
    answer(coder, UNDER_ANESTHESIA)
    decide(coder, "Accept the suggestion")
    expect(coder.locator("#messages")).to_contain_text("27257-LT is final")
    for line in ("27093-LT", "73525-26"):
        open_line(coder, visit, line)
        decide(coder, f"Keep {line} × 1 as it was submitted")
        expect(coder.locator("#messages")).to_contain_text("is final")
    open_line(coder, visit, "99203-57")
    decide(
        coder, "Report another code", Other_code="99204", Modifiers="57", Reason="High complexity."
    )
    expect(coder.locator("#messages")).to_contain_text("supervisor queue")

    first = sign_in("supervisor")
    first.goto("/queue/")
    first.get_by_role("link", name="VISIT").first.click()
    first.get_by_role("button", name="Claim").click()
    first.get_by_text("Other code", exact=True).click()
    first.get_by_label("Code", exact=True).fill("99203")
    first.get_by_label("Modifiers").fill("57")
    first.get_by_label("Reason").fill("The note supports the level that was submitted.")
    first.get_by_role("button", name="Rule", exact=True).click()
    expect(first.locator("#messages")).to_contain_text("Final: 99203-57")

    coder.goto("/cases/")
    coder.get_by_role("link", name="VISIT").first.click()
    coder.get_by_role("link", name="Object to the ruling").click()
    coder.get_by_label("Why").fill("Two systems and independent history.")
    coder.get_by_role("button", name="Object").click()
    expect(coder.locator("#messages")).to_contain_text("Another supervisor decides it")

    first.goto("/queue/")
    first.get_by_role("link", name="VISIT").first.click()
    expect(first.get_by_role("button", name="Claim")).to_have_count(0)
    second = sign_in(("supervisor", 2))
    rule(second, visit, "Coder upheld", "The objection is right.")

    second.goto(visit.get_absolute_url())
    second.get_by_role("link", name="Report", exact=True).click()
    # The first ruling made it final, and the second one replaced what was reported by it.
    expect(second.get_by_role("heading", level=1)).to_contain_text("Report 2, replacement")
    for code in ("27257-LT", "27093-LT", "73525-26", "99204-57"):
        expect(second.locator("main")).to_contain_text(code)
    with second.expect_download() as download:
        second.get_by_role("button", name="Export as CSV").click()
    assert download.value.suggested_filename.endswith("-2.csv")
    assert len(Report.objects.latest("number").content["lines"]) == 4


@pytest.mark.django_db(transaction=True)
def test_a_query_answered_a_week_later_opens_one_question(people, hip, sign_in):
    service = factories.service(people, hip, external_id="QUERY")
    coder = sign_in("coder")
    coder.goto(service.get_absolute_url())
    answer(coder, SILENT)
    decide(coder, "Accept the suggestion")
    supervisor = sign_in("supervisor")
    rule(supervisor, service.encounter, "Rules upheld", "Which anesthesia was given?")
    expect(supervisor.locator("#messages")).to_contain_text("The provider is asked")
    supervisor.get_by_role("link", name="The query to the provider").click()
    supervisor.get_by_label("The provider's answer").fill("General anesthesia.")
    supervisor.get_by_label("Answered on").fill(date.today().isoformat())
    supervisor.get_by_role("button", name="Take the answer down").click()
    expect(supervisor.locator("#messages")).to_contain_text("taken down")

    coder.goto(service.get_absolute_url())
    expect(coder.locator("main")).to_contain_text("General anesthesia.")
    expect(coder.locator(".answered > li")).to_have_count(len(SILENT) - 1)
    for number, text in enumerate(UNDER_ANESTHESIA[-2:]):
        coder.locator("#_guide .option", has=coder.get_by_text(text, exact=True)).click()
        coder.get_by_role("button", name="Answer", exact=True).click()
        expect(coder.locator(".answered > li")).to_have_count(len(SILENT) + number)
    expect(coder.locator(".outcome-large")).to_contain_text("27257-LT")
    decide(coder, "Accept the suggestion")
    expect(coder.locator("#messages")).to_contain_text("27257-LT is final")


@pytest.mark.django_db(transaction=True)
def test_a_correction_that_turns_the_code_over(people, hip, sign_in):
    service = factories.service(people, hip, external_id="TURNED")
    factories.decide(people["coder"], service, factories.PAVLIK)
    with transaction.atomic():
        now = Encounter.objects.get(pk=service.encounter_id)
        record = replace(
            record_of(now), note="General anesthesia; the left hip was manipulated into place."
        )
        correction = correct(people["coder"], now, record, record.content_hash)
        trail.record_all(people["coder"], corrections.review(people["coder"], [correction]))
    supervisor = sign_in("supervisor")
    supervisor.get_by_role("link", name="TURNED").first.click()
    expect(
        supervisor.get_by_role("heading", name="What the source changed in the note")
    ).to_be_visible()
    supervisor.get_by_role("button", name="Claim").click()
    supervisor.get_by_role("link", name="Return to the coder").click()
    supervisor.get_by_label("Why").fill("Read the new note.")
    supervisor.get_by_role("button", name="Return it").click()
    expect(supervisor.locator("#messages")).to_contain_text("back with its coder")
    factories.decide(people["coder"], service, factories.PAVLIK, factories.insists("27257"))
    rule(supervisor, service.encounter, "Coder upheld", "As the new note says.")
    assert FinalCode.objects.current().get().reported == "27257-LT"


@pytest.mark.django_db(transaction=True)
def test_a_session_that_ends_in_the_middle_of_a_ruling_loses_nothing(people, hip, sign_in):
    service = factories.service(people, hip, external_id="ENDED")
    factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    page = sign_in("supervisor")
    page.get_by_role("link", name="ENDED").first.click()
    page.get_by_role("button", name="Claim").click()
    page.get_by_text("Coder upheld", exact=True).click()
    page.get_by_label("Reason").fill("The cast position reduced the hip.")
    expect(page.locator("[data-kept]")).to_contain_text("kept")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Rule", exact=True).click()
    page.get_by_label("Username").fill(people["supervisor"].username)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Reason")).to_have_value("The cast position reduced the hip.")
    page.get_by_text("Coder upheld", exact=True).click()
    page.get_by_role("button", name="Rule", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("Final: 27257-LT")
    assert (
        kept_texts.kept(people["supervisor"], f"ruling:{factories.case_of(service).public_id}")
        == {}
    )

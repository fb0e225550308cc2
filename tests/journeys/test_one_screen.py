"""An ordinary case stands on one screen: nothing of what is read and decided has to be scrolled to."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from coding import rulesets
from tests import factories

pytestmark = pytest.mark.looks

NOTE = "Dislocation of the left hip.\r\nShe was in the clinic & awake. A Pavlik harness was fitted; no anesthesia."
HEIGHT = "document.documentElement.scrollHeight"
LONG = "The hip was examined again, and the findings did not change. " * 400


def test_note_question_answers_and_decision_are_in_view_and_a_long_note_scrolls_by_itself(
    people, sign_in, transactional_db
):
    version = factories.published_hip(people, lexicon=rulesets.shipped_lexicon(factories.HIP))
    service = factories.service(people, version, note=NOTE)
    page = sign_in("coder")
    page.goto(reverse("worklist"))
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.goto(service.get_absolute_url())
    assert page.evaluate(HEIGHT) <= 900
    expect(page.get_by_role("button", name="Answer", exact=True)).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Still possible")).to_be_in_viewport()
    factories.answer(people["coder"], service, factories.PAVLIK)
    page.goto(service.get_absolute_url())
    assert page.evaluate(HEIGHT) <= 900
    for name in ("Submit", "Submit and code the next one"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_in_viewport()
    expect(page.locator(".answered > li").last).to_be_in_viewport()
    expect(page.get_by_label("Reason")).to_be_hidden()
    page.get_by_role("radio", name="Ask the provider").check()
    expect(page.get_by_label("Reason")).to_be_visible()
    expect(page.get_by_label("Other code", exact=True)).to_be_hidden()
    # What is written is sent: it stays in view, whatever is chosen.
    page.get_by_label("Reason").fill("The note is silent.")
    page.get_by_role("radio", name="Accept").check()
    expect(page.get_by_label("Reason")).to_be_visible()
    page.get_by_label("Reason").fill("")
    expect(page.get_by_label("Reason")).to_be_hidden()
    many = tuple(f"S73.{number:03}A" for number in range(12))
    long = factories.service(people, version, note=f"{NOTE}\r\n{LONG}", diagnoses=many)
    page.goto(long.get_absolute_url())
    assert page.evaluate(HEIGHT) <= 900
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.keyboard.press("/")
    expect(page.get_by_label("External id")).to_be_focused()


def test_a_case_is_read_and_ruled_on_without_scrolling_and_fits_a_phone(
    people, sign_in, transactional_db
):
    version = factories.published_hip(people, lexicon=rulesets.shipped_lexicon(factories.HIP))
    service = factories.service(people, version, note=f"{NOTE}\r\n{LONG}")
    decision = factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    page = sign_in("supervisor")
    page.goto(factories.case_of(decision).get_absolute_url())
    page.keyboard.press("c")
    page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    for seen in ("By fact", "Note", "Your ruling"):
        expect(page.get_by_role("heading", name=seen, exact=True)).to_be_in_viewport()
    expect(page.get_by_role("button", name="Rule", exact=True)).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("Code", exact=True)).to_be_hidden()
    page.keyboard.press("3")
    expect(page.get_by_label("Code", exact=True)).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    # Tab goes down the page: what stands lower comes later in the document.
    ruling, sides = (
        page.locator("form.ruling"),
        page.get_by_role("heading", name="Rules and coder", exact=True),
    )
    assert ruling.bounding_box()["y"] < sides.bounding_box()["y"]

"""The hip story told by Ask and the code pages: two codes, what tells them apart, why neither in the mixed cells."""

import io

import pypdf
import pytest
from playwright.sync_api import expect

from coding import rulesets
from tests import factories

pytestmark = pytest.mark.looks


def pages_on_paper(page):
    """The text of each side of A4 that the page takes."""
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    return [side.extract_text() for side in printed.pages]


@pytest.mark.django_db(transaction=True)
def test_the_two_codes_are_told_apart_by_their_pages_and_by_ask(people, sign_in):
    factories.published_hip(people, lexicon=rulesets.shipped_lexicon(factories.HIP))
    page = sign_in("coder")
    # The first page of a process draws the whole rule set, which a busy machine takes its time for.
    page.keyboard.press("k")
    page.wait_for_url("**/codes/")
    page.get_by_label("Code, label or lay words").fill("harness")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="27256", exact=True).click()
    expect(page.get_by_text("Exactly when all of these hold:")).to_be_visible()
    [sheet] = pages_on_paper(page)
    assert "When it applies" in sheet
    assert "Ask about it" not in sheet, "paper has no buttons"
    neighbours = page.get_by_role("region", name="How it differs from its neighbours")
    expect(neighbours).to_contain_text(
        "Manipulation: supervisor review (R35); Anesthesia: supervisor review (R36)"
    )

    neighbours.get_by_role("link", name="27257", exact=True).click()
    rules = page.get_by_role("region", name="By the rules")
    expect(rules).to_contain_text("Manipulation without anesthesia fits neither 27256 nor 27257")
    expect(rules).to_contain_text("Anesthesia or sedation without manipulation fits neither")
    page.get_by_role("link", name="27257", exact=True).click()
    page.get_by_role("link", name="Ask about it").click()

    expect(page.get_by_label("About the code")).to_have_value("27257")
    page.get_by_label("Question, sentence or note").fill("27256 or 27257?")
    page.get_by_role("button", name="Ask", exact=True).click()
    answer = page.locator("#answer")
    expect(answer).to_contain_text("27256 and 27257 differ in Manipulation and Anesthesia")
    expect(answer).to_contain_text(
        "Then supervisor review: Manipulation without anesthesia fits neither"
    )
    answer.get_by_role("link", name="R35").first.click()
    page.wait_for_url("**#R35")

    page.get_by_role("link", name="Ask", exact=True).click()
    box = page.get_by_label("Question, sentence or note")
    box.fill("Left hip dislocated, developmental. I manipulated and reduced it. No anesthesia.")
    box.press("Control+Enter")
    expect(answer).to_contain_text("supervisor review")

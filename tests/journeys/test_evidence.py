"""A coder confirms what the note says, marks a passage by mouse or keyboard, and overrules the note with a reason."""

import pytest
from playwright.sync_api import expect

from coding import rulesets
from coding.models import Answer
from tests import factories

pytestmark = pytest.mark.looks

NOTE = "Dislocation of the left hip.\r\nShe was in the clinic & awake. A Pavlik harness was fitted; no anesthesia."
AWAKE = "the clinic & awake"


@pytest.fixture
def guided(people, sign_in, transactional_db):
    version = factories.published_hip(people, lexicon=rulesets.shipped_lexicon(factories.HIP))
    service = factories.service(people, version, note=NOTE)
    page = sign_in("coder")

    def ask(fact):
        page.goto(f"/services/{service.public_id}/code/?ask={fact}")
        return page, page.locator("#_guide")

    return ask


def given(fact):
    return Answer.objects.filter(fact=fact).latest("pk")


def test_what_the_note_says_is_confirmed_with_enter_and_the_note_follows_the_question(guided):
    page, guide = guided("laterality")
    expect(guide.get_by_role("radio", name="Left")).to_be_checked()
    expect(page.locator("mark[data-now]").last).to_contain_text("left hip")
    guide.get_by_role("radio", name="Left").focus()
    page.keyboard.press("Enter")
    expect(guide.locator(".answered")).to_contain_text("Left")
    assert "left hip" in given("laterality").passages[0]["text"]
    expect(page.locator("mark[data-now]").first).not_to_contain_text("left hip")


def test_a_passage_is_marked_with_the_mouse(guided):
    page, guide = guided("anesthesia")
    guide.get_by_text("Mark the passage that says so").click()
    page.evaluate(
        """words => {
            const walker = document.createTreeWalker(document.querySelector("[data-note]"), NodeFilter.SHOW_TEXT);
            for (let node; (node = walker.nextNode());) {
                const at = node.data.indexOf(words);
                if (at >= 0) getSelection().setBaseAndExtent(node, at, node, at + words.length);
            }
        }""",
        AWAKE,
    )
    guide.get_by_role("button", name="Mark what is selected").click()
    expect(guide.locator("[data-marked]")).to_contain_text(AWAKE)
    guide.get_by_role("button", name="Answer", exact=True).click()
    expect(guide.locator(".answered")).to_contain_text("None")
    start = NOTE.index(AWAKE)
    marked = [one for one in given("anesthesia").passages if one["marked_by"] == "coder"]
    assert marked == [
        {"start": start, "end": start + len(AWAKE), "text": AWAKE, "marked_by": "coder"}
    ]


def test_a_sentence_is_marked_with_the_keyboard_alone(guided):
    page, guide = guided("laterality")
    guide.get_by_text("Mark the passage that says so").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    guide.get_by_role("radio", name="Left").focus()
    page.keyboard.press("Enter")
    expect(guide.locator(".answered")).to_contain_text("Left")
    assert [one["text"] for one in given("laterality").passages if one["marked_by"] == "coder"] == [
        "Dislocation of the left hip"
    ]


def test_an_answer_against_the_note_is_kept_with_a_reason(guided):
    page, guide = guided("laterality")
    guide.locator(".option", has=page.get_by_text("Right", exact=True)).click()
    guide.get_by_role("button", name="Answer", exact=True).click()
    expect(guide.get_by_role("alert")).to_contain_text("left hip")
    guide.get_by_label("Why you keep your answer").fill("The image shows the right hip.")
    guide.get_by_role("button", name="Answer", exact=True).click()
    expect(guide.locator(".answered")).to_contain_text("Kept against the note")
    assert given("laterality").reason == "The image shows the right hip."

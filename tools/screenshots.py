"""Pictures of the main pages for the documents, taken from a fresh demo: ``tools/screenshots.py http://127.0.0.1:8000``.

It codes encounters as the tour in the README does, so it wants a demo that nobody has used yet.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
HIP = ["Yes", "Closed", "Dislocated", "Developmental", "First treatment", "Left"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
FLAGS += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]


def sign_in(browser: Browser, address: str, username: str, **options: object) -> Page:
    """A window of a demo account."""
    page = browser.new_context(
        base_url=address,
        viewport={"width": 1200, "height": 900},
        reduced_motion="reduce",
        **options,
    ).new_page()
    page.goto("/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(os.environ["DEMO_PASSWORD"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    page.reload()
    return page


def answer(page: Page, external_id: str, answers: list[str]) -> None:
    """Answer the questions of an encounter."""
    page.goto(f"/encounters/?search={external_id}")
    page.get_by_role("link", name=f"Code {external_id}").click()
    for number, words in enumerate(answers, start=1):
        page.locator("#_guide .option", has=page.get_by_text(words, exact=True)).click()
        page.locator("#_guide").get_by_role("button", name="Answer", exact=True).click()
        page.locator(f".answered > li >> nth={number - 1}").wait_for()


def decide(page: Page, choice: str, **fields: str) -> None:
    """Submit the coder's decision."""
    page.get_by_text(choice, exact=True).click()
    for label, text in fields.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(text)
    page.get_by_role("button", name="Submit", exact=True).click()


def shoot(page: Page, name: str) -> None:
    """Save a picture of the window, from the top of the page."""
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(300)
    page.screenshot(path=FOLDER / f"{name}.png")


def tour(browser: Browser, address: str) -> None:
    """The five-minute tour."""
    coder = sign_in(browser, address, "coder")
    shoot(coder, "worklist")
    answer(coder, "D-V01", HIP)
    shoot(coder, "question")
    answer_rest = ["Not manipulated", "None", "Pavlik harness"]
    for number, words in enumerate(answer_rest, start=len(HIP) + 1):
        coder.locator("#_guide .option", has=coder.get_by_text(words, exact=True)).click()
        coder.locator("#_guide").get_by_role("button", name="Answer", exact=True).click()
        coder.locator(f".answered > li >> nth={number - 1}").wait_for()
    shoot(coder, "suggestion")
    decide(
        coder,
        "Report another code",
        Other_code="27257",
        Modifiers="LT",
        Reason="I call it a reduction.",
    )
    answer(coder, "D-S01", [*HIP, "Manipulated", "None"])
    shoot(coder, "gap")

    supervisor = sign_in(browser, address, "supervisor")
    shoot(supervisor, "queue")
    supervisor.get_by_role("link", name="D-V01").click()
    supervisor.get_by_role("button", name="Claim").click()
    shoot(supervisor, "case")
    supervisor.goto("/runs/new/")
    supervisor.get_by_role("button", name="Count the services").click()
    supervisor.get_by_role("button", name="Start").click(timeout=30_000)
    supervisor.get_by_role("heading", name="Services that get another outcome").wait_for()
    shoot(supervisor, "flips")
    supervisor.goto("/rules/hip-dislocation/1/")
    shoot(supervisor, "rules")

    auditor = sign_in(browser, address, "auditor", color_scheme="dark")
    shoot(auditor, "trail")
    author = sign_in(browser, address, "author")
    author.goto("/admin/coding/rulesetversion/")
    shoot(author, "administration")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium-headless-shell", args=FLAGS
        )
        tour(chromium, sys.argv[1])
        chromium.close()

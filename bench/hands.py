"""Hands: keys, clicks and pages of a case, from the worklist to the next encounter, in a demo that runs.

    make demo            # in another window, with fresh data: each case is coded for good
    DEMO_PASSWORD=… python -m bench.hands --address http://127.0.0.1:8000

A coder reads what the note says, confirms it with one key, answers what is still asked, accepts the suggestion and goes
on to the next one. What the note does not say is answered as *not documented*: how many keys a case costs hangs on
how many questions are left, and not on which answers they get. No pointer is used. Before, an easy case cost 18 to 25.
"""

import os
import re
from argparse import ArgumentParser
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Page, Response, sync_playwright

from bench.goals import goal

CHROMIUM = "/usr/bin/chromium-headless-shell"
# An easy case leaves at most this many questions when the undisputed proposals are confirmed.
EASY_QUESTIONS = 1
EASY_KEYS = 6
MOST_QUESTIONS = 30


@dataclass
class Case:
    """What one case cost."""

    name: str = ""
    keys: int = 0
    pages: int = 0
    questions: int = 0
    end: str = ""


class Hands:
    """A coder at the keyboard, who counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.case = Case()
        page.on(
            "framenavigated", lambda frame: self._count_page() if frame == page.main_frame else None
        )

    def _count_page(self) -> None:
        self.case.pages += 1

    def press(self, key: str) -> None:
        """One key that changes the page as it stands."""
        self.case.keys += 1
        self.page.keyboard.press(key)

    def go(self, key: str) -> None:
        """One key that leads to another page."""
        here = self.page.url
        self.press(key)
        self.page.wait_for_url(lambda address: address != here)

    def send(self, key: str) -> None:
        """One key that sends an answer, and the next question."""
        with self.page.expect_response(_is_page):
            self.press(key)
        self.page.wait_for_load_state("networkidle")

    def sign_in(self, password: str) -> None:
        """Sign in as the demo's coder; nothing of it counts."""
        self.page.goto("/accounts/login/")
        self.page.fill("[name=login]", "coder")
        self.page.fill("[name=password]", password)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_load_state("networkidle")

    def code(self) -> Case:
        """Code the case whose page is open, and give what it cost."""
        if self.page.url.endswith("/note/"):
            self.go("c")
        self.case.name = self.page.locator(".crumbs li:nth-child(2)").inner_text()
        for _ in range(MOST_QUESTIONS):
            if not self.page.locator("legend[data-focus]").count():
                break
            self.case.questions += 1
            self._answer()
        suggestion = self.page.locator(".outcome-large")
        self.case.end = (
            " ".join(suggestion.first.inner_text().split())[:40] if suggestion.count() else "a line"
        )
        self.press("1")
        self.go("d")
        done, self.case = self.case, Case()
        return done

    def _answer(self) -> None:
        """Confirm what is proposed; where nothing is, choose *not documented* and send it."""
        if not self.page.locator("[data-number-keys] :checked").count():
            self.press("u")
        self.send("Enter")


def _is_page(response: Response) -> bool:
    """Whether it is a page or a part of one, and not a redirect on the way there."""
    return "/static/" not in response.url and not 300 <= response.status < 400


def main() -> None:
    """Code what there is to code, one case after the other, and print what each one cost."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--cases", type=int, default=10)
    asked = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page(base_url=asked.address)
        hands = Hands(page)
        hands.sign_in(os.environ["DEMO_PASSWORD"])
        page.goto("/encounters/?state=to_code")
        hands.case = Case()
        hands.go("c")
        cases = []
        while len(cases) < asked.cases and re.search(r"/services/.*/(note|code)/$", page.url):
            cases.append(hands.code())
        browser.close()
    report(cases)


def report(cases: list[Case]) -> None:
    """A line for each case, and the goals."""
    print(f"{'case':12} {'keys':>4} {'clicks':>6} {'pages':>5} {'asked':>5}  end")
    for case in cases:
        print(f"{case.name:12} {case.keys:4} {0:6} {case.pages:5} {case.questions:5}  {case.end}")
    easy = [case.keys for case in cases if case.questions <= EASY_QUESTIONS]
    print(f"{len(cases)} cases, {len(easy)} of them easy (at most {EASY_QUESTIONS} question asked)")
    if easy:
        goal("keys of an easy case, the worst", max(easy), at_most=EASY_KEYS)
    if cases:
        goal("keys of a case, the median", median(case.keys for case in cases), at_most=9)


if __name__ == "__main__":
    main()

"""The grid of a draft in a real browser, at 200 rules and 20 questions: open, one cell saved, check after a change.

    make demo            # in another window
    set -a; . var/local.env; set +a
    DEMO_PASSWORD=… python -m bench.grid --address http://127.0.0.1:8000

It puts a draft into the demo's database, opens it as the demo's author, and writes one cell after the other with keys
alone. What is taken is what the page itself measures: from the click to the drawn grid, from the sent change to its
answer, from the question what is wrong to the marks at the cells; and the frames that a held arrow key is late by.
"""

import os
import random
from argparse import ArgumentParser
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.goals import goal

CHROMIUM = "/usr/bin/chromium-headless-shell"
KEY = "bench-grid"
RULES, FACTS, CELLS_A_RULE = 200, 20, 4
CHOICES = 4
SAVED, CHECKED = "concord: saved", "concord: checked"


def document(rules: int = RULES, facts: int = FACTS, seed: int = 1) -> dict[str, Any]:
    """A rule set of made-up codes; its last rule takes what the others leave."""
    chance = random.Random(seed)
    asked = [
        {
            "key": f"fact{number:02}",
            "kind": "choice",
            "label": f"Fact {number}",
            "question": f"What is fact {number}?",
            "choices": [
                {"value": f"value{place}", "label": f"Value {place}"} for place in range(CHOICES)
            ],
        }
        for number in range(facts)
    ]
    rows = [_row(chance, facts) for _ in range(rules - 1)]
    return {
        "key": KEY,
        "name": "Bench of the grid",
        "family": [str(12300 + number) for number in range(30)],
        "facts": asked,
        "rules": [_rule(number, row) for number, row in enumerate([*rows, {}], start=1)],
        "notes": [],
    }


def _row(chance: random.Random, facts: int) -> dict[str, Any]:
    tested = sorted(chance.sample(range(facts), CELLS_A_RULE))
    return {
        f"fact{number:02}": {"in": [f"value{chance.randrange(CHOICES - 1)}"]} for number in tested
    }


def _rule(number: int, row: dict[str, Any]) -> dict[str, Any]:
    code = str(12300 + number % 30)
    texts = {
        "title": f"Rule {number}",
        "message": f"Rule {number} of the bench.",
        "basis": "Made up.",
    }
    return {"id": f"R{number:03}", **texts, "rows": [row], "outcome": "code", "code": code}


def draft() -> int:
    """The id of a new draft in the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from coding.actions import rule_sets
    from coding.decision import RuleTable
    from coding.models import User

    author = User.objects.get(username="author")
    return rule_sets.bring_in(author, RuleTable.from_document(document())).pk


def sign_in(page: Page, password: str) -> None:
    """As the demo's author."""
    page.goto("/accounts/login/")
    page.fill("[name=login]", "author")
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state("networkidle")


def opened(page: Page, address: str) -> float:
    """Seconds from the navigation to the drawn grid."""
    page.goto(address)
    page.locator("#told-sum").filter(has_not_text="Checking").wait_for()
    return (
        float(page.evaluate("performance.getEntriesByName('concord: grid drawn')[0].startTime"))
        / 1000
    )


def write(page: Page, turn: int) -> None:
    """Another answer in the cell in which the focus is, by keys."""
    page.keyboard.type("not documented" if turn % 2 else "conflicting")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    # Its marks are drawn when the page has measured them.
    while len(measured(page, CHECKED)) < turn + 2:
        page.wait_for_timeout(20)


def measured(page: Page, name: str) -> list[float]:
    """Milliseconds of each of the page's measures of this name."""
    times: list[float] = page.evaluate(
        "name => performance.getEntriesByName(name).map((entry) => entry.duration)", name
    )
    return times


def held(page: Page, steps: int = 100) -> float:
    """Milliseconds that a step of an arrow key costs the page, with its drawing."""
    took = page.evaluate(
        """async (steps) => {
            const began = performance.now();
            for (let step = 0; step < steps; step += 1) {
                const options = { key: "ArrowDown", bubbles: true, cancelable: true };
                document.activeElement.dispatchEvent(new KeyboardEvent("keydown", options));
                document.activeElement.getBoundingClientRect();
            }
            await new Promise(requestAnimationFrame);
            return (performance.now() - began) / steps;
        }""",
        steps,
    )
    return float(took)


def main() -> None:
    """Measure and print, each beside what is asked of it."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--cells", type=int, default=15)
    asked = parser.parse_args()
    address = f"/admin/coding/rulesetversion/{draft()}/grid/"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(base_url=asked.address, viewport={"width": 1400, "height": 900})
        sign_in(page, os.environ["DEMO_PASSWORD"])
        opens = [opened(page, address) for _ in range(5)]
        page.locator("td[data-line='3'][data-column='4']").click()
        for turn in range(asked.cells):
            write(page, turn)
        saved, checked, step = measured(page, SAVED), measured(page, CHECKED), held(page)
        browser.close()
    print(
        f"{RULES} rules × {FACTS} questions; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    for name, times in (("opened, s", opens), ("saved, ms", saved), ("checked, ms", checked)):
        print(
            f"{name}: median {median(times):.2f}, least {min(times):.2f}, most {max(times):.2f} of {len(times)}"
        )
    goal("open", median(opens), at_most=1, unit=" s")
    goal("one cell saved", median(saved), at_most=200, unit=" ms")
    goal("check after a change", median(checked), at_most=300, unit=" ms")
    goal("a step of a held arrow key", step, at_most=16, unit=" ms")


if __name__ == "__main__":
    main()

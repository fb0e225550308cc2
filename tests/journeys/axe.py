"""What axe finds wrong on a page, by the rules of WCAG 2.2 AA."""

import json
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

AA = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
COLOURS = "color-contrast"


def violations_of(page: Page, *, colours: bool = True, only_colours: bool = False) -> list[Any]:
    """The faults of the page as it is shown now, each with its ``id`` and the ``nodes`` that have it.

    Colours take most of the time: leave them out where they are looked at in another view of the same page.
    """
    rules = (
        {"runOnly": [COLOURS]}
        if only_colours
        else {"runOnly": list(AA), "rules": {COLOURS: {"enabled": colours}}}
    )
    # What passes is a hundred times what fails, and need not cross over. Preloading would write a style sheet into
    # the page, which its Content-Security-Policy refuses.
    options = {**rules, "resultTypes": ["violations"], "preload": False}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    faults: list[Any] = page.evaluate(
        f"axe.run({json.dumps(options)}).then(results => results.violations)"
    )
    return faults

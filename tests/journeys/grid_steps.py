"""The grid of a draft worked by hand: cells found by rule and column, answers chosen, texts written."""

from playwright.sync_api import Locator, Page, expect


def row(page: Page, rule_id: str) -> Locator:
    """The line of a rule."""
    return page.locator("#grid tbody tr", has=page.locator("[role=rowheader]", has_text=rule_id))


def cell(page: Page, line: Locator, column: str) -> Locator:
    """The cell of a line under a heading."""
    heads = page.locator("#grid th").all_inner_texts()
    return line.locator("td").nth(heads.index(column))


def choose(page: Page, line: Locator, column: str, answer: str) -> None:
    """Pick one answer from the list of a cell."""
    cell(page, line, column).click()
    page.keyboard.press("Enter")
    page.get_by_role("option", name=answer, exact=True).click()
    page.keyboard.press("Enter")
    saved(page)


def fill(page: Page, line: Locator, column: str, text: str) -> None:
    """Write a text in place of what the cell says."""
    cell(page, line, column).click()
    page.keyboard.press("F2")
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def saved(page: Page) -> None:
    """Wait until all that was written is kept."""
    expect(page.locator("#grid-status")).to_contain_text("Saved as edition")

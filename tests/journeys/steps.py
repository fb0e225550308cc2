"""A version taken on in the administration, as a person does it."""

from playwright.sync_api import Page, expect


def open_step(page: Page, version: str, step: str) -> None:
    """From the list to the version, and to the page of its step."""
    page.goto("/admin/coding/rulesetversion/")
    page.get_by_role("link", name=version, exact=True).click()
    page.locator(".object-tools").get_by_role("link", name=step, exact=True).click()


def go_on(page: Page, version: str, step: str, button: str) -> None:
    """Take the step with a reason, saying of everything that it was looked at."""
    open_step(page, version, step)
    page.get_by_label("Reason").fill("A new policy.")
    for run in page.get_by_role("link", name="Open the dry run").all():
        run.click()
        open_step(page, version, step)
        page.get_by_label("Reason").fill("A new policy.")
    for box in page.locator("form input[name=knows_past]").all():
        box.check()
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()

"""A real browser on a real server."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import factories

CHROMIUM = "/usr/bin/chromium-headless-shell"
# A busy machine may take long for what a person waits a moment for; nothing waits longer than it has to.
PATIENCE = 600_000
expect.set_options(timeout=PATIENCE)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a screen, which takes half the processor time of the whole one."""
    # Playwright runs an event loop in this thread, in which Django would refuse its ordinary database calls.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def sign_in(
    browser: Browser, live_server: Any, people: factories.People
) -> Iterator[Callable[..., Page]]:
    """Opens a window in which a person of a role is signed in; what breaks on its pages fails the test."""
    contexts = []
    broken: list[str] = []

    def as_role(role: object, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url, **{"viewport": {"width": 1400, "height": 900}, **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: broken.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                broken.append(f"{page.url}: {message.text}")
                if "Content Security Policy" in message.text
                else None
            ),
        )
        page.on(
            "response", lambda r: broken.append(f"{r.status} {r.url}") if r.status >= 500 else None
        )
        page.goto("/")
        page.get_by_label("Username").fill(people[role].username)
        page.get_by_label("Password").fill(factories.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/accounts/" not in url)
        return page

    yield as_role
    for context in contexts:
        context.close()
    assert broken == []

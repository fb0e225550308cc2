"""A supervisor whose role asks for a second factor sets up a security key, and signs in with it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import factories

pytestmark = pytest.mark.looks

# A key that is plugged in and touched.
KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
LEFT = "10 of 10 are left"


@pytest.fixture
def page(sign_in, settings, transactional_db):
    settings.SECOND_FACTOR_ROLES = []
    page = sign_in("supervisor")
    settings.SECOND_FACTOR_ROLES = ["supervisor"]
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return page


def ready(page, heading):
    """The page with its scripts, without which a button of keys does nothing."""
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    page.wait_for_load_state()


def test_a_security_key_opens_what_the_password_alone_does_not(page, people):
    page.goto(reverse("queue"))
    page.get_by_role("link", name="Add a key").click()
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    ready(page, "Add Security Key")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name=LEFT)).to_be_visible()
    page.goto(reverse("queue"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("queue", ignore_case=True)
    page.goto(reverse("account_logout"))
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto(reverse("account_login"))
    page.get_by_label("Username").fill(people["supervisor"].username)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Use a security key")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url(lambda address: "/accounts/" not in address)
    page.goto(reverse("queue"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("queue", ignore_case=True)

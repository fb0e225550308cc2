"""An encounter's page as a browser shows it: with the parts that follow once it is there."""

from django.test import Client
from django.urls import reverse

from coding.models import Encounter

PARTS = ("encounter-checks", "encounter-history")


def whole_page(client: Client, encounter: Encounter, **asked: object) -> str:
    """The page's text, and behind it that of its parts."""
    page = client.get(encounter.get_absolute_url(), asked).content.decode()
    parts = [
        client.get(reverse(name, args=[encounter.public_id]), asked, HTTP_HX_REQUEST="true")
        for name in PARTS
    ]
    return page + "".join(part.content.decode() for part in parts)

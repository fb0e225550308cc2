"""Where a request comes from: the client's network, and a browser without its version."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from coding.accounts import places
from coding.accounts.places import LONGEST_BROWSER, Place, client_of, place_of


def request(**meta):
    return RequestFactory().get("/", **meta)


@pytest.mark.parametrize(
    ("client", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("", ""),
        ("no address", "no address"),
    ],
)
def test_a_place_is_its_address_and_of_ipv6_its_network(client, network):
    assert Place(client).network == network


def test_of_the_browser_its_kind_is_kept_without_versions():
    place = place_of(request(REMOTE_ADDR="198.51.100.7", HTTP_USER_AGENT="Fox/140.0 (X 11)"))
    assert place == Place("198.51.100.7", "Fox/ (X )")
    assert place_of(request()).browser == ""


def test_a_long_name_of_a_browser_is_cut():
    assert place_of(request(HTTP_USER_AGENT="x" * 201)).browser == "x" * LONGEST_BROWSER


def test_an_address_is_cut_to_what_a_column_holds(monkeypatch):
    class Adapter:
        def get_client_ip(self, request):
            return "a" * 46

    monkeypatch.setattr(places, "get_adapter", Adapter)
    assert client_of(request()) == "a" * 45


def test_an_address_that_no_trusted_proxy_names_is_empty(monkeypatch):
    class Adapter:
        def get_client_ip(self, request):
            raise PermissionDenied

    monkeypatch.setattr(places, "get_adapter", Adapter)
    assert client_of(request()) == ""

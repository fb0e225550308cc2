"""Where a request comes from."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

LONGEST_ADDRESS, LONGEST_BROWSER = 45, 200
VERSIONS = re.compile(r"[\d.]+")
# A provider gives a household or an office a network of this size; addresses within it change by the day.
IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True)
class Place:
    """The client's address, and the kind of browser without its versions, which change by the month."""

    client: str
    browser: str = ""

    @property
    def network(self) -> str:
        """What makes a place new: the address, of IPv6 its network."""
        try:
            address = ip_address(self.client)
        except ValueError:
            return self.client
        if isinstance(address, IPv6Address):
            return str(ip_network((address, IPV6_PREFIX), strict=False).network_address)
        return str(address)


def place_of(request: HttpRequest) -> Place:
    """The place of a request; an address that no trusted proxy names is empty."""
    browser = VERSIONS.sub("", request.META.get("HTTP_USER_AGENT", ""))
    return Place(client_of(request), browser[:LONGEST_BROWSER])


def client_of(request: HttpRequest) -> str:
    """The client's address as the configured proxies name it."""
    try:
        return str(get_adapter().get_client_ip(request))[:LONGEST_ADDRESS]
    except PermissionDenied:
        return ""

"""Who may open what, read off the code: addresses with what their views need, roles, and what these see of objects.

``docs/authorisation.md`` is written from here; a test holds it to the code, and others hold the code to the addresses.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from django.urls import URLPattern, URLResolver, get_resolver

from coding.views.access import Needs, needs_of
from reviews.roles import ROLES

OUR_VIEWS = ("coding.views", "reviews.views")
Pattern = URLPattern | URLResolver


@dataclass(frozen=True, slots=True)
class Door:
    """An address with the name of its view and what that needs. ``kind`` of object: a key of ``SIGHTS``, or empty.

    Without ``needs`` the view is open to whoever is signed in; ``public`` ones to everybody.
    """

    address: str
    name: str
    needs: Needs
    public: bool
    ours: bool

    @property
    def kind(self) -> str:
        """What stands behind the address, where not everybody who may open it sees each."""
        beginning = self.address.partition("<uuid:")[0]
        return BEHIND.get(beginning, "") if "<uuid:" in self.address else ""

    def readers(self) -> set[str]:
        """The roles that may open it."""
        return roles_with(self.needs.read)

    def senders(self) -> set[str]:
        """The roles that may send its form; none where it takes none."""
        return set() if self.needs.send is None else roles_with(self.needs.send)


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a kind of object is seen: ``some`` with one permission, every one with another; the rest answers 404."""

    see: str
    see_every: str
    some: str


BY_SETTING = "by CODERS_SEE"
OF_ENCOUNTERS = Sight("coding.view_encounter", "coding.view_every_encounter", BY_SETTING)
SIGHTS = {
    "encounter": OF_ENCOUNTERS,
    "service": OF_ENCOUNTERS,
    "query": OF_ENCOUNTERS,
    "case": Sight("reviews.view_reviewcase", "reviews.view_every_reviewcase", "own"),
    "upload": Sight("coding.view_upload", "coding.view_every_encounter", BY_SETTING),
}
BEHIND = {
    "encounters/": "encounter",
    "services/": "service",
    "queries/": "query",
    "cases/": "case",
    "uploads/": "upload",
}


def roles_with(permissions: Iterable[str]) -> set[str]:
    """The roles that have one of some permissions; all where none is asked for."""
    asked = set(permissions)
    if not asked:
        return set(ROLES)
    return {role for role, own in ROLES.items() if asked & set(own)}


def doors() -> list[Door]:
    """Every address but those of the administration and those that only lead to another page of a library's."""
    listed = [_door(address, pattern) for address, pattern in _flat(get_resolver().url_patterns)]
    ours = [door for door in listed if door.ours]
    of_libraries = [door for door in listed if not door.ours and door.name]
    by_address = attrgetter("address")
    return [*sorted(ours, key=by_address), *sorted(of_libraries, key=by_address)]


def _flat(patterns: Iterable[Pattern], begin: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        written = str(pattern.pattern)
        # A pattern of ours is a path; those of libraries may be regular expressions.
        own = written.removeprefix("^").removesuffix("$").removesuffix("\\Z")
        address = begin + own
        if isinstance(pattern, URLPattern):
            yield address, pattern
        elif pattern.app_name != "admin":
            yield from _flat(pattern.url_patterns, address)


def _door(address: str, pattern: URLPattern) -> Door:
    view = pattern.callback
    ours = view.__module__.startswith(OUR_VIEWS)
    public = not getattr(view, "login_required", True)
    return Door(address, pattern.name or "", needs_of(view) or Needs(), public, ours)


def sight_of(role: str, kind: str) -> str:
    """How much of a kind of object a role sees: "every", some by its rule, or "none"."""
    sight, own = SIGHTS[kind], ROLES[role]
    if sight.see not in own:
        return "none"
    return "every" if sight.see_every in own else sight.some

"""Write down who may open what: address, role and object, from the code."""

from collections.abc import Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any, cast

from django.contrib import admin
from django.core.management.base import BaseCommand
from django.http import HttpRequest

from reviews.authorisation import SIGHTS, Door, doors, sight_of
from reviews.roles import ROLES, STAFF_ROLES

HEAD = """\
# Who may open what

Written by `manage.py authorisation_matrix > docs/authorisation.md` from the code: from what each view says that it
needs (`coding/views/access.py`), from the roles (`reviews/roles.py`) and from what they see
(`coding/models/visibility.py`). A test holds this page to the code; `tests/reviews/test_access.py` and
`test_access_to_objects.py` try every address as every role.

*opens*: the page may be read. *sends*: its form is taken. *leads on*: only to another address. A dash: refused with
403, before anything that was sent is read. Nobody who is not signed in gets further than to the log-in. A superuser has
every permission, and no exception from the separation of duties.
"""
OBJECTS = """\
## Objects

Who may open an address sees of its objects what this table says. The rest answers 404, as if it were not there, and is
in no list and no search. `CODERS_SEE` is `all` (every one), `own` (one's own work and what is nobody's) or `team` (that
and the work of one's teams). A coder who breaks the glass sees one encounter more, for `BREAK_GLASS_HOURS`.
"""
RELATIONS = """\
Where `CODERS_SEE` is `own` or `team`, an address of such an object answers a role that may open it:
"""
DUTIES = """\
Verbs ask for more than a role: a run that opens review cases is launched and stopped by who may apply it, whoever
decided a case does not rule on it, whoever ruled does not decide the objection, an author does not publish, who
proposes a role does not approve it. `reviews/transitions.py` and `coding/actions/transitions.py` have the permission of
each verb.
"""


class Command(BaseCommand):
    """The document, on standard output."""

    help = "Prints the authorisation matrix: address × role × object."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        listed = doors()
        own = [
            [f"`/{door.address}`", *_cells(door)]
            for door in listed
            if door.ours and not door.public
        ]
        others = [
            [f"`/{door.address}`", _whom(door)] for door in listed if not door.ours or door.public
        ]
        kinds = [[kind, *_sights(kind)] for kind in SIGHTS]
        parts = [
            [HEAD, "## Addresses\n"],
            table(["address", *ROLES], own),
            ["", OBJECTS],
            table(["object", *ROLES], kinds),
            ["", RELATIONS],
            table(["object", *ROLES], _relations()),
            ["", DUTIES, "## Administration\n"],
            table(["table", *_staff()], _tables()),
            ["", "## Addresses without a role\n"],
            table(["address", "for"], others),
        ]
        self.stdout.write("\n".join(line for part in parts for line in part))


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The lines of a table in Markdown."""
    names = list(head)
    yield _row(names)
    yield _row(["---"] * len(names))
    yield from map(_row, rows)


def _row(cells: Iterable[str]) -> str:
    escaped = [cell.replace("|", r"\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"


def _leading_on(door: Door, role: str) -> str:
    senders = door.senders()
    if not senders:
        return "leads on"
    return "sends" if role in senders else "–"


def _cells(door: Door) -> Iterator[str]:
    for role in ROLES:
        if door.needs.leads_on:
            yield _leading_on(door, role)
            continue
        verbs = ["opens"] if role in door.readers() else []
        verbs += ["sends"] if role in door.senders() else []
        yield ", ".join(verbs) or "–"


def _sights(kind: str) -> Iterator[str]:
    for role in ROLES:
        yield sight_of(role, kind)


def _whom(door: Door) -> str:
    return "everybody" if door.public else "whoever is signed in"


def _relations() -> Iterator[list[str]]:
    """Each kind of object by whose it is."""
    for kind in SIGHTS:
        seen = {role: sight_of(role, kind) for role in ROLES}
        for whose in ("own, or nobody's", "another's"):
            is_another = whose == "another's"
            yield [
                f"{kind}, {whose}",
                *(_answer(seen[role], is_another=is_another) for role in ROLES),
            ]


def _answer(sight: str, *, is_another: bool) -> str:
    if sight == "none":
        return "–"
    return "404" if is_another and sight != "every" else "yes"


def _staff() -> list[str]:
    return [role for role in ROLES if role in STAFF_ROLES]


def _tables() -> Iterator[list[str]]:
    """The tables of the administration that one of the roles sees."""
    for model, model_admin in sorted(
        admin.site._registry.items(), key=lambda item: item[0]._meta.label
    ):
        rights = [model_admin.get_model_perms(_request(role)) for role in _staff()]
        cells = [_verbs(own) for own in rights]
        if any(cells):
            yield [str(model._meta.verbose_name_plural), *(cell or "–" for cell in cells)]


def _verbs(rights: Mapping[str, bool]) -> str:
    return ", ".join(verb for verb, may in rights.items() if may)


def _request(role: str) -> HttpRequest:
    """A request of somebody who has this role alone."""
    user = SimpleNamespace(
        has_perm=lambda name, obj=None: name in ROLES[role], is_superuser=False, pk=None
    )
    return cast("HttpRequest", SimpleNamespace(user=user))

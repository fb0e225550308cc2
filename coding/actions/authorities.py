"""Verbs on the names of authorities: say that two are of one authority, and take that back.

Nothing is guessed: numbers of two names stay apart until an administrator says so, with how they know it.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.locks import locked
from coding.actions.require import require
from coding.intake.authorities import alias_key
from coding.models import AuthorityAlias, User

MAY_ADD, MAY_REMOVE = "coding.add_authorityalias", "coding.change_authorityalias"


@dataclass(frozen=True, slots=True)
class TwoNames:
    """A name of an authority, the name of it that counts, and how somebody knows that they are of one."""

    name: str
    counts_as: str
    reason: str


def add(actor: User, names: TwoNames) -> AuthorityAlias:
    """Have the numbers of two names compared under one, in files that are checked from now on. Raises Conflict."""
    require(actor, MAY_ADD, "say which names of authorities are of one")
    with transaction.atomic():
        fault = fault_of(names)
        if fault:
            raise Conflict(fault)
        alias = AuthorityAlias(
            name=names.name.strip(),
            key=alias_key(names.name),
            counts_as=names.counts_as.strip(),
            reason=names.reason.strip(),
            added_by=actor,
        )
        try:
            with transaction.atomic():
                alias.save(force_insert=True)
        except IntegrityError:
            raise Conflict(_is_known(names.name)) from None
        trail.record(actor, "authority_alias.added", alias, after=_in_trail(alias), rows=[alias])
        # The trail's head is locked by now: what somebody else said at the same instant is written, and seen.
        fault = fault_of(names, besides=alias.pk)
        if fault:
            raise Conflict(fault)
    return alias


def remove(actor: User, alias: AuthorityAlias) -> None:
    """Keep the numbers of two names apart again, in files that are checked from now on. Raises Conflict."""
    require(actor, MAY_REMOVE, "take names of authorities apart")
    with transaction.atomic():
        [row] = locked(AuthorityAlias.objects.filter(pk=alias.pk))
        if row.removed_at:
            raise Conflict(f"{row.name} was taken out meanwhile.")
        row.removed_by, row.removed_at = actor, timezone.now()
        row.save(update_fields=["removed_by", "removed_at"])
        trail.record(actor, "authority_alias.removed", row, before=_in_trail(row), rows=[row])


def fault_of(names: TwoNames, besides: int = 0) -> str:
    """Why two names cannot be said to be of one authority; empty if they can. One step leads to what counts.

    The alias of the id ``besides`` is not looked at.
    """
    own, counting = alias_key(names.name), alias_key(names.counts_as)
    if "^" in own + counting:
        return "Give one name, without ^: the short name, the OID or the address."
    if own == counting:
        return "These are two spellings of one name already."
    in_force = AuthorityAlias.objects.filter(removed_at=None).exclude(pk=besides)
    # Read at once: what somebody else says meanwhile is there for all of these questions, or for none.
    rows = dict(in_force.values_list("key", "counts_as"))
    if own in rows:
        return _is_known(names.name)
    if counting in rows:
        return f"{names.counts_as} is an alias itself. Give the name that counts for it."
    if own in map(alias_key, rows.values()):
        return f"Other names count as {names.name}. Give it as the name that counts, or take those out first."
    return ""


def _is_known(name: str) -> str:
    return f"{name} is an alias already. Take it out first."


def _in_trail(alias: AuthorityAlias) -> dict[str, str]:
    return {"name": alias.name, "counts as": alias.counts_as, "reason": alias.reason}

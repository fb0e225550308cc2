"""The verb that ends an update of tables: one signature for what becomes of every rule set that it touches."""

from collections.abc import Collection
from datetime import date

from django.db import IntegrityError, transaction

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.require import require
from coding.actions.signatures import sign
from coding.models import Meaning, TableSignOff, User
from coding.rules.tables_update import TablesUpdate, tables_update
from coding.signing.confirmation import Confirmation
from coding.signing.content import sign_off_content

MAY_SIGN = "coding.add_tablesignoff"


def sign_off(
    actor: User,
    day: date,
    seen: str,
    standing: Collection[str],
    confirmation: Confirmation | None = None,
) -> TableSignOff:
    """Sign what the tables of a day change. ``standing`` are the keys of rule sets whose version stands as it is.

    Raises Conflict where ``seen`` is not the hash of the update any more, something is open, or it is signed already.
    """
    require(actor, MAY_SIGN, "sign what new tables change")
    try:
        with transaction.atomic():
            update = tables_update(day)
            fault = fault_of(update, seen, standing)
            if fault:
                raise Conflict(fault)

            stands = sorted(standing)
            content = update.to_data() | {"stands as it is": stands}
            row = TableSignOff.objects.create(
                day=day, content=content, update_hash=seen, signed_by=actor
            )
            signed = sign(actor, Meaning.UPDATE, [sign_off_content(row)], confirmation)
            after = {"day": str(day), "stands as it is": stands, **signed.in_trail(row)}
            rows = [row, *signed.rows(row)]
            trail.record(actor, "table_update.signed", row, after=after, rows=rows)
    except IntegrityError:
        raise Conflict("This update is signed already. Reload the page.") from None
    return row


def fault_of(update: TablesUpdate, seen: str, standing: Collection[str]) -> str:
    """Why an update cannot be signed; empty if it can."""
    if not update.releases:
        return "No release begins on this day: there is nothing to sign."
    if update.content_hash != seen:
        return "Tables or versions changed since the page was opened. Go through it again."
    undecided = []
    for family in update.families:
        if not family.next_version and family.key not in standing:
            undecided.append(family.published.table.name)
    if not undecided:
        return ""
    names = ", ".join(undecided)
    return f"Begin a new version, or let the one in force stand as it is: {names}."

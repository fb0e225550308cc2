"""The verb on checks of claims: settle from a day on how a check stands."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.require import require
from coding.models import ClaimCheckRow, User
from coding.reference.claim_checks import shipped_check, values_of
from coding.tables.days import fault_of_start


@dataclass(frozen=True, slots=True)
class CheckSetting:
    """How a check is to stand: see ``ClaimCheckRow``. Empty payer: all; empty severity and text: as shipped."""

    check_id: str
    kind: str
    valid_from: date
    payer: str = ""
    is_on: bool = True
    severity: str = ""
    message: str = ""
    reason: str = ""


def settle(actor: User, setting: CheckSetting) -> ClaimCheckRow:
    """Write how a check stands from a day on. Raises Conflict for a check, a day or a text that cannot be."""
    require(actor, "coding.add_claimcheckrow", "settle checks of claims")
    fault = fault_of(setting)
    if fault:
        raise Conflict(fault)
    with transaction.atomic():
        row = ClaimCheckRow.objects.create(**asdict(setting), set_by=actor)
        after = asdict(setting)
        after["valid_from"] = str(setting.valid_from)
        # The event has a place of its own for it.
        del after["reason"]
        trail.record(
            actor, "claim_check.settled", row, after=after, reason=setting.reason, rows=[row]
        )
    return row


def fault_of(setting: CheckSetting) -> str:
    """Why a setting cannot be; empty if it can."""
    check = shipped_check(setting.check_id, setting.kind)
    if check is None:
        return "There is no such check. Choose one of the list."
    if not setting.reason.strip():
        return "Say why the house decides so."
    fault_of_day = fault_of_start(setting.valid_from, timezone.localdate())
    return fault_of_day or _fault_of_text(setting.message, check.message)


def _fault_of_text(message: str, shipped: str) -> str:
    known = values_of(shipped)
    try:
        strange = values_of(message) - known
    except ValueError:
        return "A brace { or } of the text has no partner."
    if strange:
        names = ", ".join(f"{{{name}}}" for name in sorted(known)) or "none"
        return f"The text names {{{sorted(strange)[0]}}}, which this check does not know. It knows: {names}."
    return ""

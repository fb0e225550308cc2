"""What Medicare pays for a code at a locality, in dollars: the whole, and what its indicators allow beside it.

Shares: CMS, Medicare Claims Processing Manual, chapter 12: both sides 150 % (section 40.7), an assistant at surgery
16 % (20.4.3), of it 85 % where no physician assists (110.2), two surgeons 62.5 % each (40.8).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from coding.models import Locality
from coding.reference.code_rows import FeeRow, in_cents


class Share(NamedTuple):
    """A part of the whole that is paid, and with which indicators of the fee schedule; ``note`` is for one of them."""

    what: str
    indicator: str
    paid: dict[str, Decimal]
    notes: dict[str, str]


WITH_RECORDS = "only with records"
SHARES = (
    Share(
        "both sides",
        "bilateral",
        {"1": Decimal("1.5"), "2": Decimal(1), "3": Decimal(2)},
        {"2": "whole already"},
    ),
    Share(
        "an assistant",
        "assistant",
        {"0": Decimal("0.16"), "2": Decimal("0.16")},
        {"0": WITH_RECORDS},
    ),
    Share(
        "an assistant who is no physician",
        "assistant",
        {"0": Decimal("0.136"), "2": Decimal("0.136")},
        {"0": WITH_RECORDS},
    ),
    Share(
        "each of two surgeons",
        "co_surgeon",
        {"1": Decimal("0.625"), "2": Decimal("0.625")},
        {"1": WITH_RECORDS},
    ),
)


@dataclass(frozen=True, slots=True)
class Payment:
    """What is paid, in a facility and in an office; None where a part of the reckoning is not loaded, or no rate is."""

    what: str
    facility: Decimal | None
    office: Decimal | None
    note: str = ""


def payments(fee: FeeRow, place: Locality) -> list[Payment]:
    """The whole service first, then each share that the code's indicators allow."""
    inside, outside = fee.payment(place, facility=True), fee.payment(place, facility=False)
    whole = Payment("the whole service", inside, outside)
    paid = [whole]
    for share in SHARES:
        indicator = _indicator(share, fee)
        if indicator in share.paid:
            paid.append(_part(whole, share, indicator))
    return paid


def _part(whole: Payment, share: Share, indicator: str) -> Payment:
    part = share.paid[indicator]
    return Payment(
        what=share.what,
        facility=_share_of(whole.facility, part),
        office=_share_of(whole.office, part),
        note=share.notes.get(indicator, ""),
    )


def _share_of(paid: Decimal | None, part: Decimal) -> Decimal | None:
    if paid is None:
        return None
    return in_cents(paid * part)


def _indicator(share: Share, fee: FeeRow) -> str:
    if fee.detail is None:
        return ""
    return str(getattr(fee.detail, share.indicator))

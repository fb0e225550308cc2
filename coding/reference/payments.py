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
    return [
        whole,
        *(_part(whole, share, fee) for share in SHARES if _indicator(share, fee) in share.paid),
    ]


def _part(whole: Payment, share: Share, fee: FeeRow) -> Payment:
    indicator = _indicator(share, fee)
    part = share.paid[indicator]
    inside, outside = (
        None if paid is None else in_cents(paid * part) for paid in (whole.facility, whole.office)
    )
    return Payment(share.what, inside, outside, share.notes.get(indicator, ""))


def _indicator(share: Share, fee: FeeRow) -> str:
    return str(getattr(fee.detail, share.indicator)) if fee.detail else ""

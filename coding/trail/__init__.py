"""The audit trail: the chain of events, its guards in the database, and the time line that people read."""

from coding.trail.anchors import Anchor, keys_away, read_anchor, write_anchor
from coding.trail.chain import FIRST_HASH, Entry, Fault, record, record_all, verify
from coding.trail.events import EVENTS
from coding.trail.keys import sign

__all__ = [
    "EVENTS",
    "FIRST_HASH",
    "Anchor",
    "Entry",
    "Fault",
    "keys_away",
    "read_anchor",
    "record",
    "record_all",
    "sign",
    "verify",
    "write_anchor",
]

"""What a check says of lines, and what a kind of check hands it for that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from coding.claim.claim import Line


class Severity(StrEnum):
    """How a finding stands: the claim will be denied, may be, or somebody should know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Hit:
    """Lines to which a kind of check applies, the row it rests on, and the values of its message.

    ``lines`` begins with the line that is to be changed. ``severity`` is given where it differs by the row.
    """

    lines: tuple[int, ...]
    rests_on: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    severity: Severity | None = None


def on_line(line: Line, rests_on: str = "", **values: object) -> Hit:
    """A hit on one line, whose code is among the values of the message."""
    return Hit((line.number,), rests_on, {"code": line.code, **values})


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says of some lines, in words, and the table, release and row that it rests on."""

    check: str
    severity: Severity
    message: str
    lines: tuple[int, ...]
    rests_on: str = ""

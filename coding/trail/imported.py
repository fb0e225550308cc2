"""What the trail says of an imported chunk of rows: one value that the import writes and the time line reads."""

from dataclasses import asdict, dataclass
from typing import Any

EVENT = "upload.rows_imported"


@dataclass(frozen=True, slots=True)
class ImportedRows:
    """The rows of an upload from ``first`` to ``last``; the digest proves what they brought."""

    first: int
    last: int
    new: int
    corrected: int
    digest: str

    def to_data(self) -> dict[str, Any]:
        """As the event keeps it."""
        return asdict(self)

    @staticmethod
    def holding(number: int) -> dict[str, int]:
        """The look-up that finds the event of a row."""
        return {"after__first__lte": number, "after__last__gte": number}

"""What every reader and the typed form bring: an encounter as plain values, before it is a row."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from coding.decision import content_hash


@dataclass(frozen=True, slots=True)
class ServiceLineRecord:
    """A submitted procedure code; ``diagnosis_pointers`` count from 1."""

    code: str
    modifiers: tuple[str, ...] = ()
    units: int = 1
    diagnosis_pointers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class EncounterRecord:
    """One encounter. Checked for its shape, not yet against code sets or what is stored."""

    external_id: str
    patient_reference: str
    date_of_service: date
    place_of_service: str
    provider: str
    note: str
    birth_date: date | None = None
    sex: str = "U"
    payer: str = ""
    diagnoses: tuple[str, ...] = ()
    service_lines: tuple[ServiceLineRecord, ...] = field(default=())

    @property
    def content_hash(self) -> str:
        """Equal for encounters that say the same."""
        data: dict[str, Any] = asdict(self)
        for name in ("date_of_service", "birth_date"):
            data[name] = data[name].isoformat() if data[name] else None
        return content_hash(data)


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A note that came apart from its charges. ``patient_reference`` is empty where the file does not tell it."""

    external_id: str
    note: str
    patient_reference: str = ""

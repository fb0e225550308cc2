"""What the record beside the note speaks for, in words and with its origin: weak evidence, which decides nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from coding.decision import FactDefinition
from coding.evidence import Record, finest, record_evidence
from coding.evidence.record import Kind, Origin
from coding.models import Service
from reviews.coding_form.given_facts import age_on
from reviews.coding_form.guided import GuidedForm

ORIGINS = {
    Kind.DIAGNOSIS: "the diagnosis {}",
    Kind.CODE: "the submitted code {}",
    Kind.MODIFIER: "the submitted modifier {}",
    Kind.AGE: "the age of {} years",
    Kind.SEX: "the sex {}",
    Kind.PLACE: "the place of service {}",
}


@dataclass(frozen=True, slots=True)
class FromRecord:
    """An answer that the record speaks for: the fact and the answer in words, and where that stands on the record."""

    label: str
    words: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedDiagnosis:
    """A diagnosis that the rules name. ``finer`` is a more specific one on the record, which stays, or empty."""

    code: str
    finer: str


class RecordOfService:
    """The record of a service as its version's lexicon understands it."""

    def __init__(self, guided: GuidedForm) -> None:
        self.guided = guided
        lexicon = guided.reading.lexicon
        self.rows = lexicon.record if lexicon else ()
        self.finer = lexicon.finer if lexicon else {}
        self.record = _record(guided.service)

    def evidence(self) -> list[FromRecord]:
        """What it speaks for, in the order of the facts; nothing where the note is of something else."""
        if self.guided.reading.is_of_another:
            return []
        by_fact = record_evidence(self.rows, self.record)
        evidence = []
        for definition in self.guided.table.facts:
            for row in by_fact.get(definition.key, ()):
                evidence.append(_in_words(definition, row.value, row.origins))
        return evidence

    def diagnoses(self) -> list[NamedDiagnosis]:
        """The diagnoses that the rules name, none in place of a more specific one."""
        named = finest(self.guided.diagnoses, self.record.diagnoses, self.finer)
        return [NamedDiagnosis(code, finer) for code, finer in named]


def _in_words(definition: FactDefinition, value: str, origins: Iterable[Origin]) -> FromRecord:
    answer = definition.answer_from_text(value)
    words = definition.describe(answer) if answer else value
    named = tuple(ORIGINS[origin.kind].format(origin.text) for origin in origins)
    return FromRecord(definition.label, words, named)


def _record(service: Service) -> Record:
    """What the record says of a service. What several lines say stands there once."""
    encounter = service.encounter
    codes: dict[str, None] = {}
    modifiers: dict[str, None] = {}
    for line in service.lines.standing():
        codes[line.code] = None
        modifiers |= dict.fromkeys(line.modifiers)
    return Record(
        diagnoses=tuple(diagnosis.code for diagnosis in encounter.diagnoses.all()),
        codes=tuple(codes),
        modifiers=tuple(modifiers),
        age=age_on(encounter.birth_date, encounter.date_of_service),
        sex=encounter.sex if encounter.sex in ("F", "M") else "",
        place=encounter.place_of_service,
    )

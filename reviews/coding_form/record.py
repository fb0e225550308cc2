"""What the record beside the note speaks for, in words and with its origin: weak evidence, which decides nothing."""

from dataclasses import dataclass
from datetime import date

from coding.evidence import Record, finest, record_evidence
from coding.evidence.record import Kind, Origin
from coding.models import Service
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
        facts = [fact for fact in self.guided.table.fact_by_key if fact in by_fact]
        return [
            self._in_words(fact, row.value, row.origins) for fact in facts for row in by_fact[fact]
        ]

    def diagnoses(self) -> list[NamedDiagnosis]:
        """The diagnoses that the rules name, none in place of a more specific one."""
        named = finest(self.guided.diagnoses, self.record.diagnoses, self.finer)
        return [NamedDiagnosis(code, finer) for code, finer in named]

    def _in_words(self, fact: str, value: str, origins: tuple[Origin, ...]) -> FromRecord:
        definition = self.guided.table.fact_by_key[fact]
        answer = definition.answer_from_text(value)
        words = definition.describe(answer) if answer else value
        named = tuple(ORIGINS[origin.kind].format(origin.text) for origin in origins)
        return FromRecord(definition.label, words, named)


def _record(service: Service) -> Record:
    encounter = service.encounter
    lines = list(service.lines.standing())
    return Record(
        diagnoses=tuple(diagnosis.code for diagnosis in encounter.diagnoses.all()),
        codes=tuple(dict.fromkeys(line.code for line in lines)),
        modifiers=tuple(dict.fromkeys(modifier for line in lines for modifier in line.modifiers)),
        age=_years_between(encounter.birth_date, encounter.date_of_service),
        sex=encounter.sex if encounter.sex in ("F", "M") else "",
        place=encounter.place_of_service,
    )


def _years_between(birth: date | None, day: date) -> int | None:
    """Whole years of age on a day; None where the birth is not known or lies behind the day."""
    if birth is None or birth > day:
        return None
    had_no_birthday_yet = (day.month, day.day) < (birth.month, birth.day)
    return day.year - birth.year - had_no_birthday_yet

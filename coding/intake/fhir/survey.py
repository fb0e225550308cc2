"""The survey of a FHIR file: it takes down where each resource stands, its names, and what it points to."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, BinaryIO

from coding.intake import index_file
from coding.intake.fhir.index import DEPENDENTS, DOCUMENTS, canonical, raw_of, unwrapped
from coding.intake.fhir.json import Malformed, parsed, text_at
from coding.intake.fhir.pieces import Piece, pieces_of
from coding.intake.index_file import IndexFile, Surveyed
from coding.tables.errors import FileError

TARGETS = (
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "Organization",
    "Location",
    "Coverage",
    "Binary",
)
BENEFIT = "ExplanationOfBenefit"
TOO_LONG = "It is larger than 10 MB. Send its attachments apart."
TABLES = (
    "CREATE TABLE piece (number INTEGER PRIMARY KEY, offset INTEGER, length INTEGER, place TEXT, is_entry INTEGER)",
    "CREATE TABLE name (name TEXT, piece INTEGER)",
    "CREATE TABLE link (reference TEXT, piece INTEGER)",
    # How many resources of other kinds point to an encounter; the reference is empty where they name none.
    "CREATE TABLE other (reference TEXT, kind TEXT, count INTEGER)",
    # Diagnoses, and what encounters and claims name as theirs: a diagnosis that nothing names is remarked.
    "CREATE TABLE diagnosis (piece INTEGER PRIMARY KEY, reference TEXT)",
    "CREATE TABLE named (name TEXT)",
    # What may become an item; see Entry.
    "CREATE TABLE entry (piece INTEGER PRIMARY KEY, type TEXT, encounter TEXT, problem TEXT, reason TEXT)",
    # What a Bundle says was deleted.
    "CREATE TABLE deleted (name TEXT, piece INTEGER)",
)
ADD_DELETED = "INSERT INTO deleted VALUES (?, ?)"
ADD_PIECE = "INSERT INTO piece VALUES (?, ?, ?, ?, ?)"
ADD_NAME = "INSERT INTO name VALUES (?, ?)"
ADD_LINK = "INSERT INTO link VALUES (?, ?)"
ADD_OTHERS = "INSERT INTO other VALUES (?, ?, ?)"
ADD_ENTRY = "INSERT INTO entry VALUES (?, ?, ?, ?, ?)"
ADD_DIAGNOSIS = "INSERT INTO diagnosis VALUES (?, ?)"
ADD_NAMED = "INSERT INTO named VALUES (?)"
Pieces = Callable[[BinaryIO, int, int], Iterator[Piece]]


def survey(file: BinaryIO, rows: IndexFile, pieces: Pieces) -> Iterator[Surveyed]:
    """Take down a file's resources, from where the index ends on; what ends the file early is kept, not raised."""
    begun = rows.surveyed
    if begun.whole:
        return
    if not begun.offset:
        for statement in TABLES:
            rows.run(statement)
    taker, reached, error = _Taker(file, rows), begun, ""
    try:
        for piece in pieces(file, begun.offset, begun.number):
            taker.take(piece)
            reached = Surveyed(piece.offset + piece.length, piece.line)
            if taker.is_full:
                taker.write(reached)
                yield reached
    except FileError as wrong:
        error = str(wrong)
    taker.write(reached)
    _join(file, rows)
    rows.write(reached._replace(whole=True, more=error))


class _Taker:
    """Takes down one piece after the other."""

    def __init__(self, file: BinaryIO, rows: IndexFile) -> None:
        self._file, self._rows = file, rows
        self._count: int = rows.value("SELECT count(*) FROM piece")
        self._others: Counter[tuple[str, str]] = Counter()

    @property
    def is_full(self) -> bool:
        """Whether enough waits to be written."""
        return self._rows.is_full or len(self._others) >= index_file.BATCH

    def write(self, reached: Surveyed) -> None:
        """Write what waits."""
        for (reference, kind), count in self._others.items():
            self._rows.add(ADD_OTHERS, reference, kind, count)
        self._others.clear()
        self._rows.write(reached)

    def take(self, piece: Piece) -> None:
        """Take down one piece, or the pieces of a Bundle that stands on a line."""
        here = self._file.tell()
        try:
            if piece.too_long:
                raise Malformed(TOO_LONG)
            raw = raw_of(piece, self._file)
            value = parsed(raw, strict=False)
            resource, names = unwrapped(value, piece.is_entry)
            if not piece.is_entry and text_at(resource, "resourceType") == "Bundle":
                for inner in pieces_of(raw, piece.offset, f"{piece.place}, "):
                    self.take(inner)
            elif resource is not None:
                self._take(piece, resource, names)
            elif text_at(value, "request", "method") == "DELETE":
                name = canonical(text_at(value, "request", "url"))
                self._rows.add(ADD_DELETED, name, self._keep(piece))
        except (Malformed, FileError) as error:
            self._entry(self._keep(piece), problem=str(error))
        self._file.seek(here)

    def _take(self, piece: Piece, resource: Any, names: tuple[str, ...]) -> None:
        kind = text_at(resource, "resourceType")
        if not kind:
            raise Malformed("It is no resource: it names no resourceType.")
        if kind not in ("Encounter", *TARGETS, *DEPENDENTS):
            self._count_other(kind, resource)
            return
        number = self._keep(piece)
        for name in names:
            self._rows.add(ADD_NAME, name, number)
        for reference in _named_diagnoses(kind, resource):
            self._rows.add(ADD_NAMED, canonical(reference))
        if kind == "Encounter":
            self._entry(number, kind)
        elif kind in DEPENDENTS:
            self._link(number, kind, resource)
        elif kind == "Coverage":
            holder = canonical(text_at(resource, "beneficiary", "reference"))
            self._rows.add(ADD_LINK, f"Coverage of {holder}", number)

    def _count_other(self, kind: str, resource: Any) -> None:
        """Count a resource of a kind that is not read for each encounter to which it points."""
        named = [text_at(resource, member, "reference") for member in ("encounter", "context")]
        # What a payer says of a claim names its encounters as the claim does.
        named += _encounters("Claim", resource) if kind == BENEFIT else []
        for reference in filter(None, named):
            self._others[canonical(reference), kind] += 1
        if not any(named):
            self._others["", kind] += 1

    def _link(self, number: int, kind: str, resource: Any) -> None:
        """Take down to which encounters a resource belongs, and that it may be an item of its own."""
        references = [canonical(reference) for reference in _encounters(kind, resource)]
        for reference in references:
            self._rows.add(ADD_LINK, reference, number)
        encounter = references[0] if references else ""
        is_note = kind in DOCUMENTS and _is_note(kind, resource)
        if kind == "Condition":
            self._rows.add(ADD_DIAGNOSIS, number, encounter)
        if kind == "DiagnosticReport" and not (references or is_note):
            self._others["", kind] += 1
        if is_note or kind in ("Claim", "Procedure"):
            self._entry(number, kind, encounter)

    def _keep(self, piece: Piece) -> int:
        number = self._count
        self._rows.add(ADD_PIECE, number, piece.offset, piece.length, piece.place, piece.is_entry)
        self._count += 1
        return number

    def _entry(self, number: int, kind: str = "", encounter: str = "", problem: str = "") -> None:
        self._rows.add(ADD_ENTRY, number, kind, encounter, problem, "")


def _named_diagnoses(kind: str, resource: Any) -> Iterator[str]:
    """The conditions that an encounter or a claim names as its diagnoses."""
    member = {"Encounter": "condition", "Claim": "diagnosisReference"}.get(kind)
    diagnoses = resource.get("diagnosis") if member else None
    for diagnosis in diagnoses if isinstance(diagnoses, list) else ():
        if member and (reference := text_at(diagnosis, member, "reference")):
            yield reference


def _is_note(kind: str, resource: Any) -> bool:
    """Whether a document may hold a note; most reports are results only."""
    if kind != "DiagnosticReport":
        return True
    return bool(resource.get("presentedForm") or resource.get("conclusion"))


def _encounters(kind: str, resource: Any) -> list[str]:
    """The references of a resource to encounters, each once. What has another shape than FHIR gives it names none."""
    if kind == "DocumentReference":
        context = resource.get("context")
        # DSTU2 and STU3 name one here, R5 a list of whatever it belongs to.
        named = context.get("encounter") if isinstance(context, dict) else context
        named = [named] if isinstance(named, dict) else named
    elif kind == "Claim":
        named = []
        for item in _listed(resource.get("item")):
            named += _listed(item.get("encounter")) if isinstance(item, dict) else []
    else:
        # STU3 calls it the context.
        named = [resource.get("encounter") or resource.get("context")]
    references = (text_at(reference, "reference") for reference in _listed(named))
    return list(dict.fromkeys(filter(None, references)))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


NAMED_ALIKE = """
    INSERT OR IGNORE INTO doubled SELECT piece FROM name
    WHERE name IN (SELECT name FROM name GROUP BY name HAVING count(*) > 1)
"""
ORDER_NAMES = "CREATE INDEX piece_by_name ON name (name, piece)"
TWINS = (
    "CREATE TABLE target (name TEXT PRIMARY KEY, piece INTEGER) WITHOUT ROWID",
    "CREATE TABLE twice (name TEXT PRIMARY KEY, piece INTEGER) WITHOUT ROWID",
    "CREATE TABLE doubled (piece INTEGER PRIMARY KEY)",
    NAMED_ALIKE,
    "INSERT INTO target SELECT name, piece FROM name WHERE piece NOT IN (SELECT piece FROM doubled) ORDER BY name",
)
# What is here and deleted too is neither.
TELL_DELETED = (
    "INSERT OR IGNORE INTO twice SELECT name, deleted.piece FROM deleted JOIN target USING (name)"
)
NAMED_TWICE = "SELECT name.piece, name FROM doubled JOIN name ON name.piece = doubled.piece ORDER BY 1, name.rowid"
# Only what belongs to no encounter of the file is an item of its own.
LEAVE_OUT_LINKED = "DELETE FROM entry WHERE encounter IN (SELECT name FROM target)"
# Of documents for one encounter, the first.
LEAVE_OUT_DOCUMENTS = """
    DELETE FROM entry WHERE encounter != '' AND type IN ('DocumentReference', 'Composition', 'DiagnosticReport')
    AND piece NOT IN (
        SELECT min(piece) FROM entry
        WHERE encounter != '' AND type IN ('DocumentReference', 'Composition', 'DiagnosticReport') GROUP BY encounter
    )
"""
# Diagnoses of no encounter here, such as the list of a patient's problems.
TELL_DIAGNOSES = """
    INSERT INTO other SELECT '', 'Condition', count(*) FROM diagnosis
    WHERE reference NOT IN (SELECT name FROM target)
    AND piece NOT IN (SELECT target.piece FROM target JOIN named USING (name)) HAVING count(*) > 0
"""
NUMBER_ITEMS = """
    CREATE TABLE item (
        number INTEGER PRIMARY KEY, piece INTEGER, type TEXT, encounter TEXT, problem TEXT, reason TEXT
    )
"""
ITEMS = (
    TELL_DIAGNOSES,
    "DROP TABLE diagnosis",
    "DROP TABLE named",
    LEAVE_OUT_LINKED,
    LEAVE_OUT_DOCUMENTS,
    NUMBER_ITEMS,
    "INSERT INTO item (piece, type, encounter, problem, reason) SELECT * FROM entry ORDER BY piece",
    "DROP TABLE entry",
    "DROP TABLE name",
    "CREATE INDEX piece_by_reference ON link (reference, piece)",
    "CREATE INDEX others_by_reference ON other (reference)",
)


def _join(file: BinaryIO, rows: IndexFile) -> None:
    """Tell apart what has one name, and make items of what belongs to no other."""
    for statement in ("BEGIN", ORDER_NAMES, *TWINS):
        rows.run(statement)
    _tell_twins(file, rows)
    for statement in (TELL_DELETED, *ITEMS, "COMMIT"):
        rows.run(statement)


def _tell_twins(file: BinaryIO, rows: IndexFile) -> None:
    """Of resources of one name the first counts; an equal one is no other, one that differs is noted."""
    rows.run("CREATE TABLE same (piece INTEGER PRIMARY KEY)")
    for number, names in groupby(rows.run(NAMED_TWICE), itemgetter(0)):
        for _, name in names:
            rows.run("INSERT OR IGNORE INTO target VALUES (?, ?)", name, number)
            first = rows.value("SELECT piece FROM target WHERE name = ?", name)
            if first == number:
                continue
            if _is_same(file, rows, first, number):
                rows.run("INSERT INTO same VALUES (?)", number)
                _leave_out(rows, number, first)
                break
            rows.run("INSERT OR REPLACE INTO twice VALUES (?, ?)", name, number)
    rows.run("DELETE FROM link WHERE piece IN (SELECT piece FROM same)")


def _is_same(file: BinaryIO, rows: IndexFile, *numbers: int) -> bool:
    first, second = (_resource(file, rows, number) for number in numbers)
    return bool(first == second)


def _resource(file: BinaryIO, rows: IndexFile, number: int) -> Any:
    [row] = rows.rows("SELECT offset, length, place, is_entry FROM piece WHERE number = ?", number)
    piece = Piece(*row)
    return unwrapped(parsed(raw_of(piece, file), strict=False), piece.is_entry)[0]


def _leave_out(rows: IndexFile, number: int, first: int) -> None:
    """An equal resource is no item; an encounter says where it stands already."""
    place = rows.value("SELECT place FROM piece WHERE number = ?", first)
    reason = f"It stands at {place} already."
    rows.run(
        "UPDATE entry SET type = '', reason = ? WHERE piece = ? AND type = 'Encounter'",
        reason,
        number,
    )
    rows.run("DELETE FROM entry WHERE piece = ? AND reason = ''", number)

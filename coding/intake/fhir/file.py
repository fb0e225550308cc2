"""FHIR R4 files: a Bundle or one resource as JSON, or a bulk export as NDJSON, one resource a line.

The file is read twice: once to find what belongs together, once for the texts.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, BinaryIO

from coding.intake.drafts import Cursor, Draft, EncounterTexts, Item, Problem, Remark, Skipped
from coding.intake.fhir.claim import claim_alone, claim_reason
from coding.intake.fhir.elements import accounted, unlinked
from coding.intake.fhir.encounter import REASONS, encounter_texts, note_alone
from coding.intake.fhir.graph import Graph, Located
from coding.intake.fhir.index import DOCUMENTS, Entry, Index
from coding.intake.fhir.json import text_at
from coding.intake.fhir.pieces import document_pieces, line_pieces
from coding.intake.fhir.resources import Claim, Encounter
from coding.intake.fhir.survey import Pieces, survey
from coding.intake.fhir.versions import advice
from coding.intake.index_file import IndexFile, Surveyed
from coding.intake.scattered import Scattered
from coding.intake.texts import LARGEST_PIECE, NOTHING_TAKEN, problem
from coding.tables.errors import FileError

NOTHING = "There is nothing to code: no procedure, no service line and no note."
NO_DEPENDENTS = (
    "There are only encounters here, and nothing that was done or written. The files of a bulk export belong together:"
    " join their lines in one file."
)
NO_ENCOUNTER = "The file holds no encounter, no claim and no note."
NAMES_NONE = "The {0} names no encounter that it belongs to."
NOT_HERE = "The encounter of this Procedure is not in the file. Export them together."
BUNDLE = b'{"resourceType":"Bundle","type":"collection","entry":['
RESOURCE = re.compile(rb'"resourceType"\s*:\s*"')
Writer = Callable[[Iterable[tuple[bytes, bool]]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Fhir(Scattered):
    """One way of writing FHIR as JSON. ``beside`` tells what its archive holds that is not read."""

    pieces: Pieces
    written: Writer
    lines: bool
    beside: tuple[Remark, ...] = ()

    def sniff(self, head: bytes) -> bool:
        """Whether a file that begins so is FHIR of this kind: one object a line, or one object in all."""
        text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not text.startswith(b"{") or not RESOURCE.search(text):
            return False
        first, _, rest = text.partition(b"\n")
        has_lines = first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")
        return has_lines == self.lines

    def survey(self, file: BinaryIO, rows: IndexFile) -> Iterator[Surveyed]:
        """Take down what belongs together, from where the index ends on."""
        return survey(file, rows, self.pieces)

    def items(self, file: BinaryIO, rows: IndexFile, start: Cursor) -> Iterator[Item]:
        """One item for each encounter, and for each claim, note, procedure or broken piece that belongs to none."""
        index = Index(rows)
        graph = Graph(index, file)
        of_file: tuple[Remark, ...] = ()
        if not start.number:
            of_file = (*self.beside, *unlinked(index))
        for number in range(start.number + 1, index.entries + 1):
            item = _item(number, index.entry(number), graph)
            if number == 1:
                item = replace(item, remarks=(*of_file, *item.remarks))
            yield item
        if index.error:
            raise FileError(index.error)
        if not index.entries and not start.number:
            yield Skipped(1, "the file", NO_ENCOUNTER, Cursor(1), of_file)

    def excerpt_of(
        self, file: BinaryIO, rows: IndexFile, wanted: Mapping[int, Iterable[Problem]]
    ) -> Iterator[bytes]:
        """The pieces that the wanted items were read from, as they were, with the problems as OperationOutcome."""
        index = Index(rows)
        graph = Graph(index, file)
        pieces: set[int] = set()
        problems: list[Problem] = []
        for number in sorted(wanted):
            if 0 < number <= index.entries:
                _item(number, index.entry(number), graph)
                pieces |= graph.used
                problems += wanted[number]
        resources = _small_enough(index, file, sorted(pieces))
        yield from self.written(chain(resources, _outcome(problems)))


def _small_enough(
    index: Index, file: BinaryIO, pieces: Iterable[int]
) -> Iterator[tuple[bytes, bool]]:
    """The bytes of the pieces that would be read again, and whether each is an entry of a Bundle."""
    for number in pieces:
        piece = index.piece(number)
        if piece.length <= LARGEST_PIECE:
            yield index.raw(number, file).strip(), piece.is_entry


def _item(number: int, entry: Entry, graph: Graph) -> Item:
    graph.begin()
    piece = graph.index.piece(entry.piece)
    place = piece.place or "the file"
    after = Cursor(number, piece.offset + piece.length)
    graph.used.add(entry.piece)
    if entry.reason:
        return Skipped(number, place, entry.reason, after)
    if entry.problem:
        return Draft(number, place, EncounterTexts(), after, (problem("", entry.problem),))
    texts = _texts_of(entry, graph)
    if isinstance(texts, EncounterTexts):
        remarks = _every_remark(graph, entry.piece, texts)
        return Draft(number, place, texts, after, tuple(graph.problems), remarks)
    if texts != NOTHING:
        return Skipped(number, place, texts, after, tuple(dict.fromkeys(graph.remarks)))
    remarks = _every_remark(graph, entry.piece, EncounterTexts())
    return Skipped(number, place, _why_nothing(entry, graph.index, remarks), after, remarks)


def _every_remark(graph: Graph, piece: int, texts: EncounterTexts) -> tuple[Remark, ...]:
    """What was remarked of an item, and what of it was neither taken nor told; each remark once."""
    untold = accounted(graph, piece, texts)
    return tuple(dict.fromkeys((*graph.remarks, *untold)))


def _why_nothing(entry: Entry, index: Index, remarks: tuple[Remark, ...]) -> str:
    """Why an encounter brings nothing to code from."""
    if remarks:
        return NOTHING_TAKEN
    is_export = index.pieces > 1 and not index.piece(entry.piece).is_entry
    return NO_DEPENDENTS if is_export and not index.has_links else NOTHING


def _texts_of(entry: Entry, graph: Graph) -> EncounterTexts | str:
    """The texts of an item, or why there are none."""
    located = graph.resource(entry.piece)
    if located is None:
        return EncounterTexts()
    if entry.type != "Encounter" and (reason := advice(located.resource)):
        return reason
    match entry.type:
        case "Encounter":
            return _encounter(located, graph)
        case "Claim":
            return _claim(located, graph)
        case "Procedure":
            return NOT_HERE if entry.encounter else NAMES_NONE.format(entry.type)
    if not entry.encounter:
        return NAMES_NONE.format(entry.type)
    documents = graph.linked(entry.encounter, kinds=DOCUMENTS)
    return note_alone(graph, documents, entry.encounter) or NOTHING


def _encounter(located: Located, graph: Graph) -> EncounterTexts | str:
    encounter = graph.model(Encounter, located)
    if encounter is None:
        if other := advice(located.resource):
            graph.problems = [problem("", other, place=located.place)]
        return EncounterTexts(external_id=text_at(located.resource, "id"))
    if encounter.status in REASONS:
        return REASONS[encounter.status]
    return encounter_texts(graph, encounter, located) or NOTHING


def _claim(located: Located, graph: Graph) -> EncounterTexts | str:
    claim = graph.model(Claim, located)
    if claim is None:
        return EncounterTexts(external_id=text_at(located.resource, "id"))
    if reason := claim_reason(claim):
        return reason
    texts = claim_alone(graph, claim, located)
    return texts if texts.service_lines or graph.problems else NOTHING


def _outcome(problems: Iterable[Problem]) -> Iterator[tuple[bytes, bool]]:
    """The problems as one more resource, which readers of encounters pass over; none where nothing is wrong."""
    issues = [_issue(problem) for problem in problems]
    if issues:
        outcome = {"resourceType": "OperationOutcome", "issue": issues}
        yield json.dumps(outcome, ensure_ascii=False).encode(), False


def _issue(problem: Problem) -> dict[str, Any]:
    words = " ".join((problem.field, problem.text)).strip()
    issue: dict[str, Any] = {"severity": "error", "code": "invalid", "diagnostics": words}
    if problem.place:
        issue["expression"] = [problem.place]
    return issue


def _as_lines(pieces: Iterable[tuple[bytes, bool]]) -> Iterator[bytes]:
    for raw, is_entry in pieces:
        # An entry has an address beside its resource, so it comes back in a Bundle of its own.
        yield (BUNDLE + raw + b"]}" if is_entry else raw) + b"\n"


def _as_bundle(pieces: Iterable[tuple[bytes, bool]]) -> Iterator[bytes]:
    yield BUNDLE
    between = b"\n"
    for raw, is_entry in pieces:
        yield between + (raw if is_entry else b'{"resource":' + raw + b"}")
        between = b",\n"
    yield b"\n]}\n"


FHIR_JSON = Fhir(document_pieces, _as_bundle, lines=False)
FHIR_NDJSON = Fhir(line_pieces, _as_lines, lines=True)

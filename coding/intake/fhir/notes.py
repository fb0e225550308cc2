"""Notes of a FHIR encounter: the texts of its documents, in the file's order."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from coding.intake.attachments import html_text, text_of
from coding.intake.drafts import Problem, Remark
from coding.intake.fhir.codes import day_of
from coding.intake.fhir.graph import Graph, Located
from coding.intake.fhir.index import canonical
from coding.intake.fhir.json import text_at
from coding.intake.fhir.resources import Attachment, Document, Reference, Section
from coding.intake.texts import Unreadable, joined, left_out, problem

WITHDRAWN = ("entered-in-error", "superseded", "cancelled")
UNSIGNED = ("preliminary", "registered", "partial")
ELSEWHERE = "The note is stored elsewhere. Export it with its text in attachment.data."


class Note(NamedTuple):
    """The text of one document, below its heading."""

    heading: str
    text: str
    signed: bool


class Notes(NamedTuple):
    """The documents of an encounter as one text, and what of them could not be read."""

    text: str
    problems: list[Problem]


def notes_of(graph: Graph, documents: Sequence[tuple[Located, Document]]) -> Notes:
    """The documents that count. What is left out is told: withdrawn or replaced ones, further forms, images."""
    notes: dict[str, Note] = {}
    problems: list[Problem] = []
    replaced = {name for _, document in documents for name in _replaced(document)}
    for located, document in documents:
        heading = _heading(document, located)
        if out := _why_not(document, located, replaced):
            graph.remarks.append(left_out(f"{heading}: {out}", located.place))
            continue
        text = "\n\n".join(_texts(graph, document, located, problems)).strip()
        if not text:
            continue
        signed = document.status not in UNSIGNED and document.doc_status not in UNSIGNED
        notes.setdefault(text, Note(heading if signed else f"{heading} (not signed: preliminary)", text, signed))
    unsigned = [note for note in notes.values() if not note.signed]
    graph.remarks += [Remark(f"{note.heading.partition(' (not signed')[0]} is not signed.") for note in unsigned]
    shown = [(note.heading, note.text) for note in notes.values()]
    if len(shown) == 1 and unsigned:
        return Notes("\n".join(shown[0]), problems)
    return Notes(joined(shown), problems)


def _replaced(document: Document) -> Iterator[str]:
    """The names of the documents that a document takes the place of."""
    if document.status in WITHDRAWN or document.doc_status in WITHDRAWN:
        return
    for relation in document.relates_to:
        code = relation.code if isinstance(relation.code, str) else relation.code.coding[0].code
        if code == "replaces":
            yield canonical(relation.target.reference or relation.target_reference.reference)


def _why_not(document: Document, located: Located, replaced: set[str]) -> str:
    """Why a document is not among the notes; empty for one that is."""
    for status in (document.status, document.doc_status):
        if status in WITHDRAWN:
            return status
    return "another document replaces it" if replaced & set(located.names) else ""


def _heading(document: Document, located: Located) -> str:
    name = document.type.words or document.code.words or located.kind
    day = day_of(document.date or document.effective_date_time)
    return f"{name}, {day}" if day else name


def _texts(graph: Graph, document: Document, located: Located, problems: list[Problem]) -> Iterator[str]:
    forms = [(form.attachment, located.at("content", at, "attachment")) for at, form in enumerate(document.content)]
    presented = [(form, located.at("presentedForm", at)) for at, form in enumerate(document.presented_form)]
    # Several contents are forms of one document, and so are several presented forms.
    for choice in (forms, presented):
        yield from _first_readable(graph, choice, located, problems)
    yield document.conclusion
    yield from _sections(document.section)


def _first_readable(
    graph: Graph, choice: list[tuple[Attachment, str]], located: Located, problems: list[Problem]
) -> Iterator[str]:
    unreadable = []
    for at, (attachment, place) in enumerate(choice):
        try:
            yield _text(graph, attachment, located)
        except Unreadable as error:
            value = attachment.url or attachment.content_type
            unreadable.append(problem("note", str(error), value, place))
        else:
            graph.remarks += [Remark(f"Left out of the note: {fault.text}", fault.place) for fault in unreadable]
            for other, where in choice[at + 1 :]:
                kind = other.content_type or "unknown kind"
                graph.remarks.append(left_out(f"another form of the document, {kind[:40]}", where))
            return
    problems += unreadable


def _text(graph: Graph, attachment: Attachment, holder: Located) -> str:
    if attachment.data:
        return text_of(attachment.data, attachment.content_type)
    binary = graph.target(Reference(reference=attachment.url), holder) if attachment.url else None
    if binary is None or binary.kind != "Binary":
        raise Unreadable(ELSEWHERE)
    return text_of(text_at(binary.resource, "data"), text_at(binary.resource, "contentType") or attachment.content_type)


def _sections(sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        text = html_text(section.text.div) if section.text.div else ""
        yield "\n".join(part for part in (section.title, text) if part)
        yield from _sections(section.section)

"""Notes of a FHIR encounter: the texts of its documents, in the file's order."""

from collections.abc import Iterable, Iterator

from coding.intake.attachments import Unreadable, html_text, text_of
from coding.intake.fhir.codes import day_of
from coding.intake.fhir.graph import Graph, Located
from coding.intake.fhir.json import text_at
from coding.intake.fhir.resources import Attachment, Document, Reference, Section
from coding.intake.texts import joined, problem

WITHDRAWN = ("entered-in-error", "superseded", "cancelled")
ELSEWHERE = "The note is stored elsewhere. Export it with its text in attachment.data."


def note_of(graph: Graph, documents: list[Located]) -> str:
    """The documents as one text."""
    notes: list[tuple[str, str]] = []
    for located in documents:
        document = graph.model(Document, located)
        if document is None or document.status in WITHDRAWN or document.doc_status in WITHDRAWN:
            continue
        if text := "\n\n".join(_texts(graph, document, located)).strip():
            notes.append((_heading(document, located), text))
    return joined(notes)


def _heading(document: Document, located: Located) -> str:
    name = document.type.words or document.code.words or located.kind
    day = day_of(document.date or document.effective_date_time)
    return f"{name}, {day}" if day else name


def _texts(graph: Graph, document: Document, located: Located) -> Iterator[str]:
    forms = [(form.attachment, located.at("content", at, "attachment")) for at, form in enumerate(document.content)]
    presented = [(form, located.at("presentedForm", at)) for at, form in enumerate(document.presented_form)]
    # Several contents are forms of one document, and so are several presented forms.
    for choice in (forms, presented):
        yield from _first_readable(graph, choice, located)
    yield document.conclusion
    yield from _sections(document.section)


def _first_readable(graph: Graph, choice: list[tuple[Attachment, str]], located: Located) -> Iterator[str]:
    problems = []
    for attachment, place in choice:
        try:
            yield _text(graph, attachment, located)
        except Unreadable as error:
            value = attachment.url or attachment.content_type
            problems.append(problem("note", str(error), value, place))
        else:
            return
    graph.problems += problems


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

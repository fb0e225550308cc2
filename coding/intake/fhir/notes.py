"""Notes of a FHIR encounter: the texts of its documents, in the file's order."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from coding.intake.attachments import shown_data
from coding.intake.drafts import Problem, Remark
from coding.intake.fhir.codes import day_of
from coding.intake.fhir.graph import Graph, Located
from coding.intake.fhir.index import canonical
from coding.intake.fhir.json import text_at
from coding.intake.fhir.people import name_in
from coding.intake.fhir.resources import Attachment, Document, Reference, Section
from coding.intake.markup import html_text
from coding.intake.note_documents import NoteDocument, SupersededText, note_of
from coding.intake.shown import Shown
from coding.intake.texts import Unreadable, left_out, not_signed, problem

# What its source took back; what another document took the place of is kept.
WITHDRAWN = ("entered-in-error", "cancelled")
SUPERSEDED, REPLACED = ("superseded", "deprecated"), "another document replaces it"
UNSIGNED = ("preliminary", "registered", "partial")
SILENT = ("", "unknown")
ELSEWHERE = "The note is stored elsewhere. Export it with its text in attachment.data."


class Notes(NamedTuple):
    """The documents of an encounter as one text, what they superseded, and what of them could not be read.

    ``signed`` are documents that others sign, and that are not among them: they may be known from before.
    """

    documents: tuple[NoteDocument, ...]
    superseded: tuple[SupersededText, ...]
    problems: list[Problem]
    signed: tuple[NoteDocument, ...] = ()

    @property
    def text(self) -> str:
        """The note."""
        return note_of(self.documents)


def notes_of(graph: Graph, documents: Sequence[tuple[Located, Document]]) -> Notes:
    """The documents that count. A remark names what is left out: withdrawn or replaced ones, further forms, images."""
    collected = _Collected(graph, documents)
    for located, document in documents:
        collected.take(located, document)
    return collected.notes()


class _Collected:
    """The documents of an encounter, as they are taken one after another."""

    def __init__(self, graph: Graph, documents: Sequence[tuple[Located, Document]]) -> None:
        self.graph = graph
        self.here = _names_of(documents)
        self.replacing: dict[str, Document] = {}
        self.signing: dict[str, Document] = {}
        for _, document in documents:
            self.replacing.update(dict.fromkeys(_related(document, "replaces"), document))
            if _is_signed(document):
                self.signing.update(dict.fromkeys(_related(document, "signs"), document))
        self.kept: dict[str, NoteDocument] = {}
        self.superseded: list[SupersededText] = []
        self.problems: list[Problem] = []

    def take(self, located: Located, document: Document) -> None:
        """Keep a document's text among the notes, or among the superseded ones; tell what is left out."""
        why_not = _why_not(document, located, self.replacing)
        if why_not:
            heading = _bare(document, located).heading
            self.graph.remarks.append(left_out(f"{heading}: {why_not}", located.place))
        if why_not in WITHDRAWN:
            return
        unreadable: list[Problem] = []
        note = _written(self.graph, document, located, unreadable)
        if not self.signing.keys().isdisjoint(located.names):
            note = replace(note, unsigned="", not_stated=False)
        if why_not:
            self._supersede(note, located)
            return
        self.problems += unreadable
        if note.text:
            self._keep(note)
        elif not unreadable and not _signs_another(document):
            self.graph.remarks.append(left_out(f"{note.heading}: it holds no text", located.place))

    def _supersede(self, note: NoteDocument, located: Located) -> None:
        if not note.text:
            return
        others = [self.replacing[name] for name in located.names if name in self.replacing]
        by = _bare(others[0]) if others else None
        self.superseded.append(SupersededText.of(note, by))

    def _keep(self, note: NoteDocument) -> None:
        """Of documents with the same text the first counts, or the first of which more is stated."""
        same = self.kept.setdefault(note.digest, note)
        if note.says_more_than(same):
            self.kept[note.digest] = note

    def notes(self) -> Notes:
        """All of it, with a remark for each note that is not signed."""
        kept = tuple(self.kept.values())
        self.graph.remarks += not_signed(kept)
        signed = []
        for name, by in self.signing.items():
            if name not in self.here:
                signed.append(replace(_bare(by), number=name))
        return Notes(kept, tuple(self.superseded), self.problems, tuple(signed))


def _bare(document: Document, located: Located | None = None) -> NoteDocument:
    """A document's kind and day, without its text."""
    return NoteDocument(_kind(document, located), _day(document))


def _signs_another(document: Document) -> bool:
    return any(True for _ in _related(document, "signs"))


def replace_others(documents: Sequence[tuple[Located, Document]]) -> bool:
    """Whether a document takes the place of one that is not among them, and may be known from before."""
    own = _names_of(documents)
    for _, document in documents:
        if not own.issuperset(_related(document, "replaces")):
            return True
    return False


def _names_of(documents: Iterable[tuple[Located, Document]]) -> set[str]:
    """All names by which others point to the documents."""
    return set().union(*(located.names for located, _ in documents))


def _related(document: Document, relation_code: str) -> Iterator[str]:
    """The names of the documents that a document is related to in this way; one that was withdrawn is to none."""
    if document.status in WITHDRAWN or document.doc_status in WITHDRAWN:
        return
    for relation in document.relates_to:
        if isinstance(relation.code, str):
            codes = [relation.code]
        else:
            # So R5 codes it.
            codes = [part.code for part in relation.code.coding]
        if relation_code in codes:
            yield canonical(relation.target.reference or relation.target_reference.reference)


def _why_not(document: Document, located: Located, replaced: Container[str]) -> str:
    """Why a document is not among the notes; empty for one that is."""
    for status in (document.status, document.doc_status):
        if status in (*WITHDRAWN, *SUPERSEDED):
            return status
    return REPLACED if any(name in replaced for name in located.names) else ""


def _written(
    graph: Graph, document: Document, located: Located, problems: list[Problem]
) -> NoteDocument:
    """A document with its text; only of one that is not signed it has to be known who wrote it."""
    signed = _is_signed(document)
    return NoteDocument.written(
        kind=_kind(document, located),
        text="\n\n".join(_texts(graph, document, located, problems)).strip(),
        day=_day(document),
        author="" if signed else _author(graph, document, located),
        unsigned="" if signed else "preliminary",
        number="".join(located.names[:1]),
        not_stated=signed and not _is_stated(document, located),
    )


def _is_signed(document: Document) -> bool:
    return document.status not in UNSIGNED and document.doc_status not in UNSIGNED


def _is_stated(document: Document, located: Located) -> bool:
    """Whether anything says how far a document is: its own state, or who vouches for it.

    The ``status`` of a DocumentReference is that of the reference: a current one may be of a draft.
    """
    is_reference = located.kind == "DocumentReference"
    state = document.doc_status if is_reference else document.status
    return state not in SILENT or bool(document.authenticator or document.attester)


def _kind(document: Document, located: Located | None = None) -> str:
    return document.type.words or document.code.words or (located.kind if located else "Document")


def _day(document: Document) -> str:
    return day_of(document.date or document.effective_date_time)


def _author(graph: Graph, document: Document, located: Located) -> str:
    """The first of those who wrote a document that has a name."""
    for people in (document.author, document.performer):
        for person in people if isinstance(people, list | tuple) else ():
            reference = Reference(
                reference=text_at(person, "reference"), display=text_at(person, "display")
            )
            if name := reference.display or name_in(graph, reference, located):
                return name
    return ""


def _texts(
    graph: Graph, document: Document, located: Located, problems: list[Problem]
) -> Iterator[str]:
    forms = []
    for at, form in enumerate(document.content):
        forms.append((form.attachment, located.at("content", at, "attachment")))
    presented = []
    for at, attachment in enumerate(document.presented_form):
        presented.append((attachment, located.at("presentedForm", at)))
    # Several contents are forms of one document, and so are several presented forms.
    for choice in (forms, presented):
        yield from _first_readable(graph, choice, located, problems)
    yield document.conclusion
    for section in _sections(document.section):
        yield _text_of(graph, section, located.place)


def _first_readable(
    graph: Graph, choice: list[tuple[Attachment, str]], located: Located, problems: list[Problem]
) -> Iterator[str]:
    unreadable = []
    for at, (attachment, place) in enumerate(choice):
        try:
            shown = _shown(graph, attachment, located)
        except Unreadable as error:
            value = attachment.url or attachment.content_type
            unreadable.append(problem("note", str(error), value, place))
            continue
        yield _text_of(graph, shown, place)
        for fault in unreadable:
            graph.remarks.append(Remark(f"Left out of the note: {fault.text}", fault.place))
        for other, where in choice[at + 1 :]:
            kind = other.content_type or "unknown kind"
            graph.remarks.append(left_out(f"another form of the document, {kind[:40]}", where))
        return
    problems += unreadable


def _text_of(graph: Graph, shown: Shown, place: str) -> str:
    """The text of what a document shows; a remark names what it does not show."""
    graph.remarks += [left_out(f"of the note, {words}", place) for words in shown.left_out]
    return shown.text


def _shown(graph: Graph, attachment: Attachment, holder: Located) -> Shown:
    if attachment.data:
        return shown_data(attachment.data, attachment.content_type)
    binary = graph.target(Reference(reference=attachment.url), holder) if attachment.url else None
    if binary is None or binary.kind != "Binary":
        raise Unreadable(ELSEWHERE)
    kind = text_at(binary.resource, "contentType") or attachment.content_type
    return shown_data(text_at(binary.resource, "data"), kind)


def _sections(sections: Iterable[Section]) -> Iterator[Shown]:
    for section in sections:
        shown = html_text(section.text.div) if section.text.div else Shown("")
        titled = "\n".join(filter(None, (section.title, shown.text)))
        yield shown._replace(text=titled)
        yield from _sections(section.section)

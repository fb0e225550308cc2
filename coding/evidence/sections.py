"""Sections of a note: what a heading says of the sentences under it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from coding.evidence.cues import Heading, general_cues
from coding.evidence.sentences import Sentence
from coding.evidence.statements import Span

LONGEST_HEADING = 8
NO_HEADING = Heading("", "", other=False, brief=False, loose=False)


class Section(NamedTuple):
    """The section that a sentence stands in, and where its heading stands."""

    heading: Heading = NO_HEADING
    span: Span | None = None


def in_sections(sentences: Iterable[Sentence]) -> Iterator[tuple[Sentence, Section]]:
    """Each sentence with the section that it stands in: up to the next heading, or a blank line after some text."""
    section, filled = Section(), False
    for sentence in sentences:
        own = _heading_of(sentence)
        if own is None:
            if sentence.after_blank and filled:
                section = Section()
            filled = True
            yield sentence, section
            continue
        yield sentence, own
        filled = ":" in sentence.text and not sentence.text.endswith(": ")
        brief = own.heading.brief or (own.heading.time == "background" and not sentence.opens_line)
        section = Section() if brief and filled else own


def _heading_of(sentence: Sentence) -> Section | None:
    """The section that begins with a sentence, with a colon or as a line of its own.

    A heading that is not known ends the section before it.
    """
    marks = [token.text for token in sentence.tokens[: LONGEST_HEADING + 1]]
    if ":" not in marks and (not sentence.opens_line or len(marks) > LONGEST_HEADING):
        return None
    length = marks.index(":") if ":" in marks else len(marks)
    table = general_cues()
    for found in table.heading_index.opening(sentence):
        heading = table.headings[found.phrase]
        explained = found.after in sentence.asides
        if found.after == length or ((heading.loose or explained) and ":" in marks):
            return Section(heading, sentence.span(0, length))
    return Section() if ":" in marks and sentence.opens_line else None

"""Sections of a note: what a heading says of the sentences under it."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from coding.evidence.cues import Heading, general_cues
from coding.evidence.sentences import Sentence
from coding.evidence.statements import Span

LONGEST_HEADING = 8
# Of what stands before a colon within a line, so many words may be the label of another field.
LONGEST_LABEL = 4
# A patient by age and sex, as a story begins: 70f. Words that tell of this visit, and not of a history.
AGED = re.compile(r"\d{1,3}(?:yo|y|yr|m|mo)?[mf]")
TODAYS = frozenset(
    ("presents", "presented", "presenting", "today", "tonight", "now", "arrived", "fell", "i", "we")
)
NO_HEADING = Heading("", "", other=False, brief=False, loose=False)


class Section(NamedTuple):
    """The section that a sentence stands in, and where its heading stands."""

    heading: Heading = NO_HEADING
    span: Span | None = None


def in_sections(sentences: Iterable[Sentence]) -> Iterator[tuple[Sentence, Section]]:
    """Each sentence with the section that it stands in: up to the next heading, or a blank line after some text."""
    section = Section()
    # Whether some text stands under the heading already: only then does a blank line end its section.
    filled = False
    # Whether the history under a heading stands in its line: then a narrative that begins a line is none of it.
    in_its_line = False
    # Whether the heading stands in a line of its own: then the label of a field within a line ends nothing.
    above_its_lines = False
    for sentence in sentences:
        own = _heading_of(sentence)
        if own == Section() and above_its_lines and not sentence.opens_line:
            own = None
        if sentence.answers and section.heading.time == "background":
            # A field of its own, and no more of the indication above it.
            section = Section()
        if own is None:
            is_left = sentence.after_blank or (in_its_line and _is_narrative(sentence))
            if is_left and filled:
                section = Section()
            filled = True
            yield sentence, section
        else:
            yield sentence, own
            says_more = _says_more_than_its_heading(sentence)
            lists_illnesses = own.heading.time == "history" and _lists_illnesses(sentence)
            in_its_line = lists_illnesses and says_more
            if sentence.opens_line:
                above_its_lines = not says_more
            filled = own.heading.bare or says_more
            if not (filled and _holds_for_itself_alone(sentence, own.heading)):
                section = own
            elif sentence.opens_line:
                section = Section()
            # Within a line, the section around it goes on.


def _lists_illnesses(sentence: Sentence) -> bool:
    """Whether a heading is of a list, such as PMH, and not of another record, of which stories are told as well."""
    return sentence.words[0] in general_cues().bare


def _is_narrative(sentence: Sentence) -> bool:
    """Whether a sentence begins a line with whom it is about, or tells of this visit."""
    is_presented = AGED.fullmatch(sentence.words[0]) or not TODAYS.isdisjoint(sentence.words)
    return sentence.opens_line and bool(is_presented)


def _says_more_than_its_heading(sentence: Sentence) -> bool:
    return ":" in sentence.text and not sentence.text.endswith(": ")


def _holds_for_itself_alone(sentence: Sentence, heading: Heading) -> bool:
    within_a_line = not sentence.opens_line
    return heading.brief or (heading.time in ("background", "history") and within_a_line)


def _heading_of(sentence: Sentence) -> Section | None:
    """The section that begins with a sentence, with a colon or as a line of its own.

    A heading that is not known ends the section before it.
    """
    marks = sentence.words[: LONGEST_HEADING + 1]
    has_colon = ":" in marks
    is_short_line = sentence.opens_line and len(marks) <= LONGEST_HEADING
    if not has_colon and not is_short_line:
        return _bare_heading(sentence)
    length = marks.index(":") if has_colon else len(marks)
    known = _known_heading(sentence, length, has_colon=has_colon)
    if known is not None:
        return Section(known, sentence.span(0, length))
    if not has_colon:
        return _bare_heading(sentence)
    is_label = sentence.opens_line or length <= LONGEST_LABEL
    return Section() if is_label else None


def _bare_heading(sentence: Sentence) -> Section | None:
    """The section of a sentence that begins with a heading which needs no colon."""
    table = general_cues()
    if sentence.words[0] not in table.bare:
        return None
    for _, number, after, _ in table.heading_index.opening(sentence):
        if table.headings[number].bare:
            return Section(table.headings[number], sentence.span(0, after))
    return None


def _known_heading(sentence: Sentence, length: int, *, has_colon: bool) -> Heading | None:
    """The heading that the first words of a sentence are, all of them unless more may stand before a colon."""
    table = general_cues()
    for _, number, after, _ in table.heading_index.opening(sentence):
        heading = table.headings[number]
        # As in “Anesthesia (see record): general”.
        explained = after in sentence.asides
        may_go_on = has_colon and heading.loose
        if after == length or explained or may_go_on:
            return heading
    return None

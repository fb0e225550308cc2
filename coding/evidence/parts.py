"""The parts of a note that are not this visit's own narrative: copies, entries of earlier days, titles, corrections.

A note grows: earlier entries are kept above today's, other notes are copied into it, and an addendum says what was
wrong. What stands in a copy or in an earlier entry is history; a correction stands above what it corrects; a title
names a procedure and does not tell that it was done.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from coding.evidence.cues import Heading
from coding.evidence.sections import Section, in_sections
from coding.evidence.sentences import Sentence
from coding.evidence.statements import Span

# Each begins where its row of characters does and is taken whole: a note of nothing but such characters is read
# in a time that grows with its length, not with the square of it.
_RULE = r"(?:(?<!-)-{2,}+|(?<!=)={2,}+|(?<!\*)\*{2,}+)"
_ARROWS = "(?:(?<!<)<{2,}+|(?<!>)>{2,}+)"
_COPIED = "(?:copied|copy|pasted)"
COPY_BEGINS = re.compile(
    rf"(?:\[|\*{{3}}|{_ARROWS})\s*(?:copied|(?:carried|brought|pulled|rolled) forward)"
    rf"|{_RULE}\s*(?:begin|start)(?:ning)?(?: of)? {_COPIED}"
    r"|\b(?:copied forward|copied from|carried forward from|pasted from)\b",
    re.IGNORECASE,
)
# Every mark that a copy begins has some of these words; most notes have none of them, though patients lean “forward”.
COPY_WORDS = (
    *("copied", " copy", "pasted"),
    *("carried forward", "brought forward", "pulled forward", "rolled forward"),
)
# In brackets before the copied line: “[Carried forward 02/2021] Reduced in the ED.”
COPY_LABEL = re.compile(r"\[[^\]\n:]{0,40}\][ \t]*[^\s\]][^\n]*")
COPY_ENDS = re.compile(
    rf"\]|<<+|\*{{3}}|{_RULE}\s*end(?: of)? {_COPIED}[^\n]*|(?:\r?\n)[ \t]*(?:\r?\n)|\Z",
    re.IGNORECASE,
)
# What says in words that a copy ends: it may have been opened by a line of its own, which is closed at once.
COPY_CLOSES = re.compile(
    rf"(?:{_RULE}|{_ARROWS}|\[)\s*end(?: of)?(?: the)? {_COPIED}[^\n]*", re.IGNORECASE
)
# What another record said is quoted behind the words that tell of it: “Outside ED: "Reduced. Film located."”
QUOTED = re.compile(r"(?P<told>[^\n]{0,120}?):[ \t]*(?P<quote>[\"“][^\"“”]{20,}[\"”])")
OF_A_RECORD = re.compile(
    r"\b(?:ago|copied|pasted|abstracted|scanned|outside|prior|previous|earlier|referring|transferring|old"
    r"|(?:first|last|initial) (?:stage|operation|procedure|surgery|admission|visit|note))\b",
    re.IGNORECASE,
)
# An entry begins a line or a sentence with its day, as month and day, or as today's.
ENTRY = re.compile(
    r"(?:(?<=\n)|(?<=\A)|(?<=[.;!?]\s))[ \t]*(?:(?P<today>today)[, ]+)?"
    r"(?P<month>1[0-2]|0?[1-9])/(?P<day>[12]\d|3[01]|0?[1-9])(?:/(?P<year>\d{4}|\d\d))?(?P<label>[^\n.:;]{0,30}):",
    re.IGNORECASE,
)
DAY = re.compile(r"\d/\d")
CORRECTING = frozenset(
    (
        *(
            "error",
            "errors",
            "erroneous",
            "erroneously",
            "incorrect",
            "incorrectly",
            "wrong",
            "wrongly",
            "mistake",
        ),
        *(
            "mistaken",
            "mistakenly",
            "correct",
            "corrected",
            "correction",
            "amended",
            "misdictated",
            "mistyped",
        ),
        *("instead", "should"),
    )
)
# A title has none of these words, which tell that something was done.
TELLING = frozenset(
    (
        *(
            "was",
            "were",
            "had",
            "did",
            "i",
            "we",
            "he",
            "she",
            "it",
            "patient",
            "performed",
            "carried",
            "achieved",
        ),
        *(
            "obtained",
            "done",
            "reduced",
            "relocated",
            "applied",
            "placed",
            "fitted",
            "put",
            "held",
            "brought",
        ),
        *(
            "confirmed",
            "felt",
            "showed",
            "shows",
            "flexed",
            "pulled",
            "taken",
            "tolerated",
            "extubated",
        ),
        *(
            "needed",
            "required",
            "fixed",
            "released",
            "attempt",
            "attempts",
            "attempted",
            "tried",
            "maneuver",
            "manoeuvre",
            "clunk",
            "audible",
            "palpable",
            "took",
            "gave",
            "rode",
            "dropped",
            "slid",
            "slipped",
            "popped",
            "snapped",
            "jumped",
            "clunked",
            "went",
            "came",
            "returned",
            "entered",
            "passed",
            "eased",
            "lifted",
            "guided",
            "levered",
            "x1",
            "x2",
            "x3",
        ),
    )
)
# How the sentences begin that are written once an operation is over.
OUTCOMES = (
    "ebl ",
    "no complication",
    "no immediate complication",
    "tolerated ",
    "the patient tolerated ",
)
HISTORY = Heading("", "history", other=False, brief=False, loose=False)


class Part(NamedTuple):
    """A piece of a note that is history, and the words that say so."""

    span: Span
    mark: Span


def in_parts(text: str, sentences: Iterable[Sentence]) -> Iterator[tuple[Sentence, Section]]:
    """Each sentence with the section that it stands in; in a copy or an earlier entry, one of history."""
    parts = sorted([*_copies(text), *_earlier_entries(text), *_quotations(text)])
    for sentence, section in in_sections(sentences):
        part = _part_of(sentence, parts) if parts else None
        yield sentence, Section(HISTORY, part.mark) if part else section


def _part_of(sentence: Sentence, parts: list[Part]) -> Part | None:
    start = sentence.span(0, 1).start
    place = bisect_right(parts, start, key=_start) - 1
    return parts[place] if place >= 0 and start < parts[place].span.end else None


def _start(part: Part) -> int:
    return part.span.start


def _copies(text: str) -> Iterator[Part]:
    in_lower_case = text.lower()
    if not any(word in in_lower_case for word in COPY_WORDS):
        return
    closings = list(COPY_CLOSES.finditer(text))
    begin = COPY_BEGINS.search(text)
    while begin:
        following = COPY_BEGINS.search(text, begin.end())
        place = _end_of_copy(text, begin, following, closings)
        yield Part(Span(begin.start(), place), Span(*begin.span()))
        is_behind = following is not None and following.start() >= place
        begin = following if is_behind else COPY_BEGINS.search(text, place)


def _end_of_copy(
    text: str, begin: re.Match[str], following: re.Match[str] | None, closings: list[re.Match[str]]
) -> int:
    """Where a copy ends: where words say so, if no other copy begins before them, with its line, or at its mark."""
    number = bisect_left(closings, begin.end(), key=_begin)
    closing = closings[number] if number < len(closings) else None
    if closing and not (following and following.start() < closing.start()):
        return closing.end()
    labelled = COPY_LABEL.match(text, begin.start())
    if labelled:
        return labelled.end()
    end = COPY_ENDS.search(text, begin.end())
    return end.end() if end else len(text)


def _begin(match: re.Match[str]) -> int:
    return match.start()


def _quotations(text: str) -> Iterator[Part]:
    """What is quoted from another record, whole: of its sentences only the first stands behind what tells of it."""
    if '"' not in text and "“" not in text:
        return
    for match in QUOTED.finditer(text):
        if OF_A_RECORD.search(match["told"]):
            yield Part(Span(*match.span("quote")), Span(*match.span("told")))


def _earlier_entries(text: str) -> Iterator[Part]:
    """The dated entries of other days than the last, or than the one that says today; each up to the next."""
    if "/" not in text or not DAY.search(text):
        return
    entries = list(ENTRY.finditer(text))
    days = [_day(entry) for entry in entries]
    if len(set(days)) < 2:
        return
    todays = [day for entry, day in zip(entries, days, strict=True) if _says_today(entry)]
    last = todays[0] if todays else max(days)
    ends = [*(entry.start() for entry in entries[1:]), len(text)]
    for entry, day, end in zip(entries, days, ends, strict=True):
        if day != last:
            yield Part(Span(entry.start(), end), Span(*entry.span()))


def _says_today(entry: re.Match[str]) -> bool:
    return bool(entry["today"]) or "today" in entry["label"].lower()


def _day(entry: re.Match[str]) -> tuple[str, int, int]:
    """Year as written, month and day, so that days compare."""
    return (entry["year"] or "")[-2:], int(entry["month"]), int(entry["day"])


def correcting_sections(read: Iterable[tuple[Sentence, Section]]) -> frozenset[Section]:
    """The addenda that say of the note before them that something in it is wrong."""
    return frozenset(
        section
        for sentence, section in read
        if section.heading.section == "addendum" and not CORRECTING.isdisjoint(sentence.words)
    )


def is_title(sentence: Sentence, section: Section) -> bool:
    """Whether a sentence is a title, a row of a list of procedures, or a field of a form."""
    is_field = ":" in sentence.words
    return (is_field or section.heading.section == "procedure") and TELLING.isdisjoint(
        sentence.words
    )


def is_reported(read: Iterable[tuple[Sentence, Section]]) -> bool:
    """Whether a note has the fields that are filled in once an operation is over: what its titles name was done."""
    return any(
        section.heading.section == "outcome" or sentence.text.startswith(OUTCOMES)
        for sentence, section in read
    )

"""Sentences and words of a note, each word with its place in the original text."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from coding.evidence.boxes import Answer, Kind, Place, forms
from coding.evidence.repair import PAD, repaired
from coding.evidence.statements import Span

# The sign of a fracture, unless it numbers something or begins a line.
_FRACTURE_SIGN = r"(?<=[^\s#] )#(?!\s?\d)|(?<=\()#(?=[^\W\d_])"
# A word, a number, an abbreviation such as w/o, the mark before what is asked: “?fracture”, “sent as ? fracture”.
_WORD = (
    r"(?:[^\W\d_]/[^\W\d_](?!\w)|\d+(?:[.:,/]\d+)*[^\W_]*|[^\W_]+(?:'[^\W_]+)*\u2060*|[+%]"
    rf"|{_FRACTURE_SIGN}|\?(?=[^\W_])|(?<= )\?(?= [a-z]))"
)
# Words in a row; a number below one; then what separates sentences or clauses. All else is passed over.
TOKEN = re.compile(
    rf"(?P<words>{_WORD}(?: {_WORD})*+)"
    r"|(?P<fraction>(?<!\S)\.\d+(?:[.:,/]\d+)*[^\W_]*)"
    r"|(?P<line>(?:\r\n|\r|\n)\s*)"
    r"|(?P<stop>[.!?]+|;)"
    r"|(?P<mark>[,:—]|(?<=\s)[-–](?=\s))"
    r"|(?P<aside>[()\[\]])"
)
# They count as commas.
DASHES = "-–—"
# Nothing that a phrase names is longer.
LONGEST_WORD = 40
AFTER_STOP = frozenset(" \t\r\n\"”’')]")
ABBREVIATIONS = frozenset(
    (
        "approx",
        "cf",
        "dev",
        "dr",
        "eg",
        "etc",
        "fig",
        "ie",
        "incl",
        "jr",
        "mr",
        "mrs",
        "ms",
        "sr",
        "st",
        "vs",
    )
)
# Words that many cut short, though a sentence may end with them: not before a small letter.
CUT_SHORT = frozenset(
    ("post", "ant", "lat", "acet", "fem", "disloc", "mod", "gen", "reg", "mech", "reduc", "prox")
)
# A line that ends earlier was ended on purpose if the next one begins with a capital.
WRAPPED_LINE = 60
FIRST_WORD = re.compile(r"\S+")
BULLET = re.compile(r"(?:[-*•·–]|\d{1,2}[.)])\s")
# Words in a row, in lower case, or a mark; and where it begins and ends in the note. Of several words none was changed
# otherwise: each stands in the note as far behind the first as here. A plain tuple, because so many are made.
Row = tuple[str, int, int]
# In a note of short lines one that had room for the next word was ended on purpose, unless it goes on.
GOES_ON = re.compile(
    r"\b(?:a|an|the|no|not|of|and|or|nor|with|without|to|for|in|on|at|by|under|from|via|as|than|that|which|who|was|were|is|are|be"
    r"|been|has|had|have|left|right|closed|open|post|pre|s/p|status|denies|any|his|her|my|our)[ \t]*[\r\n]+[ \t]*\S"
    r"|[\r\n][ \t]*(?:and|or|nor|but|of|with|without|was|were|is|are|by|under|which|who|that|in|on|at|for|from|then)\b",
    re.IGNORECASE,
)
# A label in front of its field, with a colon or in capitals before a gap, and headings that need neither.
HEADED = re.compile(r"[^\W\d_][^\n\r:.;]{0,50}:|[A-Z][A-Z/&]+(?:[ \t]{2,}|\t)\S|(?:PMHX?|PSHX?)\b")


class Sentence:
    """The words of one sentence.

    ``words`` are its words and marks in order and in lower case. ``text`` holds them, each followed by one space, so
    that phrases are matched on it alone, each at its ``offsets``.
    ``asides`` are the words before which a bracket stands. ``opens_line`` says that the sentence begins a line, and
    ``after_blank`` that a blank line comes before. ``question`` is the place of the mark that makes it a question;
    ``answers`` says that it is what a ticked option says of its label.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        rows_before_brackets: Iterable[int] = (),
        *,
        opens_line: bool,
        after_blank: bool,
        question: Span | None = None,
        answers: bool = False,
    ) -> None:
        """``rows_before_brackets`` are, for each bracket, how many rows stand before it."""
        self.question = question
        self.answers = answers
        self.opens_line = opens_line
        self.after_blank = after_blank
        self.text = " ".join([text for text, _, _ in rows]) + " "
        self.words = self.text[:-1].split(" ")
        self.offsets = list(accumulate([len(word) + 1 for word in self.words], initial=0))
        self._rows = rows
        self.asides = [self._first_word(row) for row in rows_before_brackets]

    @cached_property
    def places(self) -> list[Span]:
        """Where each word stands in the note."""
        return [self.span(number, number + 1) for number in range(len(self.words))]

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Each word with the next one."""
        return zip(self.words, [*self.words[1:], ""], strict=True)

    def span(self, first: int, after: int) -> Span:
        """Where the words from ``first`` up to, not including, ``after`` stand in the note."""
        offset, last = self.offsets[first], self.offsets[after - 1]
        row = bisect_right(self._row_offsets, offset) - 1
        begin = self._rows[row][1] + offset - self._row_offsets[row]

        last_row = bisect_right(self._row_offsets, last, row) - 1
        _, last_row_begins, end = self._rows[last_row]
        behind = self.offsets[after]
        if behind < self._row_offsets[last_row + 1]:
            # The row goes on behind the blank.
            end = last_row_begins + behind - 1 - self._row_offsets[last_row]
        return Span(begin, end)

    def _first_word(self, row: int) -> int:
        """The number of the word that a row begins with."""
        return bisect_left(self.offsets, self._row_offsets[row])

    @cached_property
    def _row_offsets(self) -> list[int]:
        """Where each row begins in the text, and where the last one ends; few sentences are asked."""
        return list(accumulate([len(text) + 1 for text, _, _ in self._rows], initial=0))


class _Unfinished:
    """The sentence that is being read, with what its beginning says of it."""

    def __init__(self, widest: int = 0) -> None:
        """``widest`` is the length of the longest line of the note."""
        self.widest = widest
        self._begin()
        self.opens_line = True
        self.after_blank = False
        self.line_start = 0

    @property
    def last_word(self) -> str:
        """The last word or mark; empty if there is none yet."""
        text = self.rows[-1][0] if self.rows else ""
        return text[text.rfind(" ") + 1 :]

    def take(self, row: re.Match[str]) -> None:
        """Add the words of a row."""
        written = row[0]
        text = written.lower()
        is_as_long = len(text) == len(written) and PAD not in text
        if is_as_long and (len(text) <= LONGEST_WORD or _is_of_short_words(text)):
            self.rows.append((text, row.start(), row.end()))
        else:
            self.rows += _word_by_word(written, row.start())

    def take_mark(self, match: re.Match[str]) -> None:
        """Add a mark or a number below one; of a bracket only where it stands."""
        kind = match.lastgroup
        if kind == "aside":
            self.rows_before_brackets.append(len(self.rows))
            return
        text = match[0]
        if kind == "fraction":
            # “.5 cm” is half a centimetre, not five.
            text = f"0{text[:LONGEST_WORD].lower()}"
        elif text in DASHES:
            text = ","
        self.rows.append((text, match.start(), match.end()))

    def finished(self, question: Span | None = None) -> Sentence | None:
        """The sentence, if it has words; the next one begins behind it, in the same line unless a line ends."""
        if not self.rows:
            self.rows_before_brackets.clear()
            return None
        sentence = Sentence(
            self.rows,
            self.rows_before_brackets,
            opens_line=self.opens_line,
            after_blank=self.after_blank,
            question=question,
        )
        self.opens_line = self.after_blank = False
        self._begin()
        return sentence

    def _begin(self) -> None:
        self.rows: list[Row] = []
        self.rows_before_brackets: list[int] = []

    def pass_line_end(self, line_break: str) -> None:
        """Note that the sentence, if it has no word yet, begins a line."""
        if not self.rows:
            self.opens_line = True
            self.after_blank = self.after_blank or _is_blank(line_break)


def _is_of_short_words(text: str) -> bool:
    return max(map(len, text.split(" "))) <= LONGEST_WORD


def _word_by_word(written: str, begin: int) -> Iterator[Row]:
    """The words of a row, each as a row of its own; of one that is longer than any in a phrase, its beginning."""
    for word in written.split(" "):
        end = begin + len(word)
        yield word.rstrip(PAD)[:LONGEST_WORD].lower(), begin, end
        # The next one begins behind the blank.
        begin = end + 1


def sentences(note: str) -> Iterator[Sentence]:
    """The sentences of a note, in order, in time linear in its length."""
    text = repaired(note)
    unfinished = _Unfinished(max(map(len, text.splitlines()), default=0))
    read_up_to = 0
    for form in forms(text):
        yield from _prose(text, read_up_to, form.place.start, unfinished)
        for answer in form.answers:
            if sentence := _answered(text, answer):
                yield sentence
        read_up_to = form.place.end
    yield from _prose(text, read_up_to, len(text), unfinished)


def _prose(text: str, begin: int, end: int, unfinished: _Unfinished) -> Iterator[Sentence]:
    """The sentences of a part of a text."""
    for match in TOKEN.finditer(text, begin, end):
        if match.lastgroup == "words":
            unfinished.take(match)
        elif sentence := _ended(text, match, unfinished):
            yield sentence
    if sentence := unfinished.finished():
        yield sentence


def _ended(text: str, match: re.Match[str], unfinished: _Unfinished) -> Sentence | None:
    """The sentence that ends with something that is no word, if it does; else that is taken into it."""
    sentence = None
    match match.lastgroup:
        case "line":
            if _ends_line(text, match, unfinished):
                sentence = unfinished.finished()
            unfinished.pass_line_end(match[0])
            unfinished.line_start = match.end()
        case "stop":
            if _stops(text, match, unfinished):
                sentence = unfinished.finished(Span(*match.span()) if "?" in match[0] else None)
        case _:
            unfinished.take_mark(match)
    return sentence


def _answered(text: str, answer: Answer) -> Sentence | None:
    """What a ticked option says, as a sentence: its label and itself, or its label affirmed or denied."""
    label = _rows_at(text, answer.label)
    option = _rows_at(text, answer.option)
    match answer.kind:
        case Kind.YES:
            rows = label
        case Kind.NO:
            rows = [*(("no", begin, end) for _, begin, end in option), *label]
        case Kind.OPTION:
            rows = [*label, *_colon_behind(answer.label), *option]
        case Kind.BLANK:
            rows = [*label, *_colon_behind(answer.label)]
    if not rows:
        return None
    return Sentence(
        rows,
        opens_line=True,
        after_blank=False,
        answers=answer.label is not None,
        # What nobody filled in was asked only.
        question=Span(*answer.option) if answer.kind is Kind.BLANK else None,
    )


def _colon_behind(label: Place | None) -> list[Row]:
    return [(":", label.end, label.end)] if label else []


def _rows_at(text: str, place: Place | None) -> list[Row]:
    """The words and marks of a label or an option."""
    reader = _Unfinished()
    for match in TOKEN.finditer(text, *(place or (0, 0))):
        if match.lastgroup == "words":
            reader.take(match)
        elif match.lastgroup in ("fraction", "mark", "aside"):
            reader.take_mark(match)
    return reader.rows


def _is_blank(line_break: str) -> bool:
    return len(line_break.replace("\r\n", "\n").replace(" ", "").replace("\t", "")) > 1


def _ends_line(note: str, match: re.Match[str], unfinished: _Unfinished) -> bool:
    """Whether a line break ends a sentence: before a blank line, a heading, a bullet, or after a short line."""
    if _is_blank(match[0]) or BULLET.match(note, match.end()) or HEADED.match(note, match.end()):
        return True
    begins = note[match.end() : match.end() + 1]
    length = match.start() - unfinished.line_start
    if length < WRAPPED_LINE and (begins.isupper() or begins.isdigit()):
        return True
    return unfinished.widest < WRAPPED_LINE and _had_room(note, match, length, unfinished.widest)


def _had_room(note: str, match: re.Match[str], length: int, widest: int) -> bool:
    """Whether the next word would have stood in a line, and neither says that the sentence goes on."""
    following = FIRST_WORD.match(note, match.end())
    if following is None or length + 1 + len(following[0]) > widest:
        return False
    return not GOES_ON.search(note, match.start() - min(length, LONGEST_WORD), following.end() + 1)


def _stops(note: str, match: re.Match[str], unfinished: _Unfinished) -> bool:
    """Whether a full stop or the like ends a sentence."""
    if match[0] == ";":
        return True
    followed = note[match.end() : match.end() + 1]
    last = unfinished.last_word if match[0] == "." else ""
    goes_on = last in CUT_SHORT and note[match.end() : match.end() + 2].strip().islower()
    abbreviated = last in ABBREVIATIONS or goes_on
    return not abbreviated and (not followed or followed in AFTER_STOP)

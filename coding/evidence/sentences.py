"""Sentences and words of a note, each word with its place in the original text."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import partial
from itertools import accumulate, pairwise
from typing import NamedTuple

from coding.evidence.boxes import Answer, Kind, Place, forms
from coding.evidence.repair import PAD, repaired
from coding.evidence.statements import Span

# A word, a number, an abbreviation such as w/o; then what separates sentences or clauses. All else is passed over.
TOKEN = re.compile(
    r"(?P<word>[^\W\d_]/[^\W\d_](?!\w)|\d+(?:[.:,/]\d+)*[^\W_]*|[^\W_]+(?:'[^\W_]+)*\u2060*|[+%]|\?(?=[^\W_]))"
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
ABBREVIATIONS = frozenset({"approx", "cf", "dr", "eg", "fig", "ie", "jr", "mr", "mrs", "ms", "sr", "st", "vs"})
# A line that ends earlier was ended on purpose if the next one begins with a capital.
WRAPPED_LINE = 60
BULLET = re.compile(r"(?:[-*•·–]|\d{1,2}[.)])\s")
HEADED = re.compile(r"[^\W\d_][^\n\r:.;]{0,50}:")


# Of so many letters, with a star behind them, are the beginnings by which phrases are looked up.
BEGINNING = 3


def beginning(word: str) -> str:
    """How a word begins, as a phrase would write it: ``red*``."""
    return word[:BEGINNING] + "*"


class Token(NamedTuple):
    """A word or mark in lower case, and where it stands."""

    text: str
    start: int
    end: int


# Without a call of the class for each word of a note.
_token = Token._make


class Sentence:
    """The words of one sentence.

    ``text`` holds them in lower case, each followed by one space, so that phrases are matched on it alone; ``pairs``
    each with the next one, ``words`` each and its beginning once.
    ``asides`` are the words before which a bracket stands. ``opens_line`` says that the sentence begins a line, and
    ``after_blank`` that a blank line comes before. ``question`` is the place of the mark that makes it a question.
    """

    __slots__ = ("after_blank", "asides", "offsets", "opens_line", "pairs", "question", "text", "tokens", "words")

    def __init__(
        self,
        tokens: list[Token],
        asides: list[int],
        *,
        opens_line: bool,
        after_blank: bool,
        question: Span | None = None,
    ) -> None:
        self.question = question
        self.tokens = tokens
        self.asides = asides
        self.opens_line = opens_line
        self.after_blank = after_blank
        words = [token.text for token in tokens]
        self.words = frozenset([*words, *map(beginning, words)])
        self.text = " ".join([*words, ""])
        self.offsets = list(accumulate([len(word) + 1 for word in words], initial=0))
        self.pairs = list(pairwise([*words, ""]))

    def index_at(self, offset: int) -> int:
        """The index of the word that begins at an offset of ``text``."""
        return bisect_left(self.offsets, offset)

    def span(self, first: int, after: int) -> Span:
        """Where the words from ``first`` up to, not including, ``after`` stand in the note."""
        return Span(self.tokens[first].start, self.tokens[after - 1].end)


class _Unfinished:
    """The sentence that is being read, with what its beginning says of it."""

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self.asides: list[int] = []
        self.opens_line = True
        self.after_blank = False
        self.line_start = 0

    def take(self, match: re.Match[str]) -> None:
        """Add a word or a mark; of a bracket only where it stands."""
        text = match[0]
        match match.lastgroup:
            case "word":
                text = text.rstrip(PAD)[:LONGEST_WORD].lower()
            case "mark":
                text = "," if text in DASHES else text
            case "aside":
                self.asides.append(len(self.tokens))
                return
        start, end = match.span()
        self.tokens.append(_token((text, start, end)))

    def finished(self, question: Span | None = None) -> Iterator[Sentence]:
        """The sentence, if it has words; the next one begins behind it, in the same line unless a line ends."""
        if self.tokens:
            yield Sentence(
                self.tokens,
                self.asides,
                opens_line=self.opens_line,
                after_blank=self.after_blank,
                question=question,
            )
            self.opens_line = self.after_blank = False
        self.tokens, self.asides = [], []

    def pass_line_end(self, line_break: str) -> None:
        """Note that the sentence, if it has no word yet, begins a line."""
        if not self.tokens:
            self.opens_line = True
            self.after_blank = self.after_blank or _is_blank(line_break)


def sentences(note: str) -> Iterator[Sentence]:
    """The sentences of a note, in order, in time linear in its length."""
    text = repaired(note)
    unfinished = _Unfinished()
    read_up_to = 0
    for form in forms(text):
        yield from _prose(text, read_up_to, form.place.start, unfinished)
        yield from unfinished.finished()
        yield from map(partial(_answered, text), form.answers)
        read_up_to = form.place.end
    yield from _prose(text, read_up_to, len(text), unfinished)
    yield from unfinished.finished()


def _prose(text: str, begin: int, end: int, unfinished: _Unfinished) -> Iterator[Sentence]:
    """The sentences that end in a part of a text."""
    for match in TOKEN.finditer(text, begin, end):
        kind = match.lastgroup
        if kind == "line":
            if _ends_line(text, match, unfinished.line_start):
                yield from unfinished.finished()
            unfinished.pass_line_end(match[0])
            unfinished.line_start = match.end()
        elif kind == "stop":
            if _stops(text, match, unfinished.tokens):
                question = Span(*match.span()) if "?" in match[0] else None
                yield from unfinished.finished(question)
        else:
            unfinished.take(match)


def _answered(text: str, answer: Answer) -> Sentence:
    """What a ticked option says, as a sentence: its label and itself, or its label affirmed or denied."""
    label = _words_at(text, answer.label)
    option = _words_at(text, answer.option)
    match answer.kind:
        case Kind.YES:
            tokens = label
        case Kind.NO:
            tokens = [*option, *label]
        case Kind.OPTION:
            tokens = [*label, *_colon_behind(answer.label), *option]
    return Sentence(tokens, [], opens_line=True, after_blank=False)


def _colon_behind(label: Place | None) -> list[Token]:
    return [_token((":", label.end, label.end))] if label else []


def _words_at(text: str, place: Place | None) -> list[Token]:
    """The words and marks of a label or an option."""
    reader = _Unfinished()
    for match in TOKEN.finditer(text, *(place or (0, 0))):
        if match.lastgroup in ("word", "mark", "aside"):
            reader.take(match)
    return reader.tokens


def _is_blank(line_break: str) -> bool:
    return len(line_break.replace("\r\n", "\n").replace(" ", "").replace("\t", "")) > 1


def _ends_line(note: str, match: re.Match[str], line_start: int) -> bool:
    """Whether a line break ends a sentence: before a blank line, a heading, a bullet, or after a short line."""
    if _is_blank(match[0]) or BULLET.match(note, match.end()) or HEADED.match(note, match.end()):
        return True
    begins = note[match.end() : match.end() + 1]
    return match.start() - line_start < WRAPPED_LINE and (begins.isupper() or begins.isdigit())


def _stops(note: str, match: re.Match[str], tokens: list[Token]) -> bool:
    """Whether a full stop or the like ends a sentence."""
    if match[0] == ";":
        return True
    followed = note[match.end() : match.end() + 1]
    abbreviated = match[0] == "." and bool(tokens) and tokens[-1].text in ABBREVIATIONS
    return not abbreviated and (not followed or followed in AFTER_STOP)

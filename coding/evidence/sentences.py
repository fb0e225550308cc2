"""Sentences and words of a note, each word with its place in the original text."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from coding.evidence.statements import Span

# A word, a number, an abbreviation such as w/o; then what separates sentences or clauses. All else is passed over.
TOKEN = re.compile(
    r"(?P<word>[^\W\d_]/[^\W\d_](?!\w)|\d+(?:[.:,/]\d+)*[^\W_]*|[^\W_]+(?:'[^\W_]+)*|[+%]|\?(?=[^\W_]))"
    r"|(?P<line>(?:\r\n|\r|\n)\s*)"
    r"|(?P<stop>[.!?]+|;)"
    r"|(?P<box>\[[ \txX✓✔]?\]|\([ xX✓✔]\)|[☐☑☒✓✔])"
    r"|(?P<mark>[,:—]|(?<=\s)[-–](?=\s))"
    r"|(?P<aside>[()\[\]])"
)
# They count as commas.
DASHES = "-–—"
# A box of a form counts as a word, “ticked” or “unticked”.
EMPTY_BOX = frozenset({"", " ", "\t", "☐"})
# Nothing that a phrase names is longer.
LONGEST_WORD = 40
AFTER_STOP = frozenset(" \t\r\n\"”’')]")
ABBREVIATIONS = frozenset({"approx", "cf", "dr", "eg", "fig", "ie", "jr", "mr", "mrs", "ms", "sr", "st", "vs"})
# A line that ends earlier was ended on purpose if the next one begins with a capital.
WRAPPED_LINE = 60
BULLET = re.compile(r"(?:[-*•·–]|\d{1,2}[.)])\s")
HEADED = re.compile(r"[^\W\d_][^\n\r:.;]{0,50}:")


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
    each with the next one, ``words`` each once.
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
        self.words = frozenset(words)
        self.text = " ".join([*words, ""])
        self.offsets = list(accumulate([len(word) + 1 for word in words], initial=0))
        self.pairs = list(zip(words, [*words[1:], ""], strict=True))

    def index_at(self, offset: int) -> int:
        """The index of the word that begins at an offset of ``text``."""
        return bisect_left(self.offsets, offset)

    def span(self, first: int, after: int) -> Span:
        """Where the words from ``first`` up to, not including, ``after`` stand in the note."""
        return Span(self.tokens[first].start, self.tokens[after - 1].end)


def sentences(note: str) -> Iterator[Sentence]:
    """The sentences of a note, in order, in time linear in its length."""
    tokens: list[Token] = []
    asides: list[int] = []
    opens_line, after_blank = True, False
    line_start = 0
    for match in TOKEN.finditer(note.replace("’", "'")):
        kind = match.lastgroup
        if kind == "word":
            tokens.append(_token((match[0][:LONGEST_WORD].lower(), *match.span())))
        elif kind == "mark":
            tokens.append(_token(("," if match[0] in DASHES else match[0], *match.span())))
        elif kind == "box":
            tokens.append(Token("unticked" if match[0].strip("[]()") in EMPTY_BOX else "ticked", *match.span()))
        elif kind == "aside":
            asides.append(len(tokens))
        elif _ends(note, match, tokens, line_start):
            if tokens:
                asked = Span(*match.span()) if "?" in match[0] else None
                yield Sentence(tokens, asides, opens_line=opens_line, after_blank=after_blank, question=asked)
                opens_line, after_blank = False, False
            tokens, asides = [], []
        if kind == "line":
            line_start = match.end()
            opens_line = opens_line or not tokens
            after_blank = after_blank or (not tokens and _is_blank(match[0]))
    if tokens:
        yield Sentence(tokens, asides, opens_line=opens_line, after_blank=after_blank)


def _is_blank(line_break: str) -> bool:
    return len(line_break.replace("\r\n", "\n").replace(" ", "").replace("\t", "")) > 1


def _ends(note: str, match: re.Match[str], tokens: list[Token], line_start: int) -> bool:
    """Whether a stop or a line break ends a sentence."""
    return _ends_line(note, match, line_start) if match.lastgroup == "line" else _stops(note, match, tokens)


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

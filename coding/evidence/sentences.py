"""Sentences and words of a note, each word with its place in the original text."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import accumulate, pairwise
from operator import attrgetter

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
# A word or mark, and where it stands.
Word = tuple[str, Place]
# In a note of short lines one that had room for the next word was ended on purpose, unless it goes on.
GOES_ON = re.compile(
    r"\b(?:a|an|the|no|not|of|and|or|nor|with|without|to|for|in|on|at|by|under|from|via|as|than|that|which|who|was|were|is|are|be"
    r"|been|has|had|have|left|right|closed|open|post|pre|s/p|status|denies|any|his|her|my|our)[ \t]*[\r\n]+[ \t]*\S"
    r"|[\r\n][ \t]*(?:and|or|nor|but|of|with|without|was|were|is|are|by|under|which|who|that|in|on|at|for|from|then)\b",
    re.IGNORECASE,
)
HEADED = re.compile(r"[^\W\d_][^\n\r:.;]{0,50}:")


# Of so many letters, with a star behind them, are the beginnings by which phrases are looked up.
BEGINNING = 3


def beginning(word: str) -> str:
    """How a word begins, as a phrase would write it: ``red*``."""
    return word[:BEGINNING] + "*"


class Sentence:
    """The words of one sentence.

    ``words`` are its words and marks in order and in lower case; each ``begins`` and ``ends`` somewhere in the note.
    ``text`` holds them, each followed by one space, so that phrases are matched on it alone, each at its ``offsets``;
    ``distinct`` are each and its beginning once.
    ``asides`` are the words before which a bracket stands. ``opens_line`` says that the sentence begins a line, and
    ``after_blank`` that a blank line comes before. ``question`` is the place of the mark that makes it a question;
    ``answers`` says that it is what a ticked option says of its label.
    """

    __slots__ = (
        *("words", "begins", "ends", "text", "distinct", "offsets"),
        *("asides", "opens_line", "after_blank", "question", "answers"),
    )

    def __init__(
        self,
        words: list[str],
        begins: list[int],
        ends: list[int],
        asides: list[int],
        *,
        opens_line: bool,
        after_blank: bool,
        question: Span | None = None,
        answers: bool = False,
    ) -> None:
        self.question = question
        self.answers = answers
        self.words = words
        self.begins = begins
        self.ends = ends
        self.asides = asides
        self.opens_line = opens_line
        self.after_blank = after_blank
        # A call of “beginning” for each word would take longer than all else here.
        self.distinct = frozenset(words).union([word[:BEGINNING] + "*" for word in words])
        self.text = " ".join([*words, ""])
        self.offsets = list(accumulate([len(word) + 1 for word in words], initial=0))

    @property
    def places(self) -> list[Span]:
        """Where each word stands in the note."""
        return list(map(Span, self.begins, self.ends))

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Each word with the next one."""
        return pairwise([*self.words, ""])

    def span(self, first: int, after: int) -> Span:
        """Where the words from ``first`` up to, not including, ``after`` stand in the note."""
        return Span(self.begins[first], self.ends[after - 1])


class _Unfinished:
    """The sentence that is being read, with what its beginning says of it."""

    def __init__(self, widest: int = 0) -> None:
        """``widest`` is the length of the longest line of the note."""
        self.widest = widest
        self._begin()
        self.opens_line = True
        self.after_blank = False
        self.line_start = 0

    def take(self, row: re.Match[str]) -> None:
        """Add the words of a row, in lower case; of one that is longer than any in a phrase, its beginning."""
        has_pads = PAD in row[0]
        begin = row.start()
        for word in row[0].split(" "):
            end = begin + len(word)
            self.begins.append(begin)
            self.ends.append(end)
            if has_pads or len(word) > LONGEST_WORD:
                word = word.rstrip(PAD)[:LONGEST_WORD]
            self.words.append(word.lower())
            # The next one begins behind the blank.
            begin = end + 1

    def take_mark(self, match: re.Match[str]) -> None:
        """Add a mark or a number below one; of a bracket only where it stands."""
        kind = match.lastgroup
        if kind == "aside":
            self.asides.append(len(self.words))
            return
        text = match[0]
        if kind == "fraction":
            # “.5 cm” is half a centimetre, not five.
            text = f"0{text[:LONGEST_WORD].lower()}"
        elif text in DASHES:
            text = ","
        self.words.append(text)
        self.begins.append(match.start())
        self.ends.append(match.end())

    def finished(self, question: Span | None = None) -> Sentence | None:
        """The sentence, if it has words; the next one begins behind it, in the same line unless a line ends."""
        if not self.words:
            self.asides.clear()
            return None
        sentence = Sentence(
            self.words,
            self.begins,
            self.ends,
            self.asides,
            opens_line=self.opens_line,
            after_blank=self.after_blank,
            question=question,
        )
        self.opens_line = self.after_blank = False
        self._begin()
        return sentence

    def _begin(self) -> None:
        self.words: list[str] = []
        self.begins: list[int] = []
        self.ends: list[int] = []
        self.asides: list[int] = []

    def pass_line_end(self, line_break: str) -> None:
        """Note that the sentence, if it has no word yet, begins a line."""
        if not self.words:
            self.opens_line = True
            self.after_blank = self.after_blank or _is_blank(line_break)


def sentences(note: str) -> Iterator[Sentence]:
    """The sentences of a note, in order, in time linear in its length."""
    text = repaired(note)
    unfinished = _Unfinished(max(map(len, text.splitlines()), default=0))
    read_up_to = 0
    for form in forms(text):
        yield from _prose(text, read_up_to, form.place.start, unfinished)
        yield from filter(attrgetter("words"), map(partial(_answered, text), form.answers))
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
            if _stops(text, match, unfinished.words):
                sentence = unfinished.finished(Span(*match.span()) if "?" in match[0] else None)
        case _:
            unfinished.take_mark(match)
    return sentence


def _answered(text: str, answer: Answer) -> Sentence:
    """What a ticked option says, as a sentence: its label and itself, or its label affirmed or denied."""
    label = _words_at(text, answer.label)
    option = _words_at(text, answer.option)
    match answer.kind:
        case Kind.YES:
            words_and_places = label
        case Kind.NO:
            words_and_places = [*(("no", place) for _, place in option), *label]
        case Kind.OPTION:
            words_and_places = [*label, *_colon_behind(answer.label), *option]
        case Kind.BLANK:
            words_and_places = [*label, *_colon_behind(answer.label)]
    words = [word for word, _ in words_and_places]
    begins = [place.start for _, place in words_and_places]
    ends = [place.end for _, place in words_and_places]
    return Sentence(
        words,
        begins,
        ends,
        [],
        opens_line=True,
        after_blank=False,
        answers=answer.label is not None,
        # What nobody filled in was asked only.
        question=Span(*answer.option) if answer.kind is Kind.BLANK else None,
    )


def _colon_behind(label: Place | None) -> list[Word]:
    return [(":", Place(label.end, label.end))] if label else []


def _words_at(text: str, place: Place | None) -> list[Word]:
    """The words and marks of a label or an option."""
    reader = _Unfinished()
    for match in TOKEN.finditer(text, *(place or (0, 0))):
        if match.lastgroup == "words":
            reader.take(match)
        elif match.lastgroup in ("fraction", "mark", "aside"):
            reader.take_mark(match)
    return list(zip(reader.words, map(Place, reader.begins, reader.ends), strict=True))


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


def _stops(note: str, match: re.Match[str], words: list[str]) -> bool:
    """Whether a full stop or the like ends a sentence."""
    if match[0] == ";":
        return True
    followed = note[match.end() : match.end() + 1]
    last = words[-1] if words and match[0] == "." else ""
    goes_on = last in CUT_SHORT and note[match.end() : match.end() + 2].strip().islower()
    abbreviated = last in ABBREVIATIONS or goes_on
    return not abbreviated and (not followed or followed in AFTER_STOP)

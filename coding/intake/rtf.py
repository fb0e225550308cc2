"""RTF as text: what was struck out stays readable, marked; what is hidden or stands beside the text is named."""

import re
from collections import defaultdict
from typing import NamedTuple

from striprtf.striprtf import destinations, remove_pict_groups, rtf_to_text

from coding.intake.shown import BEGIN_OF_STRUCK, END_OF_STRUCK, Shown, quoted

# As striprtf parts RTF, but for text, which is taken by the run.
PARTS = re.compile(
    r"\\(?P<word>[a-z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'[0-9a-f]{2}|\\(?P<sign>[^a-z])|(?P<brace>[{}])|[^\\{}]+",
    re.IGNORECASE,
)
# Struck out once or twice, and deleted under the eyes of whoever tracks changes.
STRIKING = ("strike", "striked", "deleted")
HIDDEN = "v"
# What stands beside the text of a document, by the word that begins it, and pictures.
PICTURE = "pict"
BESIDE = {
    **dict.fromkeys(("header", "headerf", "headerl", "headerr"), "the header"),
    **dict.fromkeys(("footer", "footerf", "footerl", "footerr"), "the footer"),
    "footnote": "a footnote",
    "annotation": "a comment",
    "shptxt": "a text box",
}
# Of words that are no looks, those that show something themselves, and those that only part lines and columns.
SIGNS = frozenset(("u", "bullet", "emdash", "endash", "lquote", "rquote", "ldblquote", "rdblquote"))
BLANKS = frozenset(("tab", "line", "par", "sect", "page", "cell", "row"))


class _Group(NamedTuple):
    """What holds within a pair of braces: whether its text is shown, how it looks, and beside what it stands."""

    is_shown: bool = True
    looks: frozenset[str] = frozenset()
    beside: str = ""

    @property
    def is_hidden(self) -> bool:
        return self.is_shown and HIDDEN in self.looks

    @property
    def is_struck(self) -> bool:
        return self.is_shown and bool(self.looks) and not self.is_hidden

    @property
    def apart(self) -> str:
        """Under which name its text is told; empty of one that is shown."""
        return "hidden text" if self.is_hidden else self.beside


def rtf_text(markup: str) -> Shown:
    """What a person reads of a piece of RTF."""
    document = _Document()
    for part in PARTS.finditer(remove_pict_groups(markup)):
        document.take(part)
    left_out: list[str] = []
    for name, pieces in document.apart.items():
        texts = [_plain("{\\rtf1\\ansi " + "".join(piece) + "}") for piece in pieces]
        left_out += quoted(name, texts)
    if document.has_picture:
        left_out.append("a picture")
    return Shown(_plain("".join(document.marked)), tuple(left_out))


def _plain(markup: str) -> str:
    return str(rtf_to_text(markup, errors="ignore")).strip()


class _Document:
    """The markup with marks around what is struck out, and apart from it what is not shown in its place, by name."""

    def __init__(self) -> None:
        self.marked: list[str] = []
        # By name the pieces that are not shown in their place, each in its parts.
        self.apart: defaultdict[str, list[list[str]]] = defaultdict(list)
        self.has_picture = False
        self._apart_before = ""
        self._around: list[_Group] = []
        self._group = _Group()
        self._is_marking = False

    def take(self, part: re.Match[str]) -> None:
        """The next part of the markup."""
        group = self._group
        self._mark(part, group)
        if _is_seen(part):
            self._keep_apart(part, group.apart)
        if not (group.is_hidden and _is_seen(part)):
            self.marked.append(part[0])
        self._enter(part)

    def _keep_apart(self, part: re.Match[str], name: str) -> None:
        """Take down what stands apart; a piece ends where something else is seen, or its braces close."""
        if name:
            if name != self._apart_before:
                self.apart[name].append([])
            # A word that a brace ended would go on in the text behind it.
            end = " " if part["word"] and not part[0].endswith(" ") else ""
            self.apart[name][-1].append(part[0] + end)
        self._apart_before = name

    def _mark(self, part: re.Match[str], group: _Group) -> None:
        """Put the marks around what is struck out: where it begins to show, and where something else does."""
        shows = group.is_shown and _is_seen(part)
        ends_document = part["brace"] == "}" and len(self._around) == 1
        shows_standing = shows and not group.is_struck
        shows_struck = shows and group.is_struck and not _is_blank(part)
        if self._is_marking and (ends_document or shows_standing):
            self.marked.append(END_OF_STRUCK)
            self._is_marking = False
        elif shows_struck and not self._is_marking:
            self.marked.append(BEGIN_OF_STRUCK)
            self._is_marking = True

    def _enter(self, part: re.Match[str]) -> None:
        """Go on with what holds behind a part."""
        if part["brace"] == "{":
            self._around.append(self._group)
        elif part["brace"] == "}":
            within = self._group
            # A brace too many closes nothing.
            if self._around:
                self._group = self._around.pop()
            if within.apart != self._group.apart:
                self._apart_before = ""
        else:
            self.has_picture = self.has_picture or part["word"] == PICTURE
            self._group = _after(part, self._group)


def _is_seen(part: re.Match[str]) -> bool:
    """Whether a part of the markup is something that a person sees."""
    if part["brace"]:
        return False
    if part["word"]:
        return part["word"] in SIGNS | BLANKS
    return part["sign"] != "*" and bool(part[0].strip("\r\n"))


def _is_blank(part: re.Match[str]) -> bool:
    return part["word"] in BLANKS or not part[0].strip()


def _after(part: re.Match[str], group: _Group) -> _Group:
    """What holds behind a part of the markup, within its braces."""
    word = part["word"]
    if part["sign"] == "*" or word in destinations:
        return group._replace(is_shown=False, beside=BESIDE.get(word or "", ""))
    if word == "plain":
        return group._replace(looks=frozenset())
    if word not in (*STRIKING, HIDDEN):
        return group
    without = group.looks - {word}
    return group._replace(looks=without if part["number"] == "0" else without | {word})

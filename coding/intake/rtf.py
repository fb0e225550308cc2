"""RTF as text; what was struck out stays readable, marked: it is no part of what the document says."""

import re
from typing import NamedTuple

from striprtf.striprtf import destinations, remove_pict_groups, rtf_to_text

# As striprtf parts RTF, but for text, which is taken by the run.
PARTS = re.compile(
    r"\\(?P<word>[a-z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'[0-9a-f]{2}|\\(?P<sign>[^a-z])|(?P<brace>[{}])|[^\\{}]+",
    re.IGNORECASE,
)
# Struck out once or twice, and deleted under the eyes of whoever tracks changes.
STRIKING = ("strike", "striked", "deleted")
# Of words that are no looks, those that show something themselves, and those that only part lines and columns.
SIGNS = frozenset(("u", "bullet", "emdash", "endash", "lquote", "rquote", "ldblquote", "rdblquote"))
BLANKS = frozenset(("tab", "line", "par", "sect", "page", "cell", "row"))


class _Group(NamedTuple):
    """What holds within a pair of braces: whether its text is shown, and by which words it is struck out."""

    is_shown: bool = True
    striking: frozenset[str] = frozenset()


def rtf_text(markup: str) -> str:
    """What a person reads of a piece of RTF."""
    return str(rtf_to_text(_with_marks(markup), errors="ignore")).strip()


def _with_marks(markup: str) -> str:
    """The markup with marks around what is struck out."""
    if not any(f"\\{word}" in markup for word in STRIKING):
        return markup
    marked: list[str] = []
    around: list[_Group] = []
    group = _Group()
    is_open = False
    for part in PARTS.finditer(remove_pict_groups(markup)):
        is_struck = group.is_shown and bool(group.striking)
        ends = part["brace"] == "}" and len(around) == 1
        if is_open and (ends or (_shows(part, group) and not is_struck)):
            marked.append("]")
            is_open = False
        elif not is_open and is_struck and _shows(part, group) and not _is_blank(part):
            marked.append("[deleted: ")
            is_open = True
        marked.append(part[0])
        if part["brace"] == "{":
            around.append(group)
        elif part["brace"]:
            group = around.pop() if around else group
        else:
            group = _after(part, group)
    return "".join(marked)


def _shows(part: re.Match[str], group: _Group) -> bool:
    """Whether a part of the markup is something that a person sees."""
    if part["brace"] or not group.is_shown:
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
        return group._replace(is_shown=False)
    if word == "plain":
        return group._replace(striking=frozenset())
    if word not in STRIKING:
        return group
    without = group.striking - {word}
    return group._replace(striking=without if part["number"] == "0" else without | {word})

"""HTML, and the narrative of C-CDA, as the text that a person sees.

What was struck out stays readable, marked; what is hidden, and images, are left out and named. Boxes and fields of
forms show what they hold.
"""

import re

from lxml import etree, html

from coding.intake.looks import Looks, StyleSheet, is_struck
from coding.intake.shown import BEGIN_OF_STRUCK, END_OF_STRUCK, Shown, quoted

BLOCKS_OF_HTML = "address article div dl dd dt h1 h2 h3 h4 h5 h6 li ol p pre section table tr ul"
BLOCKS_OF_CDA = "caption item list paragraph title"
BLOCKS = frozenset(re.findall(r"\w+", f"{BLOCKS_OF_HTML} {BLOCKS_OF_CDA}"))
BREAKS = frozenset(("br", "hr"))
CELLS = frozenset(("td", "th"))
# What was taken out stays readable, marked: it is no part of what the document says.
DELETED = frozenset(("del", "s", "strike"))
# No text for anybody.
SILENT = frozenset(("head", "script", "style", "template", "datalist"))
# So is what was not chosen of a list, and a window that is not open.
UNLESS = {"option": "selected", "dialog": "open"}
IMAGES = frozenset(("img", "svg", "object", "embed", "video", "audio", "renderMultiMedia"))
BOXES = ("checkbox", "radio")
BUTTONS = ("hidden", "submit", "button", "reset", "image", "file", "password")
BLANK_LINES = re.compile(r"(?<![ \t])[ \t]*\n(?:[ \t]*\n)+")


def html_text(markup: str) -> Shown:
    """What a person reads of a piece of HTML, a line for each block."""
    # As bytes, for of a text the parser refuses one that declares an encoding.
    content = markup.encode("utf-8", "replace")
    try:
        root = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError):
        return Shown("")
    sheet = StyleSheet(style.text or "" for style in root.iter("style"))
    shown = shown_of(root, sheet, silent=SILENT | {"title"})
    by_unread_rules = quoted("what a style sheet hides or strikes out by", sheet.unread)
    return shown._replace(left_out=(*shown.left_out, *by_unread_rules))


def shown_of(
    root: etree._Element, sheet: StyleSheet | None = None, silent: frozenset[str] = SILENT
) -> Shown:
    """The text of an element that a reader sees."""
    seen = _Seen(sheet or StyleSheet(), silent)
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            seen.begin(element)
        elif event == "end":
            seen.end(element)
        else:
            # A comment says nothing; what stands behind it is text of the element around it.
            seen.take(element.tail)
    return seen.shown()


class _Seen:
    """What was read so far of an element, with how the elements around the place look."""

    def __init__(self, sheet: StyleSheet, silent: frozenset[str]) -> None:
        self.sheet = sheet
        self.silent = silent
        self.parts: list[str] = []
        self.hidden: list[str] = []
        self.images: list[str] = []
        # Of each element around the place: how it looks, and whether it is struck out, as it is not within others.
        self.around: list[tuple[Looks, bool]] = [(Looks(), False)]
        self.within_silent = 0

    def begin(self, element: etree._Element) -> None:
        """Take the beginning of an element, and the text behind it."""
        tag = _name(element)
        declared = self.sheet.looks_of(tag, element)
        looks = self.around[-1][0].within(element, declared)
        is_deleted = tag in DELETED or element.get("revised") == "delete"
        is_deleted = is_deleted or is_struck(declared, element.get("styleCode", ""))
        self.around.append((looks, is_deleted))
        self.within_silent += self._is_silent(tag, element)
        if tag in BLOCKS or tag in BREAKS:
            self.parts.append("\n")
        if is_deleted and self._is_seen:
            self.parts.append(BEGIN_OF_STRUCK)
        if tag in IMAGES and self._is_seen:
            self.images.append(element.get("alt") or "without words")
        self.take(_filled_in(tag, element))
        self.take(element.text)

    def end(self, element: etree._Element) -> None:
        """Take the end of an element, and the text behind it."""
        tag = _name(element)
        _, is_deleted = self.around[-1]
        if is_deleted and self._is_seen:
            self.parts.append(END_OF_STRUCK)
        self.around.pop()
        self.within_silent -= self._is_silent(tag, element)
        if tag in BLOCKS:
            self.parts.append("\n")
        if tag in CELLS:
            self.parts.append(" ")
        self.take(element.tail)

    @property
    def _is_seen(self) -> bool:
        return not (self.within_silent or self.around[-1][0].is_hidden)

    def take(self, text: str | None) -> None:
        """Take a text where it stands: it is shown, hidden, or for nobody."""
        if not text or self.within_silent:
            return
        kept = self.hidden if self.around[-1][0].is_hidden else self.parts
        kept.append(text)

    def _is_silent(self, tag: str, element: etree._Element) -> bool:
        if tag in UNLESS:
            return UNLESS[tag] not in element.attrib
        return tag in self.silent

    def shown(self) -> Shown:
        """All that was read."""
        text = BLANK_LINES.sub("\n\n", "".join(self.parts)).strip()
        return Shown(text, quoted("hidden text", self.hidden) + quoted("an image", self.images))


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _filled_in(tag: str, element: etree._Element) -> str:
    """What a field of a form shows: a box whether it is ticked, a line what was written on it."""
    if tag != "input":
        return ""
    kind = element.get("type", "text").lower()
    if kind in BOXES:
        return "[x] " if "checked" in element.attrib else "[ ] "
    return "" if kind in BUTTONS else element.get("value", "")

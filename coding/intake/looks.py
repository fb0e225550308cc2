"""How HTML says that a part of it looks: hidden or struck out, by its own style or by the document's style sheet."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Self

from lxml import etree

Declared = dict[str, str]

BRACE = re.compile(r"([{}])")
ASIDE = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
# A name, a class, an id, or a name with one of them: what is looked up of an element.
SIMPLE = re.compile(r"[a-z][\w-]*|(?:[a-z][\w-]*)?[.#][\w-]+")
STRUCK = re.compile("line-through|strike")
# No size, or one of a pixel: what mail hides so.
NO_SIZE = re.compile(r"0*(?:\.0*)?[a-z%]*|0*(?:\.\d+|1(?:\.0*)?)(?:px|pt)")
NOTHING = re.compile(r"0*(?:\.0*)?%?")
UNSEEN = ("hidden", "collapse")


class Looks(NamedTuple):
    """How the text of an element shows. What is gone stays so within it; of the others a part may say otherwise."""

    is_gone: bool = False
    is_invisible: bool = False
    is_tiny: bool = False
    is_left_out_by_word: bool = False
    is_transparent: bool = False

    @property
    def is_hidden(self) -> bool:
        """Whether nobody sees it."""
        return any(self)

    def within(self, element: etree._Element, declared: Mapping[str, str]) -> Self:
        """How the text of an element within shows."""
        opacity = declared.get("opacity", "")
        is_gone = (
            self.is_gone
            or declared.get("display") == "none"
            or bool(opacity and NOTHING.fullmatch(opacity))
            or _is_folded(declared)
            or ("hidden" in element.attrib and "display" not in declared)
        )
        within = self._replace(is_gone=is_gone)
        # What an element does not declare, it has from the elements around it.
        if visibility := declared.get("visibility"):
            within = within._replace(is_invisible=visibility in UNSEEN)
        if size := declared.get("font-size"):
            within = within._replace(is_tiny=NO_SIZE.fullmatch(size) is not None)
        if word := declared.get("mso-hide"):
            within = within._replace(is_left_out_by_word=word == "all")
        if color := declared.get("color"):
            within = within._replace(is_transparent=color == "transparent")
        return within


class StyleSheet:
    """The rules of a document that hide or strike out. ``unread`` are their selectors that are not simple."""

    def __init__(self, sheets: Iterable[str] = ()) -> None:
        self.unread: list[str] = []
        self._rules: dict[str, Declared] = {}
        for sheet in sheets:
            for selectors, text in _rules(sheet):
                self._add(selectors.lower().split(","), declarations(text))

    def _add(self, selectors: list[str], declared: Declared) -> None:
        for selector in dict.fromkeys(map(str.strip, selectors)):
            if SIMPLE.fullmatch(selector):
                self._rules.setdefault(selector, {}).update(declared)
            elif _hides(declared) or _strikes(declared):
                self.unread.append(selector)

    def looks_of(self, tag: str, element: etree._Element) -> Declared:
        """What holds for an element: of its name, its classes, its id, and its own style, in this order."""
        classes = element.get("class", "").lower().split()
        ids = element.get("id", "").lower().split()
        names = [tag]
        names += [f".{name}" for name in classes]
        names += [f"{tag}.{name}" for name in classes]
        for own in ids:
            names += [f"#{own}", f"{tag}#{own}"]
        looks: Declared = {}
        for name in names:
            looks.update(self._rules.get(name, {}))
        looks.update(declarations(element.get("style", "")))
        return looks


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """The selectors and declarations of a style sheet. What holds for some devices only is passed over."""
    depth, selectors = 0, ""
    parts = BRACE.split(ASIDE.sub("", sheet))
    # Texts and braces take turns; behind the last text is none.
    texts, braces = parts[::2], parts[1::2]
    for text, brace in zip(texts, braces, strict=False):
        if brace == "{":
            selectors = selectors if depth else text.rpartition(";")[2]
            depth += 1
        else:
            if depth == 1 and not selectors.lstrip().startswith("@"):
                yield selectors, text
            depth = max(depth - 1, 0)


def declarations(text: str) -> Declared:
    """What a style declares, by name: display:none is {"display": "none"}."""
    declared: Declared = {}
    for declaration in text.lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            declared[name.strip()] = value.replace("!important", "").strip()
    return declared


def is_struck(declared: Mapping[str, str], style_code: str) -> bool:
    """Whether text is struck out by its style, or by the styleCode of C-CDA."""
    return _strikes(declared) or bool(STRUCK.search(style_code.lower()))


def _strikes(declared: Mapping[str, str]) -> bool:
    names = ("text-decoration", "text-decoration-line")
    return any(STRUCK.search(declared.get(name, "")) for name in names)


def _is_folded(declared: Mapping[str, str]) -> bool:
    """Whether a part has no height or width, and shows nothing beyond."""
    if declared.get("overflow") != "hidden":
        return False
    sizes = [declared.get(name) for name in ("height", "max-height", "width")]
    return any(NO_SIZE.fullmatch(size) for size in sizes if size)


def _hides(declared: Mapping[str, str]) -> bool:
    return Looks().within(etree.Element("p"), declared).is_hidden

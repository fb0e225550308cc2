"""Attached documents as text: base64 or not, plain text or HTML; everything else is refused with what to do."""

import base64
import binascii
import re
from contextlib import suppress

from lxml import etree, html

BLOCKS = frozenset(re.findall(r"\w+", "address article div dl dd dt h1 h2 h3 h4 h5 h6 li ol p pre section table tr ul"))
BREAKS = frozenset(("br", "hr"))
SILENT = frozenset(("head", "script", "style", "title"))
CHARSET = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
# No others: some of Python's codecs unpack or compute.
CHARACTERS = re.compile(r"utf-?(8|16|16[bl]e)|(us-)?ascii|latin-?1|(iso-?8859|windows|cp)-?[0-9]{1,4}", re.IGNORECASE)
BLANK_LINES = re.compile(r"[ \t]*\n(?:[ \t]*\n)+")


class Unreadable(ValueError):
    """An attachment that gives no text; the message says why and what to do."""


def text_of(data: str, media_type: str, is_base64: bool = True) -> str:
    """The text of an attachment. Raises Unreadable."""
    name, charset = _media(media_type)
    if name not in ("text/plain", "text/html", "application/xhtml+xml"):
        raise Unreadable(
            f"The attachment is of the kind {name[:40] or 'unknown'}. Send the note as text/plain or text/html."
        )
    text = _decoded(_bytes(data), charset) if is_base64 else data
    return text if name == "text/plain" else html_text(text)


def html_text(markup: str) -> str:
    """What a person reads of a piece of HTML, a line for each block."""
    try:
        root = html.document_fromstring(markup.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError):
        return ""
    parts: list[str] = []
    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        inside, outside = event == "start", event == "end"
        silent += (tag in SILENT or not tag) * (inside - outside)
        text = element.text if inside else element.tail
        parts.append("\n" if tag in BLOCKS or (inside and tag in BREAKS) else "")
        parts.append(text or "" if not silent else "")
    return BLANK_LINES.sub("\n\n", "".join(parts)).strip()


def _media(media_type: str) -> tuple[str, str]:
    name, _, parameters = media_type.partition(";")
    charset = CHARSET.search(parameters)
    return name.strip().lower(), charset[1] if charset else "utf-8"


def _bytes(data: str) -> bytes:
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("The attachment is not valid base64. Export it again.") from None


def _decoded(content: bytes, charset: str) -> str:
    if CHARACTERS.fullmatch(charset):
        with suppress(LookupError, UnicodeDecodeError):
            return content.decode(charset)
    raise Unreadable(f"The attachment is not text in {charset}. Send it in UTF-8.")

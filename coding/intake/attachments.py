"""Attached documents as text, told by their first bytes: plain text, HTML, RTF, C-CDA, PDF with a text layer.

Everything else is refused with its name and what to do.
"""

import base64
import binascii
import re
from contextlib import suppress

from lxml import etree

from coding.intake import pdf
from coding.intake.markup import html_text, shown_of
from coding.intake.rtf import rtf_text
from coding.intake.shown import Shown
from coding.intake.texts import Unreadable

CHARSET = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
# No others: some of Python's codecs unpack or compute.
CHARACTERS = re.compile(
    r"utf-?(8|16|16[bl]e)|(us-)?ascii|latin-?1|(iso-?8859|windows|cp)-?[0-9]{1,4}", re.IGNORECASE
)
LATIN_1 = re.compile(r"latin-?1|iso-?8859-?1", re.IGNORECASE)
BASE64 = re.compile(r"\s*[A-Za-z0-9+/\r\n]{20,}={0,2}\s*")
RTF = "{\\rtf"
HTML_TAG = r"!doctype html|html|head|body|div|p|table|pre|span|h[1-6]|br"
# Of other names only a whole tag is one: “<b 12 mm” and “<5 mm” are text.
SHORT_TAG = (
    r"a|article|b|center|em|font|form|hr|i|main|meta|ol|section|small|strong|style|title|u|ul"
)
PROLOGUE = r"\s*+(?:<\?xml[^>]*>\s*+|<!--(?:(?!-->).)*+-->\s*+)*+"
HTML = re.compile(
    rf"{PROLOGUE}<(?:(?:{HTML_TAG})\b|(?:{SHORT_TAG})(?:\s[^<>]*)?/?>)", re.IGNORECASE | re.DOTALL
)
XML = re.compile(rf"{PROLOGUE}<(?P<root>[A-Za-z_][\w:.-]*)(?:\s[^<>]*)?/?>", re.DOTALL)
CDA = "{urn:hl7-org:v3}"
MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:\{\\rtf|<\?xml|<!doctype|<html|<(?:\w+:)?ClinicalDocument)",
    re.IGNORECASE,
)
# What is called so may be text; whatever begins as markup is read under any name.
TEXTS = (
    "",
    "application/octet-stream",
    "application/xhtml+xml",
    "application/rtf",
    "application/xml",
)
UNNAMED = TEXTS[:2]
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
PDF = b"%PDF"
# Names of kinds that hold no text to be read, by their first bytes.
OTHERS = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"II*\0": "a TIFF image",
    b"MM\0*": "a TIFF image",
    b"PK\x03\x04": "a ZIP archive or Word document",
    b"\xd0\xcf\x11\xe0": "an older Word document",
}
SEND = "Send the note as text, HTML, RTF or C-CDA, or as a PDF with a text layer."


def shown_data(data: str, media_type: str, is_base64: bool | None = True) -> Shown:
    """The text of an attachment; with ``is_base64`` None the data show it. Raises Unreadable."""
    if is_base64 is None:
        is_base64 = _seems_base64(data)
    if is_base64:
        return shown_bytes(_bytes(data), media_type)
    return shown_bytes(data.encode("utf-8", "replace"), media_type.partition(";")[0])


def shown_hexadecimal(data: str, media_type: str) -> Shown:
    """The text of an attachment whose bytes are written in hexadecimal. Raises Unreadable."""
    try:
        content = bytes.fromhex(data)
    except ValueError:
        raise Unreadable("The attachment is not valid hexadecimal. Export it again.") from None
    return shown_bytes(content, media_type)


def shown_bytes(content: bytes, media_type: str) -> Shown:
    """The text of an attachment as its bytes show it; its kind counts where they show none. Raises Unreadable."""
    name, charset = _media(media_type)
    if content.startswith(PDF):
        return pdf.shown_pdf(content)
    for head, kind in OTHERS.items():
        if content.startswith(head):
            raise Unreadable(f"The attachment is {kind}. {SEND}")
    if not (MARKUP.match(content) or name.startswith("text/") or name in TEXTS):
        raise Unreadable(f"The attachment is of the kind {name[:40]}. {SEND}")
    text = _decoded(content, charset)
    if name in UNNAMED:
        _refuse_unless_readable(text)
    return html_text(text) if "html" in name else shown_text(text)


def shown_text(text: str) -> Shown:
    """The text that a document shows: what its markup says, if it begins as RTF, HTML or C-CDA. Raises Unreadable."""
    begin = text.lstrip("\ufeff \t\r\n")
    if begin.startswith(RTF):
        return rtf_text(begin)
    if HTML.match(begin):
        return html_text(begin)
    if begin.startswith("<") and (root := XML.match(begin)):
        if root["root"].rpartition(":")[2] != "ClinicalDocument":
            raise Unreadable(f"The attachment is XML of the kind {root['root'][:40]}. {SEND}")
        return _cda_text(begin)
    if begin.startswith(("<?xml", "<!DOCTYPE")):
        raise Unreadable(f"The attachment is XML with a document type of its own. {SEND}")
    if _seems_base64(text):
        return shown_data(text, "text/plain")
    return Shown(text)


def _cda_text(text: str) -> Shown:
    """The narrative of a C-CDA document: titles and texts of its sections, in order; or the text it wraps."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        raise Unreadable(
            "The attachment is a C-CDA document that is not well formed. Export it again."
        ) from None
    if (wrapped := root.find(f".//{CDA}nonXMLBody/{CDA}text")) is not None:
        media_type = wrapped.get("mediaType", "text/plain")
        return shown_data(
            wrapped.text or "", media_type, is_base64=wrapped.get("representation") == "B64"
        )
    texts: list[str] = []
    left_out: list[str] = []
    for section in root.iter(f"{CDA}section"):
        for name in ("title", "text"):
            part = section.find(f"{CDA}{name}")
            if part is None:
                continue
            shown = shown_of(part)
            if shown.text:
                texts.append(shown.text)
            left_out += shown.left_out
    return Shown("\n".join(texts), tuple(left_out))


def _refuse_unless_readable(text: str) -> None:
    if not "".join(text.split()).isprintable():
        raise Unreadable(f"The attachment is no text. {SEND}")


def _media(media_type: str) -> tuple[str, str]:
    name, _, parameters = media_type.partition(";")
    charset = CHARSET.search(parameters)
    return name.strip().lower(), charset[1] if charset else "utf-8"


def _seems_base64(data: str) -> bool:
    """Whether data of which nobody says so is base64: it has its letters and length, and something to read inside."""
    # Nearly every text has a blank: it is not looked at further.
    if " " in data.strip() or not BASE64.fullmatch(data):
        return False
    # Base64 writes three bytes as four letters.
    if len("".join(data.split())) % 4:
        return False
    content = _bytes(data)
    if content.startswith((PDF, RTF.encode(), *OTHERS)):
        return True
    with suppress(UnicodeDecodeError):
        return "".join(content.decode().split()).isprintable()
    return False


def _bytes(data: str) -> bytes:
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("The attachment is not valid base64. Export it again.") from None


def _decoded(content: bytes, charset: str) -> str:
    if content.startswith(UTF_16):
        charset = "utf-16"
    if CHARACTERS.fullmatch(charset):
        # What calls itself Latin-1 is Windows-1252 in practice: no note holds the characters in which they differ.
        codec = "cp1252" if LATIN_1.fullmatch(charset) else charset
        with suppress(LookupError, UnicodeDecodeError):
            return content.decode(codec).removeprefix("\ufeff")
    raise Unreadable(f"The attachment is not text in {charset}. Send it in UTF-8.")

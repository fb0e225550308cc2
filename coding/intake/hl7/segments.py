"""The segments of an HL7 v2 message: characters, delimiters, fields, escapes."""

import re
from typing import NamedTuple

from coding.tables.errors import FileError

CHARACTER_SETS = {
    "ASCII": "ascii",
    "UNICODE UTF-8": "utf-8",
    **{f"8859/{part}": f"iso8859-{part}" for part in (*range(1, 12), 13, 14, 15, 16)},
}
USUAL_SIGNS = "^~\\&"
IDENTIFIER = re.compile(r"[A-Z][A-Z0-9]{2}")
HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2})+")
MOST_EMPTY_LINES = 20


class Signs(NamedTuple):
    """The delimiters of a message."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str


class Segment(NamedTuple):
    """A segment; ``number`` counts from 1 in its message, ``fields[0]`` is its identifier."""

    number: int
    fields: list[str]
    signs: Signs

    @property
    def id(self) -> str:
        """The segment's identifier, such as PID."""
        return self.fields[0]

    @property
    def place(self) -> str:
        """Where the segment stands, in words."""
        return f"segment {self.number} ({self.id[:3]})"

    def field(self, at: int) -> str:
        """A field as it stands; empty where the segment ends before it."""
        return self.fields[at] if at < len(self.fields) else ""

    def repetitions(self, at: int) -> list[list[str]]:
        """The repetitions of a field that hold something, each as its components in plain text."""
        return [self._components(text) for text in self.field(at).split(self.signs.repetition) if text]

    def component(self, at: int, which: int = 1) -> str:
        """A component of a field's first repetition, in plain text."""
        components = self.field(at).split(self.signs.repetition, 1)[0].split(self.signs.component, which)
        return self._plain(components[which - 1]) if which <= len(components) else ""

    def _components(self, text: str) -> list[str]:
        return [self._plain(part) for part in text.split(self.signs.component)]

    def _plain(self, component: str) -> str:
        return plain(component.split(self.signs.subcomponent, 1)[0], self.signs).strip()


class Message(NamedTuple):
    """A message taken apart. ``declared`` is false where nothing says in which characters it is written."""

    segments: list[Segment]
    declared: bool = True

    def all(self, name: str) -> list[Segment]:
        """The segments of that name."""
        return [segment for segment in self.segments if segment.id == name]

    def component(self, name: str, at: int, which: int = 1) -> str:
        """A component of the first segment of that name; empty where there is none."""
        return next((segment.component(at, which) for segment in self.segments if segment.id == name), "")


def taken_apart(raw: bytes) -> Message:
    """The message of these bytes. Raises FileError where its first segment names no delimiters."""
    text, declared = _decoded(raw)
    signs = _signs(text)
    # Within free text a line may end with LF; a segment begins where an identifier follows.
    line_feed = re.compile(rf"\n+(?=[A-Z][A-Z0-9]{{2}}(?:{re.escape(signs.field)}|\Z))")
    parts = text.replace("\r\n", "\r").split("\r")
    lines = [line for part in parts for line in (line_feed.split(part) if "\n" in part else [part]) if line.strip()]
    segments = [Segment(number, line.split(signs.field), signs) for number, line in enumerate(lines, start=1)]
    # MSH-1 is the delimiter itself.
    segments[0].fields.insert(1, signs.field)
    return Message(segments, declared)


def plain(text: str, signs: Signs) -> str:
    """The text without escapes."""
    if signs.escape not in text:
        return text
    sign = re.escape(signs.escape)

    def meaning(match: re.Match[str]) -> str:
        return _meaning(match[1], signs) if match[1] else match[0]

    return re.sub(rf"{sign}([^{sign}\r\n]{{0,2000}}){sign}", meaning, text)


def _meaning(escape: str, signs: Signs) -> str:
    named = {"F": signs.field, "S": signs.component, "R": signs.repetition, "E": signs.escape, "T": signs.subcomponent}
    if escape in named:
        return named[escape]
    if escape.startswith("X") and HEXADECIMAL.fullmatch(escape[1:]):
        return _text(bytes.fromhex(escape[1:]))
    if escape.startswith((".br", ".ce")):
        return "\n"
    if escape.startswith(".sp"):
        lines = escape[3:].strip(" +")
        return "\n" * min(int(lines), MOST_EMPTY_LINES) if re.fullmatch(r"[0-9]{1,4}", lines) else "\n"
    if escape.startswith(("C", "M")):
        return "\N{REPLACEMENT CHARACTER}"
    return ""


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _decoded(raw: bytes) -> tuple[str, bool]:
    try:
        return raw.decode(), True
    except UnicodeDecodeError:
        fields = re.split(rb"[\r\n]", raw, maxsplit=1)[0].split(raw[3:4])
        named = fields[17].split(b"~")[0].decode("ascii", "replace").strip().upper() if len(fields) > 17 else ""
        if named in CHARACTER_SETS:
            return raw.decode(CHARACTER_SETS[named], "replace"), True
        return raw.decode("cp1252", "replace"), False


def _signs(text: str) -> Signs:
    field = text[3:4]
    declared = text[4:8].split(field, 1)[0] if field else ""
    signs = declared + USUAL_SIGNS[len(declared) :]
    if any(sign.isalnum() or sign.isspace() for sign in field + signs) or len({field, *signs}) < 5:
        raise FileError("MSH-1 and MSH-2 have to name the delimiters, such as |^~\\&.")
    return Signs(field, *signs[:4])

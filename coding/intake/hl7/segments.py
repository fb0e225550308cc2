"""The segments of an HL7 v2 message: characters, delimiters, fields, escapes."""

import re
from contextlib import suppress
from typing import NamedTuple

from coding.intake.texts import part_at
from coding.tables import windows_1252
from coding.tables.errors import FileError

# ISO 8859 has no part 12.
PARTS_OF_8859 = (*range(2, 12), *range(13, 17))
# What calls itself 8859/1 is Windows-1252 in practice: the control characters in which the two differ stand in no note.
WINDOWS_1252 = ("88591", "ISO88591", "LATIN1", "WINDOWS1252", "CP1252", "ANSI")
# By the name in MSH-18, without what people put between letters and digits.
CHARACTER_SETS = {
    "ASCII": "ascii",
    "UNICODEUTF8": "utf-8",
    "UTF8": "utf-8",
    **{f"8859{part}": f"iso8859-{part}" for part in PARTS_OF_8859},
    **dict.fromkeys(WINDOWS_1252, "cp1252"),
}
# MSH-18, counted without MSH-1, which is the separator itself.
OF_CHARACTER_SET = 17
NO_LETTER = re.compile(r"[^A-Z0-9]")
USUAL_SIGNS = "^~\\&"
IDENTIFIER = re.compile(r"[A-Z][A-Z0-9]{2}")
FREE_TEXT = ("OBX", "NTE")
# Segments that stand beside texts in messages of documents and charges.
BESIDE_TEXT = re.compile(
    r"MSH|SFT|UAC|EVN|PID|PD1|ARV|NK1|PV[12]|ROL|PRT|DB1|TXA|GT1|IN[123]|ACC|UB[12]|ORC|CON|OB[RX]|NTE|DG1|FT1|PR1|AL1"
    r"|DRG|DSC|SPM|TQ[12]|CT[DI]|Z[A-Z0-9]{2}"
)
# Two quotation marks say that there is no value, and that an earlier one is to be deleted.
NULL = '""'
# The escapes of HL7 v2, section 2.7. Whatever else stands between two escape signs is text.
ESCAPES = (
    r"[HNFSRET]|X(?:[0-9A-Fa-f]{2})+|C[0-9A-Fa-f]{4}|M[0-9A-Fa-f]{4}(?:[0-9A-Fa-f]{2})?"
    r"|\.(?:br|ce|fi|nf|(?:sp|in|ti|sk)[ +-]{0,2}[0-9]{0,4})"
)
MOST_EMPTY_LINES = 20
# Ends of segments as text: \r, \X0D\, &#13;, <CR>.
WRITTEN_OUT = re.compile(
    rb"(?:\\[rn]|\\X0[AD]\\|&#(?:10|13|x[ad]);|<(?:cr|lf)>)(?:EVN|PID|PV1|TXA|OBX|DG1|FT1)(?P<sign>.)",
    re.IGNORECASE,
)


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

    def text(self, at: int) -> str:
        """A field of free text, its repetitions as lines, in plain text."""
        lines = []
        for repetition in self.raw_repetitions(at):
            line = plain(repetition, self.signs)
            lines.append("" if line.strip() == NULL else line)
        return "\n".join(lines)

    def raw_repetitions(self, at: int) -> list[str]:
        """The repetitions of a field as they stand; of an empty field one that is empty."""
        return self.field(at).split(self.signs.repetition)

    def repetitions(self, at: int) -> list[list[str]]:
        """The repetitions of a field that hold something, each as its components in plain text."""
        return [self.components(text) for text in self.raw_repetitions(at) if text]

    def component(self, at: int, which: int = 1) -> str:
        """A component of a field's first repetition, in plain text."""
        repetition = self.field(at).split(self.signs.repetition, 1)[0]
        components = repetition.split(self.signs.component, which)
        return self._plain(part_at(components, which - 1))

    def components(self, text: str) -> list[str]:
        """The components of one repetition, each in plain text up to its first subcomponent."""
        return [self._plain(part) for part in text.split(self.signs.component)]

    def subcomponents(self, text: str) -> list[str]:
        """The subcomponents of one component, in plain text."""
        return [self._plain(part) for part in text.split(self.signs.subcomponent)]

    def _plain(self, component: str) -> str:
        first = component.split(self.signs.subcomponent, 1)[0]
        text = plain(first, self.signs).strip()
        return "" if text == NULL else text


class Message(NamedTuple):
    """A message taken apart.

    One that ``is_windows`` was read as Windows-1252, for it is in no character set that it names; ``is_unknown`` says
    that it does not look like that either.
    """

    segments: list[Segment]
    is_windows: bool = False
    is_unknown: bool = False

    def all(self, name: str) -> list[Segment]:
        """The segments of that name."""
        return [segment for segment in self.segments if segment.id == name]

    def component(self, name: str, at: int, which: int = 1) -> str:
        """A component of the first segment of that name; empty where there is none."""
        for segment in self.segments:
            if segment.id == name:
                return segment.component(at, which)
        return ""


def taken_apart(raw: bytes) -> Message:
    """The message of these bytes. Raises FileError where its first segment names no delimiters, or does not end."""
    separator = raw[3:4]
    if any(end["sign"] == separator for end in WRITTEN_OUT.finditer(raw)):
        raise FileError(
            "The ends of segments are written out in letters and signs. Export with carriage returns."
        )
    text, is_windows, is_unknown = _decoded(raw)
    signs = _signs(text)
    lines: list[str] = []
    for part in text.replace("\r\n", "\r").split("\r"):
        lines += _lines(part, signs)
    filled = [line.lstrip(" \t\ufeff") for line in lines if line.strip()]
    segments = []
    for number, line in enumerate(filled, start=1):
        segments.append(Segment(number, line.split(signs.field), signs))
    # MSH-1 is the delimiter itself.
    segments[0].fields.insert(1, signs.field)
    return Message(segments, is_windows, is_unknown)


def _lines(text: str, signs: Signs) -> list[str]:
    """What stands between two CR as segments: within free text a line may end with LF, and a segment may begin there.

    A segment begins where an identifier and the separator follow; behind a text only one of those that carry them.
    """
    if "\n" not in text:
        return [text]
    lines, begin = [], 0
    for match in re.finditer(rf"\n+(?=[ \t]*([A-Z][A-Z0-9]{{2}}){re.escape(signs.field)})", text):
        in_text = text[begin:].lstrip(" \t\ufeff").startswith(FREE_TEXT)
        if not in_text or BESIDE_TEXT.fullmatch(match[1]):
            lines.append(text[begin : match.start()])
            begin = match.end()
    return [*lines, text[begin:]]


def plain(text: str, signs: Signs) -> str:
    """The text with its escapes replaced. What is no escape stays as it came, such as the path of a file."""
    if signs.escape not in text:
        return text
    sign = re.escape(signs.escape)
    escaped = f"{sign}({ESCAPES}){sign}"
    return re.sub(escaped, lambda match: _meaning(match[1], signs), text)


def _meaning(escape: str, signs: Signs) -> str:
    named = {
        "F": signs.field,
        "S": signs.component,
        "R": signs.repetition,
        "E": signs.escape,
        "T": signs.subcomponent,
    }
    if escape in named:
        return named[escape]
    if escape.startswith("X"):
        return _text(bytes.fromhex(escape[1:]))
    if escape.startswith((".br", ".ce")):
        return "\n"
    if escape.startswith(".sp"):
        lines = escape[3:].strip(" +-")
        return "\n" * min(int(lines or 1), MOST_EMPTY_LINES)
    if escape.startswith(".sk"):
        return " "
    if escape.startswith(("C", "M")):
        return "\N{REPLACEMENT CHARACTER}"
    # What is left is looks only: highlighting, indents, whether lines are filled.
    return ""


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _decoded(raw: bytes) -> tuple[str, bool, bool]:
    """The text of a message; whether it was read as Windows-1252, and whether nothing fits."""
    with suppress(UnicodeDecodeError):
        return raw.decode(), False, False
    named = _character_set(raw)
    codec = CHARACTER_SETS.get(named, "utf-8")
    with suppress(UnicodeDecodeError):
        return raw.decode(codec), False, False
    # One that names a set which is not read is in that one.
    is_named = named and named not in CHARACTER_SETS
    if not is_named and (text := windows_1252.decoded(raw)):
        return text, True, False
    return raw.decode("cp1252", "replace"), False, True


def _character_set(raw: bytes) -> str:
    """The name in MSH-18, in letters and digits; empty where there is none."""
    header = re.split(rb"[\r\n]", raw, maxsplit=1)[0]
    fields = header.split(raw[3:4])
    if len(fields) <= OF_CHARACTER_SET:
        return ""
    first = fields[OF_CHARACTER_SET].split(b"~")[0]
    return NO_LETTER.sub("", first.decode("ascii", "replace").upper())


def _signs(text: str) -> Signs:
    field = text[3:4]
    declared = text[4:8].split(field, 1)[0] if field else ""
    signs = declared + USUAL_SIGNS[len(declared) :]
    unusable = any(sign.isalnum() or sign.isspace() for sign in field + signs)
    if not field or unusable or len({field, *signs}) < 5:
        raise FileError("MSH-1 and MSH-2 have to name the delimiters, such as |^~\\&.")
    return Signs(field, *signs[:4])

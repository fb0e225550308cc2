"""Columns that come in numbers, as billing systems write them: ICD1 to ICD12, CPT1, MOD1A, Units 1.

Where a table has one column of procedure codes beside columns of modifiers or units, each of its rows is a charge.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from coding.intake.cells import cleaned, whole_number
from coding.intake.drafts import LineDraft
from coding.intake.notation import diagnosis_codes
from coding.intake.texts import distinct

# Headers as ``_plain`` makes them; the first number names the line.
LINE = r"(?:cpt|hcpcs|proc|procedure|px|line|svc|service|charge|chg|billed|days)?(\d{0,2})"
DIAGNOSIS = r"(?:icd(?:10)?(?:cm)?(?:dx|diag|diagnosis)?|dx|diag|diagnosis)(?:codes?|cds?)?"
ORDINALS = {
    **dict.fromkeys(("primary", "principal", "first", "1st"), 1),
    **dict.fromkeys(("secondary", "second", "2nd"), 2),
    **dict.fromkeys(("tertiary", "third", "3rd"), 3),
    **dict.fromkeys(("fourth", "4th"), 4),
}
# The lines of box 21 of a paper claim.
LETTERS_OF_LINES = "abcdefghijkl"
NUMBERED = rf"{DIAGNOSIS}\.?(\d{{1,2}})"
LETTERED = rf"{DIAGNOSIS}([{LETTERS_OF_LINES}])"
RANKED = rf"({'|'.join(ORDINALS)}){DIAGNOSIS}"
PATTERNS = {
    "diagnoses": re.compile(f"{NUMBERED}|{LETTERED}|{RANKED}"),
    "codes": re.compile(r"(?:cpt|hcpcs|cpthcpcs|proc|procedure|px)(?:codes?|cds?)?(\d{1,2})"),
    "modifiers": re.compile(rf"{LINE}(?:mod|modifiers?)(?:codes?)?(\d{{0,2}})(?:[a-d]|\.\d)?"),
    "units": re.compile(rf"{LINE}(?:units?|qty|quantity|unitsofservice)(\d{{0,2}})"),
    "pointers": re.compile(
        rf"{LINE}(?:dx|diag|diagnosis|icd)?(?:pointers?|ptrs?)(\d{{0,2}})(?:[a-d]|\.\d)?"
    ),
}
BESIDE_CODES = ("modifiers", "units", "pointers")
# A code set by its number, which is no fourth, ninth or tenth of a row of columns unless there are others.
WHOLE_FIELDS = {"diagnoses": re.compile(r"icd(?:9|10)"), "codes": re.compile(r"cpt4")}
NO_NAME = re.compile(r"[^a-z0-9.]|(?<!\d)\.|\.(?!\d)")
BETWEEN_NUMBERS = re.compile(r"(?<=\d)[^a-z0-9]+(?=\d)")
# Boxes 24E of a paper claim: letters, or digits one behind the other.
LETTERS = re.compile(r"[A-La-l]+")
BETWEEN = re.compile(r"[\s,;:/|]+")


def numbered(headers: Sequence[str]) -> dict[str, list[str]]:
    """The headers of each kind, in the order of the table; kinds without any are left out."""
    kinds: dict[str, list[str]] = {}
    for header in headers:
        if kind := _kind_of(header):
            kinds.setdefault(kind, []).append(header)
    for kind, pattern in WHOLE_FIELDS.items():
        if all(pattern.fullmatch(_plain(header)) for header in kinds.get(kind, ())):
            kinds.pop(kind, None)
    return kinds


def _kind_of(header: str) -> str:
    plain = _plain(header)
    return next((kind for kind, pattern in PATTERNS.items() if pattern.fullmatch(plain)), "")


def told_apart(headers: Sequence[str]) -> tuple[str, ...]:
    """The headers; one that may be numbered and stands there several times gets its number: Dx, Dx 2.

    Modifiers, units and pointers get that of the code which they stand beside: CPT, Mod, Mod 1.2, CPT 2, Mod 2.
    Any other that stands twice is left as it is, for nobody can tell which of them is meant.
    """
    names = _counted(headers)
    codes = {
        place: line_number(name, "codes") for place, name in enumerate(names) if _is_of_codes(name)
    }
    if not any(codes.values()):
        return tuple(names)
    for places in _repeated_beside(headers):
        for place, name in zip(places, _names_beside(places, codes, headers), strict=True):
            names[place] = name
    for kind in BESIDE_CODES:
        for place, line in _running_through(names, codes, kind).items():
            names[place] = _name_of_line(names[place], line, 1, names)
    return tuple(names)


def _counted(headers: Sequence[str]) -> list[str]:
    """The headers; one that may be numbered has its number from the second time on."""
    times = Counter(map(_plain, headers))
    count: Counter[str] = Counter()
    names = []
    for header in headers:
        plain = _plain(header)
        count[plain] += 1
        # ICD10 is no tenth column beside a second one of its name.
        is_whole = times[plain] > 1 and _is_whole_field(plain)
        is_further = count[plain] > 1 or is_whole
        numbered_so = f"{header.strip()} {count[plain]}"
        is_free = numbered_so not in headers
        if is_further and is_free and numbered([numbered_so]):
            names.append(numbered_so)
        else:
            names.append(header)
    return names


def _is_whole_field(plain: str) -> bool:
    return any(pattern.fullmatch(plain) for pattern in WHOLE_FIELDS.values())


def _is_of_codes(header: str) -> bool:
    """Whether a header is one of procedure codes, with or without a number."""
    plain = _plain(header)
    of_codes = PATTERNS["codes"]
    return bool(of_codes.fullmatch(plain) or of_codes.fullmatch(f"{plain}1"))


def _repeated_beside(headers: Sequence[str]) -> list[list[int]]:
    """The places of each heading of modifiers, units or pointers that stands there several times."""
    places: dict[str, list[int]] = {}
    for place, header in enumerate(headers):
        if _kind_of(header) in BESIDE_CODES:
            places.setdefault(_plain(header), []).append(place)
    return [several for several in places.values() if len(several) > 1]


def _names_beside(
    places: Sequence[int], codes: Mapping[int, int], headers: Sequence[str]
) -> list[str]:
    """The names of columns under one header by their lines; the header for each where its place tells no line."""
    lines = _lines_beside(places, codes, headers[places[0]])
    if not lines:
        return [headers[place] for place in places]
    count: Counter[int] = Counter()
    names = []
    for place, line in zip(places, lines, strict=True):
        count[line] += 1
        names.append(_name_of_line(headers[place], line, count[line], headers))
    return names


def _running_through(names: Sequence[str], codes: Mapping[int, int], kind: str) -> dict[int, int]:
    """The lines of columns whose numbers run on from code to code (CPT 1, Mod 1, Mod 2, CPT 2, Mod 3), by place."""
    places = [place for place, name in enumerate(names) if _kind_of(name) == kind]
    numbers = [line_number(names[place], kind) for place in places]
    counts_up = numbers == list(range(1, len(places) + 1))
    are_more_than_codes = len(places) > len(codes) > 1
    stand_together = len(set(_codes_before(places, codes))) == 1
    if stand_together or not (counts_up and are_more_than_codes):
        return {}
    lines = _lines_beside(places, codes, names[places[0]])
    return dict(zip(places, lines, strict=True)) if lines else {}


def _codes_before(places: Sequence[int], codes: Iterable[int]) -> list[int]:
    """How many columns of codes stand before each of the places."""
    return [sum(1 for code in codes if code < place) for place in places]


def _lines_beside(places: Sequence[int], codes: Mapping[int, int], header: str) -> list[int]:
    """The line that each of the columns under one header is for; none where the places of the codes do not tell."""
    lines = list(codes.values())
    before = _codes_before(places, codes)
    own_number = line_number(header, _kind_of(header))
    stand_together = len(set(before)) == 1
    if stand_together and own_number:
        return [own_number] * len(places)
    if len(lines) == 1:
        return lines * len(places)
    if stand_together and before[0] in (0, len(lines)):
        return lines if len(places) == len(lines) else []
    if 0 not in before:
        return [lines[count - 1] for count in before]
    # The columns of a line stand before its code.
    if len(lines) not in before:
        return [lines[count] for count in before]
    return []


def _name_of_line(header: str, line: int, which: int, headers: Sequence[str]) -> str:
    """A header that names the line, too, as the first, second or further of its name there; itself if it does so."""
    kind = _kind_of(header)
    if which == 1 and line_number(header, kind) == line:
        return header
    number = line or 1
    numbered_behind = f"{header.strip()} {number}"
    numbered_before = f"Line {number} {header.strip()}"
    if which > 1:
        numbered_behind += f".{which}"
        numbered_before += f" {which}"
    for name in (numbered_behind, numbered_before):
        says_so = _kind_of(name) == kind and line_number(name, kind) == number
        if says_so and name not in headers:
            return name
    return header


def line_number(header: str, kind: str) -> int:
    """The line that a header is for; 0 where it names none."""
    match = PATTERNS[kind].fullmatch(_plain(header))
    names = [group for group in match.groups() if group] if match else []
    return _number(names[0]) if names else 0


def _number(name: str) -> int:
    """The number that digits, an ordinal or the letter of a line stand for."""
    if name.isdigit():
        return int(name)
    return ORDINALS.get(name) or LETTERS_OF_LINES.index(name) + 1


def _plain(header: str) -> str:
    """The header in letters and digits; between two numbers a dot stays: MOD 1-2 is not number 12."""
    return NO_NAME.sub("", BETWEEN_NUMBERS.sub(".", header.lower()))


@dataclass(frozen=True, slots=True)
class NumberedColumns:
    """Where in a row the columns of each kind stand, each with the number of its line."""

    places: Mapping[str, tuple[tuple[int, int], ...]]

    @property
    def columns(self) -> set[int]:
        """The places of all these columns."""
        return {place for places in self.places.values() for _, place in places}

    def without_code(self, cells: Sequence[str], lines: int) -> list[int]:
        """The filled columns of modifiers, units and pointers that belong to no line of a row with so many lines.

        Columns without a number are those of the only line.
        """
        coded = {number for number, _ in self._filled("codes", cells)}
        if lines and "codes" in self.places:
            coded |= {0, 1}
        left = []
        for kind in BESIDE_CODES:
            for number, place in self._filled(kind, cells):
                has_line = number in coded if coded else lines == 1
                if not has_line:
                    left.append(place)
        return left

    def _filled(self, kind: str, cells: Sequence[str]) -> list[tuple[int, int]]:
        """The columns of a kind that hold something, each by the number of its line and its place."""
        columns = self.places.get(kind, ())
        return [(number, place) for number, place in columns if cleaned(cells[place])]

    def further_units(self, cells: Sequence[str]) -> list[int]:
        """The columns of units behind the first that is filled for their line, which say another number."""
        taken: dict[int, str] = {}
        further = []
        for number, place in self.places.get("units", ()):
            line = (number or 1) if "codes" in self.places else 0
            units = whole_number(cleaned(cells[place]))
            if units and taken.setdefault(line, units) != units:
                further.append(place)
        return further

    def diagnoses(self, cells: Sequence[str]) -> tuple[str, ...]:
        """The codes of all diagnosis columns, in the order of their numbers: pointers count by it."""
        codes: list[str] = []
        for _, place in sorted(self._filled("diagnoses", cells)):
            codes += diagnosis_codes(cleaned(cells[place]))
        return tuple(codes)

    def lines(self, cells: Sequence[str]) -> tuple[LineDraft, ...]:
        """A line for each filled column of codes."""
        lines = []
        for number, place in self.places.get("codes", ()):
            if code := whole_number(cleaned(cells[place])):
                lines.append(self._completed(LineDraft(code), cells, number))
        return tuple(lines)

    def completed(self, line: LineDraft, cells: Sequence[str]) -> LineDraft:
        """The one line of a row with what the columns beside its code say."""
        return self._completed(line, cells, 0) if self.places else line

    def _completed(self, line: LineDraft, cells: Sequence[str], number: int) -> LineDraft:
        modifiers, pointers = [*line.modifiers], [*line.diagnosis_pointers]
        for text in self._texts("modifiers", cells, number):
            modifiers += BETWEEN.split(text)
        for text in self._texts("pointers", cells, number):
            pointers += _pointers(text)
        units = next(iter(self._texts("units", cells, number)), line.units)
        return replace(
            line, modifiers=distinct(modifiers), units=units, diagnosis_pointers=distinct(pointers)
        )

    def _texts(self, kind: str, cells: Sequence[str], number: int) -> list[str]:
        """What the columns of a kind say of a line; of number 0 is the one whose code has no number."""
        texts = []
        for column, place in self._filled(kind, cells):
            if self._is_of(column, number):
                texts.append(whole_number(cleaned(cells[place])))
        return texts

    def _is_of(self, column: int, line: int) -> bool:
        """Whether a column of this number belongs to a line. Beside CPT 2 that of a plain CPT is the first."""
        if line or "codes" not in self.places:
            return line in (0, column)
        return column in (0, 1)


def _pointers(text: str) -> tuple[str, ...]:
    """Pointers such as A, AB, “1,2” or 12 as numbers from 1."""
    parts: list[str] = []
    for part in filter(None, BETWEEN.split(text)):
        if LETTERS.fullmatch(part):
            parts += (str(_number(letter)) for letter in part.lower())
        elif part.isdigit() and int(part) > len(LETTERS_OF_LINES):
            # No diagnosis has this number: 12 is the twelfth, 134 the first, third and fourth.
            parts += part
        else:
            parts.append(part)
    return tuple(parts)

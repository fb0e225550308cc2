"""What was typed, taken apart: the codes, modifiers, lines and days that it names."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property


def words_in(listed: str) -> tuple[str, ...]:
    """Words that stand in a list, separated by blanks."""
    return tuple(listed.split())


CODE = re.compile(r"\b(?:\d{4}[0-9A-Z]|[A-Z]\d{4})\b")
NUMBER = re.compile(r"\b\d+\b")
WORD = re.compile(r"[a-z]+")
# “modifiers go with” names none: without a digit it is written in capitals.
ONE_MODIFIER = r"(?:[A-Z]{2}|\d\w|\w\d)\b"
MODIFIERS = re.compile(
    rf"\b(?i:modifiers?|modifers?|mods?)\s+({ONE_MODIFIER}(?:(?:\s*[,/]\s*|\s+(?:and|or|vs)\s+){ONE_MODIFIER})*)"
)
# Modifiers stand behind a code with a hyphen, point or slash; behind a blank, those that are neither a word nor units:
# 25, F1, LT, but not X2.
SHORT_WORDS = (
    "AM|AN|AS|AT|BE|BY|DO|DX|ED|ER|GO|HE|IF|IN|IS|IT|ME|MY|NO|OF|ON|OR|PM|RX|SO|TO|UP|US|VS|WE"
)
ATTACHED = rf"(?:[-./][A-Za-z0-9]{{2}}\b|\s+(?!(?:{SHORT_WORDS}|X\d)\b)(?:\d[0-9A-Z]|[A-Z][0-9A-Z])\b(?![-/]))"
LINE = re.compile(rf"\b([A-Za-z0-9]{{5}})\b({ATTACHED}*)(?:\s*[xX×]\s*(\d{{1,3}})\b)?")
CODE_OF_LINE = re.compile(r"\d{4}[0-9A-Z]|[A-Z]\d{4}")
WORDS_OF_LINES = frozenset(
    words_in(
        "a add also and beside bill can check claim for happens i if line lines on one plus "
        "report same the then to together we what with"
    )
)
ASKED_AS_LINES = re.compile(r"^\s*(?:what (?:happens )?if|check|claim)\b|[;,+\n]", re.IGNORECASE)
# Lines that are told by their codes alone are a claim from so many on.
FEWEST_BARE_LINES = 3
ISO_DAY = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
MONTH_FIRST = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
SHORT_MONTHS = tuple(month[:3] for month in MONTHS)
MONTH = "|".join((*MONTHS, *SHORT_MONTHS))
NAMED_DAY = re.compile(
    rf"\b(?:(\d{{1,2}})\s+({MONTH})|({MONTH})\s+(\d{{1,2}}))\b(?:,?\s+(\d{{4}}))?"
)
# “since January” means its first day.
NAMED_MONTH = re.compile(
    rf"\b(?:since|from|in|of|last|next|until|after|before)\s+({MONTH})\b(?:\s+(\d{{4}}))?"
)
DAYS = (ISO_DAY, MONTH_FIRST, NAMED_DAY, NAMED_MONTH)
# “what may change” names no month.
LONE_MONTH = re.compile(rf"\b({MONTH})\b(?!\s+(?:be|change)\b)")
# Words that change nothing of what is asked.
FILLERS = frozenset(
    words_in(
        "a an and any are as at be bill billed can code codes cpt do does for go goes has have "
        "hcpcs how i in is it its many may me much must my need needs of on one or per please "
        "report reported s should take takes tell the there this to use used we what when which "
        "will with"
    )
)
# Answers are by its tables, whether it is named or not.
WHOSE_TABLES = "medicare"
# What is longer is no question, but a note.
LONGEST_QUESTION = 25


# A line as code, modifiers and units.
AskedLine = tuple[str, tuple[str, ...], int]


@dataclass(frozen=True)
class Question:
    """A text with the code of the page on which it was asked, if it was asked on one."""

    text: str
    code: str = ""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words in lower case; the letters of its codes and of the modifiers behind them are none."""
        return tuple(WORD.findall(self._without_lines.lower()))

    @cached_property
    def _without_lines(self) -> str:
        """The text without its codes and what stands behind them."""
        return LINE.sub(_blank_for_line, self.text)

    @property
    def is_short(self) -> bool:
        """Whether it may be a question at all."""
        return len(self.words) <= LONGEST_QUESTION

    def has(self, *words: str) -> bool:
        """Whether it has one of these words."""
        return not set(words).isdisjoint(self.words)

    def is_only_of(self, *words: str) -> bool:
        """Whether it has no word but these, and such as change nothing: who asks more is not asking this."""
        return set(self.words) <= FILLERS.union(words)

    def words_beyond(self, *words: str) -> tuple[str, ...]:
        """Its words that are neither these nor such as change nothing, each once."""
        known = FILLERS.union(words, {WHOSE_TABLES})
        beyond = [word for word in self.words if word not in known and len(word) > 1]
        return tuple(dict.fromkeys(beyond))

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The codes that it names, each once."""
        return tuple(dict.fromkeys(CODE.findall(self.text.upper())))

    @property
    def numbers(self) -> list[str]:
        """The numbers that are neither codes nor modifiers behind them."""
        return NUMBER.findall(self._without_lines)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes that it names; the page's where it names none."""
        if self.named or not self.code:
            return self.named
        return (self.code,)

    @cached_property
    def modifiers(self) -> tuple[str, ...]:
        """The modifiers that it asks about by that word."""
        match = MODIFIERS.search(self.text)
        if match is None:
            return ()
        listed = re.findall(rf"\b{ONE_MODIFIER}", match[1])
        return tuple(dict.fromkeys(listed))

    @cached_property
    def named_lines(self) -> tuple[AskedLine, ...]:
        """The codes that it names as lines, with the modifiers and units that stand behind them."""
        lines = []
        for match in LINE.finditer(self.text):
            line = _line(match)
            if line is not None:
                lines.append(line)
        return tuple(lines)

    @property
    def has_details_of_lines(self) -> bool:
        """Whether a code stands with a modifier or with units."""
        return any(modifiers or units > 1 for _, modifiers, units in self.named_lines)

    @property
    def has_more_than_codes(self) -> bool:
        """Whether numbers, modifiers or units stand there, which an answer about codes alone would leave out."""
        return bool(self.numbers) or self.has_details_of_lines

    @cached_property
    def lines(self) -> tuple[AskedLine, ...]:
        """Lines as code, modifiers and units, if the text is nothing but lines."""
        left = self._without_lines
        further_words = set(WORD.findall(left.lower())) - WORDS_OF_LINES
        if further_words or NUMBER.search(left):
            return ()

        count = len(self.named_lines)
        is_asked_so = count > 1 and ASKED_AS_LINES.search(self.text) is not None
        is_claim = self.has_details_of_lines or count >= FEWEST_BARE_LINES or is_asked_so
        return self.named_lines if is_claim else ()

    def day(self, today: date, *, past: bool = False) -> date | None:
        """The day that it names; without a year the next such day, or the last. None where it names none there is."""
        match = self._day_match
        if match is None:
            return None
        try:
            return _day_of(match, today, past)
        except ValueError:
            return None

    @property
    def names_a_day(self) -> bool:
        """Whether it names a day, be there such a day or not."""
        return self._day_match is not None

    @property
    def names_a_month(self) -> bool:
        """Whether the day that it names is told by its month alone."""
        return self._day_match is not None and self._day_match.re is NAMED_MONTH

    @property
    def names_more_than_a_day(self) -> bool:
        """Whether a month or a number stands in it beside the day that it names, if it names one."""
        left = self._without_lines.lower()
        if self._day_match:
            left = left.replace(self._day_match[0], " ")
        return bool(NUMBER.search(left) or LONE_MONTH.search(left))

    @cached_property
    def _day_match(self) -> re.Match[str] | None:
        text = self._without_lines.lower()
        for pattern in DAYS:
            match = pattern.search(text)
            if match:
                return match
        return None


def _blank_for_line(match: re.Match[str]) -> str:
    """A blank for a line; a word of five letters stays."""
    if _line(match) is None:
        return match[0]
    return " "


def _day_of(match: re.Match[str], today: date, past: bool) -> date:
    """The day of a match of one of ``DAYS``. Raises ValueError where the calendar has none."""
    if match.re is ISO_DAY:
        year, month, day = map(int, match.groups())
        return date(year, month, day)
    if match.re is MONTH_FIRST:
        month, day, year = map(int, match.groups())
        return date(year, month, day)
    if match.re is NAMED_DAY:
        day_before, month_behind, month_before, day_behind, year_behind = match.groups()
        number = int(day_before or day_behind)
        return _nearest(number, _month(month_behind or month_before), year_behind, today, past)
    name, year_behind = match.groups()
    return _nearest(1, _month(name), year_behind, today.replace(day=1), past)


def _line(match: re.Match[str]) -> AskedLine | None:
    """A line as it is written; None for a word of five letters, which is no code."""
    written, attached, units = match.groups()
    code = written.upper()
    if not CODE_OF_LINE.fullmatch(code):
        return None
    modifiers = re.findall(r"[A-Z0-9]{2}", attached.upper())
    return code, tuple(modifiers), int(units or 1)


def _month(name: str) -> int:
    return SHORT_MONTHS.index(name[:3]) + 1


def _nearest(number: int, month: int, year: str | None, today: date, past: bool) -> date:
    if year:
        return date(int(year), month, number)

    day = date(today.year, month, number)
    if past and day > today:
        return date(today.year - 1, month, number)
    if not past and day < today:
        return date(today.year + 1, month, number)
    return day

"""What was typed, taken apart: the codes, modifiers, lines and days that it names."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

CODE = re.compile(r"\b(?:\d{4}[0-9A-Z]|[A-Z]\d{4})\b")
NUMBER = re.compile(r"\b\d+\b")
WORD = re.compile(r"[a-z]+")
# “modifiers go with” names none: without a digit it is written in capitals.
MODIFIER = re.compile(r"\b(?i:modifiers?)\s+([A-Z]{2}|\d\w|\w\d)\b")
LINE = re.compile(r"([A-Z0-9]{5})((?:-[A-Z0-9]{2})*)(?:\s*[x×]\s*(\d{1,3}))?", re.IGNORECASE)
BETWEEN_LINES = re.compile(r"[;,+\n]|\band\b", re.IGNORECASE)
BEFORE_LINES = re.compile(r"^\s*(?:what if|check|claim)\s*:?\s*", re.IGNORECASE)
ISO_DAY = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTH = "|".join(MONTHS)
NAMED_DAY = re.compile(rf"\b(?:(\d{{1,2}})\s+({MONTH})|({MONTH})\s+(\d{{1,2}}))\b(?:,?\s+(\d{{4}}))?")
# Words that change nothing of what is asked.
FILLERS = frozenset(
    {
        *("a", "an", "and", "any", "are", "as", "at", "be", "can", "code", "codes", "do", "does", "for", "go", "goes"),
        *("has", "have", "how", "i", "in", "is", "it", "its", "many", "may", "me", "much", "must", "my", "of", "on"),
        *("one", "or", "per", "please", "report", "reported", "should", "take", "takes", "tell", "the", "there"),
        *("this", "to", "use", "used", "we", "what", "when", "which", "will", "with"),
    }
)
# What is longer is no question, but a note.
LONGEST_QUESTION = 25


@dataclass(frozen=True)
class Question:
    """A text with the code of the page on which it was asked, if it was asked on one."""

    text: str
    code: str = ""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words in lower case."""
        return tuple(WORD.findall(self.text.lower()))

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

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The codes that it names, each once."""
        return tuple(dict.fromkeys(CODE.findall(self.text.upper())))

    @property
    def numbers(self) -> list[str]:
        """The numbers that are no codes, such as modifiers."""
        return [number for number in NUMBER.findall(self.text.upper()) if number not in self.named]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes that it names; the page's where it names none."""
        return self.named or ((self.code,) if self.code else ())

    @cached_property
    def modifier(self) -> str:
        """The modifier that it asks about."""
        match = MODIFIER.search(self.text)
        return match[1].upper() if match else ""

    @cached_property
    def lines(self) -> tuple[tuple[str, tuple[str, ...], int], ...]:
        """Lines as code, modifiers and units, if the text is nothing but lines."""
        parts = [part.strip() for part in BETWEEN_LINES.split(BEFORE_LINES.sub("", self.text)) if part.strip(" ?.")]
        matches = [LINE.fullmatch(part.strip(" ?.")) for part in parts]
        return tuple(
            (match[1].upper(), tuple(match[2].upper().split("-")[1:]), int(match[3] or 1))
            for match in matches
            if match and all(matches)
        )

    def day(self, today: date) -> date | None:
        """The day that it names; without a year the next such day. None where it names none that there is."""
        try:
            if match := ISO_DAY.search(self.text):
                return date(*map(int, match.groups()))
            if match := NAMED_DAY.search(self.text.lower()):
                return _next(int(match[1] or match[4]), MONTHS.index(match[2] or match[3]) + 1, match[5], today)
        except ValueError:
            return None
        return None


def _next(number: int, month: int, year: str | None, today: date) -> date:
    if year:
        return date(int(year), month, number)
    day = date(today.year, month, number)
    return day if day >= today else date(today.year + 1, month, number)

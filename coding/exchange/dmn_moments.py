"""Dates, times and durations in foreign decision tables: columns cut where their own tests cut them.

No fact is a date. But a table tells apart only what lies before, at and behind the points that its tests name. These
stretches are the values of a choice, and every test is exactly some of them.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache, partial
from itertools import chain

from coding.exchange.errors import UnreadableFile
from coding.exchange.unary_tests import STRING, read_ranges, unreadable

DATE, TIME, DATE_AND_TIME = "date", "time", "date and time"
DAYS, MONTHS = "days and time duration", "years and months duration"
# The kinds, with the function that makes each of a text.
FUNCTIONS = {
    DATE: "date",
    TIME: "time",
    DATE_AND_TIME: "date and time",
    DAYS: "duration",
    MONTHS: "duration",
}
KINDS = tuple(FUNCTIONS)
# Nobody picks an answer from more stretches than so many points cut.
MOST_POINTS = 200
# Between two of these that follow each other there is nothing.
COUNTED = (DATE, MONTHS)

# A text goes first: what stands within one is no literal.
TOKEN = re.compile(
    rf"""(?P<text>{STRING})
    | (?:date\ and\ time|date|time|duration) \s* \( \s* "(?P<said>[^"\\]*)" \s* \)
    | @"(?P<at>[^"\\]*)"
    | date \s* \( \s* (?P<parts>\d{{1,4}} \s*,\s* \d{{1,2}} \s*,\s* \d{{1,2}}) \s* \)""",
    re.VERBOSE,
)
ZONE = r"(?P<zone>Z|[+-]\d\d:\d\d)?"
CLOCK = r"\d\d:\d\d:\d\d(?:\.\d{1,6})?"
IS_DATE = re.compile(r"\d{4}-\d\d-\d\d")
IS_TIME = re.compile(rf"{CLOCK}{ZONE}")
IS_DATE_AND_TIME = re.compile(rf"\d{{4}}-\d\d-\d\dT{CLOCK}{ZONE}")
IS_MONTHS = re.compile(r"(-?)P(?=\d)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?")
IS_DAYS = re.compile(
    r"(-?)P(?=[\dT])(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?"
)
MONTH_UNITS = {"year": 12, "month": 1}
SECOND_UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
# From one place to before another one, by their numbers.
Span = tuple[int, int]
EPOCH = datetime(1, 1, 1, tzinfo=UTC)
# How people say that a stretch begins with a point or behind it, and that it ends with one or before it.
OF_MOMENTS = ("from", "after", "until", "before")
OF_DURATIONS = ("at least", "more than", "at most", "less than")


@dataclass(frozen=True, slots=True)
class Moment:
    """A literal: its FEEL type, its zone if it names one, where it stands among its like, and as people read it."""

    kind: str
    zone: str
    place: int
    words: str


def moments_in(text: str) -> list[Moment]:
    """The literals of a test that are moments, in their order."""
    return list(filter(None, map(_moment, TOKEN.finditer(text))))


def without_moments(text: str) -> str:
    """A test without them."""
    return _replaced(text, dict.fromkeys(moments_in(text), " "))


def _replaced(text: str, by_moment: Mapping[Moment, str]) -> str:
    return TOKEN.sub(partial(_replacement, by_moment), text)


def _replacement(by_moment: Mapping[Moment, str], match: re.Match[str]) -> str:
    moment = _moment(match)
    return match[0] if moment is None else by_moment[moment]


def _moment(match: re.Match[str]) -> Moment | None:
    return None if match["text"] else _named(match[0])


@lru_cache(maxsize=1024)
def _named(literal: str) -> Moment | None:
    """The moment that a literal names; None for what no calendar or clock has."""
    match = TOKEN.fullmatch(literal)
    if match is None:
        return None
    written = match["said"] or match["at"] or ""
    if match["parts"]:
        year, month, day = (part.strip() for part in match["parts"].split(","))
        written = f"{year:0>4}-{month:0>2}-{day:0>2}"

    try:
        moment = _read(written)
    except (ValueError, OverflowError):
        return None
    if moment is None or not match["said"]:
        return moment
    function = literal.partition("(")[0].strip()
    return moment if function == FUNCTIONS[moment.kind] else None


def _read(written: str) -> Moment | None:
    if IS_DATE.fullmatch(written):
        return Moment(DATE, "", date.fromisoformat(written).toordinal(), written)

    if match := IS_TIME.fullmatch(written):
        zone = match["zone"] or ""
        clock = time.fromisoformat(written.removesuffix(zone))
        return Moment(TIME, zone, _ticks(datetime.combine(EPOCH, clock, UTC)), written)

    if match := IS_DATE_AND_TIME.fullmatch(written):
        moment = datetime.fromisoformat(written)
        # Zones that are named can be compared, whichever they are.
        zone = "named" if match["zone"] else ""
        at = moment.astimezone(UTC) if zone else moment.replace(tzinfo=UTC)
        return Moment(DATE_AND_TIME, zone, _ticks(at), written.replace("T", " "))

    if match := IS_MONTHS.fullmatch(written):
        return _duration(MONTHS, match, MONTH_UNITS)
    if match := IS_DAYS.fullmatch(written):
        return _duration(DAYS, match, SECOND_UNITS)
    return None


def _ticks(moment: datetime) -> int:
    """Microseconds since the first day of the calendar."""
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _duration(kind: str, match: re.Match[str], units: Mapping[str, int]) -> Moment:
    sign, *counts = match.groups()
    total, words = 0, []
    for count, (unit, size) in zip(counts, units.items(), strict=True):
        total += int(count or 0) * size
        if count:
            number = int(count)
            plural = "" if number == 1 else "s"
            words.append(f"{number} {unit}{plural}")
    spoken = " ".join(words)
    if sign:
        return Moment(kind, "", -total, f"minus {spoken}")
    return Moment(kind, "", total, spoken)


class Cuts:
    """The points that the tests of a column name, and the stretches that they cut.

    Points have even places, from 2; the gaps around them the odd ones, from 1.
    """

    def __init__(self, kind: str, tests: Mapping[str, str], allowed: str, column: str) -> None:
        """``tests`` by where they stand. Raises UnreadableFile for zones that differ, and for what is no test."""
        named = list(chain.from_iterable(map(moments_in, (*tests.values(), allowed))))
        if len({moment.zone for moment in named}) > 1:
            raise UnreadableFile(
                f"Input “{column}”: some of its times name a zone and others none, or another. Give all the same."
            )
        self.kind = kind
        one_of_place = {moment.place: moment for moment in named}
        self.points = sorted(one_of_place.items())
        if len(self.points) > MOST_POINTS:
            raise UnreadableFile(
                f"Input “{column}”: its tests name more than {MOST_POINTS} points in time. Ask for a number instead."
            )
        number_of = {place: 2 * number for number, (place, _) in enumerate(self.points, start=1)}
        self._written = {moment: str(number_of[moment.place]) for moment in named}

        self._places = list(self._existing())
        allowed_spans = self._passed(allowed, f"input {column}")
        if allowed_spans is not None:
            kept: list[int] = []
            for first, end in allowed_spans:
                kept += self._places[first:end]
            self._places = kept
        self._firsts, self._labels = self._cut(tests)

    @property
    def stretches(self) -> dict[int, str]:
        """The words of each stretch by its first place."""
        places = [self._places[first] for first in self._firsts]
        return dict(zip(places, self._labels, strict=True))

    def labels(self, text: str, where: str) -> list[str] | None:
        """The stretches that a test passes, by their words; None for ``-``."""
        spans = self._passed(text, where)
        if spans is None:
            return None
        labels: list[str] = []
        for first, end in spans:
            begin, until = bisect_left(self._firsts, first), bisect_left(self._firsts, end)
            labels += self._labels[begin:until]
        return labels

    def _passed(self, text: str, where: str) -> list[Span] | None:
        """What a test passes of the places, as spans that neither meet nor touch; None for ``-``."""
        try:
            ranges = read_ranges(_replaced(text, self._written), where)
        except UnreadableFile:
            # With the text as it stands, not with our places.
            raise unreadable(text, where) from None
        if ranges is None:
            return None

        spans: list[Span] = []
        for low, high in ranges:
            first = 0 if low is None else bisect_left(self._places, low)
            end = len(self._places) if high is None else bisect_right(self._places, high)
            if first < end:
                spans.append((first, end))
        if not spans:
            raise UnreadableFile(f"{where}: “{text}” allows no {self.kind}.")
        return _joined(spans)

    def _cut(self, tests: Mapping[str, str]) -> tuple[list[int], list[str]]:
        """Where stretches begin, and their words. One begins where some test begins to be passed, or ends."""
        where_by_text = {text: where for where, text in tests.items()}
        cuts = {0}
        for text, where in where_by_text.items():
            for span in self._passed(text, where) or ():
                cuts.update(span)
        cuts.discard(len(self._places))

        firsts = sorted(cuts)
        ends = [*firsts[1:], len(self._places)]
        labels = []
        for first, end in zip(firsts, ends, strict=True):
            labels.append(self._label(self._places[first], self._places[end - 1]))
        return firsts, labels

    def _existing(self) -> Iterator[int]:
        """All places but the gaps that hold nothing, as between two days that follow each other."""
        yield 1
        named = {place for place, _ in self.points}
        for number, (place, _) in enumerate(self.points, start=1):
            point = 2 * number
            yield point
            is_followed = place + 1 in named
            if not (is_followed and self.kind in COUNTED):
                yield point + 1

    def _label(self, first: int, last: int) -> str:
        is_point = first == last and first % 2 == 0
        if is_point:
            return self._words(first)
        is_duration = self.kind in (DAYS, MONTHS)
        with_it, behind_it, to_it, before_it = OF_DURATIONS if is_duration else OF_MOMENTS
        ends = []
        if first > 1:
            begins = behind_it if first % 2 else with_it
            ends.append(f"{begins} {self._words(first - first % 2)}")
        if last <= 2 * len(self.points):
            stops = before_it if last % 2 else to_it
            ends.append(f"{stops} {self._words(last + last % 2)}")
        label = ", ".join(ends) or f"any {self.kind}"
        return label[0].upper() + label[1:]

    def _words(self, place: int) -> str:
        return self.points[place // 2 - 1][1].words


def _joined(spans: list[Span]) -> list[Span]:
    """The same without what meets or touches."""
    joined: list[Span] = []
    for first, end in sorted(spans):
        if joined and first <= joined[-1][1]:
            begin, until = joined.pop()
            joined.append((begin, max(until, end)))
        else:
            joined.append((first, end))
    return joined

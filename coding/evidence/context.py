"""What the words around a passage say of it: negated, possible, weighed, history, plan, someone else's.

Each cue reaches forward or backward within its sentence until something ends its kind of scope. Of the cues of one
kind the nearest decides; of the cues of time (history, plan, present) the nearest of all.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from coding.evidence.cues import Cue, general_cues
from coding.evidence.phrase_index import Occurrence
from coding.evidence.sections import Section, in_sections
from coding.evidence.sentences import Sentence, sentences
from coding.evidence.statements import (
    AFFIRMED,
    ENCOUNTER,
    HISTORY,
    NEGATED,
    OTHER_PERSON,
    PATIENT,
    PLAN,
    POSSIBLE,
    WEIGHED,
    Context,
    Polarity,
    Span,
    Time,
)

POLARITIES = {"negated": NEGATED, "weighed": WEIGHED, "possible": POSSIBLE}
TIMES = {"history": HISTORY, "earlier": HISTORY, "plan": PLAN, "present": ENCOUNTER}
# The kinds of cues that tell of what is over.
PAST = frozenset({"history", "earlier"})
# The kinds that tell behind a comma of what was done about a finding: “dislocated, planned for a reduction”.
OF_ACTS = frozenset({"history", "plan"})
LONGEST_ITEM = 4
# How many words away a negation surely reaches across commas.
NEAR = 6


class Marked(NamedTuple):
    """A cue at its place in a sentence. One with a gap reaches forward from its first gap on."""

    first: int
    after: int
    cue: Cue
    opens: int


class _Reaching(NamedTuple):
    """The cues of one kind in a sentence, by where they reach."""

    forward: list[Marked]
    backward: list[Marked]


class Surroundings:
    """The cues of one sentence, ready to judge passages in it."""

    def __init__(self, sentence: Sentence, section: Section, *, tells_done: bool = False) -> None:
        """``tells_done``: the plan in which the sentence stands tells before it of something that was done."""
        table = general_cues()
        self.sentence = sentence
        self.section = section
        index = table.plan_cue_index if section.heading.time == "plan" else table.cue_index
        self._cues = [_marked(occurrence, table.cues) for occurrence in index.find(sentence)]
        self._reaching: Mapping[str, _Reaching] = {}
        self._polarities: list[str] = []
        self._times: list[str] = []
        if self._cues:
            self._reaching = _reaching(self._cues)
            self._polarities = [kind for kind in POLARITIES if kind in self._reaching]
            self._times = [kind for kind in TIMES if kind in self._reaching]
        self._judged: dict[tuple[int, int, bool], Context] = {}
        self.tells_done = tells_done or "done" in self._reaching

    def judge(
        self, first: int, after: int, gaps: Sequence[int] = (), *, finding: bool = False
    ) -> Context:
        """The context of the words from ``first`` up to ``after``; those in ``gaps`` are not the passage's own.

        A ``finding`` is what a patient has; all else is what was done.
        """
        if not self._reaching:
            # All passages have the same context.
            first, after = 0, 0
        elif gaps:
            return self._judge(first, after, gaps, finding=finding)
        # Several terms stand in the same words of most sentences.
        asked = (first, after, finding)
        context = self._judged.get(asked)
        if context is None:
            context = self._judged[asked] = self._judge(first, after, (), finding=finding)
        return context

    def _judge(self, first: int, after: int, gaps: Sequence[int], *, finding: bool) -> Context:
        polarity, polarity_cue = self._polarity(first, after, gaps, finding=finding)
        time, time_cue = self._time(first, after, gaps, finding=finding)
        is_denied_act = polarity is NEGATED and not finding and self.tells_done
        if is_denied_act and time is PLAN and time_cue == self.section.span:
            # Behind “fitted today”, “no sedation” under a plan tells what was not done.
            time, time_cue = ENCOUNTER, None
        other = self._nearest("other", first, after, gaps) if "other" in self._reaching else None
        experiencer_cue: Span | None
        if other:
            experiencer, experiencer_cue = OTHER_PERSON, self._span(other)
        elif self.section.heading.other:
            experiencer, experiencer_cue = OTHER_PERSON, self.section.span
        else:
            experiencer, experiencer_cue = PATIENT, None
        return Context(polarity, time, experiencer, polarity_cue, time_cue, experiencer_cue)

    def _polarity(
        self, first: int, after: int, gaps: Sequence[int], *, finding: bool
    ) -> tuple[Polarity, Span | None]:
        for kind in self._polarities:
            if marked := self._nearest(kind, first, after, gaps):
                polarity = POLARITIES[kind]
                settled = self._settles(marked, first, after, finding=finding)
                return polarity if settled else POSSIBLE, self._span(marked)
        question = self.sentence.question
        return (POSSIBLE, question) if question else (AFFIRMED, None)

    def _settles(self, marked: Marked, first: int, after: int, *, finding: bool) -> bool:
        """Whether a cue surely reaches a passage.

        Behind a comma it may be of the words between alone; so it may far before one, but for findings, of which long
        lists are denied. What a colon means between them is not known.
        """
        if marked.first >= after:
            return not self._holds(",", after, marked.first)
        if self._holds(":", marked.opens, first):
            return False
        near = finding or first - marked.opens <= NEAR
        return near or not self._holds(",", marked.opens, first)

    def _holds(self, mark: str, begin: int, end: int) -> bool:
        """Whether a mark stands between two words."""
        return _any_between(self._marks[mark], begin, end)

    @cached_property
    def _marks(self) -> dict[str, list[int]]:
        """Where commas and colons stand."""
        marks: dict[str, list[int]] = {",": [], ":": []}
        for place, word in enumerate(self.sentence.words):
            if word in marks:
                marks[word].append(place)
        return marks

    def _time(
        self, first: int, after: int, gaps: Sequence[int], *, finding: bool
    ) -> tuple[Time, Span | None]:
        nearest_of_each: list[Marked] = []
        for kind in self._times:
            if finding and kind == "earlier":
                continue
            marked = self._nearest(kind, first, after, gaps)
            if marked and finding and kind in OF_ACTS and self._is_of_what_follows(marked, after):
                marked = self._before(self._reaching[kind].forward, first, after, gaps)
            if marked:
                nearest_of_each.append(marked)
        if not finding and any(self._is_planned(marked, first) for marked in nearest_of_each):
            # “Will be reduced today” says when, and not that it was done.
            nearest_of_each = [
                marked
                for marked in nearest_of_each
                if marked.cue.kind != "present" or marked.first < first
            ]
        if nearest_of_each:
            nearest = min(nearest_of_each, key=lambda marked: _rank_of_time(marked, first, after))
            # “On Thursday” in a plan is the coming one.
            is_coming = nearest.cue.kind == "earlier" and self.section.heading.time == "plan"
            return PLAN if is_coming else TIMES[nearest.cue.kind], self._span(nearest)
        by_heading = self._time_of_section(first, after, gaps, finding=finding)
        return by_heading, None if by_heading is ENCOUNTER else self.section.span

    def _is_planned(self, marked: Marked, first: int) -> bool:
        """Whether a cue before a passage plans it, and is not its heading: “Plan: fitted today”."""
        is_before = marked.cue.kind == "plan" and marked.first < first
        return is_before and not self._holds(":", marked.opens, first)

    def _is_of_what_follows(self, marked: Marked, after: int) -> bool:
        """Whether a cue behind a passage is of the words between: “dislocated, treated at another hospital”."""
        return marked.first >= after and self._holds(",", after, marked.first)

    def _time_of_section(
        self, first: int, after: int, gaps: Sequence[int], *, finding: bool
    ) -> Time:
        match self.section.heading.time:
            case "plan":
                # What a patient has is not done: a sheet on it may have been given.
                may_be_done = not finding and "done" in self._reaching
                is_done = may_be_done and self._nearest("done", first, after, gaps)
                return ENCOUNTER if is_done else PLAN
            case "history":
                return HISTORY
            case "background" if not finding:
                return HISTORY
        may_be_item = (
            finding and self.section.span is None and len(self.sentence.words) <= LONGEST_ITEM
        )
        return HISTORY if may_be_item and self._is_item else ENCOUNTER

    @cached_property
    def _is_item(self) -> bool:
        """Whether the sentence is an illness's name and no more: under no heading, an item of a history."""
        items = general_cues().item_index.opening(self.sentence)
        return any(after == len(self.sentence.words) for _, _, after, _ in items)

    def _nearest(self, kind: str, first: int, after: int, gaps: Sequence[int]) -> Marked | None:
        """The nearest cue of a kind whose scope holds the passage; of two equally near the one before it."""
        forward, backward = self._reaching[kind]
        denies_itself = kind == "negated" and _begins_at(forward, first)
        before = (
            self._before(forward, first, after, gaps) if forward and not denies_itself else None
        )
        behind = self._behind(backward, after) if backward else None
        if before and behind:
            return min(before, behind, key=lambda marked: _distance(marked, first, after))
        return before or behind

    def _before(
        self, cues: Sequence[Marked], first: int, after: int, gaps: Sequence[int]
    ) -> Marked | None:
        """The nearest of the cues whose forward scope holds the passage: in its gaps, into it, or before it."""
        place = bisect_left(cues, after, key=_opens) - 1
        while place >= 0 and cues[place].opens > first:
            within = cues[place].first in gaps or cues[place].first < first
            if within and self._reaches(cues[place], after - 1):
                return cues[place]
            place -= 1
        # What ends a scope may be the first word of the passage itself.
        return (
            cues[place] if place >= 0 and self._reaches(cues[place], first, first + 0.5) else None
        )

    def _reaches(self, marked: Marked, word: int, end: float = 0) -> bool:
        """Whether a cue's forward scope holds a word, and nothing ends it before ``end``, or that word."""
        if word - marked.opens >= marked.cue.within:
            return False
        behind = end or word
        kind = marked.cue.kind
        if kind not in PAST:
            return not _any_between(self._ends[kind], marked.opens, behind)
        is_ended = _any_between(self._word_ends[kind], marked.opens, behind)
        return not is_ended and not self._leaves_its_bracket(marked, behind)

    def _behind(self, cues: Sequence[Marked], after: int) -> Marked | None:
        """The nearest of the cues behind a passage if its backward scope holds it."""
        place = bisect_left(cues, after, key=_begin)
        if place == len(cues):
            return None
        marked = cues[place]
        near = marked.first - after < marked.cue.within
        # In “abduction pillow (Frejka) fitted”, the bracket names what was fitted.
        ends = self._word_ends if marked.cue.kind == "done" else self._ends
        ended = _any_between(ends[marked.cue.kind], after - 0.5, marked.first)
        return marked if near and not ended else None

    def _leaves_its_bracket(self, marked: Marked, behind: float) -> bool:
        """Whether a cue stands in a bracket that closes: what it says of the past goes on behind any other one."""
        asides = self.sentence.asides
        place = bisect_right(asides, marked.first)
        is_within = place % 2 == 1 and place < len(asides)
        return is_within and asides[place] - 0.5 < behind

    @cached_property
    def _ends(self) -> dict[str, list[float]]:
        """Where the scopes of each kind of cue end: at words, and at any bracket, which stands between two words."""
        if not self.sentence.asides:
            return self._word_ends
        brackets = [word - 0.5 for word in self.sentence.asides]
        return {kind: sorted([*places, *brackets]) for kind, places in self._word_ends.items()}

    @cached_property
    def _word_ends(self) -> dict[str, list[float]]:
        table = general_cues()
        seeming: set[int] = set()
        for marked in self._cues:
            if marked.cue.kind == "pseudo":
                seeming.update(range(marked.first, marked.after))
        # In the order of their places.
        ends: dict[str, list[float]] = {kind: [] for kind in self._reaching}
        for first, number, _, _ in table.end_index.find(self.sentence):
            if first not in seeming:
                for kind in table.ends[number] & ends.keys():
                    ends[kind].append(first)
        return ends

    def _span(self, marked: Marked) -> Span:
        return self.sentence.span(marked.first, marked.after)


def _any_between(places: Sequence[float], begin: float, end: float) -> bool:
    """Whether one of some places, which are in order, lies from ``begin`` up to, not including, ``end``."""
    return bool(places) and bisect_left(places, begin) < bisect_left(places, end)


_begin, _opens = attrgetter("first"), attrgetter("opens")


def _begins_at(cues: Sequence[Marked], first: int) -> bool:
    """Whether a cue begins where a passage does: “no drugs” behind “no sedation,” denies by itself."""
    place = bisect_left(cues, first, key=_begin)
    return place < len(cues) and cues[place].first == first


def _distance(marked: Marked, first: int, after: int) -> int:
    return max(first - marked.opens, marked.first - after, 0)


def _rank_of_time(marked: Marked, first: int, after: int) -> tuple[int, bool]:
    """The nearest first; of two equally near, what says that it is now."""
    return _distance(marked, first, after), marked.cue.kind != "present"


def _marked(occurrence: Occurrence, cues: Sequence[Cue]) -> Marked:
    first, number, after, gaps = occurrence
    return Marked(first, after, cues[number], gaps[0] if gaps else after)


def _reaching(cues: list[Marked]) -> dict[str, _Reaching]:
    """The cues of each kind, in order."""
    reaching: dict[str, _Reaching] = defaultdict(lambda: _Reaching([], []))
    # Of those that begin together the longest first.
    cues = sorted(cues, key=lambda marked: (marked.first, -marked.after))
    for marked in _apart(marked for marked in cues if marked.cue.forward):
        reaching[marked.cue.kind].forward.append(marked)
    for marked in _apart(marked for marked in cues if marked.cue.backward):
        reaching[marked.cue.kind].backward.append(marked)
    return reaching


def _apart(cues: Iterable[Marked]) -> Iterator[Marked]:
    """The cues within no longer one: of those that begin together the longest, and nothing that begins within it."""
    taken_first, taken_after = -1, 0
    for marked in cues:
        behind = marked.first >= taken_after
        same_words = (marked.first, marked.after) == (taken_first, taken_after)
        if behind or same_words:
            taken_first, taken_after = marked.first, marked.after
            # It takes its words, so that no real cue is read in them, and says nothing itself.
            if marked.cue.kind != "pseudo":
                yield marked


def context_of(note: str, start: int, end: int) -> Context:
    """The context of a passage that somebody else found, such as a diagnosis."""
    for sentence, section in in_sections(sentences(note)):
        words = [
            number
            for number, place in enumerate(sentence.places)
            if place.start < end and place.end > start
        ]
        if words:
            return Surroundings(sentence, section).judge(words[0], words[-1] + 1, finding=True)
    return Context()

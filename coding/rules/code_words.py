"""What a rule table says of one of its codes, in words: when it applies, when not, and how it differs from others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from coding.decision import (
    Asked,
    CodeRegion,
    Contrast,
    DecisionError,
    Known,
    Rule,
    RuleTable,
    code_region,
    contrast,
    flips,
    label_of,
    rules_of,
    rules_with,
    short_names,
)
from coding.decision.cells import Rows
from coding.evidence import Lexicon, Strength
from coding.rules.from_note import answer_text
from coding.rules.in_words import conditions_in_words

# Shorter phrases are abbreviations.
SHORTEST_EXAMPLE = 10
Words = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Spoilt:
    """Answers to one fact that take the code away from an ordinary case, what comes instead, and by which rules."""

    label: str
    given: str
    instead: str
    outcomes: tuple[str, ...]
    message: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What is reported beside the code, or supports it, and each way in which it comes about."""

    name: str
    ways: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class CodeWords:
    """A code in the words of its rule set. ``region`` is None where no answers end in the code."""

    code: str
    rules: tuple[Rule, ...]
    region: CodeRegion | None = None
    documented: tuple[Asked, ...] = ()
    spoilt: tuple[Spoilt, ...] = ()
    neighbours: tuple[Contrast, ...] = ()
    modifiers: tuple[Line, ...] = ()
    further_codes: tuple[Line, ...] = ()
    diagnoses: tuple[Line, ...] = ()
    undecided: str = ""

    @property
    def label(self) -> str:
        """The titles of its rules."""
        return label_of(self.rules)

    @property
    def plain(self) -> tuple[str, ...]:
        """What its rules tell the coder."""
        return tuple(dict.fromkeys(rule.message for rule in self.rules))

    @property
    def sources(self) -> tuple[str, ...]:
        """What its rules rest on."""
        return tuple(dict.fromkeys(rule.basis for rule in self.rules))


@lru_cache(maxsize=256)
def code_words(table: RuleTable, code: str) -> CodeWords:
    """A code of the table's family. Reckoned once for each content of a table."""
    rules = rules_of(table, code)
    try:
        region = code_region(table, code)
        neighbours = contrasts(table, code)
        spoilt = tuple(_spoilt(table, region)) if region else ()
    except DecisionError as error:
        return CodeWords(code, rules, undecided=str(error))

    modifiers = [(row.modifier, row.rows) for row in table.modifiers]
    further_codes = [(line.code, line.rows) for line in table.lines]
    diagnoses = [(" ".join(row.codes), row.rows) for row in table.diagnoses]
    return CodeWords(
        code=code,
        rules=rules,
        region=region,
        documented=_documented(region),
        spoilt=spoilt,
        neighbours=neighbours,
        modifiers=_lines(table, region, modifiers),
        further_codes=_lines(table, region, further_codes),
        diagnoses=_lines(table, region, diagnoses),
    )


def _documented(region: CodeRegion | None) -> tuple[Asked, ...]:
    """What every case of a code has documented."""
    if region is None:
        return ()
    return tuple(asked for asked in region.always if asked.must_be_documented)


def phrases_of(table: RuleTable, code: str, lexicon: Lexicon | None) -> tuple[str, ...]:
    """The phrases by which notes say what every case of a code has documented; none for a code without rules."""
    if lexicon is None or code not in table.family:
        return ()
    try:
        region = code_region(table, code)
    except DecisionError:
        return ()

    values_by_fact = {asked.fact.key: _values(asked) for asked in _documented(region)}
    phrases = []
    for term in lexicon.terms:
        if term.value in values_by_fact.get(term.fact, ()):
            phrases.append(term.phrase)
    return tuple(phrases)


def _values(asked: Asked) -> set[str]:
    """The answers that are asked for, as lexicons write them."""
    return {answer_text(answer) for answer in asked.answers if isinstance(answer, Known)}


def spoken_of(asked: Asked, lexicon: Lexicon | None) -> str:
    """How a note may say an answer that is asked for: the first phrase for it that reads as one; else empty.

    What only hints at an answer is no example of it.
    """
    if lexicon is None:
        return ""
    values = _values(asked)
    for term in lexicon.terms:
        says_it = term.fact == asked.fact.key and term.value in values
        if not says_it or term.strength <= Strength.HINT:
            continue
        phrase = term.spoken(lexicon.groups)
        if " " in phrase and len(phrase) >= SHORTEST_EXAMPLE:
            return phrase
    return ""


@lru_cache(maxsize=256)
def contrasts(table: RuleTable, code: str) -> tuple[Contrast, ...]:
    """How a code differs from each other one of the family that answers reach, the nearest first."""
    pairs = []
    for other in table.family:
        if other == code:
            continue
        pair = contrast(table, code, other)
        if pair is not None:
            pairs.append(pair)
    return tuple(sorted(pairs, key=lambda pair: len(pair.differences)))


def _spoilt(table: RuleTable, region: CodeRegion) -> Iterator[Spoilt]:
    """What becomes of an ordinary case of the code where one answer is another."""
    for flip in flips(table, region.case):
        if region.code in short_names(flip.outcomes) or len(flip.changes) > 1:
            continue

        [change] = flip.changes
        messages = {outcome.message for outcome in flip.outcomes}
        message = "It then hangs on further answers."
        if len(messages) == 1:
            message = messages.pop()
        yield Spoilt(
            label=change.label,
            given=change.given,
            instead=change.needed,
            outcomes=short_names(flip.outcomes),
            message=message,
            rules=tuple(rule.id for rule in rules_with(table, flip.outcomes)),
        )


def _lines(
    table: RuleTable, region: CodeRegion | None, lines: Iterable[tuple[str, Rows]]
) -> tuple[Line, ...]:
    """The lines that a case of the code can have, each with the ways that it leaves open."""
    possible = []
    for name, rows in lines:
        fitting = [row for row in rows if region is None or region.leaves_open(row)]
        if fitting:
            ways = tuple(conditions_in_words(table, row) for row in fitting)
            possible.append(Line(name, ways))
    return tuple(possible)

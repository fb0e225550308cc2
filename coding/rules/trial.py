"""A note read on trial under the lexicon of a version's rows as they stand, whatever is wrong with some of them.

Nothing of the note is kept. A row that cannot be read is left out and told; the others read.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coding.decision import RuleTable
from coding.evidence import (
    Experiencer,
    Lexicon,
    LexiconError,
    Polarity,
    Proposal,
    Statement,
    Time,
    Treatment,
    doubts,
    extract,
    read,
    sentences,
    treatments,
)
from coding.evidence.cues import Heading
from coding.evidence.parts import in_parts
from coding.evidence.phrases import PhraseError, compile_phrase
from coding.evidence.statements import About
from coding.evidence.terms import read_term
from coding.models import LexiconTerm, RuleSetVersion
from coding.rules import rulebook
from coding.rules.from_note import values_of
from coding.rules.lexicons import from_rows, term_document

# So many phrases that cannot be read are told one by one.
MOST_TOLD = 5
# The number of a row that is read by itself.
ALONE = 1
Values = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class BadTerm:
    """A row that cannot be read, and why."""

    term: LexiconTerm
    problem: str


@dataclass(frozen=True, slots=True)
class TrialStatement:
    """A statement in words: its passage, what it says of its fact, and what of its context is unusual."""

    words: str
    fact: str
    says: str
    context: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal in words."""

    fact: str
    value: str
    firmness: str
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrialSentence:
    """A sentence with the part of the note that it stands in, and what is said in it."""

    text: str
    part: str
    statements: tuple[TrialStatement, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a note comes to under a lexicon; ``unexplained`` are the words for which no code follows from it alone."""

    opens: bool
    unexplained: tuple[str, ...]
    sentences: tuple[TrialSentence, ...]
    treatments: tuple[str, ...]
    proposals: tuple[Proposed, ...]


def lexicon_on_trial(version: RuleSetVersion) -> tuple[Lexicon, list[BadTerm]]:
    """The lexicon of the rows that can be read, and those that cannot. Raises LexiconError for all else in it."""
    values = None
    if version.document:
        values = values_of(rulebook.table_of(version.document))
    frame = {**version.lexicon_frame, "rule_set": version.rule_set.key}
    groups = Lexicon.from_document({**frame, "terms": []}).groups
    good: list[dict[str, Any]] = []
    bad: list[BadTerm] = []
    for term in version.lexicon_terms.order_by("position", "id"):
        problem = problem_of(term, groups, values)
        if problem:
            bad.append(BadTerm(term, problem))
        else:
            good.append(term_document(term))
    return Lexicon.from_document({**frame, "terms": good}), bad


def told_of_lexicon(version: RuleSetVersion, table: RuleTable) -> list[str]:
    """What is wrong with the lexicon of a version as it was saved, each in words that name it."""
    # One that could be read was kept with it.
    if version.lexicon_id is not None or not version.lexicon_terms.exists():
        return []
    return [f"The lexicon, {problem}" for problem in lexicon_problems(version, table)]


def lexicon_problems(version: RuleSetVersion, table: RuleTable) -> list[str]:
    """What is wrong with each phrase of a version, with the phrase; or with the lexicon around them."""
    groups = version.lexicon_frame.get("groups") or {}
    values = values_of(table)
    problems = []
    for term in version.lexicon_terms.order_by("position", "id"):
        problem = problem_of(term, groups, values)
        if problem:
            problems.append(f"“{term.phrase}”: {problem}")
    rest = len(problems) - MOST_TOLD
    if rest > 0:
        more = f"{rest} more cannot be read: the page that tries a note lists them all."
        return [*problems[:MOST_TOLD], more]
    if problems:
        return problems

    # All phrases can be read: what is wrong by now is around them.
    try:
        from_rows(version, table)
    except LexiconError as error:
        return [str(error)]
    return []


def problem_of(
    term: LexiconTerm, groups: Mapping[str, tuple[str, ...]], values: Values | None
) -> str:
    """What is wrong with one row by itself, or nothing. Without values, facts and answers are not looked at."""
    try:
        read_row = read_term(term_document(term), ALONE)
        compile_phrase(read_row.phrase, groups)
        if values is not None:
            Lexicon("on trial", (read_row,)).check_values(values)
    except (LexiconError, PhraseError) as error:
        words = str(error)
        # Who is told has the row before them.
        for place in (f"Term {ALONE}, “{term.phrase}”: ", f"Term {ALONE}: "):
            words = words.removeprefix(place)
        return words
    return ""


def on_trial(lexicon: Lexicon, note: str) -> Trial:
    """Read a note and keep how it was read."""
    reading = read(lexicon, note)
    # A note that does not open the rule set is shown with what it says all the same.
    statements = extract(lexicon, note)
    unexplained = doubts(lexicon, reading)
    several = treatments(lexicon, reading.statements)
    return Trial(
        opens=reading.opens,
        unexplained=tuple(note[span.start : span.end] for span in unexplained),
        sentences=tuple(_sentences(note, statements)),
        treatments=tuple(_treatment(note, treatment) for treatment in several),
        proposals=tuple(_proposed(note, proposal) for proposal in reading.proposals.values()),
    )


def _words(note: str, statements: Iterable[Statement]) -> tuple[str, ...]:
    """The passages of statements, each once, in the note's order."""
    spans = sorted({statement.span for statement in statements})
    return tuple(note[span.start : span.end] for span in spans)


def _treatment(note: str, treatment: Treatment) -> str:
    acts = ", ".join(f"“{words}”" for words in _words(note, treatment.acts))
    if not treatment.site:
        return acts
    return f"{treatment.site}: {acts}"


def _proposed(note: str, proposal: Proposal) -> Proposed:
    if proposal.conflicting:
        firmness = "documented two ways"
    elif proposal.firm:
        firmness = "firm"
    else:
        firmness = "weak: in a title only"
    return Proposed(proposal.fact, proposal.text(), firmness, _words(note, proposal.passages))


def _trial_statement(note: str, statement: Statement) -> TrialStatement:
    words = note[statement.span.start : statement.span.end]
    unusual = ", ".join(_unusual(statement))
    return TrialStatement(words, statement.fact, _says(statement), unusual)


def _says(statement: Statement) -> str:
    if statement.asserts:
        return statement.asserts
    if statement.denies:
        return f"not {statement.value}"
    if statement.against:
        return f"makes doubtful {', '.join(sorted(statement.against))}"
    return "nothing"


def _unusual(statement: Statement) -> Iterator[str]:
    """What of a statement's context is not as it mostly is."""
    context = statement.context
    if context.polarity is not Polarity.AFFIRMED:
        yield context.polarity
    if context.time is not Time.ENCOUNTER:
        yield context.time
    if context.experiencer is Experiencer.OTHER:
        yield "somebody else"
    if statement.about is About.OTHER:
        yield "another part of the body"
    if statement.site:
        yield statement.site
    if not statement.firm:
        yield "title"
    if not statement.counts:
        yield "does not count"


def _sentences(note: str, statements: tuple[Statement, ...]) -> Iterator[TrialSentence]:
    by_number: dict[int, list[Statement]] = {}
    for statement in statements:
        by_number.setdefault(statement.sentence, []).append(statement)
    for number, (sentence, section) in enumerate(in_parts(note, sentences(note))):
        span = sentence.span(0, len(sentence.words))
        text = note[span.start : span.end]
        own = [_trial_statement(note, statement) for statement in by_number.get(number, ())]
        yield TrialSentence(text, _part(section.heading), tuple(own))


def _part(heading: Heading) -> str:
    """A part of a note by its heading, in words."""
    words: list[str] = [heading.section, heading.time]
    if heading.other:
        words.append("of somebody else")
    return ", ".join(dict.fromkeys(filter(None, words))) or "narrative"

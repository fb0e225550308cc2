"""Statements: what a passage of a note says of a fact, and whether it counts for this patient at this encounter."""

from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum
from typing import NamedTuple

# What stands for the value of a fact of which a note says nothing.
SILENCE = "silence"
# The sites under which a lexicon lists the phrases that name no single one, such as “both”, and those for places that
# are never the one treated, such as “contralateral”.
ALL_SITES = "all"
OTHER_SITE = "other"


class Polarity(StrEnum):
    """Whether the passage affirms what it names. What was ``weighed`` was thought of, whatever was done then."""

    AFFIRMED = "affirmed"
    NEGATED = "negated"
    POSSIBLE = "possible"
    WEIGHED = "weighed"


class Time(StrEnum):
    """When what the passage names takes place."""

    ENCOUNTER = "this encounter"
    HISTORY = "history"
    PLAN = "plan"


class Experiencer(StrEnum):
    """Whom the passage is about."""

    PATIENT = "patient"
    OTHER = "other"


class About(Enum):
    """What part of the body a passage is about: the rule set's own, another, or one that the note leaves open."""

    OWN = "own"
    OTHER = "other"
    UNSAID = "unsaid"


class Strength(IntEnum):
    """How much a term proves. A proposal is made of the strongest statements alone; of clues alone, none is.

    What an addendum says that corrects the note stands above all else; no term has that strength by itself.
    """

    CLUE = 0
    HINT = 1
    USUAL = 2
    EXPLICIT = 3
    CORRECTION = 4


class Span(NamedTuple):
    """A passage: the places of its first character and of the one after its last in the original text."""

    start: int
    end: int


# The members of what each statement is asked about: by the name of its enum one takes ten times as long to look up.
AFFIRMED, NEGATED, POSSIBLE, WEIGHED = Polarity
ENCOUNTER, HISTORY, PLAN = Time
PATIENT, OTHER_PERSON = Experiencer
OWN, OTHER_PART, UNSAID = About


# Named tuples, because notes are read by the thousand and a dataclass takes three times as long to make.
class Context(NamedTuple):
    """Polarity, time and experiencer of a passage, each with the cue that decided it; no cue, nothing unusual."""

    polarity: Polarity = AFFIRMED
    time: Time = ENCOUNTER
    experiencer: Experiencer = PATIENT
    polarity_cue: Span | None = None
    time_cue: Span | None = None
    experiencer_cue: Span | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact and the values of which one must, or must not, be said elsewhere in the note."""

    fact: str
    values: frozenset[str]

    def text(self) -> str:
        """As a row of a lexicon writes it: ``manipulation=performed|attempted_failed``."""
        return f"{self.fact}={'|'.join(sorted(self.values))}"


class Statement(NamedTuple):
    """A passage that names a value of a fact.

    ``value`` is what it names, as case files write it; ``asserts`` what it says of the fact once its polarity is
    heeded, or None. It ``holds`` at other times than this encounter too: a lasting fact, such as the cause of a
    disease, is not over because it began in the past, and who will follow the patient is told as a plan.
    ``site`` is the side or other place that the passage is about, where one is named. ``needs`` and ``unless``
    are conditions on the rest of the note. ``against`` are the values that the passage makes doubtful without saying
    another; among them may be ``SILENCE``, if it says that there is more to know of the fact. ``about``
    is the part of the body that it is about. It is ``firm`` unless a title or a list alone says so. ``sentence`` is
    the number of its sentence; ``titular``, that it stands in a title or in a field of a form. ``phrase`` is what the
    lexicon reads it by.
    """

    span: Span
    fact: str
    value: str
    asserts: str | None
    context: Context
    strength: Strength
    holds: tuple[Time, ...] = ()
    site: str = ""
    needs: Condition | None = None
    unless: Condition | None = None
    against: frozenset[str] = frozenset()
    about: About = UNSAID
    firm: bool = True
    sentence: int = 0
    titular: bool = False
    phrase: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is said of this patient and of this encounter or of a time at which it holds, and as certain.

        What names no value and only doubts others counts though it be possible.
        """
        context = self.context
        if self.about is OTHER_PART or context.polarity is WEIGHED:
            return False
        in_time = context.time is ENCOUNTER or context.time in self.holds
        certain = context.polarity is not POSSIBLE or not self.value
        return in_time and certain and context.experiencer is PATIENT

    @property
    def with_denial(self) -> Span:
        """The passage with the word that denies it: “anesthesia” alone would say the opposite."""
        cue = self.context.polarity_cue
        if cue is None:
            return self.span
        return Span(min(self.span.start, cue.start), max(self.span.end, cue.end))

    @property
    def denies(self) -> bool:
        """Whether it says that the fact does not have the value it names."""
        return self.context.polarity is NEGATED and self.asserts != self.value

    def doubts(self, value: str) -> bool:
        """Whether it makes a value doubtful."""
        return value in self.against and self.context.polarity is not NEGATED


def is_said(context: Context) -> bool:
    """Whether a context affirms of this patient at this encounter."""
    return (
        context.polarity is AFFIRMED
        and context.time is ENCOUNTER
        and context.experiencer is PATIENT
    )

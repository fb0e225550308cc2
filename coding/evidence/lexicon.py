"""The lexicon of a rule set: which phrases of a note speak of which value of which fact.

It is data that rule administrators edit: rows of a phrase, a fact and a value, and groups of phrases that rows
share. Its canonical JSON and its hash name a state of it for ever.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from coding.evidence.body import Body
from coding.evidence.events import EventRules, read_event_rules
from coding.evidence.lexicon_parts import (
    Idle,
    Ranks,
    body_to_data,
    phrase_lists_to_data,
    ranks_to_data,
    read_body,
    read_conditions,
    read_idle,
    read_phrase_lists,
    read_ranks,
    read_rows,
    read_texts,
    where_any,
)
from coding.evidence.named_values import check_named, pairs_of
from coding.evidence.phrase_index import PhraseIndex
from coding.evidence.record import RecordRow, read_record_row
from coding.evidence.statements import HISTORY, PLAN, Condition, Polarity, Time
from coding.evidence.terms import (
    Consequence,
    LexiconError,
    Term,
    read_consequence,
    read_term,
    text_of,
    texts_of,
)
from coding.evidence.vocabulary import Entry, Gate, Meaning, Vocabulary, phrase_index

LEXICON_KEYS = (
    *(
        "rule_set",
        "terms",
        "groups",
        "body",
        "free",
        "operative",
        "opens",
        "other_operations",
        "complaints",
        "details",
    ),
    *(
        "results",
        "sound",
        "idle",
        "sites",
        "site_fact",
        "findings",
        "plans",
        "consequences",
        "prevails",
        "succeeds",
    ),
    *("failures", "alone", "record", "finer", "events"),
)


@dataclass(frozen=True)
class Lexicon:
    """The terms of a rule set, ready to be found in notes.

    ``sites`` names the places of the body that a passage can be about, each with its phrases, and ``site_fact``
    the fact that holds the place treated: what is said of another place does not count. ``findings`` are the facts
    that tell what the patient has rather than what was done, ``plans`` those that a plan tells, such as who follows the
    patient. ``consequences`` follow from what is said. ``prevails``
    lists for a fact the values that hold where others are said as well: sedation, where anesthesia is denied;
    ``succeeds`` those that hold if they are said later than the others: success, after a failed attempt. ``failures``
    are values that tell how what was said before them ended: no other act. ``alone`` are values that hold of one thing:
    said by two phrases, as of two illnesses, they are doubtful. ``record``
    says what the record beside a note speaks for; ``finer`` lists for the beginning of a diagnosis more specific ones.
    ``events`` tells several treatments in one note apart. ``details`` tell how an act went: what is only named may be
    planned, or over. ``results`` tell how it ended: so what the titles of a note name was done. ``sound`` is what is
    said of a place that needs no treatment.
    """

    rule_set: str
    terms: tuple[Term, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    body: Body | None = None
    free: tuple[Condition, ...] = ()
    operative: tuple[str, ...] = ()
    opens: tuple[Condition, ...] = ()
    other_operations: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    sound: tuple[str, ...] = ()
    idle: Idle | None = None
    sites: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    site_fact: str = ""
    findings: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    prevails: Ranks = field(default_factory=dict)
    succeeds: Ranks = field(default_factory=dict)
    failures: tuple[Condition, ...] = ()
    alone: tuple[Condition, ...] = ()
    record: tuple[RecordRow, ...] = ()
    finer: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    events: EventRules | None = None

    @classmethod
    def from_document(cls, document: Any) -> "Lexicon":
        """The lexicon of JSON data. Raises LexiconError."""
        if not isinstance(document, dict) or set(document) - set(LEXICON_KEYS):
            raise LexiconError(f"A lexicon is an object with the keys {', '.join(LEXICON_KEYS)}.")
        lexicon = cls(
            rule_set=text_of(document, "rule_set", "The lexicon"),
            terms=_terms(document),
            groups=read_phrase_lists(document, "groups"),
            body=read_body(document),
            free=read_conditions(document, "free"),
            operative=read_texts(document, "operative"),
            opens=read_conditions(document, "opens"),
            other_operations=read_texts(document, "other_operations"),
            complaints=read_texts(document, "complaints"),
            details=read_texts(document, "details"),
            results=read_texts(document, "results"),
            sound=read_texts(document, "sound"),
            idle=read_idle(document),
            sites=read_phrase_lists(document, "sites"),
            site_fact=text_of(document, "site_fact", "The lexicon", default=""),
            findings=read_texts(document, "findings"),
            plans=read_texts(document, "plans"),
            consequences=_consequences(document),
            prevails=read_ranks(document, "prevails"),
            succeeds=read_ranks(document, "succeeds"),
            failures=read_conditions(document, "failures"),
            alone=read_conditions(document, "alone"),
            record=_record(document),
            finer=read_phrase_lists(document, "finer"),
            events=read_event_rules(document.get("events")),
        )
        lexicon.check()
        return lexicon

    def to_document(self) -> dict[str, Any]:
        return {
            "rule_set": self.rule_set,
            "terms": [term.to_document() for term in self.terms],
            "groups": phrase_lists_to_data(self.groups),
            **body_to_data(self.body),
            **where_any("free", texts_of(self.free)),
            **where_any("operative", list(self.operative)),
            **where_any("opens", texts_of(self.opens)),
            **where_any("other_operations", list(self.other_operations)),
            **where_any("complaints", list(self.complaints)),
            **where_any("details", list(self.details)),
            **where_any("results", list(self.results)),
            **where_any("sound", list(self.sound)),
            **where_any("idle", self.idle and self.idle.to_document()),
            "sites": phrase_lists_to_data(self.sites),
            "site_fact": self.site_fact,
            "findings": list(self.findings),
            **where_any("plans", list(self.plans)),
            "consequences": [consequence.to_document() for consequence in self.consequences],
            "prevails": ranks_to_data(self.prevails),
            "succeeds": ranks_to_data(self.succeeds),
            **where_any("failures", texts_of(self.failures)),
            **where_any("alone", texts_of(self.alone)),
            **where_any("record", [row.to_document() for row in self.record]),
            **where_any("finer", phrase_lists_to_data(self.finer)),
            **where_any("events", self.events and self.events.to_document()),
        }

    def canonical(self) -> str:
        """Compact JSON with sorted keys: equal lexicons give equal text."""
        return json.dumps(
            self.to_document(), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )

    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON."""
        return hashlib.sha256(self.canonical().encode("utf-8")).hexdigest()

    def check(self) -> None:
        """Raise LexiconError for the first phrase that cannot be read or row that stands twice."""
        seen: set[tuple[str, str, str]] = set()
        for number, term in enumerate(self.terms, start=1):
            row = (term.phrase, term.fact, term.section)
            if row in seen:
                raise LexiconError(
                    f"Term {number}, “{term.phrase}”: it stands twice for {term.fact}. Keep one."
                )
            seen.add(row)
        # Made when first asked for; a phrase that cannot be read has to come out now.
        _ = self.vocabulary, self.detail_index, self.result_index, self.sound_index

    def check_values(self, values: Mapping[str, Collection[str]]) -> None:
        """Raise LexiconError for the first row that names a fact or value that is not among these."""
        check_named(self, values)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All its phrases, ready to be found."""
        return Vocabulary(self._meanings(), self.groups)

    def _meanings(self) -> Iterator[tuple[str, str, Meaning]]:
        """Each phrase with what it means, and how an error names its place."""
        for number, term in enumerate(self.terms, start=1):
            yield f"Term {number}", term.phrase, self._entry(term)
        for site, phrases in self.sites.items():
            yield from ((f"Site “{site}”", phrase, site) for phrase in phrases)
        yield from (
            ("body", phrase, part) for phrase, part in (self.body.phrases() if self.body else ())
        )
        yield from (
            ("other_operations", phrase, Gate.OTHER_OPERATION) for phrase in self.other_operations
        )
        yield from (("complaints", phrase, Gate.COMPLAINT) for phrase in self.complaints)

    def _entry(self, term: Term) -> Entry:
        asserts = _asserts(term)
        return Entry(
            term,
            asserts=asserts,
            holds=self._times_of(term),
            finding=term.fact in self.findings,
            free=(term.fact, term.value) in self.free_values,
            operative=term.fact in self.operative,
            act=term.fact in self.act_facts,
            speaks=term.says_something,
            names=bool(term.value or term.negated),
            opens=not term.needs
            and any((term.fact, value) in self.opening_values for value in asserts.values()),
        )

    def _times_of(self, term: Term) -> tuple[Time, ...]:
        """The times at which a term holds beside the encounter."""
        lasts = (HISTORY,) if term.lasting else ()
        planned = (PLAN,) if term.fact in self.plans else ()
        return lasts + planned

    @cached_property
    def follows(self) -> dict[tuple[str, str | None], list[Consequence]]:
        """The consequences of each fact and value."""
        follows: dict[tuple[str, str | None], list[Consequence]] = {}
        for consequence in self.consequences:
            for value in consequence.when.values:
                follows.setdefault((consequence.when.fact, value), []).append(consequence)
        return follows

    @cached_property
    def detail_index(self) -> PhraseIndex:
        """What tells how an act went, ready to be found."""
        return phrase_index("details", self.details, self.groups)

    @cached_property
    def result_index(self) -> PhraseIndex:
        """What tells how an act ended, ready to be found."""
        return phrase_index("results", self.results, self.groups)

    @cached_property
    def sound_index(self) -> PhraseIndex:
        """What is said of a place that needs no treatment, ready to be found."""
        return phrase_index("sound", self.sound, self.groups)

    @property
    def gated(self) -> bool:
        """Whether a note must say of the own part of the body what the rule set is for."""
        return self.body is not None and bool(self.opens)

    @cached_property
    def free_values(self) -> frozenset[tuple[str, str]]:
        """The facts and values that are no part's."""
        return frozenset(pairs_of(self.free))

    @cached_property
    def course_facts(self) -> frozenset[str]:
        """The facts that are no part's and no findings: where a service stands among others."""
        return frozenset(fact for fact, _ in self.free_values) - set(self.findings)

    @cached_property
    def failed_values(self) -> frozenset[tuple[str, str]]:
        """The facts and values that tell how an act ended."""
        return frozenset(pairs_of(self.failures))

    @cached_property
    def alone_values(self) -> frozenset[tuple[str, str]]:
        """The facts and values that hold of one thing alone."""
        return frozenset(pairs_of(self.alone))

    @cached_property
    def act_facts(self) -> frozenset[str]:
        """The facts that tell what was done."""
        return frozenset(fact for fact, _ in self.act_values)

    @cached_property
    def circumstances(self) -> frozenset[str]:
        """The facts that tell how an operation was made possible, such as by what anesthesia, and not what was done."""
        return frozenset(self.operative) - self.act_facts

    @cached_property
    def decisive_facts(self) -> frozenset[str]:
        """The facts of an operation and of how an act ended; a cast or a traction is put on behind any of them."""
        return frozenset(fact for fact, _ in self.failed_values).union(self.operative)

    @cached_property
    def event_facts(self) -> frozenset[str]:
        """The facts that tell what was done, or what the rule set is for."""
        return self.act_facts.union(fact for fact, _ in self.opening_values)

    @cached_property
    def act_values(self) -> frozenset[tuple[str, str]]:
        """The facts and values by which an act is recognised."""
        return frozenset(pairs_of(self.idle.acts)) if self.idle else frozenset()

    @cached_property
    def opening_values(self) -> frozenset[tuple[str, str]]:
        """The facts and values that open the rule set where a note says them of its part of the body."""
        return frozenset(pairs_of(self.opens))


def _terms(document: Mapping[str, Any]) -> tuple[Term, ...]:
    rows = read_rows(document, "terms")
    return tuple(read_term(row, number) for number, row in enumerate(rows, start=1))


def _consequences(document: Mapping[str, Any]) -> tuple[Consequence, ...]:
    rows = read_rows(document, "consequences")
    return tuple(read_consequence(row, number) for number, row in enumerate(rows, start=1))


def _record(document: Mapping[str, Any]) -> tuple[RecordRow, ...]:
    rows = read_rows(document, "record")
    return tuple(read_record_row(row, number) for number, row in enumerate(rows, start=1))


def _asserts(term: Term) -> dict[Polarity, str | None]:
    """What a term says of its fact by its polarity."""
    return {
        Polarity.AFFIRMED: term.value or None,
        Polarity.NEGATED: term.negated or None,
        Polarity.POSSIBLE: None,
        Polarity.WEIGHED: None,
    }

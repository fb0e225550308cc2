"""The lexicon of a rule set: which phrases of a note speak of which value of which fact.

It is data that rule administrators edit: rows of a phrase, a fact and a value, and groups of phrases that rows
share. Its canonical JSON and its hash name a state of it for ever.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from coding.evidence.phrase_index import PhraseIndex
from coding.evidence.phrases import Phrase, PhraseError, compile_phrase
from coding.evidence.statements import SILENCE, Condition
from coding.evidence.terms import Consequence, LexiconError, Term, read_consequence, read_term, text_of

LEXICON_KEYS = ("rule_set", "terms", "groups", "sites", "site_fact", "findings", "consequences", "prevails", "succeeds")
MOST_ROWS = 5000
# For a fact and a value of it, the other values that give way.
Ranks = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Lexicon:
    """The terms of a rule set, ready to be found in notes.

    ``sites`` names the places of the body that a passage can be about, each with its phrases, and ``site_fact``
    the fact that holds the place treated: what is said of another place does not count. ``findings`` are the facts
    that tell what the patient has rather than what was done. ``consequences`` follow from what is said. ``prevails``
    lists for a fact the values that hold where others are said as well: sedation, where anesthesia is denied;
    ``succeeds`` those that hold if they are said later than the others: success, after a failed attempt.
    """

    rule_set: str
    terms: tuple[Term, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sites: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    site_fact: str = ""
    findings: tuple[str, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    prevails: Ranks = field(default_factory=dict)
    succeeds: Ranks = field(default_factory=dict)

    @classmethod
    def from_document(cls, document: Any) -> "Lexicon":
        """The lexicon of JSON data. Raises LexiconError."""
        if not isinstance(document, dict) or set(document) - set(LEXICON_KEYS):
            raise LexiconError(f"A lexicon is an object with the keys {', '.join(LEXICON_KEYS)}.")
        lexicon = cls(
            rule_set=text_of(document, "rule_set", "The lexicon"),
            terms=tuple(read_term(row, number) for number, row in enumerate(_rows(document, "terms"), start=1)),
            groups=_phrase_lists(document, "groups"),
            sites=_phrase_lists(document, "sites"),
            site_fact=text_of(document, "site_fact", "The lexicon", default=""),
            findings=_texts(document, "findings"),
            consequences=tuple(
                read_consequence(row, number) for number, row in enumerate(_rows(document, "consequences"), start=1)
            ),
            prevails=_ranks(document, "prevails"),
            succeeds=_ranks(document, "succeeds"),
        )
        lexicon.check()
        return lexicon

    def to_document(self) -> dict[str, Any]:
        return {
            "rule_set": self.rule_set,
            "terms": [term.to_document() for term in self.terms],
            "groups": {name: list(phrases) for name, phrases in self.groups.items()},
            "sites": {name: list(phrases) for name, phrases in self.sites.items()},
            "site_fact": self.site_fact,
            "findings": list(self.findings),
            "consequences": [consequence.to_document() for consequence in self.consequences],
            "prevails": _ranks_to_data(self.prevails),
            "succeeds": _ranks_to_data(self.succeeds),
        }

    def canonical(self) -> str:
        """Compact JSON with sorted keys: equal lexicons give equal text."""
        return json.dumps(self.to_document(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON."""
        return hashlib.sha256(self.canonical().encode("utf-8")).hexdigest()

    def check(self) -> None:
        """Raise LexiconError for the first phrase that cannot be read or row that stands twice."""
        seen: set[tuple[str, str, str]] = set()
        for number, term in enumerate(self.terms, start=1):
            row = (term.phrase, term.fact, term.section)
            if row in seen:
                raise LexiconError(f"Term {number}, “{term.phrase}”: it stands twice for {term.fact}. Keep one.")
            seen.add(row)
        # Made when first asked for; a phrase that cannot be read has to come out now.
        _ = self.index, self.site_index

    def check_values(self, values: Mapping[str, Collection[str]]) -> None:
        """Raise LexiconError for the first row that names a fact or value that is not among these."""
        for number, term in enumerate(self.terms, start=1):
            conditions = [condition for condition in (term.needs, term.unless) if condition]
            named = [(term.fact, term.value), (term.fact, term.negated), *_doubted(term), *_pairs(conditions)]
            _check_values(f"Term {number}, “{term.phrase}”", named, values)
        for number, consequence in enumerate(self.consequences, start=1):
            named = [(consequence.fact, consequence.value), *_doubted(consequence), *_pairs([consequence.when])]
            _check_values(f"Consequence {number}", named, values)

    @cached_property
    def index(self) -> tuple[PhraseIndex, tuple[tuple[Term, ...], ...]]:
        """Each phrase once, and the terms of each."""
        by_phrase: dict[str, list[Term]] = {}
        compiled = []
        for number, term in enumerate(self.terms, start=1):
            if term.phrase not in by_phrase:
                compiled.append(_compiled(f"Term {number}", term.phrase, self.groups))
            by_phrase.setdefault(term.phrase, []).append(term)
        return PhraseIndex(compiled), tuple(map(tuple, by_phrase.values()))

    @cached_property
    def follows(self) -> dict[tuple[str, str | None], list[Consequence]]:
        """The consequences of each fact and value."""
        follows: dict[tuple[str, str | None], list[Consequence]] = {}
        for consequence in self.consequences:
            for value in consequence.when.values:
                follows.setdefault((consequence.when.fact, value), []).append(consequence)
        return follows

    @cached_property
    def site_index(self) -> tuple[PhraseIndex, tuple[str, ...]]:
        """The phrases of all sites, and the site of each."""
        pairs = [(site, phrase) for site, phrases in self.sites.items() for phrase in phrases]
        index = PhraseIndex([_compiled(f"Site “{site}”", phrase, self.groups) for site, phrase in pairs])
        return index, tuple(site for site, _ in pairs)


def _pairs(conditions: Iterable[Condition]) -> list[tuple[str, str]]:
    pairs = []
    for condition in conditions:
        pairs += [(condition.fact, value) for value in sorted(condition.values)]
    return pairs


def _doubted(row: Term | Consequence) -> list[tuple[str, str]]:
    return [(row.fact, value) for value in sorted(row.against - {SILENCE})]


def _check_values(place: str, named: Iterable[tuple[str, str]], values: Mapping[str, Collection[str]]) -> None:
    for fact, value in named:
        if fact not in values:
            raise LexiconError(f"{place}: there is no fact “{fact}”.")
        if value and value not in values[fact]:
            raise LexiconError(f"{place}: {fact} is never “{value}”. Use {', '.join(values[fact])}.")


def _rows(document: Mapping[str, Any], key: str) -> list[Any]:
    rows = document.get(key, [])
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        raise LexiconError(f"{key} must be a list of at most {MOST_ROWS} rows.")
    return rows


def _compiled(place: str, phrase: str, groups: Mapping[str, tuple[str, ...]]) -> Phrase:
    try:
        return compile_phrase(phrase, groups)
    except PhraseError as error:
        raise LexiconError(f"{place}: {error}") from error


def _phrase_lists(document: Mapping[str, Any], key: str) -> dict[str, tuple[str, ...]]:
    lists = document.get(key, {})
    if not isinstance(lists, dict):
        raise LexiconError(f"{key} must be an object of names with lists of phrases.")
    for name, phrases in lists.items():
        if not phrases or not _is_list_of_texts(phrases):
            raise LexiconError(f"{key}, {name}: it must be a list of phrases.")
    return {name: tuple(phrases) for name, phrases in lists.items()}


def _texts(document: Mapping[str, Any], key: str) -> tuple[str, ...]:
    texts = document.get(key, [])
    if not _is_list_of_texts(texts):
        raise LexiconError(f"{key} must be a list of texts.")
    return tuple(texts)


def _is_list_of_texts(texts: Any) -> bool:
    return isinstance(texts, list) and all(isinstance(text, str) for text in texts)


def _ranks(document: Mapping[str, Any], key: str) -> Ranks:
    facts = document.get(key, {})
    if not isinstance(facts, dict):
        raise LexiconError(f"{key} must be an object of facts.")
    return {fact: _phrase_lists(facts, fact) for fact in facts}


def _ranks_to_data(ranks: Ranks) -> dict[str, dict[str, list[str]]]:
    return {fact: {value: list(others) for value, others in values.items()} for fact, values in ranks.items()}

"""Search over codes: by number, by the labels and words of the rules, by lay words, by the terms of HCPCS Level II."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import itemgetter

from django.db.models import Q

from coding.decision import Asked, DecisionError, Known, RuleTable, code_region, label_of, rules_of
from coding.evidence import Lexicon
from coding.models import (
    FeeScheduleRelease,
    FeeScheduleValue,
    HcpcsCode,
    LexiconDocument,
    TableKind,
    TableRelease,
)
from coding.rules.from_note import answer_text
from coding.rules.lexicons import lexicon_of
from coding.rules.published import RulesOfDay

WORD = re.compile(r"[a-z0-9]+")
CODE = re.compile(r"[A-Z0-9]{1,5}")
# So many codes are found of each list; whoever wants others types another character.
MOST = 25


@dataclass(frozen=True, slots=True)
class Hit:
    """A code that was found, what it is called, and where it stands."""

    code: str
    label: str
    place: str


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    label: str
    words: frozenset[str]


def search(text: str, day: date) -> list[Hit]:
    """The codes that a text speaks of, those of rule sets first; five queries at most."""
    text = text.strip()
    if not text:
        return []
    words = WORD.findall(text.lower())
    hits = {hit.code: hit for hit in _in_rules(words, day)}
    for hit in (*_in_fees(text.upper(), day), *_in_terms(text, words, day)):
        hits.setdefault(hit.code, hit)
    return list(hits.values())


def _in_rules(words: Sequence[str], day: date) -> list[Hit]:
    """The codes of rule sets in whose words every word of the text begins one; number and label count double."""
    if not words:
        return []
    ranked: list[tuple[int, Hit]] = []
    for published in RulesOfDay.on(day).in_force:
        for entry in _entries(published.table, published.version.lexicon):
            if not all(_is_about(entry, word) for word in words):
                continue
            label = WORD.findall(entry.label.lower())
            in_label = sum(_begins_one(word, label) for word in words)
            ranked.append((in_label, Hit(entry.code, entry.label, str(published.version))))

    # By rank alone: the sort is stable, so codes of one rank stay in the order of rule sets.
    ranked.sort(key=itemgetter(0), reverse=True)
    return [hit for _, hit in ranked[:MOST]]


def _is_about(entry: _Entry, word: str) -> bool:
    return _begins_one(word, entry.words) or entry.code.lower().startswith(word)


def _begins_one(word: str, words: Sequence[str] | frozenset[str]) -> bool:
    return any(other.startswith(word) for other in words)


@lru_cache(maxsize=32)
def _entries(table: RuleTable, document: LexiconDocument | None) -> tuple[_Entry, ...]:
    """The codes of a table with all words that lead to them, reckoned once for each content."""
    lexicon = lexicon_of(document) if document else None
    return tuple(_entry(table, lexicon, code) for code in table.family)


def _entry(table: RuleTable, lexicon: Lexicon | None, code: str) -> _Entry:
    rules = rules_of(table, code)
    label = label_of(rules)
    texts = [code, label, table.name]
    texts += [rule.message for rule in rules]
    texts += _asked(_always(table, code), lexicon)

    words: set[str] = set()
    for text in texts:
        words.update(WORD.findall(text.lower()))
    return _Entry(code, label, frozenset(words))


def _always(table: RuleTable, code: str) -> tuple[Asked, ...]:
    """What every case of a code must have documented; nothing where the table is too entangled to tell.

    Where silence does as well, an answer does not tell the code from others.
    """
    try:
        region = code_region(table, code)
    except DecisionError:
        return ()
    if region is None:
        return ()
    return tuple(asked for asked in region.always if asked.must_be_documented)


def _asked(always: Sequence[Asked], lexicon: Lexicon | None) -> Iterator[str]:
    """What cases of a code are called: the labels of the answers, and the phrases by which notes say them."""
    for asked in always:
        known = [answer for answer in asked.answers if isinstance(answer, Known)]
        yield from map(asked.fact.describe, known)

        if lexicon is None:
            continue
        values = {answer_text(answer) for answer in known}
        for term in lexicon.terms:
            if term.fact == asked.fact.key and term.value in values:
                yield term.phrase


def _in_fees(text: str, day: date) -> Iterator[Hit]:
    if not CODE.fullmatch(text):
        return
    release = FeeScheduleRelease.objects.in_force(day).first()
    if release is None:
        return
    rows = FeeScheduleValue.objects.filter(release=release, code__startswith=text, modifier="")
    for code in rows.order_by("code").values_list("code", flat=True)[:MOST]:
        yield Hit(code, "", release.name)


def _in_terms(text: str, words: Sequence[str], day: date) -> Iterator[Hit]:
    """The codes of HCPCS Level II, whose terms are the publisher's own and free."""
    release = TableRelease.objects.in_force(day).filter(table=TableKind.TERMS).first()
    if release is None:
        return
    named = Q()
    for word in words:
        named &= Q(description__icontains=word)
    rows = HcpcsCode.objects.filter(Q(code__startswith=text.upper()) | named, release=release)
    for code, description in rows.order_by("code").values_list("code", "description")[:MOST]:
        yield Hit(code, description, str(release))

"""Words that may tell more than the statements of a note explain, and how doubts look at what is read."""

import json
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import NamedTuple

from coding.evidence.phrase_index import PhraseIndex, index_of
from coding.evidence.sections import Section
from coding.evidence.sentences import Sentence
from coding.evidence.statements import Statement

# A sentence with its section.
Read = tuple[Sentence, Section]
FILE = Path(__file__).with_name("doubts.json")


class DoubtfulWords(NamedTuple):
    """Words of what is ``sound``, of ``limbs``, of how one is ``handled``, and those that may tell more than a lexicon.

    The last are of other ``documents`` than a report, of ``attempts`` that a later act may outdo, of ``errors`` that an
    addendum may correct, and of other ``endings``. ``harmless`` are longer words that hold some of those. ``remote``
    ones tell of other days than today, those of what ``happened`` that a part was hurt or operated on. Reports on
    ``images`` begin so and have ``conclusions``; ``therapies`` are what therapists write, and
    ``departments`` those that treat no bone or joint.
    """

    sound: PhraseIndex
    limbs: PhraseIndex
    handled: PhraseIndex
    documents: PhraseIndex
    attempts: PhraseIndex
    harmless: PhraseIndex
    errors: PhraseIndex
    endings: PhraseIndex
    remote: PhraseIndex
    happened: PhraseIndex
    images: PhraseIndex
    conclusions: PhraseIndex
    therapies: PhraseIndex
    departments: PhraseIndex


@cache
def doubtful_words() -> DoubtfulWords:
    phrases_of: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8"))
    indexes = {kind: index_of(phrases) for kind, phrases in phrases_of.items()}
    return DoubtfulWords(**indexes)


def says(statement: Statement, values: Collection[tuple[str, str]]) -> bool:
    return (statement.fact, statement.asserts) in values

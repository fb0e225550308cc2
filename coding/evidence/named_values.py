"""What a lexicon names of its rule set: the facts and values of each row, and of each part that speaks of all rows."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from coding.evidence.lexicon_parts import Ranks
from coding.evidence.statements import SILENCE, Condition
from coding.evidence.terms import Consequence, LexiconError, Term

if TYPE_CHECKING:
    from coding.evidence.lexicon import Lexicon

# Facts with a value each; an empty value names the fact alone.
Pairs = list[tuple[str, str]]


def check_named(lexicon: "Lexicon", values: Mapping[str, Collection[str]]) -> None:
    """Raise LexiconError for the first row or part that names a fact or value that is not among these."""
    for place, named in _named_by_rows(lexicon):
        _check(place, named, values)
    for part, named in _named_by_parts(lexicon):
        _check(f"“{part}”", named, values)


def _check(place: str, named: Pairs, values: Mapping[str, Collection[str]]) -> None:
    for fact, value in named:
        if fact not in values:
            raise LexiconError(f"{place}: there is no fact “{fact}”.")
        if value and value not in values[fact]:
            raise LexiconError(
                f"{place}: {fact} is never “{value}”. Use {', '.join(values[fact])}."
            )


def _named_by_rows(lexicon: "Lexicon") -> Iterator[tuple[str, Pairs]]:
    for number, term in enumerate(lexicon.terms, start=1):
        conditions = [condition for condition in (term.needs, term.unless) if condition]
        own = [(term.fact, term.value), (term.fact, term.negated)]
        yield f"Term {number}, “{term.phrase}”", [*own, *_doubted(term), *pairs_of(conditions)]

    for number, consequence in enumerate(lexicon.consequences, start=1):
        yields = (consequence.fact, consequence.value)
        named = [yields, *_doubted(consequence), *pairs_of([consequence.when])]
        yield f"Consequence {number}", named

    for number, row in enumerate(lexicon.record, start=1):
        yield f"Record {number}", [(row.fact, row.value)]


def _named_by_parts(lexicon: "Lexicon") -> Iterator[tuple[str, Pairs]]:
    """One that names a fact that is called otherwise by now would do nothing, in silence."""
    for part in ("opens", "free", "failures", "alone"):
        yield part, pairs_of(getattr(lexicon, part))
    for part in ("findings", "operative"):
        yield part, [(fact, "") for fact in getattr(lexicon, part)]
    for part in ("prevails", "succeeds"):
        yield part, _ranked(getattr(lexicon, part))
    if lexicon.site_fact:
        yield "site_fact", [(lexicon.site_fact, "")]


def pairs_of(conditions: Iterable[Condition]) -> Pairs:
    """Each fact that conditions ask for, with each value that they take."""
    pairs = []
    for condition in conditions:
        pairs += [(condition.fact, value) for value in sorted(condition.values)]
    return pairs


def _ranked(ranks: Ranks) -> Pairs:
    pairs = []
    for fact, ranked in ranks.items():
        for value, others in ranked.items():
            pairs += [(fact, own) for own in (value, *others)]
    return pairs


def _doubted(row: Term | Consequence) -> Pairs:
    return [(row.fact, value) for value in sorted(row.against - {SILENCE})]

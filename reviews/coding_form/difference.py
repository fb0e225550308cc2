"""Coder, second coder, rules, note and earlier rulings side by side, by fact: where they differ, and what that is.

The smallest set of answers that explains a difference is what the coder's code would need to be otherwise
(``coding.decision.needs``); each of its facts is of one nature.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from django.db.models import Prefetch, prefetch_related_objects

from coding.decision import Change, Facts, FactValue, RuleTable, explain, facts_from_data, needs
from coding.decision.facts import FactDefinition, Silence
from coding.models import Answer, LexiconDocument, Precedent, Service, Suggestion
from coding.rules import rulebook, suggesting
from coding.rules.note_reading import NoteReading, Stale
from coding.signing.content import answer_content
from coding.signing.shown import ShownSignature, signatures_of
from reviews.coding_form.evidence import stale_answers_of, version_read_with
from reviews.models import CodingDecision, ReviewCase, SecondCoding

NOT_ASKED = "not asked"


class Nature(Enum):
    """What a difference in an answer is about."""

    READING = "reading"
    DOCUMENTATION = "documentation"
    RULE = "rule"
    OVERRIDE = "override"


MEANS = {
    Nature.READING: "The note can be read in two ways, or was read wrongly.",
    Nature.DOCUMENTATION: "The note does not say it, or says two things.",
    Nature.RULE: "The note bears the answer: what is in dispute is what the rules make of it.",
    Nature.OVERRIDE: "The answer was kept against the note, with a reason.",
}


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact: what each side says of it in words, empty where it says nothing.

    ``needed`` is what the coder's code would need; with it, or where sides differ, the row has a ``nature``.
    """

    fact: str
    label: str
    coder: str
    second: str
    note: str
    earlier: str
    needed: Change | None
    decides: bool
    nature: Nature | None
    given: Answer | None
    signatures: list[ShownSignature]
    is_stale: bool
    is_contradicted: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The facts in which sides differ, and those in which all agree; ``explains`` are those that explain the codes.

    Without any the difference is one of rules alone: no answer leads to the coder's code, or the modifiers differ.
    """

    rows: list[FactRow]
    agreed: list[FactRow]
    explains: list[FactRow]
    rules_alone: bool
    has_second: bool
    has_note: bool
    has_earlier: bool

    @property
    def natures(self) -> list[tuple[str, str]]:
        """The natures of the differences, each once, and what they mean."""
        natures = dict.fromkeys(row.nature for row in self.rows if row.nature)
        return [(nature.value, MEANS[nature]) for nature in natures]


@dataclass(frozen=True, slots=True)
class Sides:
    """What each side says, by fact."""

    answers: Mapping[str, Answer]
    facts: Facts
    second: Facts
    reading: NoteReading
    stale: Mapping[str, Stale]
    precedents: Collection[Precedent]
    needed: Mapping[str, Change]
    deciding: Collection[str]


def differing_facts(case: ReviewCase) -> frozenset[str]:
    """The smallest set of facts in which the answers differ from what the coder's code would need."""
    if case.suggestion is None:
        return frozenset()
    table = rulebook.table_of(case.suggestion.document)
    facts = facts_from_data(table.facts, case.suggestion.profile.facts)
    return frozenset(needed_for(table, facts, case.decision.code))


def needed_for(table: RuleTable, facts: Facts, code: str) -> dict[str, Change]:
    """What a code would need, by fact; nothing where the coder decided no code: there is none to lead to."""
    if not code:
        return {}
    return {need.fact: need for need in needs(table, facts, code)}


def compare(
    case: ReviewCase, second: SecondCoding | None, precedents: Collection[Precedent]
) -> Comparison | None:
    """The sides of a case; None where no rule set judges."""
    if case.suggestion is None:
        return None
    table = rulebook.table_of(case.suggestion.document)
    sides = _sides(case, case.suggestion, second, precedents)
    signatures = _signatures(sides.answers.values())

    spoken_of = sides.facts.keys() | sides.needed.keys() | sides.second.keys()
    definitions = [fact for fact in table.facts if fact.key in spoken_of]
    rows, agreed = [], []
    for definition in definitions:
        row = row_of(definition, sides, signatures)
        if row.nature or row.is_stale:
            rows.append(row)
        else:
            agreed.append(row)

    return Comparison(
        rows=rows,
        agreed=agreed,
        explains=[row for row in rows if row.needed],
        rules_alone=not sides.needed and _differs(case.decision, case.suggestion),
        has_second=bool(sides.second),
        has_note=sides.reading.lexicon is not None,
        has_earlier=any(row.earlier for row in (*rows, *agreed)),
    )


def _differs(decision: CodingDecision, suggestion: Suggestion) -> bool:
    return bool(decision.code) and decision.reported != suggestion.reported


def _sides(
    case: ReviewCase,
    suggestion: Suggestion,
    second: SecondCoding | None,
    held: Collection[Precedent],
) -> Sides:
    table = rulebook.table_of(suggestion.document)
    answers = rulebook.current_answers(case.service)
    facts = rulebook.facts_of(answers, table)
    explanation = explain(table, facts, suggesting.decision_of(suggestion))
    return Sides(
        answers=answers,
        facts=facts,
        second=_facts_of_second(table, second),
        reading=_reading_of(case.service),
        stale=stale_answers_of(case.service),
        precedents=held,
        needed=needed_for(table, facts, case.decision.code),
        deciding={answer.fact for answer in explanation.deciding},
    )


def _reading_of(service: Service) -> NoteReading:
    """The note as the service's version reads it; unread where no version does."""
    version, note = version_read_with(service), service.encounter.note
    return NoteReading.of(version, note) if version else NoteReading(note)


def _facts_of_second(table: RuleTable, second: SecondCoding | None) -> Facts:
    """What a second coder answered, without the facts that the table does not have."""
    if second is None or second.profile is None:
        return {}
    answered = second.profile.facts.items()
    known = {key: value for key, value in answered if key in table.fact_by_key}
    return facts_from_data(table.facts, known)


def row_of(
    definition: FactDefinition, sides: Sides, signatures: Mapping[int, list[ShownSignature]]
) -> FactRow:
    key = definition.key
    given = sides.answers.get(key)
    stale = sides.stale.get(key)
    return FactRow(
        fact=key,
        label=definition.label,
        coder=_words(definition, sides.facts.get(key)) or NOT_ASKED,
        second=_words(definition, sides.second.get(key)),
        note=_words(definition, _of_note(definition, sides.reading)),
        earlier=", ".join(_earlier_rulings(definition, sides.precedents)),
        needed=sides.needed.get(key),
        decides=key in sides.deciding,
        nature=nature_of(definition, sides),
        given=given,
        signatures=list(signatures.get(given.pk, [])) if given else [],
        is_stale=stale is not None,
        is_contradicted=stale is not None and stale.contradicted,
    )


def _earlier_rulings(
    definition: FactDefinition, precedents: Collection[Precedent]
) -> Iterator[str]:
    """The precedents that rest on an answer to the fact, each with that answer in words."""
    key = definition.key
    for precedent in precedents:
        if key in precedent.deciding:
            answers = facts_from_data([definition], {key: precedent.deciding[key]})
            yield f"{precedent.name}: {_words(definition, answers.get(key))}"


def _words(definition: FactDefinition, answer: FactValue | None) -> str:
    return definition.describe(answer) if answer is not None else ""


def _of_note(definition: FactDefinition, reading: NoteReading) -> FactValue | None:
    """What the note says of a fact, if it is read and says anything."""
    proposal = reading.proposals.get(definition.key)
    return definition.answer_from_text(proposal.text()) if proposal else None


def nature_of(definition: FactDefinition, sides: Sides) -> Nature | None:
    """Of what nature the difference in a fact is; None where nobody differs."""
    key = definition.key
    given = sides.answers.get(key)
    if given is not None and given.reason:
        return Nature.OVERRIDE

    answer = sides.facts.get(key)
    second = sides.second.get(key)
    note = _of_note(definition, sides.reading)
    coders_differ = second is not None and second != answer
    note_differs = note is not None and answer is not None and note != answer
    readings_differ = coders_differ or note_differs
    if key not in sides.needed and not readings_differ:
        return None
    if isinstance(answer, Silence) or isinstance(second, Silence):
        return Nature.DOCUMENTATION
    if readings_differ:
        return Nature.READING
    return _nature_of_undisputed(given, answer, note, sides.reading)


def _nature_of_undisputed(
    given: Answer | None, answer: FactValue | None, note: FactValue | None, reading: NoteReading
) -> Nature:
    """Of what nature a difference is about an answer that nobody contradicts, but the code would need otherwise."""
    has_passages = given is not None and bool(given.passages)
    if note is not None or has_passages:
        return Nature.RULE
    is_read_by_coder_alone = answer is not None and reading.lexicon is None
    return Nature.READING if is_read_by_coder_alone else Nature.DOCUMENTATION


def _signatures(answers: Iterable[Answer]) -> dict[int, list[ShownSignature]]:
    """The signatures under answers that were kept against the note, by the answers' ids."""
    kept = [answer for answer in answers if answer.reason]
    # A lexicon is large; its hash is enough.
    prefetch_related_objects(kept, Prefetch("lexicon", LexiconDocument.objects.defer("document")))
    return signatures_of(kept, answer_content)

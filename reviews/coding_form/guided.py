"""Everything that the guided form shows, read from a service's answers and the version of its round."""

from dataclasses import dataclass

from coding.actions.errors import Conflict, NoRules
from coding.decision import (
    Change,
    Derived,
    Explanation,
    FactDefinition,
    Facts,
    Flip,
    Group,
    Guidance,
    Outcome,
    OutcomeKind,
    RuleTable,
    WhyNot,
    content_hash,
    derived_values,
    diagnoses_for,
    explain,
    facts_to_data,
    flips,
    guide,
    needs_by_code,
    why_not,
)
from coding.models import Answer, Encounter, RuleSetVersion, Service, Suggestion
from coding.rules import layers, rulebook, suggesting
from coding.rules.note_reading import NoteReading, Passage
from coding.views.marks import Mark, Segment, marks_of, segments
from reviews.coding_form.given import answers_of
from reviews.coding_form.group_rows import groups_of


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer with its question and who gave it."""

    definition: FactDefinition
    words: str
    answer: Answer
    matters: bool
    # The group whose rows give it, or in whose rows it stands.
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class ProposedAnswer:
    """What the note says of a fact, in words and as forms write it, with the passages that say so."""

    definition: FactDefinition
    words: str
    text: str
    passages: list[Passage]
    conflicting: bool
    firm: bool


@dataclass(frozen=True, slots=True)
class ToldTreatment:
    """One of several treatments that the note tells: its side in words, or nothing, and the passages."""

    side: str
    passages: list[Passage]


@dataclass(frozen=True, slots=True)
class OtherCode:
    """A code that did not apply, and what would have to be different for it."""

    code: str
    needs: tuple[Change, ...]


# A code that differs in more answers than this is no neighbour of the suggestion.
NEIGHBOUR_ANSWERS = 2


@dataclass(frozen=True, slots=True)
class GuidedForm:
    """Where the coding of a service stands. ``suggestion`` and ``explanation`` come together, at the end.

    ``given`` are the answers that nobody was asked for, ``derived`` the values that follow from answers.

    The suggestion may not be stored yet: reading a form writes nothing. ``seen`` tells whether it is still the one
    that was on the page.
    """

    service: Service
    version: RuleSetVersion
    table: RuleTable
    facts: Facts
    answers: list[GivenAnswer]
    given: list[GivenAnswer]
    derived: tuple[Derived, ...]
    guidance: Guidance
    suggestion: Suggestion | None
    explanation: Explanation | None
    reading: NoteReading

    @property
    def encounter(self) -> Encounter:
        """What is coded from."""
        return self.service.encounter

    @property
    def seen(self) -> str:
        """What the suggestion rests on: the facts and the rules, in short."""
        return seen(self.table, self.facts)

    def is_asked(self, fact: str) -> bool:
        """Whether a coder is asked for a fact."""
        return self.table.fact_by_key[fact].is_asked

    @property
    def questions(self) -> list[FactDefinition]:
        """The facts that still matter and that a coder is asked for, in the order in which they are asked."""
        still_open = [self.table.fact_by_key[fact] for fact in self.guidance.open_facts]
        return [definition for definition in still_open if definition.is_asked]

    def proposed(self, fact: str) -> ProposedAnswer | None:
        """What the note says of a fact, for the coder to confirm."""
        proposal = self.reading.proposals.get(fact)
        definition = self.table.fact_by_key.get(fact)
        if proposal is None or definition is None:
            return None
        text = proposal.text()
        answer = definition.answer_from_text(text)
        if answer is None:
            return None
        return ProposedAnswer(
            definition,
            words=definition.describe(answer),
            text=text,
            passages=self.reading.passages(proposal.passages),
            conflicting=proposal.conflicting,
            firm=proposal.firm,
        )

    @property
    def proposals(self) -> list[ProposedAnswer]:
        """What the note says of the open questions."""
        proposals = [self.proposed(definition.key) for definition in self.questions]
        return [proposal for proposal in proposals if proposal is not None]

    @property
    def treatments(self) -> list[ToldTreatment]:
        """The treatments of a note that tells several; each is a service of its own."""
        words = self._sides_in_words()
        treatments = []
        for treatment in self.reading.treatments:
            passages = self.reading.passages(treatment.acts)
            treatments.append(ToldTreatment(words.get(treatment.site, ""), passages))
        return treatments

    def _sides_in_words(self) -> dict[str, str]:
        """The sides that the lexicon tells apart, by their values; none where its rule set has no sides."""
        lexicon = self.reading.lexicon
        sides = self.table.fact_by_key.get(lexicon.site_fact) if lexicon else None
        if sides is None:
            return {}
        return {choice.value: choice.label for choice in sides.choices}

    def segments(self, asked: str = "") -> list[Segment]:
        """The note with the passages marked that the answers rest on, and those that speak of what is open."""
        marks: list[Mark] = []
        for given in self.answers:
            # The places of an answer on an earlier text say nothing of this one.
            if given.answer.revision == self.encounter.revision:
                words = f"{given.definition.label}: {given.words}"
                marks += marks_of(given.answer.passages, words, now=given.matters)
        for proposal in self.proposals:
            words = f"{proposal.definition.label}: {proposal.words}"
            is_asked = proposal.definition.key == asked
            for passage in proposal.passages:
                marks.append(Mark(passage.start, passage.end, words, is_asked))
        return list(segments(self.encounter.note, marks))

    @property
    def possible_codes(self) -> list[str]:
        """The codes that are still possible, each once, in the rules' order."""
        with_code = [
            outcome.code for outcome in self.guidance.outcomes if outcome.kind is OutcomeKind.CODE
        ]
        return list(dict.fromkeys(with_code))

    @property
    def possible_without_code(self) -> list[str]:
        """The other ways in which it can still end, each once."""
        kinds = dict.fromkeys(outcome.kind for outcome in self.guidance.outcomes)
        return [OUTCOME_WORDS[kind] for kind in kinds if kind is not OutcomeKind.CODE]

    def group_of(self, fact: str) -> Group | None:
        """The group whose rows answer a fact; None where no rows do."""
        groups = groups_of(self.table, fact)
        return groups[0] if groups else None

    @property
    def outcome(self) -> Outcome | None:
        """What the rules yield, with further lines and the rule sets that it names; None while it is open."""
        return suggesting.decision_of(self.suggestion).outcome if self.suggestion else None

    @property
    def diagnoses(self) -> tuple[str, ...]:
        """The diagnosis codes that support the suggestion."""
        return diagnoses_for(self.table, self.facts)

    @property
    def other_codes(self) -> list[OtherCode]:
        """The neighbours of the suggestion: codes that one or two other answers would have made it, nearest first."""
        neighbours = []
        needs = needs_by_code(self.table, self.facts, self.table.family)
        for code, changes in needs.items():
            if 1 <= len(changes) <= NEIGHBOUR_ANSWERS:
                neighbours.append(OtherCode(code, changes))
        return sorted(neighbours, key=_answers_away)

    @property
    def flips(self) -> tuple[Flip, ...]:
        """Every single answer that would give another outcome; if there is none, every pair."""
        return flips(self.table, self.facts)

    @property
    def excluded_codes(self) -> list[tuple[str, tuple[WhyNot, ...]]]:
        """The codes of the family that were not suggested, each with what excluded its rules."""
        suggested = self.suggestion.code if self.suggestion else ""
        others = [code for code in self.table.family if code != suggested]
        return [(code, why_not(self.table, self.facts, code)) for code in others]


def _answers_away(other: OtherCode) -> int:
    return len(other.needs)


OUTCOME_WORDS = {
    OutcomeKind.PROVIDER_QUERY: "Provider query",
    OutcomeKind.SUPERVISOR_REVIEW: "Supervisor review",
    OutcomeKind.NO_FAMILY_CODE: "No code of the family",
}


def seen(table: RuleTable, facts: Facts) -> str:
    """Equal if and only if facts and rules are: what a person decided on is what lies there now."""
    return content_hash([table.content_hash, facts_to_data(facts)])


def version_of(service: Service) -> RuleSetVersion:
    """The version that a round keeps from its first answer, or the one in force on the day of service."""
    version = service.version or in_force(service)
    if version is None:
        raise NoRules(
            f"No version of the rules is in force on {service.day}. Ask a rule approver to publish one."
        )
    return version


def in_force(service: Service) -> RuleSetVersion | None:
    """The version that a new round of the service would begin with."""
    if service.rule_set is None:
        raise Conflict("No rule set codes this line: nothing is asked of it. Reload the page.")
    return layers.in_force(service)


def guided_form(service: Service, version: RuleSetVersion) -> GuidedForm:
    """Read the answers and the note, and ask the core what they leave open."""
    table = table_of(version)
    reading = NoteReading.of(version, service.encounter.note)
    return form_of(service, version, answers_of(service, table, reading), reading)


def table_of(version: RuleSetVersion) -> RuleTable:
    """The rule table of a version that can decide."""
    if version.document is None:
        raise ValueError("Only a version with a document asks questions.")
    return rulebook.table_of(version.document)


def form_of(
    service: Service,
    version: RuleSetVersion,
    answers: dict[str, Answer],
    reading: NoteReading,
    guidance: Guidance | None = None,
) -> GuidedForm:
    """The form for answers and a note that were read already, and perhaps guided by."""
    table = table_of(version)
    facts = rulebook.facts_of(answers, table)
    if guidance is None:
        guidance = guide(table, facts)

    suggestion, explanation = None, None
    if guidance.next_question is None:
        as_stored = all(answer.pk for answer in answers.values())
        suggestion = _suggestion(service, version, facts, as_stored=as_stored)
    if suggestion is not None:
        explanation = explain(table, facts, suggesting.decision_of(suggestion))

    all_answers = _given_answers(table, facts, answers, explanation)
    return GuidedForm(
        service=service,
        version=version,
        table=table,
        facts=facts,
        answers=[answer for answer in all_answers if answer.definition.is_asked],
        given=[answer for answer in all_answers if not answer.definition.is_asked],
        derived=derived_values(table, facts),
        guidance=guidance,
        suggestion=suggestion,
        explanation=explanation,
        reading=reading,
    )


def _given_answers(
    table: RuleTable, facts: Facts, answers: dict[str, Answer], explanation: Explanation | None
) -> list[GivenAnswer]:
    """All answers in the order of the facts, with whether each decides and the group of rows that gave it."""
    in_rows = _groups_of_rows(table, answers)
    deciding = {answer.fact for answer in explanation.deciding} if explanation else set()
    given = []
    for definition in table.facts:
        key = definition.key
        if key not in facts:
            continue
        answer = GivenAnswer(
            definition,
            words=definition.describe(facts[key]),
            answer=answers[key],
            matters=key in deciding,
            group=in_rows.get(key),
        )
        given.append(answer)
    return given


def _groups_of_rows(table: RuleTable, answers: dict[str, Answer]) -> dict[str, Group]:
    """The groups in whose rows answers stand, by the answers' facts."""
    groups: dict[str, Group] = {}
    for fact in answers:
        for group in groups_of(table, fact):
            number = answers.get(group.fact)
            if number is not None and number.rows:
                groups[fact] = group
    return groups


def _suggestion(
    service: Service, version: RuleSetVersion, facts: Facts, *, as_stored: bool
) -> Suggestion | None:
    """What was stored with the last answer, if all is the same still; otherwise made now and not stored."""
    stored = service.suggestion
    if stored is not None and stored.document_id == version.document_id and as_stored:
        return stored
    if version.document is None:
        return None
    return suggesting.passing_suggestion(facts, version.document)

"""A note or a sentence of one: what it says, where it ends, what still decides, why not the neighbour."""

from collections.abc import Iterable, Iterator, Sequence

from coding.ask.answer import Answer, Cite, Line, Section, section
from coding.ask.knowledge import Family, Knowledge
from coding.ask.question import Question
from coding.decision import (
    NOT_DOCUMENTED,
    Change,
    Decision,
    DecisionError,
    Facts,
    FactValue,
    Outcome,
    OutcomeKind,
    RuleTable,
    decide,
    explain,
    flips,
    guide,
    needs_by_code,
    possible_outcomes,
    short_names,
)
from coding.evidence import (
    Lexicon,
    Reading,
    Span,
    certain_answers,
    doubts,
    read,
    sentences,
    treatments,
)

NAME = "a note"
WORDS = ("note", "patient", "left", "right", "treated")
MOST_NEIGHBOURS, MOST_FLIPS, MOST_QUESTIONS = 3, 8, 6


def example(codes: tuple[str, ...]) -> str:
    return "paste a note, or a sentence of one"


def answer(question: Question, knowledge: Knowledge) -> Answer | None:
    """For each rule set that the note opens; None if it opens none."""
    sections: list[Section] = []
    ends: list[str] = []
    split = tuple(sentences(question.text))
    for family in knowledge.families:
        if family.lexicon is None:
            continue
        reading = read(family.lexicon, question.text, split)
        if reading.opens and reading.proposals:
            end, own = _of_family(family, family.lexicon, reading, question.text)
            ends.append(end)
            sections += own
    if not sections:
        return None
    return Answer(NAME, "; ".join(ends), tuple(sections))


def _of_family(
    family: Family, lexicon: Lexicon, reading: Reading, text: str
) -> tuple[str, list[Section]]:
    """How the note ends in a family, in short, and the sections that tell it."""
    table = family.table
    name = table.name
    says = section(f"{name}: what the note says", _says(family, lexicon, reading, text))
    try:
        facts = _certain_facts(table, lexicon, reading)
        decision = decide(table, facts)
        if decision.outcome is None:
            ending = _open(family, facts)
        else:
            ending = _decided(family, facts, decision, decision.outcome)
        end = _end(table, facts, decision)
        neighbours = list(_neighbours(family, facts, decision))
    except DecisionError as error:
        undecided = section(f"{name}: undecided", [Line(str(error), (family.whole,))])
        return f"{name}: undecided", [*says, *undecided]

    beside = section(f"{name}: why not a neighbour, and what would flip it", neighbours)
    return f"{name}: {end}", [*says, *ending, *beside]


def _facts(table: RuleTable, reading: Reading) -> Facts:
    """The answers that the note gives; what it does not speak of is left open."""
    facts: dict[str, FactValue] = {}
    for key, proposal in reading.proposals.items():
        value = table.fact_by_key[key].answer_from_text(proposal.text())
        if value is not None and not table.fact_by_key[key].derived:
            facts[key] = value
    return facts


def _certain_facts(table: RuleTable, lexicon: Lexicon, reading: Reading) -> Facts:
    """The answers that the note gives; where a code followed from them, without those that are uncertain."""

    def gives_code(facts: Facts) -> bool:
        outcome = decide(table, facts).outcome
        if outcome is None:
            outcome = decide(table, _silent(table, facts)).outcome
        return outcome is not None and outcome.kind is OutcomeKind.CODE

    return certain_answers(lexicon, reading, _facts(table, reading), gives_code)


def _end(table: RuleTable, facts: Facts, decision: Decision) -> str:
    if decision.outcome:
        return decision.outcome.name
    if_silent = decide(table, _silent(table, facts)).outcome
    if if_silent is None:
        return "still open"
    return f"still open, {if_silent.name} if the note stays silent"


def _silent(table: RuleTable, facts: Facts) -> Facts:
    """The answers, with *not documented* for all that is open, as the note alone stands."""
    answered = [fact.key for fact in table.facts if not fact.derived]
    return {**dict.fromkeys(answered, NOT_DOCUMENTED), **facts}


def _says(family: Family, lexicon: Lexicon, reading: Reading, text: str) -> Iterator[Line]:
    several = treatments(lexicon, reading.statements)
    if len(several) > 1:
        text_of_several = f"It tells {len(several)} treatments: each is a service of its own."
        yield Line(text_of_several, (family.whole,))

    unexplained = doubts(lexicon, reading)
    if unexplained:
        doubt = "No code is safe from this note alone: these passages may tell more than was read."
        yield Line(doubt, _quotes(text, unexplained))

    for key, proposal in reading.proposals.items():
        fact = family.table.fact_by_key[key]
        value = fact.answer_from_text(proposal.text())
        words = fact.describe(value) if value else "nothing"
        spans = dict.fromkeys(passage.with_denial for passage in proposal.passages)
        rests_on = _quotes(text, spans) or (family.whole,)
        yield Line(f"{fact.label}: {words}", rests_on)


def _quotes(text: str, spans: Iterable[Span]) -> tuple[Cite, ...]:
    cites = []
    for span in spans:
        quoted = text[span.start : span.end]
        cites.append(Cite(f"“{quoted}”"))
    return tuple(cites)


def _decided(
    family: Family, facts: Facts, decision: Decision, outcome: Outcome
) -> tuple[Section, ...]:
    """The outcome with its rule, and the answers that it rests on."""
    table = family.table
    why = explain(table, facts, decision)
    deciding = "; ".join(f"{fact.label}: {fact.answer}" for fact in why.deciding)
    lines = [
        Line(f"{outcome.name}: {outcome.message}", (family.rule(decision.rule_id),)),
        Line(f"Because of {deciding}.", (Cite(why.basis),)),
    ]
    return section(f"{table.name}: the outcome", lines)


def _open(family: Family, facts: Facts) -> tuple[Section, ...]:
    """The questions that still decide, the next one first; and where it ends if the note stays silent."""
    table = family.table
    guidance = guide(table, facts)
    still_open = [table.fact_by_key[key] for key in guidance.open_facts]
    asked = [fact for fact in still_open if fact.is_asked]
    if guidance.next_question:
        # The sort is stable: the others stay in the table's order.
        asked.sort(key=lambda fact: fact is not guidance.next_question)

    lines = []
    for fact in asked[:MOST_QUESTIONS]:
        lines.append(Line(f"{fact.label}: {fact.question}", (family.whole,)))
    for fact in guidance.waits_for:
        lines.append(Line(f"{fact.label}: given by {fact.source.value}", (family.whole,)))
    possible = ", ".join(short_names(guidance.outcomes))
    lines.append(Line(f"Still possible: {possible}.", (family.whole,)))

    stays = []
    if_silent = decide(table, _silent(table, facts))
    outcome = if_silent.outcome
    if outcome:
        rule = family.rule(if_silent.rule_id)
        stays.append(Line(f"{outcome.name}: {outcome.message}", (rule,)))

    return (
        *section(f"{table.name}: what still decides", lines),
        *section(f"{table.name}: if the note stays silent on all that", stays),
    )


def _neighbours(family: Family, facts: Facts, decision: Decision) -> Iterator[Line]:
    """The codes that the fewest changed answers would give, then single answers that would change the end."""
    table = family.table
    own = decision.outcome.code if decision.outcome else ""
    possible = {outcome.code for outcome in possible_outcomes(table, facts)}
    with_silence = _silent(table, facts)

    others = [code for code in table.family if code != own and code not in possible]
    changes_by_code: dict[str, Sequence[Change]] = {}
    for code, changes in needs_by_code(table, with_silence, others).items():
        if changes:
            changes_by_code[code] = changes
    nearest = sorted(changes_by_code, key=lambda code: len(changes_by_code[code]))
    for code in nearest[:MOST_NEIGHBOURS]:
        words = _in_words(changes_by_code[code])
        yield Line(f"{code} would need {words}.", family.rules_of(code))

    if decision.outcome is None:
        return
    to_others = [flip for flip in flips(table, facts) if own not in short_names(flip.outcomes)]
    for flip in to_others[:MOST_FLIPS]:
        ends = ", ".join(short_names(flip.outcomes))
        text = f"With {_in_words(flip.changes)}: {ends}."
        yield Line(text, family.rules_with(flip.outcomes))


def _in_words(changes: Sequence[Change]) -> str:
    phrases = [f"{change.label}: {change.needed} (it is: {change.given})" for change in changes]
    return " and ".join(phrases)

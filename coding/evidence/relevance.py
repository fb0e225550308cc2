"""What counts of the statements of a note.

What is said as certain, of this patient, of this encounter (or of what lasts into it), of the part of the body that the
rule set treats and of the side that was treated. What an addendum corrects stands alone; an attempt that another
succeeded keeps its circumstances to itself. A term with a condition counts only where what the terms without
conditions say meets it.
"""

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from coding.evidence.lexicon import Lexicon
from coding.evidence.proposals import proposal_of, strongest_of_each_fact
from coding.evidence.statements import (
    AFFIRMED,
    ALL_SITES,
    OTHER_SITE,
    Condition,
    Statement,
    Strength,
)
from coding.evidence.terms import Consequence


def relevant(lexicon: Lexicon, counted: Iterable[Statement]) -> list[Statement]:
    """Of the statements that count by themselves those that count: see above. They may still differ in strength."""
    counted = _corrected(counted)
    site = _treated_site(lexicon, _parted(counted).firm)
    about_site = [statement for statement in counted if _is_about(statement, site, lexicon)]
    about_site = _of_what_succeeded(lexicon, about_site)
    about_site = _as_fields_say(lexicon, about_site)
    firm, conditional = _parted(about_site)
    firm += _all_consequences(firm, lexicon)
    return [*firm, *_with_conditions_met(conditional, firm)]


def _corrected(statements: Iterable[Statement]) -> list[Statement]:
    """The statements without those on a fact that a correction speaks of."""
    statements = list(statements)
    corrected = {
        statement.fact
        for statement in statements
        if statement.strength is Strength.CORRECTION
        and not statement.needs
        and (statement.asserts or (statement.value and statement.denies))
    }
    return [
        statement
        for statement in statements
        if statement.fact not in corrected or statement.strength is Strength.CORRECTION
    ]


def _treated_site(lexicon: Lexicon, statements: Sequence[Statement]) -> str:
    """The place treated, or nothing if the note is silent or divided on it."""
    about_place = [statement for statement in statements if statement.fact == lexicon.site_fact]
    proposal = proposal_of(lexicon.site_fact, about_place, lexicon)
    if proposal is None or proposal.value is None:
        return ""
    # Where an addendum corrects the side, the note before it names the wrong one.
    corrected = proposal.passages[0].strength is Strength.CORRECTION
    return "" if corrected else proposal.value


def _is_about(statement: Statement, site: str, lexicon: Lexicon) -> bool:
    """Whether a passage may be about the place treated: it names no other one.

    What was done to another place may make doubtful where this service stands in the course of treatment.
    """
    doubts_course = statement.fact in lexicon.course_facts and not statement.value
    if statement.fact == lexicon.site_fact or doubts_course:
        return True
    if site not in lexicon.sites:
        return statement.site != OTHER_SITE
    return statement.site in ("", ALL_SITES, site)


def _of_what_succeeded(lexicon: Lexicon, statements: list[Statement]) -> list[Statement]:
    """The statements without the circumstances of an attempt that another succeeded: it had its own sedation."""
    gone: set[int] = set()
    for fact, successes in lexicon.succeeds.items():
        asserting = [
            statement for statement in statements if statement.fact == fact and statement.asserts
        ]
        if not asserting:
            continue
        last = max(asserting, key=attrgetter("span")).asserts
        if (fact, last) in lexicon.failed_values:
            # It is how the act before it ended, under the same circumstances.
            continue
        overtaken = successes.get(last or "", ())
        gone |= {statement.sentence for statement in asserting if statement.asserts in overtaken}
        gone -= {statement.sentence for statement in asserting if statement.asserts == last}
    return [
        statement
        for statement in statements
        if statement.titular
        or statement.fact not in lexicon.operative
        or statement.sentence not in gone
    ]


def _as_fields_say(lexicon: Lexicon, statements: list[Statement]) -> list[Statement]:
    """The statements without what is told, before the field of a circumstance, of that circumstance.

    An operation's report begins with how its patient came: what the stories above “Anesthesia: spinal” say of
    anesthesia was another time. What is told behind the field may be how it went on.
    """
    begins: dict[str, int] = {}
    for fact in lexicon.circumstances:
        fields = [each for each in statements if each.fact == fact and _fills_a_field(each)]
        if len({field.asserts for field in fields}) == 1:
            begins[fact] = min(field.sentence for field in fields)
    return [each for each in statements if each.sentence >= begins.get(each.fact, 0)]


def _fills_a_field(statement: Statement) -> bool:
    is_plain = statement.strength > Strength.HINT and not (statement.needs or statement.unless)
    return statement.titular and bool(statement.asserts) and is_plain


class _Parted(NamedTuple):
    """Statements that stand by themselves, and those that hang on what else is said."""

    firm: list[Statement]
    conditional: list[Statement]


def _parted(statements: Iterable[Statement]) -> _Parted:
    parted = _Parted([], [])
    for statement in statements:
        is_conditional = statement.needs or statement.unless
        (parted.conditional if is_conditional else parted.firm).append(statement)
    return parted


def _all_consequences(statements: Iterable[Statement], lexicon: Lexicon) -> list[Statement]:
    """What follows from the strongest statements on each fact."""
    implied: list[Statement] = []
    for statement in strongest_of_each_fact(statements):
        following = lexicon.follows.get((statement.fact, statement.asserts))
        if following:
            implied += _consequences(statement, following)
    return implied


def _consequences(statement: Statement, following: Iterable[Consequence]) -> Iterator[Statement]:
    """What follows from a statement, as hints by the same passage."""
    affirmed = statement.context._replace(polarity=AFFIRMED)
    for consequence in following:
        yield statement._replace(
            fact=consequence.fact,
            value=consequence.value,
            asserts=consequence.value or None,
            against=consequence.against,
            strength=Strength.HINT,
            context=affirmed,
        )


def _with_conditions_met(
    conditional: Iterable[Statement], firm: Iterable[Statement]
) -> list[Statement]:
    asserted = {(statement.fact, statement.asserts) for statement in firm if statement.asserts}
    return [statement for statement in conditional if _conditions_hold(statement, asserted)]


def _conditions_hold(statement: Statement, asserted: set[tuple[str, str]]) -> bool:
    """Whether what else is said meets a statement's conditions."""
    if statement.needs and not is_met(statement.needs, asserted):
        return False
    return not (statement.unless and is_met(statement.unless, asserted))


def is_met(condition: Condition, asserted: set[tuple[str, str]]) -> bool:
    """Whether one of the facts and values meets a condition."""
    return any((condition.fact, value) in asserted for value in condition.values)

"""What follows where a note tells of acts and of none that was done here and now.

They were planned, ordered, refused, cancelled, done earlier or by another: then nothing was treated.
"""

from collections.abc import Iterable, Mapping, Sequence

from coding.evidence.lexicon import Lexicon
from coding.evidence.lexicon_parts import Idle
from coding.evidence.proposals import Proposal
from coding.evidence.relevance import is_met
from coding.evidence.statements import (
    ENCOUNTER,
    NEGATED,
    OTHER_PART,
    OTHER_PERSON,
    POSSIBLE,
    WEIGHED,
    Condition,
    Statement,
)


def idleness(
    lexicon: Lexicon,
    statements: Sequence[Statement],
    counted: Sequence[Statement],
    proposals: Mapping[str, Proposal],
) -> dict[str, Proposal]:
    """What follows where a note tells of acts that were planned, refused, cancelled, earlier or another's alone.

    ``counted`` are those of the statements that count.
    """
    idle = lexicon.idle
    if idle is None:
        return {}
    if _tells_of_an_act(lexicon, idle, counted):
        return {}
    acts = _acts_left_undone(lexicon, idle, statements)
    if not acts or any(act.context.experiencer is OTHER_PERSON for act in acts):
        return {}
    following: dict[str, Proposal] = {}
    for condition in idle.then:
        if condition.fact in proposals:
            continue
        for value in condition.values:
            passage = acts[0]._replace(fact=condition.fact, asserts=value)
            following[condition.fact] = Proposal(condition.fact, value, (passage,))
    return following


def _tells_of_an_act(lexicon: Lexicon, idle: Idle, counted: Sequence[Statement]) -> bool:
    """Whether a note tells of an act that was done, of a sign of one, or says something else of one."""
    # What hangs on something else tells of no act by itself.
    done = {
        (statement.fact, statement.asserts)
        for statement in counted
        if statement.asserts and not statement.needs
    }
    if any(is_met(condition, done) for condition in (*idle.acts, *idle.signs)):
        return True
    return any(_leaves_an_act_open(lexicon, statement) for statement in counted)


def _acts_left_undone(
    lexicon: Lexicon, idle: Idle, statements: Iterable[Statement]
) -> list[Statement]:
    """The statements that name an act by themselves, and do not only ask for it."""
    by_itself = (statement for statement in statements if not _hangs_on_another(lexicon, statement))
    named = (statement for statement in by_itself if _names(statement, idle.acts))
    return [statement for statement in named if not _is_asked(statement)]


def _hangs_on_another(lexicon: Lexicon, statement: Statement) -> bool:
    """Whether a statement names an act only beside another, as “no sedation” does; how one failed it names itself."""
    return (
        statement.needs is not None
        and (statement.fact, statement.value) not in lexicon.failed_values
    )


def _is_asked(statement: Statement) -> bool:
    """Whether nothing more is said of it than that it may be so today."""
    context = statement.context
    return context.polarity in (POSSIBLE, WEIGHED) and context.time is ENCOUNTER


def _leaves_an_act_open(lexicon: Lexicon, statement: Statement) -> bool:
    """Whether a statement says something of an act, or asks for it, though it leaves open what."""
    is_denied = statement.context.polarity is NEGATED
    return not is_denied and statement.fact in lexicon.act_facts and not statement.value


def _names(statement: Statement, conditions: Iterable[Condition]) -> bool:
    """Whether a statement of this part of the body names what one of the conditions does, done or not."""
    if statement.about is OTHER_PART:
        return False
    return any(
        statement.fact == condition.fact
        and (not statement.value or statement.value in condition.values)
        for condition in conditions
    )

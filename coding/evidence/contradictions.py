"""Which passages of a note speak against an answer that somebody gave to a fact."""

from collections.abc import Iterable

from coding.evidence.lexicon import Lexicon
from coding.evidence.proposals import relevant
from coding.evidence.statements import Statement


def contradictions(lexicon: Lexicon, statements: Iterable[Statement], fact: str, answer: str) -> tuple[Statement, ...]:
    """The passages that count and say another value of the fact, or deny or doubt the one that was answered.

    ``answer`` is written as in case files; against ``unknown`` speaks whatever says a value. A value that prevails
    over what a passage says, as an open reduction does over the closed attempt before it, is not contradicted.
    """
    prevailed = lexicon.prevails.get(fact, {}).get(answer, ())
    agreeing = {None, answer, *prevailed}
    return tuple(
        one
        for one in relevant(lexicon, statements)
        if one.fact == fact and (one.asserts not in agreeing or one.doubts(answer) or _denies(one, answer))
    )


def _denies(statement: Statement, answer: str) -> bool:
    return statement.denies and statement.value == answer

"""Which passages of a note speak against an answer that somebody gave to a fact."""

from collections.abc import Iterable

from coding.evidence.lexicon import Lexicon
from coding.evidence.relevance import relevant
from coding.evidence.statements import Statement


def contradictions(
    lexicon: Lexicon, statements: Iterable[Statement], fact: str, answer: str
) -> tuple[Statement, ...]:
    """The passages that count and say another value of the fact, or deny or doubt the one that was answered.

    ``answer`` is written as in case files; against ``unknown`` speaks whatever says a value. A value that prevails
    over what a passage says, as an open reduction does over the closed attempt before it, is not contradicted.
    """
    prevailed = lexicon.prevails.get(fact, {}).get(answer, ())
    agreeing = {None, answer, *prevailed}

    def speaks_against(statement: Statement) -> bool:
        says_another = statement.asserts not in agreeing
        denies_it = statement.denies and statement.value == answer
        return says_another or denies_it or statement.doubts(answer)

    counted = [statement for statement in statements if statement.counts]
    about_fact = [statement for statement in relevant(lexicon, counted) if statement.fact == fact]
    return tuple(filter(speaks_against, about_fact))

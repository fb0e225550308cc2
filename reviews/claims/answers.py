"""What coders took over of the proposals for a claim."""

from collections.abc import Iterable, Sequence

from coding.claim import LineContent, TakenLine, take
from reviews.models import ProposalAnswer


def taken_of(contents: Sequence[LineContent], answers: Iterable[ProposalAnswer]) -> list[TakenLine]:
    """What lines become by the answers to proposals, oldest first, of which the latest to each counts."""
    latest = {answer.key: answer for answer in answers}
    taken = [answer.as_taken for answer in latest.values() if answer.taken]
    return take(contents, taken)

"""The blocks of a note, the lines between two blank ones: those of another part of the body than the rule set's."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat

from coding.evidence.body import ORGAN, PART, POSITION, Block, Mention
from coding.evidence.context import Surroundings
from coding.evidence.doubtful_words import doubtful_words
from coding.evidence.sections import Section
from coding.evidence.sentences import Sentence
from coding.evidence.statements import ENCOUNTER, OTHER_PART, OWN, PATIENT, UNSAID, About

# A sentence with its section and the parts that it names.
Named = tuple[Sentence, Section, Sequence[Mention]]


def blocks(read: Iterable[Named]) -> Iterator[Block]:
    """The block of each sentence.

    Beside a block that names the rule set's own part, one that names others alone is of another matter: a report that
    was put into the note. One that names none leaves it open.
    """
    in_blocks: list[list[Named]] = []
    for named in read:
        if named[0].after_blank or not in_blocks:
            in_blocks.append([])
        in_blocks[-1].append(named)
    abouts = [_parts_of(block) for block in in_blocks]
    is_named = any(OWN in about for about in abouts)
    for block, about in zip(in_blocks, abouts, strict=True):
        is_of_another = is_named and about and OWN not in about
        yield from repeat(_of_another(block) if is_of_another else Block(), len(block))


def _parts_of(block: Iterable[Named]) -> list[About]:
    """What the mentions of a block are of.

    As it was held, in passing as an organ, or in a field of a report, a part tells of the rule set's own alone.
    """
    return [
        mention.part.about
        for _, section, mentions in block
        for mention in mentions
        if mention.part.about is OWN or _is_matter(section, mention)
    ]


def _is_matter(section: Section, mention: Mention) -> bool:
    return not section.heading.field and mention.part.kind not in (POSITION, ORGAN)


def _of_another(block: Iterable[Named]) -> Block:
    """A block that names other parts alone: another story too where it tells of one today, and not as sound."""
    is_told = any(
        mention.part.kind is PART and _is_of_today(sentence, section, mention)
        for sentence, section, mentions in block
        for mention in mentions
    )
    return Block(OTHER_PART, OTHER_PART if is_told else UNSAID)


def _is_of_today(sentence: Sentence, section: Section, mention: Mention) -> bool:
    context = Surroundings(sentence, section).judge(mention.first, mention.after, finding=True)
    is_sound = bool(doubtful_words().sound.find(sentence))
    return context.time is ENCOUNTER and context.experiencer is PATIENT and not is_sound

"""From the text of a note to statements about facts."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import NamedTuple

from coding.evidence.blocks import blocks
from coding.evidence.body import PARTED, PARTING, POSITION, Bearings, Block, Whereabouts
from coding.evidence.context import Surroundings
from coding.evidence.doubtful_words import doubtful_words
from coding.evidence.gate import Told
from coding.evidence.lexicon import Lexicon
from coding.evidence.parts import correcting_sections, in_parts, is_reported, is_title
from coding.evidence.phrase_index import Occurrence
from coding.evidence.phrases import MOST_ELEMENTS
from coding.evidence.sections import Section
from coding.evidence.sentences import Sentence, sentences
from coding.evidence.sound import not_sound
from coding.evidence.statements import (
    ALL_SITES,
    OTHER_PART,
    OTHER_SITE,
    OWN,
    UNSAID,
    About,
    Statement,
    Strength,
    is_said,
)
from coding.evidence.terms import Term
from coding.evidence.vocabulary import Entry, Gate, Match, Site, Words

# How many words away a place of the body may be named that a passage is about.
SITE_REACH = 6
# What makes one term more specific than another: its length, its place, its silence, the words that it leaves open.
Rank = tuple[int, int, bool, int]
# Which match a word of a sentence belongs to; the strength of the term in whose gap it stands, if it does.
Owner = tuple[Rank, Strength | None]


class Extract(NamedTuple):
    """The statements of a note by their place, and what else it tells of what it is about."""

    statements: tuple[Statement, ...]
    gates: frozenset[Gate]
    told: Told


def extract(lexicon: Lexicon, note: str) -> tuple[Statement, ...]:
    """All statements of a note, by their place in it. The same lexicon and note always give the same ones."""
    return extract_all(lexicon, note, look_up(lexicon, note)).statements


class LookedUp(NamedTuple):
    """The sentences of a note, and the words of a lexicon in each."""

    sentences: Sequence[Sentence]
    words: Sequence[Words | None]

    @property
    def names_own(self) -> bool:
        """Whether the part of the body that the rule set treats is named anywhere, not as it was held alone."""
        return any(_names_own(words) for words in self.words if words)

    @property
    def may_open(self) -> bool:
        """Whether something may be said that opens the rule set; what is said of it is not judged yet."""
        return any(_may_open(words) for words in self.words if words)


def _names_own(words: Words) -> bool:
    parts = (mention.part for mention in words.mentions)
    return any(part.about is OWN and part.kind is not POSITION for part in parts)


def _may_open(words: Words) -> bool:
    return any(entry.opens for entry, _ in words.matches)


def look_up(lexicon: Lexicon, note: str, split: Sequence[Sentence] | None = None) -> LookedUp:
    """The sentences of a note, or ``split`` if they are known, with what stands in them; nothing is judged yet."""
    all_sentences = list(sentences(note)) if split is None else split
    return LookedUp(all_sentences, list(map(lexicon.vocabulary.find, all_sentences)))


def extract_all(lexicon: Lexicon, note: str, looked_up: LookedUp) -> Extract:
    """The statements of a note, and whether it tells of complaints or of another operation."""
    statements: list[Statement] = []
    corrections: list[Statement] = []
    gates: set[Gate] = set()
    words_of = looked_up.words
    read = list(in_parts(note, looked_up.sentences))
    correcting = correcting_sections(read)
    bearings = Bearings()
    mentions = [words.mentions if words else [] for words in words_of]
    of_blocks = list(blocks((*pair, named) for pair, named in zip(read, mentions, strict=True)))
    titles_are_firm = _tells_what_was_done(lexicon, read, of_blocks)
    sides = {site.name for words in words_of if words for site in words.sites}
    names_one_side = len(sides - {ALL_SITES, OTHER_SITE}) < 2
    # The plan that tells of something that was done.
    done_in: Section | None = None

    for number, ((sentence, section), words, of_block) in enumerate(
        zip(read, words_of, of_blocks, strict=True)
    ):
        topic = bearings.at(sentence, section, mentions[number])
        if words is None or not (words.matches or words.gates or words.mentions):
            # Nothing of it is judged.
            continue
        whereabouts = Whereabouts(sentence, words.mentions, topic=topic, block=of_block)
        reader = _Reader(
            lexicon,
            number,
            sentence,
            section,
            words,
            whereabouts,
            titles_are_firm=titles_are_firm,
            names_one_side=names_one_side,
            tells_done=section == done_in,
        )
        if section.heading.time == "plan" and reader.surroundings.tells_done:
            done_in = section
        # Few notes have a section that corrects; to look up a section takes longer than to ask for that.
        is_correcting = bool(correcting) and section in correcting
        of_its_kind = corrections if is_correcting else statements
        of_sentence = reader.statements()
        of_its_kind += of_sentence
        if whereabouts.names_another_alone and reader.tells_an_event(of_sentence):
            bearings.treated_another()
        gates.update(reader.gates())

    statements += _as_corrections(corrections)
    in_order = sorted(statements, key=attrgetter("span", "fact", "value"))
    return Extract(tuple(in_order), frozenset(gates), Told(read, mentions, bearings.tells_another))


def _tells_what_was_done(
    lexicon: Lexicon, read: Iterable[tuple[Sentence, Section]], of_blocks: Iterable[Block]
) -> bool:
    """Whether what the titles of a note name was done: it is reported as over, or told how it ended."""
    own = [
        pair for pair, block in zip(read, of_blocks, strict=True) if block.about is not OTHER_PART
    ]
    return is_reported(own) or _tells_a_result(lexicon, own)


def _tells_a_result(lexicon: Lexicon, read: Sequence[tuple[Sentence, Section]]) -> bool:
    """Whether a narrative of this visit, and no title, tells how an act ended: what the titles name was done."""
    if not any(section.heading.section == "procedure" for _, section in read):
        # There are no titles.
        return False
    for sentence, section in read:
        results = [] if section.heading.time else lexicon.result_index.find(sentence)
        if not results or is_title(sentence, section):
            continue
        surroundings = Surroundings(sentence, section)
        if any(
            is_said(surroundings.judge(first, after, gaps)) for first, _, after, gaps in results
        ):
            return True
    return False


class _Reader:
    """What is said in one sentence."""

    def __init__(
        self,
        lexicon: Lexicon,
        number: int,
        sentence: Sentence,
        section: Section,
        words: Words,
        whereabouts: Whereabouts,
        *,
        titles_are_firm: bool,
        names_one_side: bool,
        tells_done: bool,
    ) -> None:
        self.lexicon = lexicon
        self.names_one_side = names_one_side
        self.number = number
        self.sentence = sentence
        self.section = section
        self.words = words
        self.surroundings = Surroundings(sentence, section, tells_done=tells_done)
        self.whereabouts = whereabouts
        self.titular = is_title(sentence, section)
        self.weak = self.titular and section.heading.section == "procedure" and not titles_are_firm
        # The place that the sentence is about if it names one alone, or those among which the nearest is chosen.
        names = {site.name for site in words.sites}
        self.only_site = names.pop() if len(names) == 1 else ""
        self.sites = words.sites if names else []

    def statements(self) -> list[Statement]:
        """The statements, without those that a more specific one overlaps."""
        matches = _most_specific(self.words.matches, self.section.heading.section)
        return [self._statement(entry, occurrence) for entry, occurrence in matches]

    def gates(self) -> Iterator[Gate]:
        """What is said of another operation or of a complaint, as certain and of this visit."""
        for gate, (first, _, after, _) in self.words.gates:
            finding = gate is Gate.COMPLAINT
            if is_said(self.surroundings.judge(first, after, finding=finding)):
                yield gate

    def tells_an_event(self, said: Iterable[Statement]) -> bool:
        """Whether something happened today to another part: a statement says so, or general words do."""
        if any(
            statement.about is OTHER_PART
            and statement.fact in self.lexicon.event_facts
            and statement.asserts
            and statement.strength > Strength.HINT
            and is_said(statement.context)
            for statement in said
        ):
            return True
        happened = doubtful_words().happened.find(self.sentence)
        return any(
            is_said(self.surroundings.judge(first, after)) for first, _, after, _ in happened
        )

    def _statement(self, entry: Entry, occurrence: Occurrence) -> Statement:
        term = entry.term
        first, _, after, gaps = occurrence
        own_gaps = gaps if entry.names else ()
        context = self.surroundings.judge(first, after, own_gaps, finding=entry.finding)
        # By place: with names for fifteen fields it takes twice as long, of what is done for every statement.
        return Statement(
            self.sentence.span(first, after),
            term.fact,
            term.value,
            entry.asserts[context.polarity],
            context,
            self._strength(term, first, after),
            entry.holds,
            self.only_site
            or (_nearest_site(self.sentence.words, first, after, self.sites) if self.sites else ""),
            term.needs,
            term.unless,
            term.against,
            self._about(entry, first, after),
            not (self.weak and entry.act),
            self.number,
            self.titular,
            term.phrase,
        )

    def _strength(self, term: Term, first: int, after: int) -> Strength:
        """How much a term proves: of a place that is called sound, while another is named as well, little."""
        may_be_sound = term.fact == self.lexicon.site_fact and term.strength is Strength.HINT
        if not may_be_sound or self.names_one_side or self._tells_an_act:
            return term.strength
        told = self._not_sound
        is_told = bisect_left(told, first) < bisect_left(told, after)
        return Strength.HINT if is_told else Strength.CLUE

    @cached_property
    def _tells_an_act(self) -> bool:
        named = ((entry.term.fact, entry.term.value) for entry, _ in self.words.matches)
        return not self.lexicon.act_values.isdisjoint(named)

    @cached_property
    def _not_sound(self) -> list[int]:
        """Where the places are named that the sentence does not call sound, in order."""
        return [site.first for site in not_sound(self.lexicon, self.sentence, self.words.sites)]

    def _about(self, entry: Entry, first: int, after: int) -> About:
        """What part of the body a passage is about; of one that has to name its own and does not, another."""
        if self.lexicon.body is None:
            return UNSAID
        if entry.free:
            return self.whereabouts.story
        if entry.term.tied and not self.whereabouts.names_own:
            return OTHER_PART
        return self.whereabouts.about(first, after, organs=not entry.operative)


def _as_corrections(statements: Sequence[Statement]) -> Iterator[Statement]:
    """What addenda say that correct; beside what they say of a fact, what they only hint at corrects nothing."""
    highest: dict[str, Strength] = {}
    for statement in statements:
        if statement.asserts:
            known = highest.get(statement.fact, statement.strength)
            highest[statement.fact] = max(statement.strength, known)
    for statement in statements:
        is_outdone = statement.asserts and statement.strength < highest[statement.fact]
        yield statement if is_outdone else statement._replace(strength=Strength.CORRECTION)


def _most_specific(matches: Iterable[Match], section: str) -> list[Match]:
    """The terms that say something in a section, and overlap no longer one of the same fact."""
    by_fact: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        term = match[0].term
        if not term.section or term.section == section:
            by_fact[term.fact].append(match)
    specific: list[Match] = []
    for rivals in by_fact.values():
        unrivalled = _longest(rivals) if _overlap(rivals) else rivals
        specific += [match for match in unrivalled if match[0].speaks]
    return specific


def _overlap(matches: Iterable[Match]) -> bool:
    """Whether two of these, which are in the order of their places, share a word."""
    behind = 0
    for _, (first, _, after, _) in matches:
        if first < behind:
            return True
        behind = after
    return False


def _longest(rivals: Iterable[Match]) -> Iterator[Match]:
    """The terms of one fact that overlap no longer one.

    Of terms of the same words those are kept that name most of them, unless one says that they mean nothing. In the
    words that a term leaves open a stronger one is read as well.
    """
    owners: dict[int, Owner] = {}
    ranked = [(_rank(match), match) for match in rivals]
    ranked.sort(key=itemgetter(0))
    for rank, match in ranked:
        term = match[0].term
        first, _, after, gaps = match[1]
        words = range(first, after)
        is_free = owners.keys().isdisjoint(words)
        if is_free or _may_be_read(rank, term, words, owners):
            own, left_open = (rank, None), (rank, term.strength)
            for word in words:
                owners.setdefault(word, left_open if word in gaps else own)
            yield match


def _may_be_read(rank: Rank, term: Term, words: Iterable[int], owners: Mapping[int, Owner]) -> bool:
    """Whether a term may be read in words that are owned: by its equals, or left open by a weaker term."""
    for word in words:
        owner_rank, left_open_by = owners.get(word, (rank, None))
        if owner_rank == rank:
            continue
        if left_open_by is None or term.strength <= left_open_by:
            return False
    return True


def _rank(match: Match) -> Rank:
    entry, (first, _, after, gaps) = match
    return first - after, first, entry.speaks, len(gaps)


def _nearest_site(words: Sequence[str], first: int, after: int, sites: list[Site]) -> str:
    """The place that is named in a passage or, of several in its sentence, nearest within reach."""
    begin = bisect_left(sites, (first - SITE_REACH - MOST_ELEMENTS,))
    end = bisect_left(sites, (after + SITE_REACH + 1,))
    near = [site for site in sites[begin:end] if _words_between(first, after, site) <= SITE_REACH]
    if not near:
        return ""
    return min(
        near, key=lambda site: (_apart(words, first, after, site), site.first, -site.after)
    ).name


def _words_between(first: int, after: int, site: Site) -> int:
    return max(first - site.after, site.first - after, 0)


def _apart(words: Sequence[str], first: int, after: int, site: Site) -> int:
    """How far a place is named from a passage: what parts clauses counts as several words."""
    between = words[site.after : first] or words[after : site.first]
    return len(between) + PARTED * sum(word in PARTING for word in between)

"""Both sides: which modifier the rules yield, and whether the code takes it."""

from collections.abc import Iterable

from coding.ask.answer import Answer, Cite, Line, section
from coding.ask.knowledge import Family, Knowledge, row_of
from coding.ask.question import Question
from coding.claim import Tables
from coding.evidence import names_body

NAME = "both sides"
WORDS = ("both", "bilateral", "bilaterally")
LONGEST = 8
# The list of the checks of claims that holds the modifier.
LIST = "both sides"


def example(codes: tuple[str, ...]) -> str:
    return f"both sides with {codes[0]}"


def answer(question: Question, knowledge: Knowledge) -> Answer | None:
    """For the family of the code, or those whose part of the body the question names."""
    is_asked = question.has(*WORDS) and len(question.words) <= LONGEST
    if not is_asked or question.has_more_than_codes:
        return None
    modifiers = knowledge.checks.lists.modifiers.get(LIST, frozenset())
    families = _families(question, knowledge, modifiers)
    if not families:
        return None

    codes: list[str] = []
    by_rules: list[Line] = []
    for family in families:
        codes += family.table.family
        by_rules += _by_rules(family, modifiers, question.codes)
    if question.codes:
        codes = list(question.codes)

    names = ", ".join(family.table.name for family in families)
    tables = knowledge.look_up(codes)
    sections = (
        *section("By the rules", by_rules),
        *section("By the fee schedule", _indicators(codes, tables, knowledge)),
        *section("Left out", knowledge.left_out(_words_beyond(question, families))),
    )
    return Answer(NAME, f"Both sides: {names}", sections)


def _families(question: Question, knowledge: Knowledge, modifiers: frozenset[str]) -> list[Family]:
    """The families of the codes, none if one of them has no family; without codes those that are meant."""
    if question.codes:
        by_address: dict[str, Family] = {}
        for code in question.codes:
            family = knowledge.family_of(code)
            if family is None:
                return []
            by_address[family.address] = family
        return list(by_address.values())
    return [family for family in knowledge.families if _is_meant(family, question.text, modifiers)]


def _is_meant(family: Family, text: str, modifiers: frozenset[str]) -> bool:
    """Whether the text names the family's part of the body, and its rules know a modifier for both sides."""
    knows_both = any(row.modifier in modifiers for row in family.table.modifiers)
    return knows_both and family.lexicon is not None and names_body(family.lexicon, text)


def _words_beyond(question: Question, families: list[Family]) -> list[str]:
    """Words that neither ask for both sides nor name a part of the body of the families."""
    words = question.words_beyond(*WORDS, "side", "sides")
    return [word for word in words if not _name_body(families, word)]


def _name_body(families: Iterable[Family], word: str) -> bool:
    """Whether a word names a part of the body of one of the families."""
    lexicons = [family.lexicon for family in families if family.lexicon]
    return any(names_body(lexicon, word) for lexicon in lexicons)


def _by_rules(family: Family, modifiers: frozenset[str], codes: Iterable[str]) -> list[Line]:
    """When the rules yield a modifier for both sides: of codes, with the answers that they leave open."""
    own = [code for code in codes if code in family.table.family]
    # Without a code, whatever the rules yield it for.
    regions = [family.region(code) for code in own] or [None]
    lines: list[Line] = []
    for row in family.table.modifiers:
        if row.modifier not in modifiers:
            continue
        ways = [family.ways_to(row, region) for region in regions]
        for way in dict.fromkeys(ways):
            if way:
                text = f"{row.modifier} on one line of one unit, when {way}"
                lines.append(Line(text, (family.whole,)))
    if lines:
        return lines

    nothing = "No answer of the rule set yields a modifier for both sides."
    if own:
        nothing = f"No answer with which {' or '.join(own)} is reported yields one for both sides."
    return [Line(nothing, (family.whole,))]


# As the CMS Physician Fee Schedule explains its indicator.
MEANING = {
    "0": "no addition for both sides",
    "1": "150 percent for both sides",
    "2": "the value is for both sides already",
    "3": "each side is paid in full",
    "9": "the concept does not apply",
}


def _indicators(codes: Iterable[str], tables: Tables, knowledge: Knowledge) -> list[Line]:
    if tables.fees is None:
        return [Line("No value loaded.", knowledge.loaded)]
    lines = []
    for code in codes:
        fee = tables.fee(code)
        if fee is None or not fee.bilateral:
            continue
        meaning = MEANING.get(fee.bilateral, "not explained")
        text = f"{code}: indicator {fee.bilateral}, {meaning}"
        lines.append(Line(text, (row_of(tables.fees, code),)))
    return lines or [Line("No value loaded.", (Cite(tables.fees.name),))]

"""Repairs of a note's text before it is read, each of which keeps every character at its place.

What is joined is moved, and ``PAD`` stands where it was: a passage of the repaired text is that of the note.
"""

import re
from collections.abc import Iterable

# Nothing is seen of it, and it separates nothing.
PAD = "\u2060"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_BREAK = r"[ \t]*(?:\r\n|\r|\n)[ \t]*"
_LETTERS = r"[^\W\d_]+"
# A word that soft hyphens, characters without width, or a hyphen at the end of a line cut in parts.
_CUT = rf"(?:[{_INVISIBLE}]+(?:{_BREAK})?|[-‐]{_BREAK}(?=[^\W\d_A-Z]))"
# It begins where its letters do: a note of nothing but letters is read in a time that grows with its length.
_CUT_WORD = re.compile(rf"(?<![^\W\d_]){_LETTERS}(?:{_CUT}{_LETTERS})+")
_CUTS = re.compile(_CUT)
# What each cut begins with; it is looked for first, since most notes have none.
_MAY_BE_CUT = re.compile(rf"[-‐{_INVISIBLE}](?:(?<=[-‐]){_BREAK}|(?<![-‐]))")
# They keep their hyphen, wherever the line ends.
_COMPOUNDS = frozenset(
    (
        *(
            "follow",
            "check",
            "well",
            "self",
            "mid",
            "post",
            "pre",
            "non",
            "x",
            "c",
            "open",
            "closed",
            "long",
            "short",
        ),
        *(
            "one",
            "two",
            "three",
            "four",
            "all",
            "half",
            "high",
            "low",
            "left",
            "right",
            "pop",
            "push",
            "pull",
            "weight",
        ),
    )
)
# The searches from here on begin with the characters that they look for: so they pass over others fastest.
# Line ends as exports write them.
_WRITTEN_LINE_END = re.compile(r"\\\.br\\|<br ?/?>|\\r\\n|\\n(?=[A-Z\s])", re.IGNORECASE)
_KNOWN_HEADINGS = (
    "Anesthesia|Anaesthesia|Sedation|Procedures?|Operation|Findings|Indications?|Implants?|Specimens?|Complications?"
    "|Diagnosis|Diagnoses|Technique|Description|Assessment|Impression|Plan|Disposition|History|Exam|Addendum"
)
_LOST_LINE_END = re.compile(
    rf"(?P<blank>[ \t](?<=[^\s.:;!?,(/].)[ \t]*)(?P<heading>(?:[A-Z][A-Z/&-]+(?: [A-Z/&-]+){{0,4}}|{_KNOWN_HEADINGS}):)"
)
# What stands before a heading and is of it: “Past Medical History:”, “SOCIAL HISTORY:”.
_QUALIFIERS = (
    "past|medical|surgical|social|family|birth|clinical|prior|previous|interval|pertinent|final|principal|admitting"
    "|admission|discharge|working|(?:pre|post|intra)?[ -]?operative|(?:pre|post)[ -]?op|physical|of|to|in|from|the"
)
_OF_THE_HEADING = re.compile(rf"\b(?i:{_QUALIFIERS})\Z|(?:\A|[\n.:;!?])\s*[A-Z][A-Z/& -]+\Z")
_LONGEST_QUALIFIER = 40
# Marks that were spoken, and written out, where a note has no others.
_SPOKEN = re.compile(
    r"(?<=\w) (?P<mark>period|full stop|comma|colon|semicolon|new (?:line|paragraph))(?=[ \r\n]|\Z)",
    re.IGNORECASE,
)
_SPOKEN_STOP = re.compile(r"\w (?:period|full stop)(?: |\Z)", re.IGNORECASE)
_MARKS = {"comma": ",", "colon": ":", "semicolon": ";"}
_WRITTEN_STOP = re.compile(r"[.!?;]\s")
# What parts a copy from the note's own words; stars behind a label are a field that nobody filled in.
_RULER = re.compile(r"---+|===+|\*(?<!:\*)(?<!:[ \t]\*)\*\*+|<<+|>>+")
# Of several fields in one line each stands behind a wide gap.
_NEXT_FIELD = re.compile(r"[ \t](?<=[^\s:].)[ \t]{2,}(?=[A-Z][A-Za-z/ -]{1,30}:)")
# The label of a field that a template wrote in braces.
_BRACED_LABEL = re.compile(r"\{(?P<label>[A-Za-z][A-Za-z /-]{1,40})\}:")
# What its source struck out, as intake marks it (``coding.intake.attachments``): the note does not say it.
_STRUCK_OUT = re.compile(r"\[deleted: (?:[^\[\]]|\[[^\[\]]*\])*+\]")
_BEGINNINGS = "The|There|This|These|He|She|It|They|We|Patient|Pt|Report|Then"
_LOST_STOP = re.compile(rf"[ \t](?<=[a-z].)(?=(?:{_BEGINNINGS}) [a-z])")


# Words in a row without any mark: speech that nobody punctuated.
_STREAM = re.compile(r"(?<![^.!?;:,\r\n])[^.!?;:,\r\n]{400,}+")
_SPEAKER = r"(?:i|we|she|he|they)(?: (?:then|also|first|next))?"
_DID = (
    "(?:was|were|is|are|has|had|did|put|took|gave|used|made|flexed|abducted|applied|reduced|pulled|lifted|injected|opened"
    "|placed|noticed|decided|tried|felt|brought|removed|held|confirmed|saw)"
)
_THING = r"(?:the|his|her|a|an)(?: [\w/-]+){1,3}?"
_HAPPENED = "(?:was|were|is|are|had|has|did|ran|came|went|showed|shows|measured|looked|improved)"
_CLAUSE = re.compile(
    r"(?P<before>(?<![\w/-])[\w/-]{1,40}) (?=(?:(?:and|then|so|but|today) )?"
    rf"(?:{_SPEAKER} {_DID}|{_THING} {_HAPPENED}|there (?:was|were) no|this is|i \w)\b)",
    re.IGNORECASE,
)
# What follows one of these is of the same clause: “if it was not in”.
_HOLDING = re.compile(
    "if|unless|until|till|when|whenever|while|because|since|as|that|which|who|whether|before|than|though|although"
    "|from|where|after|once|and|then|so|but|or|nor|in|of|to|at|under|with|by|on|about|behind|into|onto|over|through"
    "|between|beneath|against|towards?|all|for|both",
    re.IGNORECASE,
)


def repaired(note: str) -> str:
    """The note with cut words joined and lost ends of lines and sentences put in, without what was struck out.

    It is of the same length.
    """
    text = note.replace("’", "'")
    if _MAY_BE_CUT.search(text):
        text = _CUT_WORD.sub(_joined, text)
    text = _WRITTEN_LINE_END.sub(_line_end, text)
    text = _NEXT_FIELD.sub(_line_end, text)
    text = _BRACED_LABEL.sub(_label_on_its_line, text)
    text = _LOST_LINE_END.sub(_heading_on_its_line, text)
    if not _WRITTEN_STOP.search(text) and _SPOKEN_STOP.search(text):
        text = _SPOKEN.sub(_mark, text)
    text = _STREAM.sub(_in_clauses, text)
    text = _RULER.sub(_stop, text)
    text = _STRUCK_OUT.sub(_nothing, text)
    return _LOST_STOP.sub(_stop, text)


def _joined(word: re.Match[str]) -> str:
    parts, cuts = _CUTS.split(word[0]), _CUTS.findall(word[0])
    if _is_compound(parts, cuts):
        return word[0]
    return "".join(parts) + PAD * sum(map(len, cuts))


def _is_compound(parts: Iterable[str], cuts: Iterable[str]) -> bool:
    first = next(iter(parts)).lower()
    return first in _COMPOUNDS and any(cut[0] in "-‐" for cut in cuts)


def _nothing(match: re.Match[str]) -> str:
    return PAD * len(match[0])


def _line_end(match: re.Match[str]) -> str:
    return "\n".ljust(len(match[0]))


def _heading_on_its_line(match: re.Match[str]) -> str:
    before = max(match.start() - _LONGEST_QUALIFIER, 0)
    if _OF_THE_HEADING.search(match.string, before, match.start()):
        return match[0]
    return "\n".ljust(len(match["blank"])) + match["heading"]


def _label_on_its_line(match: re.Match[str]) -> str:
    return f"\n{match['label']}{PAD}:"


def _mark(match: re.Match[str]) -> str:
    return _MARKS.get(match["mark"].lower(), ".").ljust(len(match[0]))


def _in_clauses(stream: re.Match[str]) -> str:
    return _CLAUSE.sub(_clause_ended, stream[0])


def _clause_ended(match: re.Match[str]) -> str:
    before = match["before"]
    return match[0] if _HOLDING.fullmatch(before) else f"{before};"


def _stop(match: re.Match[str]) -> str:
    return ";".ljust(len(match[0]))
